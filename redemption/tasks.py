"""Work after an exchange."""

from celery import shared_task

from jifen.clocks import backlog
from jifen.kernel.tasks import TownTask
from redemption.services import vouchers

ARCHIVE = "redemption.archive_vouchers"


@shared_task(base=TownTask, name=ARCHIVE)
def archive_vouchers() -> None:
    if vouchers.archive_waiting():
        backlog.put_once(task=ARCHIVE)


def register() -> None:
    """Vouchers are archived by a worker in the town's turn, once the exchange has been committed."""
    vouchers.register_archiver(lambda: backlog.put_once(task=ARCHIVE))
