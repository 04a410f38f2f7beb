"""加盟: a shop applies to a town's network, the town decides. Its row is the grant; the public listing mirrors it.

A town that has a flow for it puts the terms forward and decides there, and ends an agreement so. Elsewhere the office
says one word.
"""

from decimal import Decimal
from typing import Any

from django.db import transaction

from jifen.approvals import gate
from jifen.approvals import selectors as flows
from jifen.approvals import services as approvals
from jifen.approvals.errors import Recused
from jifen.approvals.models import ItemState
from jifen.approvals.selectors.people import barred
from jifen.audit import services as audit
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM, Actor
from jifen.kernel.tenancy import current_schema, entered
from redemption import errors, locks
from redemption.models import Membership, MembershipState
from redemption.network.models import Listing, Shop
from tenants.community.models import Household, Village
from tenants.models import Town

SUBJECT_KIND = "membership"
JOIN, END = "加盟", "终止"
"""What is asked of a flow."""
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
        row.agreement = ""
        row.save()
        _mirror(row)
        audit.record(by=by, action="membership.apply", subject=row)
        return row


@transaction.atomic
def put_forward(
    *,
    membership: Membership,
    agreement: str,
    fen_per_point: int,
    by: Actor,
    village: Village | None = None,
    run_by: Household | None = None,
) -> Membership:
    """The office says on which terms it would take the shop in: ``accept``, or the way through the town's flow.

    Under a flow the number of the agreement may still be missing: ``note_agreement`` takes it while the flow decides,
    the last word asks for it. What was returned is handed in again with the new terms.

    Raises:
        AgreementMissing, WrongState: nothing is written. DecidedByFlow: it is on its way already.
    """
    terms: dict[str, Any] = {
        "agreement": agreement,
        "fen_per_point": fen_per_point,
        "village": village,
        "run_by": run_by,
    }
    if not flows.has_flow(SUBJECT_KIND):
        return accept(membership=membership, by=by, **terms)
    row = _waiting(membership)
    item = flows.open_item(SUBJECT_KIND, row.pk)
    if item is not None and item.state != ItemState.RETURNED:
        gate.require_direct(SUBJECT_KIND, row.pk, by=by)
    _set_terms(row, **terms)
    audit.record(by=by, action="membership.put_forward", subject=row, village_id=row.village_id)
    if item is not None:
        approvals.resubmit(item=item, facts=facts(row), by=by)
    else:
        _start(row, by)
    row.refresh_from_db()
    return row


@transaction.atomic
def note_agreement(*, membership: Membership, agreement: str, by: Actor) -> Membership:
    """The number of the agreement, when it is signed while the flow decides.

    Raises:
        AgreementMissing: no number. NotOnItsWay: the flow does not decide on the shop now. Recused: the shop is hers or
            a relative's.
    """
    number = agreement.strip()
    if not number:
        raise errors.AgreementMissing("请填写协议编号。")
    item = flows.open_item(SUBJECT_KIND, membership.pk)
    row = locks.membership(membership.pk)
    if item is None or row.state != MembershipState.APPLIED:
        raise errors.NotOnItsWay
    if by.realm == current_schema() and barred(item, {by.id}):
        raise Recused
    before, row.agreement = row.agreement, number
    row.save(update_fields=["agreement"])
    told = {"before": before, "agreement": number}
    audit.record(by=by, action="membership.agreement", subject=row, village_id=row.village_id, **told)
    return row


@transaction.atomic
def accept(
    *,
    membership: Membership,
    agreement: str,
    fen_per_point: int,
    by: Actor,
    village: Village | None = None,
    run_by: Household | None = None,
) -> Membership:
    """The town takes the shop in: agreement's number, what it pays per point (fen), and its village when it serves one.

    Raises:
        DecidedByFlow: the town decides that by a flow.
        AgreementMissing: no number, or no rate.
        WrongState: it has been answered already.
    """
    gate.require_direct(SUBJECT_KIND, membership.pk, by=by)
    row = _waiting(membership)
    _set_terms(row, agreement=agreement, fen_per_point=fen_per_point, village=village, run_by=run_by)
    return take_in(membership=row, by=by)


@transaction.atomic
def refuse(*, membership: Membership, reason: str, by: Actor) -> Membership:
    """Raises:
    DecidedByFlow: the town decides that by a flow.
    ReasonMissing: the shop must read why.
    WrongState: it has been answered already.
    """
    gate.require_direct(SUBJECT_KIND, membership.pk, by=by)
    return turn_away(membership=membership, reason=reason, by=by)


