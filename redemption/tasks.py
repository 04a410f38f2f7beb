"""Work after an exchange."""

from celery import shared_task

from jifen.kernel.tasks import TownTask
from redemption.models import Redemption
from redemption.services import vouchers


@shared_task(base=TownTask, name="redemption.archive_voucher")
def archive_voucher(redemption_id: int) -> None:
    vouchers.archive(redemption=Redemption.objects.get(pk=redemption_id))


def register() -> None:
    """An exchange's voucher is archived by a worker, once the exchange has been committed."""
    vouchers.register_archiver(archive_voucher.delay)
