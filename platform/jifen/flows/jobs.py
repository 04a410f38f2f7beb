"""The year's turn and the calendar's watch, by the clock."""

from jifen.clocks import backwards, holidays
from jifen.clocks.jobs import Next, job
from jifen.clocks.selectors import planned_for
from jifen.flows import archive, calendar, close_year, expiry, set_back
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM
from jifen.kernel.tenancy import require_town


@job("year.begin")
def begin_year(period: str) -> None:
    close_year.begin(number=int(period), by=SYSTEM)


@job(close_year.CLOSE)
def seal_year(period: str) -> None:
    """Refused, and tried again, until two people have approved it, its day has come and nothing stands in the way.

    ``2026``, or with the request that approved it ``2026#5``.
    """
    close_year.close(number=int(period.partition("#")[0]), by=SYSTEM)


@job(calendar.WATCH, again=True)
def watch(period: str) -> list[Next]:
    return calendar.watch(period, since=planned_for(require_town(), calendar.WATCH, period))


@job(backwards.TELL)
def tell_of_set_back(period: str) -> None:
    """``3``: the clock stood ahead and was set back, by the id of the note of it."""
    set_back.tell(int(period))


@job(holidays.REPLAN)
def replan(_: str) -> None:
    """The table of holidays has changed."""
    calendar.replan(around=clock.today().year)


@job(archive.VOLUME)
def print_volume(period: str) -> None:
    """One volume of a sealed year's passbooks, by its id."""
    archive.make(int(period))


@job(expiry.WARN, again=True)
def warn_of_expiry(period: str) -> list[Next]:
    """``2026@2026-03-01``: a look on that day."""
    return expiry.look(int(period.partition("@")[0]))
