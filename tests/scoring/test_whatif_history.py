"""A trial begins with what was posted before its days: an unchanged rulebook changes nothing, whatever the days."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from scoring import tasks
from scoring.models import Entry, Reckoning, WhatIfRun
from scoring.rules.periods import months_on
from scoring.rules.sequence import bearing
from scoring.rules.spec import Rulebook
from scoring.selectors.rulebooks import current, whole
from scoring.whatif import runs
from tenants.community.models import Household
from tests.scoring import desk as desks
from tests.scoring import wide
from tests.scoring.desk import DAY, MONTH, NOW, Desk, rule

MONTHS = [months_on(MONTH, -back) for back in (3, 2, 1, 0)]
HALVES = {"village": 5, "town": 8}
LIVED = [
    rule("army", "参军", 50, once=True),
    rule("four", "值守", 3, limits=[{"kind": "points", "value": 10, "period": "ever"}]),
    rule("yearly", "捐赠", 4, limits=[{"kind": "points", "value": 10, "period": "year"}]),
    rule("picked", "获奖几次", {"kind": "tiers", "tiers": [
        {"code": name, "name": name, "points": points} for name, points in HALVES.items()]},
        limits=[{"kind": "count", "value": 2, "period": "halfyear"}]),
    rule("steps", "志愿时长", {"kind": "ladder", "unit": "小时", "rungs": wide.RUNGS, "period": "ever"}),
    rule("streak", "连月达标", 1, streak={"length": 2, "period": "month", "bonus": 5}),
    rule("rest", "义务巡逻", 2, cooldown={"days": 40}),
    rule("again", "屡次占道", 2, sign="negative", repeat={"nth": 2, "factor": 2, "period": "ever"}),
    rule("first", "村级先进", 5, group={"code": "best", "period": "year"}),
    rule("second", "镇级先进", 8, group={"code": "best", "period": "year"}),
    rule("apart", "顺手帮忙", 2, not_with={"rules": ["yearly"], "period": "year"}),
]  # fmt: skip
CAPPED = LIVED[:4]
AGAIN = [{"quantity": "15"}, {"quantity": "30"}]


def _begin(desk: Desk, settings: dict[str, Any]) -> None:
    desks.last_year(desk, sealed=False)
    wide.install(desk, more=LIVED, since=date(NOW.year - 1, 1, 2), settings=settings)


def _lived(desk: Desk, rules: list[dict[str, Any]], settings: dict[str, Any] | None = None) -> None:
    """Four months of two households, posted month by month; every month brings some deeds of the months before."""
    _begin(desk, settings or {})
    other = desk.cast.household(name="李四", number="90002")
    chance = Random(4)
    for place, month in enumerate(MONTHS):
        for one in rules * 2:
            told = MONTHS[chance.randint(max(place - 1, 0), place)]
            day = min(told + timedelta(days=chance.randint(0, 27)), NOW)
            _tell(desk, one, day, chance.choice([desk.zhang, other]), chance)
        desk.post(month)


def _tell(desk: Desk, one: dict[str, Any], day: date, household: Household, chance: Random) -> None:
    kind = one["amount"]["kind"]
    facts = {"tiers": {"tier": chance.choice(list(HALVES))}, "ladder": chance.choice(AGAIN)}.get(kind, {})
    desk.record(one["code"], happened_on=day, household=household, facts=facts)


def _in_force(*, without: str = "") -> Rulebook:
    version = current(None, DAY)
    assert version is not None
    kept = whole(version)
    return kept.model_copy(update={"rules": tuple(one for one in kept.rules if one.code != without)})


def _tried(desk: Desk, draft: Rulebook, since: date, until: date = NOW) -> WhatIfRun:
    run = runs.start(rulebook=draft, village=None, title="试", since=since, until=until, by=desk.by)
    assert tasks.whatif(run.pk) == "done"
    run.refresh_from_db()
    return run


def _moved(run: WhatIfRun) -> list[tuple[str, Decimal, list[dict[str, Any]]]]:
    rows = run.households.select_related("household").exclude(gain=0)
    return [(row.household.number, row.gain, row.reasons) for row in rows]


WINDOWS = [
    (MONTHS[0], NOW),
    *((month + timedelta(days=days), NOW) for month in MONTHS[1:3] for days in (0, 13)),
    (MONTHS[1] + timedelta(days=9), MONTHS[2] + timedelta(days=9)),
]


def test_an_unchanged_rulebook_changes_nothing_whatever_the_days(desk: Desk) -> None:
    _lived(desk, LIVED)
    assert Entry.objects.filter(rule__code="army", measure="merit").count() == 2
    for since, until in WINDOWS:
        run = _tried(desk, _in_force(), since, until)
        assert run.total > 0 and _moved(run) == [], (since, until)
        assert not run.households.exclude(redeemable_before=0).filter(redeemable_after=0).exists()


def test_a_bounded_balance_stands_as_it_was_left(desk: Desk) -> None:
    _lived(desk, CAPPED, {"merit": {"ceiling": 60, "floor": 0}, "redeemable": {"ceiling": 40}})
    assert Reckoning.objects.exclude(worth=0).exclude(posting__entries__measure="redeemable").exists()
    for since, until in WINDOWS:
        assert _moved(_tried(desk, _in_force(), since, until)) == [], (since, until)


def test_what_is_given_once_is_not_given_again(desk: Desk) -> None:
    _begin(desk, {})
    for month in MONTHS[:2]:
        desk.record("army", happened_on=month)
        desk.post(month)
    assert _moved(_tried(desk, _in_force(), MONTHS[1])) == []
    assert _moved(_tried(desk, _in_force(without="army"), MONTHS[1])) == []
    [(_, gain, _)] = _moved(_tried(desk, _in_force(without="army"), MONTHS[0]))
    assert gain == -50


def test_who_did_not_take_part_on_the_day_gets_nothing_in_a_trial(desk: Desk) -> None:
    desk.record("tidy")
    desk.zhang.applications.update(joined_on=DAY + timedelta(days=400))
    desk.post()
    run = _tried(desk, _in_force(), MONTH)
    assert run.total == 1 and _moved(run) == []


def _book(*rules: dict[str, Any]) -> Rulebook:
    return Rulebook.model_validate({"categories": [{"name": wide.AREA}], "rules": rules})


def test_only_what_bears_on_the_days_is_read() -> None:
    first = bearing(_book(*LIVED, rule("free", "随手", 1)), date(2026, 8, 20))
    assert "free" not in first
    assert (first["army"], first["yearly"], first["picked"]) == (date.min, date(2026, 1, 1), date(2026, 7, 1))
    assert first["rest"] == date(2026, 7, 11)


@pytest.mark.parametrize(
    ("last", "first"), [
        (date(2026, 11, 28), date(2025, 11, 29)),
        (date(2025, 2, 28), date(2024, 2, 29)),
        (date(2024, 2, 29), date(2023, 3, 1)),
        (date(2024, 12, 31), date(2024, 1, 1)),
    ],
)  # fmt: skip
def test_twelve_months_are_twelve_months_in_a_leap_year(last: date, first: date) -> None:
    assert runs.a_year_to(last) == first
