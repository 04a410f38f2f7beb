"""兑换项目: goods and services at a price in points."""

from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import F

from jifen.audit import services as audit
from jifen.kernel.actors import Actor
from redemption import errors
from redemption.models import Membership, MembershipState, Offering, OfferingKind


@transaction.atomic
def add(
    *, membership: Membership, name: str, kind: str, unit: str, price: Decimal, stock: int | None, by: Actor
) -> Offering:
    """Put an offering on the shelf; ``stock`` ``None`` is not counted.

    Raises:
        OfferingWrong, PriceWrong, StockWrong, OfferingExists: nothing is written.
    """
    _check(name=name, kind=kind, unit=unit, price=price, stock=stock)
    try:
        with transaction.atomic():
            row = Offering.objects.create(
                membership=membership, name=name.strip(), kind=kind, unit=unit.strip(), price=price, stock=stock
            )
    except IntegrityError:
        raise errors.OfferingExists from None
    audit.record(by=by, action="offering.add", subject=row, village_id=membership.village_id, price=price)
    return row


@transaction.atomic
def change(*, offering: Offering, price: Decimal, stock: int | None, is_active: bool, by: Actor) -> Offering:
    """A new price, stock or shelf state; what has been exchanged keeps its price.

    Raises:
        PriceWrong, StockWrong: nothing is written.
    """
    _check(name=offering.name, kind=offering.kind, unit=offering.unit, price=price, stock=stock)
    row = Offering.objects.select_for_update().get(pk=offering.pk)
    row.price, row.stock, row.is_active = price, stock, is_active
    row.save(update_fields=["price", "stock", "is_active"])
    audit.record(by=by, action="offering.change", subject=row, price=price, stock=stock, is_active=is_active)
    return row


def take(*, offering: Offering, quantity: int) -> Decimal:
    """``quantity`` off the shelf of an active shop, under the row's lock; returns the price of one as it stands now.

    Raises:
        OfferingGone: it is not offered any more.
        OutOfStock: fewer are left.
    """
    offered = Offering.objects.filter(pk=offering.pk, is_active=True, membership__state=MembershipState.ACTIVE)
    row = offered.select_for_update(of=("self",)).first()
    if row is None:
        raise errors.OfferingGone
    if row.stock is not None:
        if row.stock < quantity:
            raise errors.OutOfStock(name=offering.name, left=row.stock, unit=offering.unit)
        Offering.objects.filter(pk=offering.pk).update(stock=F("stock") - quantity)
    price: Decimal = row.price
    return price


def put_back(*, offering: Offering, quantity: int) -> None:
    """``quantity`` back on the shelf."""
    Offering.objects.filter(pk=offering.pk, stock__isnull=False).update(stock=F("stock") + quantity)


def _check(*, name: str, kind: str, unit: str, price: Decimal, stock: int | None) -> None:
    if not name.strip() or not unit.strip() or kind not in OfferingKind.values:
        raise errors.OfferingWrong
    if price <= 0 or price != round(price, 2):
        raise errors.PriceWrong
    if stock is not None and stock < 0:
        raise errors.StockWrong
