"""Digests leave the platform here."""

from celery import shared_task

from jifen.inbox import gateway, services
from jifen.inbox.errors import Undelivered
from jifen.kernel.tasks import TownTask


@shared_task(
    base=TownTask,
    autoretry_for=(Undelivered,),
    retry_backoff=10,
    retry_backoff_max=600,
    retry_kwargs={"max_retries": 6},
)
def deliver(delivery_id: int) -> None:
    """Try for about ten minutes, further and further apart."""
    services.deliver(delivery_id=delivery_id)


gateway.register_sender(deliver.delay)
