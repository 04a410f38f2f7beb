"""The demo's year on its flows: who tells, who is away, what goes back, what changes in mid-year."""

import random
from dataclasses import replace
from datetime import date

import pytest

from jifen.accounts import services as accounts
from jifen.accounts.models import SiteRole
from jifen.approvals import selectors, services
from jifen.approvals.models import Item, Word
from jifen.kernel.actors import SYSTEM
from jifen.local.demo import months, plan, quarters, tellers, verifying, who
from reporting.models import Objection
from scoring.models import Declaration
from tests.cast import Cast
from tests.reporting import months as reported
from tests.scoring.desk import Desk


@pytest.fixture
def desk(cast: Cast) -> Desk:
    return Desk(cast)


def told(desk: Desk, code: str = "tidy") -> Item:
    """A deed that 张三 tells of."""
    found = desk.record(code, declared_by="self", declarer=desk.head())
    item = selectors.open_item("declaration", found.pk)
    assert item is not None
    return item


def kinds(items: list[Item]) -> list[str]:
    return list(Word.objects.filter(item__in=items).order_by("pk").values_list("kind", flat=True))


def test_while_the_steward_is_away_a_member_of_the_committee_is_asked(desk: Desk) -> None:
    before = told(desk)
    verifying.go_away(desk.village)
    assert [selectors.seats(item) for item in (before, told(desk, "honour"))] == [{desk.li.pk}] * 2


def test_two_declarations_go_back_and_one_is_handed_on_before_all_are_decided(desk: Desk) -> None:
    items = [told(desk) for _ in range(4)]
    verifying.talk_over(desk.village)
    verifying.verify([desk.village])
    assert set(Declaration.objects.values_list("state", flat=True)) == {"ready"}
    said = kinds(items)
    assert [said.count(kind) for kind in ("return", "resubmit", "transfer", "approve")] == [2, 2, 1, 4]


def test_what_is_under_way_takes_the_step_that_is_added_in_mid_year(desk: Desk) -> None:
    admin = accounts.create(username="admin", display_name="镇管理员", password=None, by=SYSTEM)
    accounts.grant_role(user=admin, role=SiteRole.TOWN_ADMIN, by=SYSTEM)
    small, large = told(desk), told(desk, "honour")
    assert verifying.change_flow().moved == 2
    verifying.verify([desk.village])
    assert [kinds([item]).count("approve") for item in (small, large)] == [1, 2]
    assert services.active_flow("declaration").version == 2


def test_a_change_with_nothing_under_way_is_not_passed_over(desk: Desk) -> None:
    accounts.create(username="admin", display_name="镇管理员", password=None, by=SYSTEM)
    with pytest.raises(RuntimeError):
        verifying.change_flow()


def test_a_deed_of_the_stewards_own_household_is_not_hers_to_decide(desk: Desk) -> None:
    home = who.steward_home(desk.village)
    item = selectors.open_item("declaration", desk.record(household=home, declared_by="group_leader").pk)
    assert item is not None
    assert desk.steward.pk not in selectors.seats(item)
    assert [row.user_id for row in selectors.recused(item)] == [desk.steward.pk]


def drawn(desk: Desk) -> list[tellers.Teller]:
    """Sixty deeds of 张三's, each told by a villager."""
    desk.cast.committee(name="冯组长", seat=who.LEADER_SEAT)
    source = random.Random(1)
    return [tellers.draw(desk.zhang, desk.rule("tidy"), 1.0, source) for _ in range(60)]


def test_villagers_tell_of_themselves_and_of_their_neighbours(desk: Desk) -> None:
    found = drawn(desk)
    assert {one.declared_by for one in found} == set(tellers.VILLAGERS)
    assert {one.channel for one in found} == set(tellers.BY_VILLAGERS)
    own = {one.declarer for one in found if one.declared_by == "self"}
    others = {one.declarer for one in found if one.declared_by == "neighbour"}
    assert own == {desk.head()} and desk.head() not in others


def test_what_is_told_online_is_handed_in_by_the_villager_herself(desk: Desk) -> None:
    for one in drawn(desk):
        expected = (
            one.declarer.pk if one.declarer and one.channel == "online" else who.steward(desk.village).resident_id
        )
        assert one.by.resident_id == expected


def test_a_rule_that_only_the_steward_may_declare_stays_hers(desk: Desk) -> None:
    assert tellers.draw(desk.zhang, desk.rule("litter"), 1.0, random.Random(1)).declared_by == "steward"


def test_all_that_is_special_happens_before_the_last_month_of_half_a_year() -> None:
    events = [*months.RETURNS, verifying.AWAY, verifying.CHANGE]
    assert all(month.month in plan.HALF.months and month < plan.HALF.last for _, month in events)


@pytest.mark.parametrize(("name", "chosen"), [("small", plan.SMALL), ("half", plan.HALF), ("", plan.FULL)])
def test_a_plan_is_chosen_by_name(monkeypatch: pytest.MonkeyPatch, name: str, chosen: plan.DistrictPlan) -> None:
    monkeypatch.setenv("JIFEN_DEMO_PLAN", name)
    assert plan.chosen() is chosen


def test_in_seed_001_the_committee_answers_objections_by_its_flow(cast: Cast) -> None:
    reported.set_up("seed_001")
    for name in ("吴委员", "郑委员", "冯委员"):
        cast.committee(name=name)
    accounts.create(username="admin", display_name="镇管理员", password=None, by=SYSTEM)
    cast.officer()
    cast.steward()
    home = cast.household(name="赵六")
    july = date(2026, 7, 6)
    for _ in range(quarters.PER_QUARTER):
        reported.deed(home, "志愿", july, facts={"quantity": "2"})
    reported.post(home.village, july)
    quarters.object_and_answer(replace(plan.FULL.town("chuansha"), host="alpha"), date(2026, 9, 1))
    items = Item.objects.filter(subject_kind="objection")
    assert items.exists() and not items.filter(finished_at=None).exists()
    assert set(Objection.objects.values_list("state", flat=True)) <= {"upheld", "dismissed"}
