"""The one beat entry."""

from celery import shared_task

from jifen.clocks import services
from jifen.kernel.tasks import PublicTask


@shared_task(base=PublicTask, name="jifen.clocks.tasks.tick")
def tick() -> None:
    """Every second: send what is due, drain the outbox, do the periodic work."""
    services.tick()
