"""Periods that rules count in, and dates so many months on."""

from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache

from scoring.rules.spec_limits import Period

NAMES: dict[str, str] = {
    "day": "当天",
    "week": "本周",
    "month": "本月",
    "quarter": "本季度",
    "halfyear": "本半年",
    "year": "本年",
    "ever": "累计",
}
_FIRST: dict[str, Callable[[date], date]] = {
    "day": lambda day: day,
    "week": lambda day: day - timedelta(days=day.weekday()),
    "month": lambda day: day.replace(day=1),
    "quarter": lambda day: date(day.year, (day.month - 1) // 3 * 3 + 1, 1),
    "halfyear": lambda day: date(day.year, 1 if day.month < 7 else 7, 1),
    "year": lambda day: date(day.year, 1, 1),
    "ever": lambda day: date.min,
}
_PLACE: dict[str, Callable[[date], int]] = {
    "day": date.toordinal,
    "week": lambda day: (day.toordinal() - 1) // 7,
    "month": lambda day: day.year * 12 + day.month,
    "quarter": lambda day: day.year * 4 + (day.month - 1) // 3,
    "halfyear": lambda day: day.year * 2 + (day.month > 6),
    "year": lambda day: day.year,
    "ever": lambda day: 0,
}


@lru_cache(maxsize=16_384)
def start(period: Period, day: date) -> date:
    """The first day of the ``period`` that holds ``day``; weeks start on Monday, ``ever`` on the first day of all."""
    return _FIRST[period](day)


def place(period: Period, day: date) -> int:
    """The number of the ``period`` that holds ``day``: one more for the next."""
    return _PLACE[period](day)


def months_on(day: date, months: int) -> date:
    """The same day ``months`` later, or the month's last where there is none (民法典第二百零二条); date.max at most."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
