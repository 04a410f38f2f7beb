"""The exchange is over: each shop is drawn up what it is owed and agrees, the flow lets it be paid, the office pays."""

from contextlib import suppress
from datetime import date

from jifen.kernel import clock
from jifen.local.demo import adopting, who
from jifen.local.demo.exchange import keeper
from jifen.local.demo.plan import TownPlan
from redemption.errors import NothingToSettle
from redemption.services import settlements


def settle(plan: TownPlan, first: date) -> None:
    """Every exchange from ``first`` to today: no window is open any more."""
    office, last = who.office(), clock.today()
    with suppress(NothingToSettle):
        for row in settlements.draw_all(from_date=first, to_date=last, by=office):
            settlements.agree(settlement=row, by=keeper(row.membership))
            adopting.agree_all(settlements.SUBJECT_KIND)
            settlements.pay(settlement=row, note=f"{plan.name}财政转账{row.pk:04d}号", by=office)
