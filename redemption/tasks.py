"""Work after an exchange."""

from celery import shared_task

from jifen.clocks import backlog
from jifen.kernel.tasks import TownTask
from redemption.services import vouchers

ARCHIVE = "redemption.archive_vouchers"


@shared_task(base=TownTask, name=ARCHIVE)
def archive_vouchers() -> None:
    """One batch. It fails with what one of its vouchers failed with, and is tried again later; where none could be made
    the others wait for that, too, for the store may be away.
    """
    batch = vouchers.archive_waiting()
    if batch.more and batch.archived:
        backlog.put_once(task=ARCHIVE)
    if batch.problem is not None:
        raise batch.problem


def register() -> None:
    """Vouchers are archived by a worker in the town's turn, once the exchange has been committed."""
    vouchers.register_archiver(lambda: backlog.put_once(task=ARCHIVE))
