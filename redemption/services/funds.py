"""经费: where the money for goods comes from, and who pays."""

from django.db import transaction
from django.db.models import F, Q

from jifen.audit import services as audit
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from redemption import policies
from redemption.errors import NoFund
from redemption.models import Fund
from tenants.community.models import Village


@transaction.atomic
def register(*, village: Village | None, kind: str, name: str, budget_fen: int, by: Actor) -> Fund:
    """A source of money of ``village``, or of the town when ``None``; ``budget_fen`` is its sum for the year."""
    fund = Fund.objects.create(village=village, kind=kind, name=name.strip(), budget_fen=budget_fen)
    audit.record(
        by=by, action="fund.register", subject=fund, village_id=village.pk if village else None, budget_fen=budget_fen
    )
    return fund


def paying_for(village: Village) -> Fund:
    """The fund that pays for the households of ``village``: its own, or the town's where the town pays.

    Raises:
        NoFund: neither has registered one.
    """
    rows = Fund.objects.filter(Q(village=village) | Q(village=None))
    owned = F("village")
    by_town = policies.on(clock.today()).funds.payer == "town"
    fund = rows.order_by(owned.asc(nulls_first=True) if by_town else owned.asc(nulls_last=True), "pk").first()
    if fund is None:
        raise NoFund(village=village.name)
    return fund
