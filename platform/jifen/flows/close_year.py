"""The year's turn: a year begins with its jobs on the calendar, and closes with its standings sealed.

Deeds of January belong to the new year while the old one is still being reviewed, so a year begins on its first day and
the one before is closed later, on a date of its own.
"""

from datetime import date

from django.db import transaction

from jifen.audit import services as audit
from jifen.clocks import services as clocks
from jifen.flows import errors
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from jifen.kernel.tenancy import require_town
from redemption.services import redemptions
from reporting import calendar as reporting_calendar
from reporting import selectors as reporting
from scoring import calendar as scoring_calendar
from scoring import selectors as scoring
from scoring.services import years

CLOSES = (1, 20)
"""Month and day, in the following year, on which a year is closed unless the town sets another day."""


@transaction.atomic
def begin(*, number: int, by: Actor, since: date | None = None) -> None:
    """Open the year ``number`` and put its months, quarters and close on the calendar. Done once.

    ``since``: the day a town starts in mid-year; what fell due before it is not this town's to do.
    """
    schema = require_town()
    years.open_year(number=number, by=by)
    for job in (*scoring_calendar.first_jobs(number), *reporting_calendar.first_jobs(number)):
        if since is None or job.due_at >= clock.at(since):
            clocks.schedule(town=schema, kind=job.kind, period=job.period, due_at=job.due_at)
    clocks.schedule(town=schema, kind="year.begin", period=str(number + 1), due_at=clock.at(date(number + 1, 1, 1)))
    clocks.schedule(town=schema, kind="year.close", period=str(number), due_at=clock.at(date(number + 1, *CLOSES), 8))


@transaction.atomic
def close(*, number: int, by: Actor) -> int:
    """Seal the year ``number``, with the next one open; returns the seal's id. A second call returns the same seal.

    Raises:
        Conflict: the year is not over, a month is not posted or an objection not answered.
    """
    require_town()
    year = scoring.year(number)
    sealed = scoring.closing_seal(year)
    if sealed is not None:
        return int(sealed.pk)
    _ready(number)
    redemptions.release_all(reason="年度封账", by=by)
    seal = years.seal(year=year, by=by)
    begin(number=number + 1, by=by)
    audit.record(by=by, action="year.close", subject=seal, year=number)
    return int(seal.pk)


def _ready(number: int) -> None:
    if clock.today().year <= number:
        raise errors.YearNotOver(year=number)
    unposted = scoring.unposted_reviews(number)
    if unposted:
        raise errors.YearHasOpenReviews(year=number, count=unposted)
    unanswered = reporting.unanswered_objections()
    if unanswered:
        raise errors.YearHasOpenObjections(count=unanswered)
