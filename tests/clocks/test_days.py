"""Day rules, as towns say them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from jifen.clocks import days
from jifen.clocks.days import After, Around, Holidays, MonthDay, PartyDay, WorkingDay, resolve, wording

NATIONAL_DAY = Holidays(
    off=frozenset(date(2026, 10, day) for day in range(1, 8)), worked=frozenset({date(2026, 10, 10)})
)
SEPTEMBER = date(2026, 9, 1)
RULES: dict[str, tuple[days.Rule, date]] = {
    "当月25日": (MonthDay(day=25), date(2026, 9, 25)),
    "次月10日": (MonthDay(day=10, months=1), date(2026, 10, 10)),
    "次月3日（遇休息日顺延）": (MonthDay(day=3, months=1, off="after"), date(2026, 10, 8)),
    "次月3日（遇休息日提前）": (MonthDay(day=3, months=1, off="before"), date(2026, 9, 30)),
    "当月最后一个工作日": (WorkingDay(), date(2026, 9, 30)),
    "次月第1个工作日": (WorkingDay(number=1, months=1), date(2026, 10, 8)),
    "次月第3个工作日": (WorkingDay(number=3, months=1), date(2026, 10, 10)),
    "当月党日": (PartyDay(), date(2026, 9, 25)),
    "审核截止后3天": (After(event="review", days=3), date(2026, 10, 3)),
    "审核截止后1个工作日": (After(event="review", days=1, working=True), date(2026, 10, 8)),
}


@pytest.mark.parametrize("words", RULES)
def test_a_rule_means_its_day_and_says_so(words: str) -> None:
    rule, day = RULES[words]
    around = Around(NATIONAL_DAY, party_day=25, events={"review": date(2026, 9, 30)})
    assert resolve(rule, SEPTEMBER, around) == day
    assert wording(rule) == words


def test_the_31st_is_the_last_day_of_a_shorter_month() -> None:
    assert resolve(MonthDay(day=31), date(2027, 2, 14), Around()) == date(2027, 2, 28)


def test_a_worked_saturday_is_a_working_day_and_a_holiday_monday_is_none() -> None:
    assert NATIONAL_DAY.is_working(date(2026, 10, 10))
    assert not NATIONAL_DAY.is_working(date(2026, 10, 5))


def test_a_rule_that_counts_from_an_unknown_event_is_refused() -> None:
    with pytest.raises(days.EventUnknown):
        resolve(After(event="review", days=3), SEPTEMBER, Around())


@given(
    rule=st.builds(WorkingDay, number=st.integers(-15, 15), months=st.integers(-11, 12)),
    month=st.dates(date(2020, 1, 1), date(2035, 12, 31)),
    first=st.integers(0, 25),
    length=st.integers(0, 9),
)
def test_a_working_day_of_a_month_lies_in_it_and_is_worked(
    rule: WorkingDay, month: date, first: int, length: int
) -> None:
    start = days.moved(month, rule.months)
    holidays = Holidays(off=frozenset(start + timedelta(days=first + one) for one in range(length)))
    found = resolve(rule, month, Around(holidays))
    assert found.replace(day=1) == start
    assert holidays.is_working(found)


@given(st.integers(-11, 12), st.integers(1, 31))
def test_a_rule_survives_being_stored(months: int, day: int) -> None:
    rule = MonthDay(day=day, months=months)
    assert TypeAdapter(days.Rule).validate_python(rule.model_dump(mode="json")) == rule
