"""Of every kind that goes through flows: taken back, ended or sent back, its subject is nobody's dead end.

Either the act is refused and the item still waits for somebody, or its starter has it again, or the subject is over, or
it may be put forward anew.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from jifen.accounts.models import User
from jifen.approvals import abilities, registry, selectors, services
from jifen.approvals.errors import ActForbidden, StarterIsSystem
from jifen.approvals.models import Item
from jifen.flows import close_year
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM, Actor
from redemption.models import Membership, RedemptionException, Settlement
from redemption.services import memberships, settlements
from reporting import policies as lists
from reporting.models import NoticeDraft, Objection
from reporting.services import answers, drafts, objections
from scoring.models import Declaration, Filing, Posting, Review, RulebookVersion, YearRequest
from scoring.rules import library
from scoring.services import years
from tenants.community.models import RosterChange, TownProfile
from tenants.community.services import changes
from tests.flows.conftest import LAST, hang
from tests.redemption.market import Market
from tests.redemption.test_exceptions import asked, closed
from tests.scoring.desk import Desk
from tests.scoring.rulebooks import Office

Fixture = Callable[[str], Any]
STEP: dict[str, Any] = {"name": "镇里办", "who": [{"role": "town_officer"}, {"role": "town_admin"}]}
WITHOUT_ITEMS = {"review"}
"""A month's sheet is decided at one sitting."""


def declaration(of: Fixture) -> object:
    desk: Desk = of("desk")
    by = Actor.of(desk.cast.villager(desk.zhang))
    return desk.record("trees", declared_by="self", declarer=desk.head(), by=by, facts={"quantity": "3"})


def filing(of: Fixture, after: str = "confirmation") -> object:
    desk: Desk = of("desk")
    desk.choose(after=after)
    desk.record("tidy")
    return desk.decide_all(desk.sheet())


def village_rulebook(of: Fixture) -> object:
    return Office(of("desk")).village_version()


def town_rulebook(of: Fixture) -> object:
    office = Office(of("desk"))
    draft = office.town_draft()
    office.price(draft)
    office.ready(draft)
    return office.submit(draft, resolution="领导小组会议")


def leaving_shop(of: Fixture) -> object:
    market: Market = of("market")
    by = Actor.of(User.objects.get(display_name="陈经办"))
    return memberships.end(membership=market.membership, reason="不做了", by=by)


def settlement(of: Fixture) -> object:
    market: Market = of("market")
    market.bought()
    [bill] = settlements.draw_all(from_date=clock.today(), to_date=clock.today(), by=SYSTEM)
    return settlements.agree(settlement=bill, by=market.by)


def redemption_exception(of: Fixture) -> object:
    market: Market = of("market")
    closed(market)
    return asked(market)


def roster_change(of: Fixture) -> object:
    desk: Desk = of("desk")
    day = (clock.today() - timedelta(days=30)).isoformat()
    terms = {"name": "李四", "relation": "子", "from_date": day}
    return changes.make(household=desk.zhang, kind="member_in", terms=terms, by=desk.by)


def objection(of: Fixture) -> object:
    desk: Desk = of("desk")
    chosen(desk)
    desk.record("litter")
    desk.post()
    by = Actor.of(desk.cast.villager(desk.zhang))
    return objections.raise_objection(household=desk.zhang, posting=Posting.objects.get(), text="不对。", by=by)


def notice(of: Fixture) -> object:
    desk: Desk = of("desk")
    lived_through(desk)
    return drafts.send(village=desk.village, year=LAST, quarter=4, by=desk.by)


def year_close(of: Fixture) -> object:
    of("after_january")
    desk: Desk = of("desk")
    lived_through(desk)
    hang(desk.village)
    return close_year.propose(number=LAST, by=Actor.of(desk.officer))


def chosen(desk: Desk) -> None:
    TownProfile.objects.get_or_create(name="树人镇", office_name="文明实践所", phone="023-70701234")
    section = library.load("seed_003").policy.model_dump(mode="json")
    lists.install(section=section, effective_from=date(LAST, 1, 1), by=SYSTEM)


def lived_through(desk: Desk) -> None:
    chosen(desk)
    years.open_year(number=LAST, by=SYSTEM)
    desk.record("trees", facts={"quantity": "2"}, happened_on=date(LAST, 11, 5))
    desk.post(date(LAST, 11, 1))


MAKES: dict[str, Callable[[Fixture], object]] = {
    "declaration": declaration, "filing": filing, "rulebook": village_rulebook, "town_rulebook": town_rulebook,
    "membership": leaving_shop, "settlement": settlement, "redemption_exception": redemption_exception,
    "roster_change": roster_change, "objection": objection, "notice": notice, "year_close": year_close,
}  # fmt: skip


