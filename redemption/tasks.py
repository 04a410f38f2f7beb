"""Work after an exchange."""

from celery import shared_task

from jifen.clocks import backlog
from jifen.kernel.tasks import TownTask
from redemption.models import Redemption
from redemption.services import vouchers

ARCHIVE = "redemption.archive_voucher"


@shared_task(base=TownTask, name=ARCHIVE)
def archive_voucher(redemption_id: int) -> None:
    vouchers.archive(redemption=Redemption.objects.get(pk=redemption_id))


def register() -> None:
    """An exchange's voucher is archived by a worker in the town's turn, once the exchange has been committed."""
    vouchers.register_archiver(lambda pk: backlog.put(task=ARCHIVE, args=[pk]))
