"""Background work of scoring."""

from celery import shared_task

from jifen.kernel.actors import SYSTEM
from jifen.kernel.tasks import TownTask
from scoring.models import Review, WhatIfRun
from scoring.services import posting
from scoring.whatif import runs


@shared_task(base=TownTask)
def post_review(review_id: int) -> int:
    """Post a settled sheet; returns the number of entries. Running it twice posts once."""
    return posting.post_review(review=Review.objects.get(pk=review_id), by=SYSTEM)


@shared_task(base=TownTask, name=runs.TASK)
def whatif(run_id: int) -> str:
    """Try another rulebook on the months gone by; returns how it ended. Running it twice tries once."""
    run = WhatIfRun.objects.select_related("village", "draft__rulebook").get(pk=run_id)
    return str(runs.carry_out(run=run).state)
