"""What the clock does in the exchange."""

from collections.abc import Iterable

from jifen.clocks.jobs import Next, job
from redemption.services import redemptions, vouchers


@job(redemptions.EXPIRY, again=True)
def expire_holds(period: str) -> Iterable[Next]:
    """Holds whose time is over give their points back; lost vouchers are made; comes again while holds are left."""
    redemptions.expire()
    vouchers.archive_missing()
    left = redemptions.next_expiry()
    return [Next(redemptions.EXPIRY, *left)] if left else []