@transaction.atomic
def take_in(*, membership: Membership, by: Actor) -> Membership:
    """The last word was yes: the shop is in on the terms that stand on its row.

    Raises:
        AgreementMissing (AgreementWanted says where to write its number), WrongState: nothing changes.
    """
    row = _waiting(membership)
    if row.fen_per_point <= 0:
        raise errors.AgreementMissing
    if not row.agreement:
        raise errors.AgreementWanted(shop=row.shop_name) if flows.has_flow(SUBJECT_KIND) else errors.AgreementMissing
    _decide(row, MembershipState.ACTIVE)
    fen = row.fen_per_point
    audit.record(by=by, action="membership.accept", subject=row, village_id=row.village_id, fen_per_point=fen)
    return row


@transaction.atomic
def turn_away(*, membership: Membership, reason: str, by: Actor) -> Membership:
    """The last word was no.

    Raises:
        ReasonMissing, WrongState: nothing changes.
    """
    row = _waiting(membership)
    row.reason = _reason(reason)
    _decide(row, MembershipState.REFUSED)
    audit.record(by=by, action="membership.refuse", subject=row)
    return row


@transaction.atomic
def end(*, membership: Membership, reason: str, by: Actor) -> Membership:
    """The shop is to leave the network: ``dismiss``, or the way through the town's flow.

    Raises:
        ReasonMissing, WrongState: it is not active. DecidedByFlow: it is on its way already.
    """
    row, words = _active(membership), _reason(reason)
    if by.realm == SYSTEM.realm or not flows.has_flow(SUBJECT_KIND):
        return dismiss(membership=row, reason=words, by=by)
    item = flows.open_item(SUBJECT_KIND, row.pk)
    if item is not None and item.state != ItemState.RETURNED:
        gate.require_direct(SUBJECT_KIND, row.pk, by=by)
    _keep_reason(row, words)
    audit.record(by=by, action="membership.ask_end", subject=row, village_id=row.village_id)
    if item is not None:
        approvals.resubmit(item=item, text=words, by=by)
    else:
        _start(row, by, END)
    row.refresh_from_db()
    return row


@transaction.atomic
def dismiss(*, membership: Membership, reason: str, by: Actor) -> Membership:
    """The last word was yes, or one word is enough: the shop reaches nothing of the town from now on; what it is owed
    is still settled.

    Raises:
        WrongState: it is not active.
    """
    row = _active(membership)
    approvals.end_with(subject_kind=SUBJECT_KIND, subject_id=row.pk, reason=reason)
    row.reason = reason
    _decide(row, MembershipState.ENDED)
    audit.record(by=by, action="membership.end", subject=row)
    return row


@transaction.atomic
def keep(*, membership: Membership, by: Actor) -> Membership:
    """The shop stays: the flow said no, or whoever asked took it back.

    Raises:
        WrongState: it is not active.
    """
    row = _active(membership)
    _keep_reason(row, "")
    audit.record(by=by, action="membership.keep", subject=row, village_id=row.village_id)
    return row


def facts(row: Membership, act: str = JOIN) -> dict[str, Any]:
    """What a flow's conditions may look at: what is asked, the shop's kind, yuan for each point."""
    shop = Shop.objects.filter(pk=row.shop_id).first()
    return {"act": act, "kind": shop.get_kind_display() if shop else None, "rate": Decimal(row.fen_per_point) / 100}


def _start(row: Membership, by: Actor, act: str = JOIN) -> None:
    """No step may apply: then nobody need be asked."""
    item = approvals.start(
        subject_kind=SUBJECT_KIND, subject_id=row.pk, village_id=row.village_id, facts=facts(row, act), by=by
    )
    if item is None and act == END:
        dismiss(membership=row, reason=row.reason, by=by)
    elif item is None:
        take_in(membership=row, by=by)


def _active(membership: Membership) -> Membership:
    row = locks.membership(membership.pk)
    if row.state != MembershipState.ACTIVE:
        raise errors.WrongState(what="加盟", state=row.get_state_display())
    return row


def _keep_reason(row: Membership, words: str) -> None:
    row.reason = words
    row.save(update_fields=["reason"])


def _set_terms(
    row: Membership, *, agreement: str, fen_per_point: int, village: Village | None, run_by: Household | None
) -> None:
    if fen_per_point <= 0:
        raise errors.AgreementMissing
    row.agreement, row.fen_per_point, row.village, row.run_by = agreement.strip(), fen_per_point, village, run_by
    row.save(update_fields=["agreement", "fen_per_point", "village", "run_by"])


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
