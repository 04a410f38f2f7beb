"""Seed 000: the leader of the group of the person judged, and the group's volunteers, sit for their group's deeds."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from jifen.accounts.models import User
from jifen.approvals import services as approvals
from jifen.approvals.definition import parse
from jifen.kernel.actors import SYSTEM, Actor
from jifen.kernel.checks import town_checks
from scoring import errors
from scoring.models import Declaration, Review
from scoring.selectors import sitting
from scoring.selectors.meetings import standing
from scoring.services import meetings, on_paper, reviews
from tenants.community.models import Group, Household, Role
from tenants.community.services import roles
from tests.scoring.desk import MONTH, Desk, photo

Browser = Callable[..., Any]
JUDGES: dict[str, Any] = {
    "name": "月度审核认定会", "how": "quorum", "quorum": {"percent": 50, "more": True},
    "who": [{"role": "committee"}, {"leader": True}, {"role": "volunteer", "level": "group"}],
}  # fmt: skip


class Groups:
    """Two groups with a leader each, a volunteer in the first, and a deed of a household of each."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        approvals.install(subject_kind="review", steps=[JUDGES], by=SYSTEM)
        first = desk.zhang.group
        second = Group.objects.create(village=desk.village, number=2, name="第二组")
        self.other = desk.cast.household(name="李四", number="90002")
        Household.objects.filter(pk=self.other.pk).update(group=second)
        self.first = self._appoint("孙一", "group_leader", first)
        self.second = self._appoint("孙二", "group_leader", second)
        self.helper = self._appoint("何志愿", "volunteer", first)
        self.near, self.far = desk.record("tidy"), desk.record("tidy", household=self.other)
        self.sheet = desk.sheet()

    def _appoint(self, name: str, role: str, group: Group) -> User:
        user = self.desk.cast.villager(self.desk.cast.household(self.desk.village, name=name))
        roles.appoint(user=user, village=self.desk.village, role=Role(role), group=group, from_date=MONTH, by=SYSTEM)
        return user

    def decide(self, told: Declaration, by: User) -> None:
        reviews.decide(item=self.desk.item(told), verdict="approved", by=Actor.of(by))

    def sign(self, *users: User) -> None:
        for user in users:
            role = sitting.chair_of(user.pk, self.sheet)
            assert role is not None
            reviews.sign(review=self.sheet, role=role, by=Actor.of(user))


@pytest.fixture
def groups(desk: Desk) -> Groups:
    return Groups(desk)


def test_a_leader_decides_on_her_groups_deeds_alone(groups: Groups) -> None:
    with pytest.raises(errors.OfAnotherGroup):
        groups.decide(groups.far, groups.first)
    assert reviews.decide_rest(review=groups.sheet, by=Actor.of(groups.first)) == 1
    assert groups.desk.item(groups.near).decided_by_name == "孙一"
    groups.decide(groups.far, groups.second)
    assert groups.desk.item(groups.far).verdict == "approved"


def test_a_member_of_the_committee_decides_on_everybodys(groups: Groups) -> None:
    roles.appoint(
        user=groups.desk.li, village=groups.desk.village, role=Role.GROUP_LEADER, group=groups.desk.zhang.group,
        from_date=MONTH, by=SYSTEM,
    )  # fmt: skip
    assert reviews.decide_rest(review=groups.sheet, by=Actor.of(groups.desk.li)) == 2


def test_each_deed_has_the_quorum_of_those_who_judge_it(groups: Groups) -> None:
    """Of the first group's deed five votes may be cast less the other leader's: four; of the second's three."""
    reviews.decide_rest(review=groups.sheet, by=Actor.of(groups.desk.wu))
    groups.sign(groups.desk.li, groups.desk.wu)
    found = standing(groups.sheet)
    assert (found.seats, found.needed, found.signed, found.unsigned_items) == (2, 2, 2, 1)
    groups.sign(groups.second)
    assert standing(groups.sheet).unsigned_items == 1
    groups.sign(groups.helper)
    assert standing(groups.sheet).is_signed
    reviews.close(review=groups.sheet, by=Actor.of(groups.desk.li))
    assert Review.objects.get().state == "decided"
    assert {check.title: check.breaches() for check in town_checks() if "法定人数" in check.title} == {
        "审定的审核表签字够法定人数": 0
    }


def test_the_page_says_whose_deeds_these_are(groups: Groups, client_for: Browser) -> None:
    browser = client_for(groups.second)
    page = browser.get(reverse("scoring:sheet", args=[groups.sheet.pk])).content.decode()
    assert (
        "只审第二组" in page
        or "只审第二组" in browser.get(reverse("scoring:meeting", args=[groups.sheet.pk])).content.decode()
    )
    body = browser.get(reverse("scoring:sheet_item", args=[groups.sheet.pk, groups.desk.item(groups.near).pk]))
    assert "由该组的组长、志愿者和审核委员审定" in body.content.decode()


def test_off_the_paper_nobody_decides_for_another_group(groups: Groups) -> None:
    meetings.all_came(review=groups.sheet, by=groups.desk.by)
    meetings.attach(review=groups.sheet, file=photo("ready"), by=groups.desk.by)
    role = sitting.chair_of(groups.second.pk, groups.sheet)
    assert role is not None
    said = [on_paper.Said(groups.desk.item(groups.near).pk, role.pk, "approved")]
    with pytest.raises(errors.OfAnotherGroup):
        on_paper.enter(review=groups.sheet, said=said, by=groups.desk.by)


@pytest.mark.parametrize("who", [{"leader": True, "required": True}, {"role": "volunteer", "level": "town"}])
def test_what_cannot_sit_is_refused(who: dict[str, Any]) -> None:
    assert sitting.unfit(parse([JUDGES | {"who": [{"role": "committee"}, who]}]))
