"""What the reporting room puts on a town's calendar."""

from datetime import date

from jifen.clocks.jobs import Next
from jifen.kernel import clock
from reporting.periods import Quarter

KIND = "notice.quarter"
NOTICE_DAY = 10
"""By this day of the month after a quarter its last month is reviewed, filed and posted."""
HOUR = 8


def first_jobs(year: int) -> list[Next]:
    """The four quarterly notices of ``year``; the last is due in January of the next."""
    return [Next(KIND, str(quarter), clock.at(notice_day(quarter), HOUR)) for quarter in _quarters(year)]


def notice_day(quarter: Quarter) -> date:
    return clock.next_month(quarter.last_day).replace(day=NOTICE_DAY)


def _quarters(year: int) -> list[Quarter]:
    return [Quarter(year, number) for number in (1, 2, 3, 4)]
