"""兑换特例: shop or steward asks, the town's flow decides (without one: its office), one redemption may follow.

ask ──► approve ──► the redemption, once and to its last day
    └─► refuse, withdraw
"""

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from jifen.approvals import gate
from jifen.approvals import selectors as flows
from jifen.approvals import services as approvals
from jifen.approvals.models import Item
from jifen.audit import services as audit
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM, Actor
from jifen.kernel.points import points
from jifen.kernel.tenancy import current_schema
from jifen.web.wording import date_cn
from redemption import errors, locks, selectors
from redemption.models import ExceptionKind, ExceptionState, MembershipState, Offering, RedemptionException
from tenants.community.models import Household

SUBJECT_KIND = "redemption_exception"
MOST = 99


@transaction.atomic
def ask(
    *, household: Household, offering: Offering, quantity: int, kind: str, reason: str, use_by: date, by: Actor
) -> RedemptionException:
    """Ask that ``household`` may have ``quantity`` of ``offering`` although ``kind`` forbids it, to ``use_by``.

    Raises:
        QuantityWrong, ExceptionKindWrong, ReasonMissing, UseByWrong, OfferingGone, HouseholdNotJoined, OtherVillage,
            ExceptionAsked: nothing is written.
    """
    _check(quantity, kind, reason, use_by)
    _check_place(household, offering, kind)
    wish: dict[str, Any] = {"household": household, "membership": offering.membership, "offering": offering}
    wish |= {"quantity": quantity, "points": points(offering.price * quantity), "kind": kind, "use_by": use_by}
    try:
        with transaction.atomic():
            row = RedemptionException.objects.create(
                **wish, reason=reason.strip(), asked_at=clock.now(), **by.columns()
            )
    except IntegrityError:
        raise errors.ExceptionAsked from None
    audit.record(by=by, action="exception.ask", subject=row, village_id=household.village_id, points=row.points)
    if flows.has_flow(SUBJECT_KIND):
        _start(row, by)
        row.refresh_from_db()
    return row


def returned_to(exception: RedemptionException, by: Actor) -> Item | None:
    """The item, when it was sent back to ``by``."""
    return flows.back_with(SUBJECT_KIND, exception.pk, by)


@transaction.atomic
def amend(
    *, exception: RedemptionException, quantity: int, reason: str, use_by: date, text: str = "", by: Actor
) -> RedemptionException:
    """What was sent back is mended and handed in again, at the price of today; ``text`` says what was mended.

    Raises:
        NotReturned: it was not sent back to ``by``. QuantityWrong, ReasonMissing, UseByWrong, OfferingGone,
            HouseholdNotJoined, OtherVillage: nothing is written.
    """
    item = approvals.hold_returned(subject_kind=SUBJECT_KIND, subject_id=exception.pk, by=by)
    if item is None:
        raise errors.NotReturned
    row = locks.exception(exception.pk)
    _check(quantity, row.kind, reason, use_by)
    _check_place(row.household, row.offering, row.kind)
    before, reason_before = _told(row), row.reason
    row.quantity, row.points = quantity, points(row.offering.price * quantity)
    row.reason, row.use_by = reason.strip(), use_by
    row.save(update_fields=["quantity", "points", "reason", "use_by"])
    told = {"before": before, "after": _told(row)}
    audit.record(by=by, action="exception.amend", subject=row, village_id=row.household.village_id, **told)
    words = _mended(row, before, reason_before)
    approvals.resubmit(item=item, facts=_facts(row), text="；".join(filter(None, [text.strip(), *words])), by=by)
    row.refresh_from_db()
    return row


@transaction.atomic
def decide(*, exception: RedemptionException, approve: bool, note: str, by: Actor) -> RedemptionException:
    """The office answers in one word.

    Raises:
        DecidedByFlow: the town decides that by a flow. ReasonMissing: refused without a word.
        WrongState: it has been answered.
    """
    gate.require_direct(SUBJECT_KIND, exception.pk, by=by)
    return conclude(exception=exception, approve=approve, note=note, by=by)


