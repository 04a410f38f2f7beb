"""Digests leave the platform here."""

from celery import shared_task

from jifen.inbox import selectors, sending
from jifen.kernel.tasks import TownTask


@shared_task(base=TownTask, name=selectors.DELIVER)
def deliver(delivery_id: int) -> None:
    """One try; a failed one has put the next into the backlog."""
    sending.deliver(delivery_id=delivery_id)
