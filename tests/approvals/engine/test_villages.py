"""Roles and seats of a village, its groups and its leaders; bars as scoring knows them."""

from typing import Any

import pytest

from jifen.accounts.models import User
from jifen.approvals import registry, selectors, services
from jifen.approvals.models import Item, Word
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM, Actor
from scoring import verify
from scoring.models import Declaration
from tenants.community.models import Relative, Role, VillageRole
from tests.approvals.engine.desk import Deed
from tests.cast import Cast, head_of
from tests.scoring.desk import MONTH, Desk

FOUR = ("李主任", "吴委员", "钱委员", "孙委员")


@pytest.fixture(autouse=True)
def beside_the_rooms(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(registry._kinds, "deed", Deed())


def asked(who: Any, *, village: int | None = None, group: int | None = None, by: Actor = SYSTEM) -> set[int]:
    """Who is asked at a step of ``who``."""
    services.install(subject_kind="deed", steps=[{"name": "核实", "who": who}], by=SYSTEM)
    item = services.start(
        subject_kind="deed", subject_id=Item.objects.count(), village_id=village, group_id=group, facts={}, by=by
    )
    assert item is not None
    return selectors.seats(item)


def test_a_role_is_held_in_a_village_or_anywhere_in_the_town(cast: Cast) -> None:
    here, there = cast.village("甲村"), cast.village("乙村")
    one, two = cast.steward(here, "王甲"), cast.steward(there, "王乙")
    assert asked({"role": "steward"}, village=here.pk) == {one.pk}
    assert asked({"role": "steward", "level": "town"}, village=here.pk) == {one.pk, two.pk}


def test_a_seat_is_one_chair_of_the_committee(cast: Cast) -> None:
    village = cast.village()
    chair = cast.committee(village, "李主任", seat="主任")
    member = cast.committee(village, "吴委员", seat="委员")
    assert asked({"seat": "主任"}, village=village.pk) == {chair.pk}
    assert asked([{"seat": "主任", "required": True}, {"role": "committee"}], village=village.pk) == {
        chair.pk, member.pk}  # fmt: skip


def test_a_required_chair_is_waited_for_though_another_line_means_her_too(cast: Cast) -> None:
    village = cast.village()
    chair, *members = [cast.committee(village, name, seat="主任" * (name == "李主任")) for name in FOUR]
    who: list[dict[str, Any]] = [{"role": "committee"}, {"seat": "主任", "required": True}]
    half = {"numerator": 1, "denominator": 2, "more": True}
    steps = [{"name": "票签", "who": who, "how": "quorum", "quorum": half}]
    services.install(subject_kind="deed", steps=steps, by=SYSTEM)
    item = services.start(subject_kind="deed", subject_id=1, village_id=village.pk, facts={}, by=SYSTEM)
    assert item is not None
    added = cast.steward(village)
    services.add(item=item, to=added.pk, by=Actor.of(members[0]))
    for one in (*members, added):
        assert services.decide(item=item, verdict="approve", by=Actor.of(one)).state == "open"
    assert services.decide(item=item, verdict="approve", by=Actor.of(chair)).state == "approved"


def test_the_leader_is_the_one_of_the_group_concerned(cast: Cast) -> None:
    village = cast.village()
    leader = cast.holder("组长", Role.GROUP_LEADER, village)
    group = VillageRole.objects.get(user=leader).group_id
    other = cast.group(village, 9)
    assert asked({"leader": True}, village=village.pk, group=group) == {leader.pk}
    assert asked({"role": "group_leader", "level": "group"}, village=village.pk, group=other.pk) == set()


def test_superiors_go_from_the_villager_to_the_town(cast: Cast) -> None:
    village, officer, admin = cast.village(), cast.officer(), cast.admin()
    steward, leader = cast.steward(village), cast.holder("组长", Role.GROUP_LEADER, village)
    villager = cast.villager(cast.household(village, name="张三"))
    steps = {villager: {leader.pk}, leader: {steward.pk}, steward: {officer.pk}, officer: {admin.pk}}
    for starter, above in steps.items():
        assert asked({"superior": True}, village=village.pk, by=Actor.of(starter)) == above


@pytest.fixture
def told(cast: Cast) -> tuple[Desk, Declaration]:
    """张三 declares a deed of his own."""
    desk = Desk(cast)
    return desk, desk.record("tidy", declared_by="self", declarer=desk.head(), by=Actor.of(cast.villager(desk.zhang)))


def test_a_declaration_bars_its_household_and_relatives(told: tuple[Desk, Declaration]) -> None:
    desk, declaration = told
    item = selectors.open_item("declaration", declaration.pk)
    assert item is not None
    his, hers = User.objects.get(resident=desk.head()), desk.steward
    assert selectors.barred(item, {his.pk, hers.pk}) == {his.pk}
    Relative.objects.create(
        resident=head_of(hers.resident.headed.get()), other=desk.head(), kind="in_law", declared_on=MONTH
    )
    assert selectors.barred(item, {his.pk, hers.pk}) == {his.pk, hers.pk}


def test_a_declaration_taken_back_through_approvals_is_withdrawn(told: tuple[Desk, Declaration]) -> None:
    desk, declaration = told
    item = selectors.open_item("declaration", declaration.pk)
    assert item is not None
    services.withdraw(item=item, by=Actor.of(User.objects.get(resident=desk.head())))
    declaration.refresh_from_db()
    assert declaration.state == "withdrawn"


def test_verify_finds_a_word_on_ones_own_deed(told: tuple[Desk, Declaration]) -> None:
    desk, declaration = told
    item = selectors.open_item("declaration", declaration.pk)
    assert item is not None
    [check] = [one for one in verify.checks() if one.title == "没有人核实自己家或亲属家的申报"]
    his = User.objects.get(resident=desk.head())
    Word.objects.create(**SYSTEM.columns(), item=item, kind="start", speaker_id=his.pk, at=clock.now())
    assert check.breaches() == 0
    Word.objects.create(**SYSTEM.columns(), item=item, kind="approve", speaker_id=his.pk, at=clock.now())
    assert check.breaches() == 1
