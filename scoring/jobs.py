"""What the clock makes scoring do."""

from datetime import date, timedelta

from jifen.clocks.jobs import Next, job
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM
from scoring.models import Review
from scoring.services import hearings, posting, reviews


@job("review.open")
def open_reviews(period: str) -> None:
    """``2025-03``: all villages' sheets for March, on the first of April."""
    reviews.open_all(month=date.fromisoformat(f"{period}-01"), by=SYSTEM)


@job(posting.POST_JOB)
def post_review(period: str) -> list[Next]:
    """The sheet with this id (``17``, later runs ``17/…``) becomes entries.

    What somebody objects to is looked at again on the next day.
    """
    pk = int(period.partition("/")[0])
    sheet = Review.objects.get(pk=pk)
    posting.post_review(review=sheet, by=SYSTEM)
    if not posting.is_contested(sheet):
        return []
    tomorrow = clock.today() + timedelta(days=1)
    return [Next(posting.POST_JOB, f"{pk}/{tomorrow}", clock.at(tomorrow, 6))]


@job(hearings.CLOSE_JOB)
def close_hearings(period: str) -> None:
    """``2025-03-04``: what nobody explained up to that day posts by itself."""
    hearings.close_due(day=period)
