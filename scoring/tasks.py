"""Background work of scoring."""

from celery import shared_task

from jifen.kernel.actors import SYSTEM
from jifen.kernel.tasks import TownTask
from scoring.models import Review
from scoring.services import posting


@shared_task(base=TownTask)
def post_review(review_id: int) -> int:
    """Post a settled sheet; returns the number of entries. Running it twice posts once."""
    return posting.post_review(review=Review.objects.get(pk=review_id), by=SYSTEM)
