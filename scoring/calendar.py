"""When scoring's clocks strike."""

from jifen.clocks.dates import selectors as dates
from jifen.clocks.jobs import Next
from jifen.kernel import clock

KIND = "review.open"
HOUR = 6


def first_jobs(year: int) -> list[Next]:
    """The sheets of the year's twelve months, opened on the town's day; ``2026-03/17`` is a village with its own."""
    return [job for period in dates.periods("review", year) for job in sheets_of(period)]


def sheets_of(period: str) -> list[Next]:
    own = dates.calendar_of(period).exceptions("review")
    opened = [_strike(period, None), *(_strike(period, village) for village, one in own.items() if one.opens)]
    return [job for job in opened if job is not None]


def villages_apart(period: str) -> set[int]:
    """Those whose sheet of ``period`` opens on a day of their own."""
    return {village for village, one in dates.calendar_of(period).exceptions("review").items() if one.opens}


def _strike(period: str, village: int | None) -> Next | None:
    opens = dates.dates("review", period, village).opens
    named = period if village is None else f"{period}/{village}"
    return Next(KIND, named, clock.at(opens, HOUR)) if opens else None
