"""What the reporting room puts on a town's calendar."""

from collections.abc import Iterable
from datetime import date, timedelta

from jifen.clocks.dates import selectors as dates
from jifen.clocks.jobs import Next
from jifen.kernel import clock
from reporting.periods import Quarter

KIND = "notice.quarter"
DRAFT = "notice.draft"
AGAIN = "notice.again"
"""Looks at the quarter's drafts at once, when what the town's own waits for has happened."""
HOUR = 8
LEAD = timedelta(days=3)
"""How long before their day notices are sent to those who approve them, where the town has a flow for that."""


def first_jobs(year: int) -> list[Next]:
    """The four quarterly notices of ``year`` and their drafts; the last is due in January of the next."""
    days = [(quarter, first_day(quarter)) for quarter in _quarters(year)]
    hung = [Next(KIND, str(quarter), clock.at(day, HOUR)) for quarter, day in days]
    return [*hung, *(Next(DRAFT, str(quarter), clock.at(day - LEAD, HOUR)) for quarter, day in days)]


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
