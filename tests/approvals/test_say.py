"""Who may be brought into an item and who may stand in: those with a say in that village, and the town's office."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from jifen.accounts.models import User
from jifen.approvals import errors, services
from jifen.approvals.models import Item
from jifen.approvals.web import story
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM, Actor
from tenants.community import verify
from tenants.community.models import Role, VillageRole
from tests.approvals.deeds import Deed, started
from tests.cast import SINCE, Cast
from tests.clients import api_client, page_client

COMMITTEE = {"name": "审核委员会", "who": {"role": "committee"}}


class Street:
    """One of each who may be asked for in a village, and in the next one."""

    def __init__(self, cast: Cast) -> None:
        self.place, next_place = cast.village(), cast.village("金竹溪村")
        self.li, self.steward = cast.committee(), cast.steward()
        self.leader, self.volunteer = cast.holder("孙组长", Role.GROUP_LEADER), cast.holder("周志愿", Role.VOLUNTEER)
        self.officer, self.supervisor = cast.officer(), cast.supervisor()
        self.villager = cast.villager(cast.household(name="钱七"))
        self.elsewhere = cast.committee(next_place, name="吴委员")

    def item(self, *steps: Any) -> Item:
        return started(*steps or (COMMITTEE,), village=self.place.pk)

    def may(self, item: Item, by: User) -> set[str]:
        """To whom ``by`` may hand it on."""
        return {name for name in vars(self) if name != "place" and self._takes(item, getattr(self, name), by)}

    def _takes(self, item: Item, to: User, by: User) -> bool:
        with transaction.atomic():
            try:
                services.transfer(item=item, to=to.pk, by=Actor.of(by))
            except (errors.PersonHasNoSay, errors.PersonThere):
                return False
            transaction.set_rollback(True)
            return True


@pytest.fixture
def street(cast: Cast, deed: Deed) -> Street:
    return Street(cast)


def test_a_step_of_the_village_is_for_its_posts_and_the_office(street: Street) -> None:
    assert street.may(street.item(), street.li) == {"steward", "leader", "volunteer", "officer"}


@pytest.mark.parametrize("by", ["role", "user"])
def test_a_step_of_the_town_is_for_the_office_alone(street: Street, cast: Cast, by: str) -> None:
    admin = cast.admin()
    who = {"role": "town_admin"} if by == "role" else {"user": admin.pk}
    item = street.item({"name": "主任", "who": who})
    assert street.may(item, admin) == {"officer"}


def test_whom_the_flow_names_may_be_asked_whoever_she_is(street: Street) -> None:
    item = street.item(COMMITTEE, {"name": "代表", "who": {"users": [street.villager.pk]}})
    assert "villager" in street.may(item, street.li)


def test_the_refusal_says_whom_to_choose_at_the_field(street: Street) -> None:
    item, client = street.item(), page_client(street.li)
    answer = client.post(
        reverse("approvals:village_act", args=[item.pk, "transfer"]),
        {"person": street.supervisor.display_name, "reason": "外出"},
    )
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "赵监督在“审核委员会”这一步不能表态" in text
    assert "请选本村的积分管理员" in text
    told = api_client(street.li).post(f"/api/v1/approval-items/{item.pk}/transfer/", {"to": street.supervisor.pk})
    assert (told.status_code, told.json()["code"]) == (409, "approval_person_has_no_say")


def test_the_lists_offer_those_alone(street: Street) -> None:
    assert set(story.newcomers(street.item(), street.li)) == {"王管理", "孙组长", "周志愿", "陈经办"}
    page = page_client(street.li).get(reverse("approvals:village_delegations")).content.decode()
    assert all(f'<option value="{name}">' in page for name in ("王管理", "孙组长", "周志愿", "陈经办"))
    assert not any(f'<option value="{name}">' in page for name in ("赵监督", "钱七", "吴委员", "李委员"))


def test_only_who_decides_in_the_village_stands_in(street: Street) -> None:
    found = {name for name in vars(street) if name not in ("place", "li") and _delegated(street, name)}
    assert found == {"steward", "leader", "volunteer", "officer"}


def _delegated(street: Street, name: str) -> bool:
    now, giver = clock.now(), street.li
    try:
        row = services.delegate(
            giver=giver.pk, receiver=getattr(street, name).pk, from_at=now, until_at=now + timedelta(days=1), by=SYSTEM
        )
    except errors.ReceiverHasNoSay:
        return False
    services.revoke(delegation=row, by=SYSTEM)
    return True


@pytest.mark.parametrize(
    ("role", "part"), [("bürgermeister", "没有“bürgermeister”这个职责"), ("supervisor", "监督员只监督、不表态")]
)
def test_a_flow_asks_no_role_that_is_none_or_decides_nothing(street: Street, role: str, part: str) -> None:
    with pytest.raises(errors.StepsWrong, match=part):
        services.install(subject_kind="deed", steps=[{"name": "看", "who": {"role": role}}], by=SYSTEM)
    told = {"name": "看", "who": {"role": "committee"}, "copy_to": {"role": "supervisor"}}
    assert services.install(subject_kind="deed", steps=[told], by=SYSTEM).version


def test_verify_counts_a_word_of_somebody_without_a_say(street: Street) -> None:
    [check] = [one for one in verify.checks() if one.code == "community.say"]
    item = street.item()
    services.transfer(item=item, to=street.leader.pk, by=Actor.of(street.li))
    services.decide(item=item, verdict="approve", by=Actor.of(street.leader))
    assert check.breaches() == 0
    VillageRole.objects.filter(user=street.leader).update(role=Role.SUPERVISOR)
    assert check.breaches() == 1
    VillageRole.objects.filter(user=street.leader).update(role=Role.VOLUNTEER, to_date=SINCE + timedelta(days=1))
    assert check.breaches() == 1


def test_verify_accepts_whom_the_flow_means(street: Street) -> None:
    [check] = [one for one in verify.checks() if one.code == "community.say"]
    item = street.item({"name": "代表", "who": {"users": [street.villager.pk, street.li.pk]}, "how": "all"})
    services.decide(item=item, verdict="approve", by=Actor.of(street.villager))
    services.decide(item=item, verdict="approve", by=Actor.of(street.li))
    assert check.breaches() == 0
