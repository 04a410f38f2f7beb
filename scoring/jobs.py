"""What the clock makes scoring do."""

from datetime import date

from jifen.clocks.jobs import job
from jifen.kernel.actors import SYSTEM
from scoring.models import Review
from scoring.services import filings, posting, reviews


@job("review.open")
def open_reviews(period: str) -> None:
    """``2025-03``: all villages' sheets for March, on the first of April."""
    reviews.open_all(month=date.fromisoformat(f"{period}-01"), by=SYSTEM)


@job(filings.POST_JOB)
def post_review(period: str) -> None:
    """The settled sheet with this id becomes entries."""
    posting.post_review(review=Review.objects.get(pk=int(period)), by=SYSTEM)
