"""The year's turn, by the clock."""

from jifen.clocks.jobs import job
from jifen.flows import close_year
from jifen.kernel.actors import SYSTEM


@job("year.begin")
def begin_year(period: str) -> None:
    close_year.begin(number=int(period), by=SYSTEM)


@job("year.close")
def seal_year(period: str) -> None:
    """Refused, and tried again, while a month is unposted or an objection unanswered."""
    close_year.close(number=int(period), by=SYSTEM)