@transaction.atomic
def conclude(*, exception: RedemptionException, approve: bool, note: str, by: Actor) -> RedemptionException:
    """The last word is said.

    Raises:
        ReasonMissing, WrongState: nothing changes.
    """
    if not approve and not note.strip():
        raise errors.ReasonMissing
    return _answer(exception, ExceptionState.APPROVED if approve else ExceptionState.REFUSED, note, by)


@transaction.atomic
def withdraw(*, exception: RedemptionException, by: Actor) -> RedemptionException:
    """Who asked no longer wants it.

    Raises:
        NotAsker: somebody else asked. WrongState: it has been answered.
    """
    if (exception.actor_realm, exception.actor_id) != (by.realm, by.id):
        raise errors.NotAsker
    item = flows.open_item(SUBJECT_KIND, exception.pk)
    if item is None:
        return take_back(exception=exception, by=by)
    approvals.withdraw(item=item, by=by)
    exception.refresh_from_db()
    return exception


@transaction.atomic
def take_back(*, exception: RedemptionException, by: Actor) -> RedemptionException:
    """Raises:
    WrongState: it has been answered.
    """
    return _answer(exception, ExceptionState.WITHDRAWN, "", by)


def _check(quantity: int, kind: str, reason: str, use_by: date) -> None:
    today = clock.today()
    if not 1 <= quantity <= MOST:
        raise errors.QuantityWrong
    if kind not in ExceptionKind.values:
        raise errors.ExceptionKindWrong
    if not reason.strip():
        raise errors.ReasonMissing
    if not today <= use_by <= date(today.year, 12, 31):
        raise errors.UseByWrong(year=today.year)


def _check_place(household: Household, offering: Offering, kind: str) -> None:
    shop = offering.membership
    if not offering.is_active or shop.state != MembershipState.ACTIVE:
        raise errors.OfferingGone
    if not selectors.takes_part(household, clock.today()):
        raise errors.HouseholdNotJoined
    if kind != ExceptionKind.VILLAGE and shop.village and shop.village_id != household.village_id:
        raise errors.OtherVillage(village=shop.village.name)


def _start(row: RedemptionException, by: Actor) -> None:
    """A shop's person has no account here to which it could be returned. No step may apply: then it is granted."""
    household = row.household
    item = approvals.start(
        subject_kind=SUBJECT_KIND,
        subject_id=row.pk,
        village_id=household.village_id,
        group_id=household.group_id,
        facts=_facts(row),
        by=by if by.realm == current_schema() else SYSTEM,
    )
    if item is None:
        conclude(exception=row, approve=True, note="", by=SYSTEM)


def _facts(row: RedemptionException) -> dict[str, Any]:
    return {"points": row.points, "offering": row.offering.name, "reason": row.get_kind_display()}


def _told(row: RedemptionException) -> dict[str, Any]:
    """Without the reason, which may name people: the item's story keeps the old one."""
    return {"quantity": row.quantity, "points": row.points, "use_by": row.use_by}


def _mended(row: RedemptionException, before: dict[str, Any], reason: str) -> list[str]:
    """What those who decide read of what was asked for first."""
    unit = row.offering.unit
    changes = [
        (before["quantity"] != row.quantity, f"数量由{before['quantity']}{unit}改为{row.quantity}{unit}"),
        (before["use_by"] != row.use_by, f"最迟兑换的日期由{date_cn(before['use_by'])}改为{date_cn(row.use_by)}"),
        (reason != row.reason, f"原来的理由：{reason}"),
    ]
    return [words for changed, words in changes if changed]


def _answer(exception: RedemptionException, state: ExceptionState, note: str, by: Actor) -> RedemptionException:
    row = locks.exception(exception.pk)
    if row.state != ExceptionState.ASKED:
        raise errors.WrongState(what="特例申请", state=row.get_state_display())
    row.state, row.decided_at, row.decided_by_name, row.note = state, clock.now(), by.name, note.strip()[:200]
    row.save(update_fields=["state", "decided_at", "decided_by_name", "note"])
    audit.record(by=by, action=f"exception.{state}", subject=row, village_id=row.household.village_id)
    return row