def _answered_directly(pk: int) -> bool:
    """By the body that the town names."""
    row = Objection.objects.get(pk=pk)
    by = Actor.of(User.objects.get(display_name="陈经办"))
    return answers.answer(objection=row, upheld=False, finding="核实无误", by=by).state == "dismissed"


def _asked_again(pk: int) -> bool:
    settlements.put_forward(
        settlement=Settlement.objects.get(pk=pk), by=Actor.of(User.objects.get(display_name="陈经办"))
    )
    return selectors.open_item("settlement", pk) is not None


def _back_at_the_village(pk: int) -> bool:
    row = Filing.objects.get(pk=pk)
    return (row.state, Review.objects.get(filings=row).state) == ("returned", "returned")


FREE: dict[str, Callable[[int], bool]] = {
    "declaration": lambda pk: Declaration.objects.get(pk=pk).state == "withdrawn",
    "filing": _back_at_the_village,
    "rulebook": lambda pk: RulebookVersion.objects.get(pk=pk).state != "submitted",
    "town_rulebook": lambda pk: RulebookVersion.objects.get(pk=pk).state != "submitted",
    "membership": lambda pk: (
        (Membership.objects.get(pk=pk).state, Membership.objects.get(pk=pk).reason) == ("active", "")
    ),
    "settlement": _asked_again,
    "redemption_exception": lambda pk: RedemptionException.objects.get(pk=pk).state == "withdrawn",
    "roster_change": lambda pk: RosterChange.objects.get(pk=pk).state == "withdrawn",
    "objection": _answered_directly,
    "notice": lambda pk: NoticeDraft.objects.get(pk=pk).state == "withdrawn",
    "year_close": lambda pk: YearRequest.objects.get(pk=pk).state == "withdrawn",
}
"""That somebody can go on with the subject when its item is over without a decision."""


def withdrawn(item: Item) -> None:
    services.withdraw(item=item, by=_starter(item))


def ended(item: Item) -> None:
    services.terminate(item=item, reason="办错了", by=_boss())


def sent_back(item: Item) -> None:
    services.send_back(item=item, to="starter", reason="请补材料", by=_boss())


def _boss() -> Actor:
    return Actor.of(User.objects.filter(display_name="周主任").latest("pk"))


def _starter(item: Item) -> Actor:
    return Actor(item.starter_realm, item.starter_id, item.starter_name)


@pytest.fixture
def made(request: pytest.FixtureRequest) -> Callable[..., Item]:
    """The kind's item, begun by its usual act in a town where the office decides everything by flows."""

    def make(kind: str, **more: Any) -> Item:
        of: Fixture = request.getfixturevalue
        cast = of("market" if kind in ("membership", "settlement", "redemption_exception") else "desk").cast
        cast.admin()
        if not User.objects.filter(display_name="陈经办").exists():
            cast.officer()
        services.install(subject_kind=kind, steps=[STEP], by=SYSTEM)
        MAKES[kind](of, **more)
        found = Item.objects.filter(subject_kind=kind).latest("pk")
        assert found.state == "open"
        return found

    return make


def test_every_kind_is_looked_at() -> None:
    assert {one.kind for one in registry.kinds()} - WITHOUT_ITEMS == set(MAKES) == set(FREE)


@pytest.mark.parametrize("act", [withdrawn, ended, sent_back])
@pytest.mark.parametrize("kind", sorted(MAKES))
def test_somebody_can_go_on(made: Callable[..., Item], kind: str, act: Callable[[Item], None]) -> None:
    item = made(kind)
    try:
        act(item)
    except (ActForbidden, StarterIsSystem):
        assert _waits(item)
        return
    item.refresh_from_db()
    if item.state == "returned":
        starter = User.objects.get(pk=item.starter_id)
        assert {"resubmit", "withdraw"} <= abilities.of(item, starter)
        services.withdraw(item=item, by=Actor.of(starter))
    assert FREE[kind](item.subject_id)


@pytest.mark.parametrize("act", [withdrawn, ended, sent_back])
def test_a_month_that_is_filed_still_waits_for_somebody(made: Callable[..., Item], act: Callable[[Item], None]) -> None:
    item = made("filing", after="filing")
    with pytest.raises(ActForbidden):
        act(item)
    assert _waits(item) and "jump" in abilities.of(item, User.objects.get(pk=_boss().id))


def _waits(item: Item) -> bool:
    item.refresh_from_db()
    return item.state == "open" and bool(selectors.stands(item.subject_kind, [item.subject_id])[item.subject_id].people)
