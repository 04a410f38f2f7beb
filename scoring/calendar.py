"""When scoring's clocks strike."""

from datetime import date

from jifen.clocks.jobs import Next
from jifen.kernel import clock


def sheet_of(month: date) -> Next:
    """A month's sheets are opened on the first day of the next month."""
    return Next("review.open", f"{month:%Y-%m}", clock.at(clock.next_month(month), 6))


def first_jobs(year: int) -> list[Next]:
    """The year's twelve months."""
    return [sheet_of(date(year, month, 1)) for month in range(1, 13)]
