"""积分到期: points that end by themselves, points that outlive the year, and the others beside them."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from jifen.clocks.jobs import lookup
from jifen.clocks.models import Due
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM
from scoring import errors, policies
from scoring.models import Entry, Posting
from scoring.rules import expiry
from scoring.selectors import available, passbook
from scoring.selectors import closing as closings
from scoring.selectors import expiry as endings
from scoring.selectors.rules import spec_of
from scoring.services import lapses, ledger, years
from scoring.verify import checks
from tests.scoring import closing, wide
from tests.scoring.desk import NOW, Desk, rule

LAST = NOW.year - 1
MORE = [
    rule("brief", "限时活动", 4, expires={"months": 1}),
    rule("care", "照料老人", 5, point_class="good"),
    rule("fame", "道德模范", 6, point_class="fame"),
]
CLASSES: list[dict[str, Any]] = [
    {"code": "good", "name": "善行分", "expires": {"years": 1}},
    {"code": "fame", "name": "荣誉分", "keeps": True},
]


@pytest.fixture
def lasting(desk: Desk) -> Desk:
    years.open_year(number=LAST, by=SYSTEM)
    wide.install(desk, more=MORE, since=date(LAST, 1, 2), settings={"classes": CLASSES})
    return desk


def _posted(desk: Desk, *deeds: tuple[int, str]) -> None:
    """Deeds of last year's November, by day and rule."""
    for day, code in deeds:
        desk.record(code, happened_on=date(LAST, 11, day))
    desk.post(date(LAST, 11, 1))


def _lapsed() -> list[int]:
    rows = Entry.objects.filter(cause="lapse").order_by("pk")
    return [int(amount) for amount in rows.values_list("amount", flat=True)]


def _all_hold() -> None:
    assert [check.title for check in checks() if check.breaches()] == []


def test_points_lapse_on_the_day_after_their_last_and_the_next_end_is_on_the_calendar(lasting: Desk) -> None:
    _posted(lasting, (5, "brief"), (6, "brief"), (7, "tidy"))
    assert [one.period for one in lapses.following(date(LAST, 11, 8))] == [f"{LAST}-12-06"]
    assert lapses.run(day=date(LAST, 12, 5), by=SYSTEM) == 0 == lapses.run(day=date(LAST, 11, 30), by=SYSTEM)
    assert [lapses.run(day=date(LAST, 12, 6), by=SYSTEM) for _ in range(2)] == [1, 0]
    assert lapses.run(day=date(LAST, 12, 7), by=SYSTEM) == 1
    assert _lapsed() == [-4, -4] and available(lasting.zhang, LAST) == 2
    book = passbook(lasting.zhang, LAST)
    assert book.merit == 10 and "积分到期" in {row.title for row in book.rows}
    _all_hold()


def test_what_was_spent_came_from_the_points_that_end_first(lasting: Desk) -> None:
    _posted(lasting, (5, "brief"), (6, "brief"), (7, "tidy"), (8, "litter"))
    lapses.run(day=date(LAST, 12, 6), by=SYSTEM)
    assert _lapsed() == [-1]
    lapses.run(day=date(LAST, 12, 7), by=SYSTEM)
    assert _lapsed() == [-1, -4] and available(lasting.zhang, LAST) == 2
    _all_hold()


def test_what_lapsed_is_not_given_back_by_hand(lasting: Desk) -> None:
    _posted(lasting, (5, "brief"))
    lapses.run(day=date(LAST, 12, 6), by=SYSTEM)
    with pytest.raises(errors.NotReversible):
        ledger.reverse(posting=Posting.objects.get(cause="lapse"), reason="求情", by=lasting.by)


def test_after_an_outage_the_ends_that_passed_meanwhile_come_one_by_one(lasting: Desk) -> None:
    _posted(lasting, (5, "brief"), (6, "brief"))
    [following] = lookup(lapses.LAPSE).body(f"{LAST}-12-06") or ()
    assert (following.period, _lapsed()) == (f"{LAST}-12-07", [-4])
    assert lookup(lapses.LAPSE).body(following.period) == [] and _lapsed() == [-4, -4]


def test_a_reversed_deed_does_not_lapse(lasting: Desk) -> None:
    _posted(lasting, (5, "brief"), (7, "tidy"))
    wrong = Posting.objects.get(declaration__rule__code="brief")
    ledger.reverse(posting=wrong, reason="认错户", by=lasting.by)
    assert lapses.run(day=date(LAST, 12, 6), by=SYSTEM) == 0 and available(lasting.zhang, LAST) == 2


