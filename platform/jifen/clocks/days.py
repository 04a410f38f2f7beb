"""Day rules: “25日”“最后一个工作日”“季末月20日前”“党日”“公示后10天”. Pure: holidays and party day are given.

A rule speaks about a period (a month, a quarter, a year) by its last month: ``months`` counts from it. So
“by the 20th of the quarter's last month” is ``{"kind": "day", "day": 20}`` and “the 10th of the month after” adds
``"months": 1``. All days are days in China.
"""

import calendar
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Month = Annotated[int, Field(ge=-11, le=12)]
SATURDAY = 5
LAST = 31


@dataclass(frozen=True, slots=True)
class Holidays:
    """What differs from the plain week: days off in it, and weekend days that are worked to make up for them."""

    off: frozenset[date] = field(default_factory=frozenset)
    worked: frozenset[date] = field(default_factory=frozenset)

    def is_working(self, day: date) -> bool:
        if day in self.worked:
            return True
        return day not in self.off and day.weekday() < SATURDAY

    def shifted(self, day: date, steps: int) -> date:
        """``steps`` working days after ``day`` (before it when negative); 0: the day itself or the next working day."""
        step = timedelta(days=-1 if steps < 0 else 1)
        left = abs(steps)
        while left or not self.is_working(day):
            day += step
            if left and self.is_working(day):
                left -= 1
        return day


class _Rule(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class MonthDay(_Rule):
    """“25日”; in a shorter month its last day. ``off`` says what happens when nobody works on it."""

    kind: Literal["day"] = "day"
    day: Annotated[int, Field(ge=1, le=31)]
    months: Month = 0
    off: Literal["keep", "before", "after"] = "keep"


class WorkingDay(_Rule):
    """The first (1), second … working day of the month, or the last (-1)."""

    kind: Literal["working_day"] = "working_day"
    number: Annotated[int, Field(ge=-15, le=15)] = -1
    months: Month = 0


class PartyDay(_Rule):
    """支部主题党日 of the month."""

    kind: Literal["party_day"] = "party_day"
    months: Month = 0


class After(_Rule):
    """``days`` after another event of the same period, working days or plain ones."""

    kind: Literal["after"] = "after"
    event: str
    days: Annotated[int, Field(ge=0, le=120)]
    working: bool = False


Rule = Annotated[MonthDay | WorkingDay | PartyDay | After, Field(discriminator="kind")]


@dataclass(frozen=True, slots=True)
class Around:
    """What a rule looks at beside its period. ``events``: days of the period that are known already."""

    holidays: Holidays = field(default_factory=Holidays)
    party_day: int = 5
    events: Mapping[str, date] = field(default_factory=dict)


class EventUnknown(ValueError):
    """A rule counts from something that has no day."""


def resolve(rule: Rule, last_month: date, around: Around) -> date:
    """The day ``rule`` means for the period whose last month ``last_month`` (any day of it) is.

    Raises:
        EventUnknown: the rule counts from an event that is not in ``around``.
    """
    match rule:
        case After(event=event, days=days, working=working):
            if event not in around.events:
                raise EventUnknown(event)
            start = around.events[event]
            return around.holidays.shifted(start, days) if working and days else start + timedelta(days=days)
        case PartyDay():
            return _day_of(moved(last_month, rule.months), around.party_day)
        case WorkingDay():
            return _working_day(moved(last_month, rule.months), rule.number, around.holidays)
        case MonthDay():
            day = _day_of(moved(last_month, rule.months), rule.day)
            return _off(day, rule.off, around.holidays)


def moved(month: date, months: int) -> date:
    """The first day of the month ``months`` after ``month``'s."""
    index = month.year * 12 + month.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def _day_of(first: date, day: int) -> date:
    return first.replace(day=min(day, calendar.monthrange(first.year, first.month)[1]))


def _working_day(first: date, number: int, holidays: Holidays) -> date:
    """Never outside the month: a month with fewer working days gives the last (or first) of them."""
    length = calendar.monthrange(first.year, first.month)[1]
    days = [first.replace(day=day) for day in range(1, length + 1)]
    worked = [day for day in days if holidays.is_working(day)] or days
    index = number if number < 0 else max(number, 1) - 1
    return worked[max(-len(worked), min(index, len(worked) - 1))]


def _off(day: date, off: str, holidays: Holidays) -> date:
    if off == "keep" or holidays.is_working(day):
        return day
    return holidays.shifted(day, -1 if off == "before" else 1)


def wording(rule: Rule) -> str:
    """The rule in plain Chinese: “次月10日”“当月最后一个工作日”."""
    match rule:
        case After():
            return f"{EVENTS.get(rule.event, rule.event)}后{rule.days}{'个工作日' if rule.working else '天'}"
        case PartyDay():
            return f"{months_wording(rule.months)}党日"
        case WorkingDay(number=-1):
            return f"{months_wording(rule.months)}最后一个工作日"
        case WorkingDay():
            which = f"第{rule.number}" if rule.number > 0 else f"倒数第{-rule.number}"
            return f"{months_wording(rule.months)}{which}个工作日"
        case MonthDay():
            moved_by = {"keep": "", "before": "（遇休息日提前）", "after": "（遇休息日顺延）"}[rule.off]
            return f"{months_wording(rule.months)}{'最后一天' if rule.day == LAST else f'{rule.day}日'}{moved_by}"


EVENTS = {"record": "登记截止", "review": "审核截止", "filing": "报镇截止", "notice": "公示"}


def months_wording(months: int) -> str:
    near = {-1: "上月", 0: "当月", 1: "次月", 2: "再下月"}
    return near.get(months, f"{months}个月后" if months > 0 else f"{-months}个月前")
