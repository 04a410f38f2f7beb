"""Whom the newcomer can sign in as."""

import random

from jifen.kernel.actors import SYSTEM
from jifen.local.demo import months, plan, setup, show
from tenants.community.models import VillageRole
from tenants.community.services import villages
from tests.cast import Cast

SHUREN = plan.FULL.town("shuren")


def test_the_member_who_has_signed_no_sheet_can_be_signed_in_as(cast: Cast) -> None:
    """She alone may look into what the printed villager objects to."""
    village = villages.add(code="990101002001", name=SHUREN.villages[0], by=SYSTEM)
    homes = [cast.household(village, name=f"李{letter}") for letter in "甲乙丙丁戊己庚辛壬"]
    setup._appoint(SHUREN, village, homes, random.Random(1))
    members = [row.user for row in VillageRole.objects.filter(role="committee").order_by("pk")]
    assert all(user.check_password(plan.PASSWORD) for user in members)
    unsigned = {user.username for user in members[months.PRESENT :]}
    assert unsigned and unsigned <= {username for _, host, _, username in show.LOGINS if host == SHUREN.host}
