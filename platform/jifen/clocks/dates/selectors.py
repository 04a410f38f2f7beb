"""Which day a clock strikes in the town being served, and in a village of its own mind."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from jifen.clocks import holidays
from jifen.clocks.dates.errors import PeriodUnknown
from jifen.clocks.dates.models import CalendarPolicy
from jifen.clocks.dates.policy import CLOCKS, ClockName, TownCalendar
from jifen.clocks.days import Around, Holidays, moved, resolve
from jifen.kernel import clock

_PERIOD = re.compile(r"(?P<year>20[0-9]{2})(?:-(?P<month>0[1-9]|1[0-2])|Q(?P<quarter>[1-4]))?")


@dataclass(frozen=True, slots=True)
class Dates:
    """One clock in one period: ``late_from`` is the first day on which whoever has not done it is late."""

    clock: ClockName
    period: str
    opens: date | None
    due: date
    late_from: date


@dataclass(frozen=True, slots=True)
class _Read:
    """``chosen``: the town's calendars with the days from which they hold, in that order."""

    holidays: Holidays
    chosen: list[tuple[date, TownCalendar]]

    def on(self, day: date) -> TownCalendar:
        in_force = [one for since, one in self.chosen if since <= day]
        return in_force[-1] if in_force else TownCalendar()


_kept: ContextVar[_Read | None] = ContextVar("calendars_read", default=None)


VersionState = Literal["over", "now", "coming"]


@dataclass(frozen=True, slots=True)
class Version:
    """A calendar that was chosen, with the days from and to which it holds; ``until`` is empty for the last."""

    pk: int
    since: date
    until: date | None
    calendar: TownCalendar
    made_by_name: str
    state: VersionState


def versions() -> list[Version]:
    """All that the town has chosen, the last to begin first."""
    rows = list(CalendarPolicy.objects.order_by("effective_from"))
    ends = [row.effective_from - timedelta(days=1) for row in rows[1:]]
    found = [
        Version(
            row.pk, row.effective_from, end, TownCalendar.model_validate(row.data), row.made_by_name, _state(row, end)
        )
        for row, end in zip(rows, [*ends, None], strict=False)
    ]
    return found[::-1]


def coming_after(day: date) -> date | None:
    """When the next calendar begins after ``day``; empty when none does."""
    return CalendarPolicy.objects.filter(effective_from__gt=day).values_list("effective_from", flat=True).first()


def _state(row: CalendarPolicy, end: date | None) -> VersionState:
    today = clock.today()
    if row.effective_from > today:
        return "coming"
    return "now" if end is None or end >= today else "over"


@contextmanager
def read_once() -> Iterator[None]:
    """Within, the calendars and holidays of the town being served are read once, however many days are asked for."""
    token = _kept.set(_read())
    try:
        yield
    finally:
        _kept.reset(token)


def calendar_on(day: date) -> TownCalendar:
    """The town's calendar in force on ``day``; the usual one while it has chosen none."""
    if (kept := _kept.get()) is not None:
        return kept.on(day)
    data = CalendarPolicy.data_on(day)
    return TownCalendar.model_validate(data) if data else TownCalendar()


def calendar_of(period: str) -> TownCalendar:
    """The one in force when ``period`` ends."""
    return calendar_on(_end(period))


def last_month(period: str) -> date:
    """The first day of the last month of ``2026-03``, ``2026Q1`` or ``2026``.

    Raises:
        PeriodUnknown.
    """
    found = _PERIOD.fullmatch(period)
    if found is None:
        raise PeriodUnknown
    year, month, quarter = found["year"], found["month"], found["quarter"]
    return date(int(year), int(month) if month else int(quarter) * 3 if quarter else 12, 1)


def words(period: str) -> str:
    """“2026年3月”“2026年一季度”“2026年”."""
    last = last_month(period)
    if "Q" in period:
        return f"{last.year}年{'一二三四'[last.month // 3 - 1]}季度"
    return f"{last.year}年{last.month}月" if "-" in period else f"{last.year}年"


def dates(clock: ClockName, period: str, village: int | None = None) -> Dates:
    """The days of ``clock`` in ``period``, by the calendar in force when the period ends."""
    kept = _kept.get()
    return dates_in(calendar_of(period), kept.holidays if kept else holidays.table(), clock, period, village)


def dates_in(
    calendar: TownCalendar, table: Holidays, clock: ClockName, period: str, village: int | None = None
) -> Dates:
    """``dates`` without asking the database."""
    own = calendar if village is None else calendar.of_village(village)
    month, events = last_month(period), dict[str, date]()
    for name in CLOCKS[: CLOCKS.index(clock) + 1]:
        around = Around(table, own.party_day, events)
        events[name] = resolve(own.clock(name).due, month, around)
    rules = own.clock(clock)
    opens = resolve(rules.opens, month, Around(table, own.party_day, events)) if rules.opens else None
    late = events[clock] + timedelta(days=rules.grace + 1)
    return Dates(clock, period, opens, events[clock], late)


def periods(clock: ClockName, year: int) -> list[str]:
    """A year's months, quarters, or the year itself."""
    if clock == "year":
        return [str(year)]
    if clock == "notice":
        return [f"{year}Q{number}" for number in range(1, 5)]
    return [f"{year}-{month:02d}" for month in range(1, 13)]


def year_dates(year: int, village: int | None = None, clocks: Iterable[ClockName] = CLOCKS) -> list[Dates]:
    """Everything that strikes for ``year``, by day."""
    with read_once():
        found = [dates(clock, period, village) for clock in clocks for period in periods(clock, year)]
    return sorted(found, key=lambda one: (one.due, CLOCKS.index(one.clock)))


def _read() -> _Read:
    rows = CalendarPolicy.objects.order_by("effective_from")
    return _Read(holidays.table(), [(row.effective_from, TownCalendar.model_validate(row.data)) for row in rows])


def _end(period: str) -> date:
    return moved(last_month(period), 1) - timedelta(days=1)
