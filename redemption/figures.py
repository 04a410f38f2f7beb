"""What an exchange tells the district: how often, how many points, and whether before October (seed 001)."""

from datetime import date

from django.utils import timezone

from jifen.kernel import clock
from jifen.outbox import services as outbox
from redemption.models import Redemption

OCTOBER = 10


def ended_on(row: Redemption) -> date:
    """The day in China on which it was captured or released."""
    return timezone.localtime(row.ended_at, clock.TIME_ZONE).date()


def tell(row: Redemption, *, sign: int) -> None:
    """Count a captured redemption (``sign`` 1), or take it back (-1)."""
    day = ended_on(row)
    values = {"redemptions": "1", "redeemed": str(row.points)}
    if day.month < OCTOBER:
        values["redeemed_before_october"] = "1"
    for key, value in values.items():
        payload = {"village_id": row.household.village_id, "year": day.year, "key": key}
        outbox.tell(kind="delta", payload={**payload, "value": f"-{value}" if sign < 0 else value})
