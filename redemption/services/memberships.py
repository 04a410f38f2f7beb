"""加盟: a shop applies to a town's network, the town decides. Its row is the grant; the public listing mirrors it."""

from django.db import transaction

from jifen.audit import services as audit
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from jifen.kernel.tenancy import current_schema, entered
from redemption import errors, locks
from redemption.models import Membership, MembershipState
from redemption.network.models import Listing, Shop
from tenants.community.models import Village
from tenants.models import Town

_AGAIN = (MembershipState.REFUSED, MembershipState.ENDED)


@transaction.atomic
def apply(*, shop: Shop, town: Town, by: Actor) -> Membership:
    """``shop`` asks to join the network of ``town``; a refused or ended one may ask again.

    Raises:
        AlreadyMember: it is in, or waiting for an answer.
    """
    with entered(town.schema_name):
        row = Membership.objects.select_for_update().filter(shop_id=shop.pk).first()
        if row is not None and row.state not in _AGAIN:
            raise errors.AlreadyMember
        row = row or Membership(shop_id=shop.pk)
        row.shop_name, row.shop_address, row.shop_phone = shop.name, shop.address, shop.phone
        row.state, row.reason, row.applied_at, row.decided_at = MembershipState.APPLIED, "", clock.now(), None
        row.actor_realm, row.actor_id, row.actor_name = by.realm, by.id, by.name
        row.save()
        _mirror(row)
        audit.record(by=by, action="membership.apply", subject=row)
        return row


@transaction.atomic
def accept(
    *, membership: Membership, agreement: str, fen_per_point: int, by: Actor, village: Village | None = None
) -> Membership:
    """The town takes the shop in: agreement's number, what it pays per point (fen), and its village when it serves one.

    Raises:
        AgreementMissing: no number, or no rate.
        WrongState: it has been answered already.
    """
    if not agreement.strip() or fen_per_point <= 0:
        raise errors.AgreementMissing
    row = _waiting(membership)
    row.agreement, row.fen_per_point, row.village = agreement.strip(), fen_per_point, village
    _decide(row, MembershipState.ACTIVE)
    audit.record(by=by, action="membership.accept", subject=row, village_id=row.village_id, fen_per_point=fen_per_point)
    return row


@transaction.atomic
def refuse(*, membership: Membership, reason: str, by: Actor) -> Membership:
    """Raises:
    ReasonMissing: the shop must read why.
    WrongState: it has been answered already.
    """
    row = _waiting(membership)
    row.reason = _reason(reason)
    _decide(row, MembershipState.REFUSED)
    audit.record(by=by, action="membership.refuse", subject=row)
    return row


@transaction.atomic
def end(*, membership: Membership, reason: str, by: Actor) -> Membership:
    """The shop leaves the network: it reaches nothing of the town from now on; what it is owed is still settled.

    Raises:
        ReasonMissing, WrongState: it is not active.
    """
    row = locks.membership(membership.pk)
    if row.state != MembershipState.ACTIVE:
        raise errors.WrongState(what="加盟", state=row.get_state_display())
    row.reason = _reason(reason)
    _decide(row, MembershipState.ENDED)
    audit.record(by=by, action="membership.end", subject=row)
    return row


def _waiting(membership: Membership) -> Membership:
    row = locks.membership(membership.pk)
    if row.state != MembershipState.APPLIED:
        raise errors.WrongState(what="加盟申请", state=row.get_state_display())
    return row


def _decide(row: Membership, state: MembershipState) -> None:
    row.state, row.decided_at = state, clock.now()
    row.save()
    _mirror(row)


def _mirror(row: Membership) -> None:
    """An index for the shop's own pages; nothing is allowed by it."""
    town = Town.objects.get(schema_name=current_schema())
    Listing.objects.update_or_create(shop_id=row.shop_id, town=town, defaults={"state": str(row.state)})


def _reason(text: str) -> str:
    if not text.strip():
        raise errors.ReasonMissing
    return text.strip()