def test_the_database_ends_points_on_the_day_that_the_engine_says(lasting: Desk) -> None:
    _posted(lasting, (30, "brief"))
    row = Posting.objects.get(declaration__rule__code="brief").declaration
    assert row is not None
    end = expiry.last_day(spec_of(row.rule), row.happened_on)
    assert end is not None
    assert [one.period for one in lapses.following(row.happened_on)] == [f"{end + timedelta(days=1)}"]


@pytest.mark.parametrize("crosses", [False, True])
def test_the_years_end_leaves_what_outlives_it(lasting: Desk, crosses: bool) -> None:
    section = {"review": {"after": "filing", "quorum": "0.5", "majority": "0.5", "hearing_days": 0}}
    policies.install(section=section | {"year": {"crosses": crosses}}, effective_from=date(LAST, 6, 1), by=SYSTEM)
    _posted(lasting, (1, "tidy"), (5, "care"), (6, "fame"), (8, "litter"))
    year = years.open_year(number=LAST, by=SYSTEM)
    told = closings.closing(year)
    assert told.kept == 10 and told.expiring == told.carried == 0 == told.losers and closings.losers(year) == []
    assert endings.ending(lasting.zhang, LAST) == 0
    closing.seal(year)
    assert closings.expired(year) == {"points": 0, "households": 0}
    rows = Entry.objects.filter(cause="opening", year__number=NOW.year, ends_on__isnull=False).order_by("ends_on")
    assert [(row.ends_on, int(row.amount)) for row in rows] == [(date(NOW.year, 11, 5), 4), (lapses.FOR_EVER, 6)]
    assert available(lasting.zhang) == 10 and lasting.merit() == 0
    lapses.run(day=date(NOW.year, 11, 6), by=SYSTEM)
    assert available(lasting.zhang) == 6
    _all_hold()


@pytest.mark.parametrize("crosses", [False, True])
def test_what_outlives_a_year_that_is_closed_again_is_what_it_says_then(lasting: Desk, crosses: bool) -> None:
    section = {"review": {"after": "filing", "quorum": "0.5", "majority": "0.5", "hearing_days": 0}}
    policies.install(section=section | {"year": {"crosses": crosses}}, effective_from=date(LAST, 6, 1), by=SYSTEM)
    _posted(lasting, (1, "tidy"), (5, "care"), (6, "fame"))
    year = years.open_year(number=LAST, by=SYSTEM)
    closing.seal(year)
    had, lines = available(lasting.zhang), Entry.objects.count()
    closing.reopen(year)
    assert closings.closing(year).kept == closings.closing(year).expiring == 0
    closing.seal(year)
    assert (available(lasting.zhang), Entry.objects.count()) == (had, lines)
    closing.reopen(year)
    wrong = Posting.objects.get(declaration__rule__code="fame")
    worth = sum(row.amount for row in wrong.entries.filter(measure="redeemable"))
    ledger.reverse(posting=wrong, reason="认错户", by=lasting.by)
    closing.seal(year)
    assert available(lasting.zhang) == had - worth < had and available(lasting.zhang, LAST) == 0
    _all_hold()


def test_the_dry_run_counts_as_lost_what_does_not_outlive_the_year(lasting: Desk) -> None:
    wang = lasting.cast.household(name="王五", number="90009")
    lasting.record("tidy", household=wang, happened_on=date(LAST, 11, 2))
    lasting.record("trees", facts={"quantity": "3"}, happened_on=date(LAST, 11, 2))
    _posted(lasting, (5, "care"))
    year = years.open_year(number=LAST, by=SYSTEM)
    told, lost = closings.closing(year), closings.losers(year)
    assert told.kept == 5 and told.expiring == 11 and told.losers == 2
    assert [(row.number, int(row.expiring)) for row in lost] == [(lasting.zhang.number, 9), ("90009", 2)]
    assert endings.with_points_left(lasting.village.pk, LAST) == {lasting.zhang.pk: 9, wang.pk: 2}
    closing.seal(year)
    assert closings.expired(year) == {"points": 11, "households": 2}
    _all_hold()


def test_a_town_without_such_points_has_nothing_on_the_calendar(desk: Desk) -> None:
    desk.record("tidy")
    desk.post()
    assert not Due.objects.filter(kind=lapses.LAPSE).exists() and lapses.following(clock.today()) == []
    assert Decimal(0) == sum(_lapsed())
