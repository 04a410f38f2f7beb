"""What the reporting room puts on a town's calendar."""

from collections.abc import Iterable
from datetime import date

from jifen.clocks.dates import selectors as dates
from jifen.clocks.jobs import Next
from jifen.kernel import clock
from reporting.periods import Quarter

KIND = "notice.quarter"
HOUR = 8


def first_jobs(year: int) -> list[Next]:
    """The four quarterly notices of ``year``; the last is due in January of the next."""
    return [Next(KIND, str(quarter), clock.at(first_day(quarter), HOUR)) for quarter in _quarters(year)]


def notice_day(quarter: Quarter, village: int | None = None) -> date:
    """By the town's calendar: by this day the quarter's last month is reviewed, filed and posted."""
    return dates.dates("notice", str(quarter), village).due


def first_day(quarter: Quarter) -> date:
    """The town's day, or that of a village which is earlier."""
    own = dates.calendar_of(str(quarter)).exceptions("notice")
    return min([notice_day(quarter), *(notice_day(quarter, village) for village in own)])


def not_yet(quarter: Quarter, villages: Iterable[int]) -> set[int]:
    """Those of ``villages`` (ids) whose day has not come, where some have a day of their own."""
    own, today = dates.calendar_of(str(quarter)).exceptions("notice"), clock.today()
    if not own:
        return set()
    usual = notice_day(quarter) > today
    return {pk for pk in villages if (notice_day(quarter, pk) > today if pk in own else usual)}


def _quarters(year: int) -> list[Quarter]:
    return [Quarter(year, number) for number in (1, 2, 3, 4)]
