"""The demo's year on its flows: who tells, who is away, what goes back, what changes in mid-year."""

import random
from dataclasses import replace
from datetime import date

import pytest

from jifen.accounts import services as accounts
from jifen.accounts.models import SiteRole
from jifen.approvals import catalog, selectors, services
from jifen.approvals.models import Item, Word
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM
from jifen.local.demo import adopting, build, months, plan, quarters, settling, tellers, verifying, who
from redemption.models import Settlement
from reporting import jobs
from reporting.models import Notice, Objection
from scoring.models import Declaration
from tests.cast import Cast
from tests.redemption.market import Market
from tests.reporting import months as reported
from tests.scoring.desk import Desk


@pytest.fixture
def market(ready_market: Market) -> Market:
    return ready_market


@pytest.fixture
def desk(ready_desk: Desk) -> Desk:
    return ready_desk


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


def test_from_mid_year_the_overseers_see_what_seed_003_calls_much(desk: Desk) -> None:
    admin = accounts.create(username="admin", display_name="镇管理员", password=None, by=SYSTEM)
    accounts.grant_role(user=admin, role=SiteRole.TOWN_ADMIN, by=SYSTEM)
    overseer = desk.cast.committee(name="冯监督", seat=verifying.OVERSEERS[1])
    small, large = told(desk), told(desk, "honour")
    Item.objects.filter(pk=large.pk).update(facts={"points": "-15", "declared_by": "neighbour"})
    verifying.change_flow()
    verifying.verify([desk.village])
    said = Word.objects.filter(kind="approve", speaker_id=overseer.pk)
    assert set(said.values_list("item", flat=True)) == {large.pk} != {small.pk}


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


def a_town(cast: Cast, scheme: str) -> plan.TownPlan:
    """As the plan has it, with its people."""
    reported.set_up(scheme)
    for name in ("吴委员", "郑委员", "冯委员"):
        cast.committee(name=name)
    cast.steward()
    return with_office(scheme)


def with_office(scheme: str) -> plan.TownPlan:
    """The scheme's town of the plan, its flows in force."""
    admin = accounts.create(username="admin", display_name="镇管理员", password=None, by=SYSTEM)
    accounts.grant_role(user=admin, role=SiteRole.TOWN_ADMIN, by=SYSTEM)
    office = accounts.create(username="office", display_name="镇经办", password=None, by=SYSTEM)
    accounts.grant_role(user=office, role=SiteRole.TOWN_OFFICER, by=SYSTEM)
    found = replace(next(one for one in plan.TOWNS if one.scheme_code == scheme), host="alpha")
    adopting.adopt(found)
    return found


SCHEMES = [("seed_001", "志愿"), ("seed_002", "主动捡拾垃圾"), ("seed_000_003", "植树")]
"""With the title of a rule that is worth something."""
JULY, AUTUMN = date(2026, 7, 6), date(2026, 9, 1)


@pytest.mark.parametrize(("scheme", "title"), SCHEMES)
def test_each_towns_people_answer_objections_by_its_flow(cast: Cast, scheme: str, title: str) -> None:
    town = a_town(cast, scheme)
    home = cast.household(name="赵六")
    for _ in range(quarters.PER_QUARTER):
        reported.deed(home, title, JULY, facts={"quantity": "2"})
    reported.post(home.village, JULY)
    quarters.object_and_answer(town, AUTUMN)
    assert decided("objection")
    assert set(Objection.objects.values_list("state", flat=True)) <= {"upheld", "dismissed"}


@pytest.mark.parametrize(("scheme", "title"), SCHEMES)
def test_each_towns_notices_hang_by_its_flow(cast: Cast, scheme: str, title: str) -> None:
    town = a_town(cast, scheme)
    home = cast.household(name="赵六")
    reported.deed(home, title, JULY, facts={"quantity": "2"})
    reported.post(home.village, JULY)
    jobs.quarter_is_due("2026Q3")
    quarters.notice(town, AUTUMN)
    assert decided("notice") and Notice.objects.get().village == home.village


