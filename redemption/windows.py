"""The days on which a scheme opens redemption, as dates of one year. Knows no Django."""

import calendar
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import pairwise

from scoring.rules.policy import RedemptionPolicy, Window

Days = tuple[date, date]
"""First and last day, both included."""


def of_year(policy: RedemptionPolicy, year: int, start: date | None = None) -> list[Days]:
    """The windows that ``policy`` states for ``year`` (from ``start`` on), sorted and joined where they touch.

    seed 000: fixed days, monthly in the first three months; 001: once before October (the month before is proposed);
    002: on a day of each quarter's last month; 003: open all year.
    """
    first = start or date(year, 1, 1)
    days = [days for window in policy.windows for days in _days(window, year, first)]
    return joined((max(opens, first), closes) for opens, closes in days if closes >= first)


def joined(windows: Iterable[Days]) -> list[Days]:
    """``windows`` sorted, overlapping or adjacent ones made one."""
    kept: list[Days] = []
    for opens, closes in sorted(windows):
        if kept and opens <= kept[-1][1] + timedelta(days=1):
            kept[-1] = (kept[-1][0], max(kept[-1][1], closes))
        else:
            kept.append((opens, closes))
    return kept


def apart(windows: Iterable[Days]) -> bool:
    """Whether every window ends no earlier than it begins, and none overlaps another."""
    ordered = sorted(windows)
    if any(closes < opens for opens, closes in ordered):
        return False
    return all(earlier[1] < later[0] for earlier, later in pairwise(ordered))


def _days(window: Window, year: int, first: date) -> Iterator[Days]:
    if window.kind == "open":
        yield date(year, 1, 1), date(year, 12, 31)
    elif window.kind == "yearly_before":
        month = max((window.before_month or 13) - 1, 1)
        yield date(year, month, 1), _last(year, month)
    else:
        for month in _months(window, year, first):
            for day in window.days or (15,):
                on = min(date(year, month, 1) + timedelta(days=day - 1), _last(year, month))
                yield on, on


def _months(window: Window, year: int, first: date) -> Iterable[int]:
    if window.kind == "quarterly":
        return (3, 6, 9, 12)
    if window.first_months:
        begin = first.month if first.year == year else 1
        return range(begin, min(begin + window.first_months, 13))
    return range(1, 13)


def _last(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])