def test_the_towns_own_notice_hangs_after_its_villages(cast: Cast) -> None:
    town = a_town(cast, "seed_002")
    home = cast.household(name="赵六")
    reported.deed(home, "主动捡拾垃圾", JULY, facts={"quantity": "2"})
    reported.post(home.village, JULY)
    jobs.quarter_is_due("2026Q3")
    quarters.notice(town, AUTUMN)
    jobs.quarter_is_due("2026Q3#2")
    quarters.hang_towns_own(2026, 3)
    assert decided("notice") and set(Notice.objects.values_list("village", flat=True)) == {home.village_id, None}


def decided(kind: str) -> bool:
    """Some were under way, and people have decided all."""
    items = Item.objects.filter(subject_kind=kind)
    spoken = Word.objects.filter(item__in=items, kind="approve").exclude(actor_realm=SYSTEM.realm)
    return spoken.exists() and not items.filter(finished_at=None).exists()


def test_shops_are_paid_what_the_towns_flow_approved(market: Market) -> None:
    """By seed 003: the officer looks, the town's group approves; the shop has agreed before."""
    market.bought()
    town = with_office("seed_000_003")
    settling.settle(town, clock.today().replace(month=1, day=1))
    paid = Settlement.objects.get()
    assert (paid.state, paid.redemptions, paid.agreed_by_name) == ("paid", 1, market.keeper.display_name)
    assert decided("settlement")


def test_a_town_follows_its_own_seeds_first() -> None:
    town = plan.FULL.town("qingxi")
    own, second = (next(one for one in catalog.available() if one.code == code) for code in town.templates)
    assert adopting.offered(town, "objection") == own.flows["objection"]
    assert adopting.offered(town, "settlement") == second.flows["settlement"]
    assert adopting.offered(town, "notice") in [flow for template, flow in catalog.for_kind("notice")]


SPOKEN = {
    "seed_000": {"declaration", "review", "filing", "objection", "membership", "rulebook"},
    "seed_001": {"declaration", "review", "objection", "roster_change", "rulebook"},
    "seed_002": {
        "declaration", "review", "filing", "objection", "rulebook", "roster_change", "redemption_exception",
    },
    "seed_003": {"membership", "settlement"},
}  # fmt: skip
"""What each seed's own flow decides in the demo, beside the fork that the third town adds in mid-year."""


@pytest.mark.parametrize("seed", SPOKEN)
def test_every_seed_has_flows_that_the_demo_runs_on(seed: str) -> None:
    found: set[str] = set()
    for town in plan.TOWNS:
        wanted = [kind for kind in adopting.KINDS if kind not in town.unused]
        first = catalog.for_scheme(town.scheme_code)
        found |= {kind for kind in first.flows if first.code == seed and kind not in (*town.unused, *adopting.KINDS)}
        [flows] = [one.flows for one in catalog.available() if one.code == seed]
        found |= {kind for kind in wanted if kind in flows and adopting.offered(town, kind) is flows[kind]}
    assert found == SPOKEN[seed]


@pytest.mark.parametrize("district", [plan.HALF, plan.FULL])
def test_shops_are_paid_after_the_last_window(district: plan.DistrictPlan) -> None:
    windows = build.windows(district, plan.YEAR)
    [settled] = build.settlements(district, plan.YEAR)
    assert settled.at > max(stop.at for stop in windows) and settled.hosts == district.hosts


def test_every_town_exchanges_once_in_each_of_its_windows() -> None:
    met = [(host, stop.at.date()) for stop in build.windows(plan.FULL, plan.YEAR) for host in stop.hosts]
    for town in plan.TOWNS:
        days = sorted(day for host, day in met if host == town.host)
        wanted = sorted(town.windows)
        assert [day.month for day in days] == [month for month, _, _ in wanted]
        assert all(first <= day.day <= last for day, (_, first, last) in zip(days, wanted, strict=True))


def test_a_plan_that_ends_inside_a_window_pays_nobody() -> None:
    assert build.settlements(plan.SMALL, plan.YEAR) == []
