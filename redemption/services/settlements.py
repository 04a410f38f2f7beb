"""结算: what one payer owes one shop for a period; every captured redemption is in exactly one (I14).

draw up ──► agree ──► pay; where the town has a flow for it, what is agreed is paid only when the flow approved it.
"""

from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from jifen.approvals import gate
from jifen.approvals import selectors as flows
from jifen.approvals import services as approvals
from jifen.approvals.errors import FlowMissing
from jifen.audit import services as audit
from jifen.kernel import clock, locking
from jifen.kernel.actors import SYSTEM, Actor
from jifen.kernel.tenancy import current_schema
from redemption import errors, locks
from redemption.models import Fund, Membership, Redemption, RedemptionState, Settlement, SettlementState

SUBJECT_KIND = "settlement"

LINES = """
INSERT INTO redemption_settlementline (settlement_id, redemption_id)
SELECT %(settlement)s, r.id
  FROM redemption_redemption r
 WHERE r.membership_id = %(membership)s AND r.fund_id = %(fund)s AND r.state = 'captured'
   AND r.ended_at >= %(start)s AND r.ended_at < %(end)s
   AND NOT EXISTS (SELECT 1 FROM redemption_settlementline l WHERE l.redemption_id = r.id)
 ORDER BY r.id
"""

SUMS = """
UPDATE redemption_settlement s SET redemptions = t.redemptions, points = t.points, fen = t.fen
  FROM (SELECT count(*) AS redemptions, sum(r.points) AS points, sum(r.fen) AS fen
          FROM redemption_settlementline l JOIN redemption_redemption r ON r.id = l.redemption_id
         WHERE l.settlement_id = %(settlement)s) t
 WHERE s.id = %(settlement)s
"""


@transaction.atomic
def draw_up(*, membership: Membership, fund: Fund, from_date: date, to_date: date, by: Actor) -> Settlement:
    """The statement of what ``fund`` owes ``membership``'s shop for exchanges of the period (both days included).

    Raises:
        PeriodWrong: it ends before it begins, or after today.
        NothingToSettle: everything has been settled; nothing is written.
    """
    if to_date < from_date or to_date > clock.today():
        raise errors.PeriodWrong
    locking.limit_waiting()
    locks.membership(membership.pk)
    row = Settlement.objects.create(
        membership=membership, fund=fund, from_date=from_date, to_date=to_date, made_at=clock.now(), **by.columns()
    )
    _fill(row)
    audit.record(
        by=by,
        action="settlement.draw_up",
        subject=row,
        village_id=fund.village_id,
        redemptions=row.redemptions,
        fen=row.fen,
    )
    return row


@transaction.atomic
def draw_all(*, from_date: date, to_date: date, by: Actor, village_id: int | None = None) -> list[Settlement]:
    """A statement for each shop and payer with something unsettled in the period; of one village's funds when given.

    Raises:
        PeriodWrong: as ``draw_up``.
        NothingToSettle: there is nothing at all.
    """
    if to_date < from_date or to_date > clock.today():
        raise errors.PeriodWrong
    open_rows = unsettled(from_date, to_date, village_id)
    pairs = open_rows.order_by("membership_id", "fund_id").values_list("membership_id", "fund_id").distinct()
    drawn = [
        draw_up(
            membership=Membership.objects.get(pk=membership_id),
            fund=Fund.objects.get(pk=fund_id),
            from_date=from_date,
            to_date=to_date,
            by=by,
        )
        for membership_id, fund_id in list(pairs)
    ]
    if not drawn:
        raise errors.NothingToSettle
    return drawn


def unsettled(from_date: date, to_date: date, village_id: int | None = None) -> QuerySet[Redemption]:
    """Captured in the period (both days included) and in no settlement yet."""
    rows = Redemption.objects.filter(
        state=RedemptionState.CAPTURED,
        settlement_line=None,
        ended_at__gte=clock.at(from_date),
        ended_at__lt=clock.at(to_date + timedelta(days=1)),
    )
    return rows if village_id is None else rows.filter(fund__village_id=village_id)


@transaction.atomic
def agree(*, settlement: Settlement, by: Actor) -> Settlement:
    """The shop (or the office with the signed paper) says that the statement is right; it is fixed from now on.

    Where the town decides payments by a flow, it goes on its way there.

    Raises:
        WrongState: it has been agreed already.
    """
    row = _in_state(settlement, SettlementState.DRAFT)
    row.state, row.agreed_at, row.agreed_by_name = SettlementState.AGREED, clock.now(), by.name
    row.save(update_fields=["state", "agreed_at", "agreed_by_name"])
    audit.record(by=by, action="settlement.agree", subject=row, village_id=row.fund.village_id, fen=row.fen)
    if flows.has_flow(SUBJECT_KIND):
        _start(row, by)
        row.refresh_from_db(fields=["approved_at"])
    return row


@transaction.atomic
def put_forward(*, settlement: Settlement, by: Actor) -> Settlement:
    """Ask the flow again for what it refused, or for what was agreed before there was one.

    Raises:
        WrongState: it is not agreed, or the flow has approved it.
        DecidedByFlow: it is under way.
        FlowMissing: the town has put no flow in force.
    """
    row = _in_state(settlement, SettlementState.AGREED)
    if not flows.has_flow(SUBJECT_KIND):
        raise FlowMissing
    if flows.open_item(SUBJECT_KIND, row.pk) is not None:
        gate.require_direct(SUBJECT_KIND, row.pk, by=by)
    if row.approved_at is not None:
        raise errors.WrongState(what="结算单", state="已同意付款")
    _start(row, by)
    audit.record(by=by, action="settlement.put_forward", subject=row, village_id=row.fund.village_id, fen=row.fen)
    return row


@transaction.atomic
def clear(*, settlement: Settlement, by: Actor) -> Settlement:
    """The flow's last word was yes, or no step of it applied: the settlement may be paid.

    Raises:
        WrongState: it is not agreed.
    """
    row = _in_state(settlement, SettlementState.AGREED)
    row.approved_at = clock.now()
    row.save(update_fields=["approved_at"])
    audit.record(by=by, action="settlement.clear", subject=row, village_id=row.fund.village_id, fen=row.fen)
    return row


@transaction.atomic
def pay(*, settlement: Settlement, note: str, by: Actor) -> Settlement:
    """The payer has paid; ``note`` names the bank's or the cash book's record.

    Raises:
        DecidedByFlow: the town decides payments by a flow, and this one is not approved.
        ReasonMissing: no record named.
        WrongState: not agreed yet, or paid already.
    """
    if not note.strip():
        raise errors.ReasonMissing("请写明付款凭据（转账流水号或收据编号）。", field="note")
    row = _in_state(settlement, SettlementState.AGREED)
    if row.approved_at is None:
        gate.require_direct(SUBJECT_KIND, row.pk, by=by)
    row.state, row.paid_at, row.payment_note = SettlementState.PAID, clock.now(), note.strip()
    row.save(update_fields=["state", "paid_at", "payment_note"])
    audit.record(by=by, action="settlement.pay", subject=row, village_id=row.fund.village_id, fen=row.fen)
    return row


def _start(row: Settlement, by: Actor) -> None:
    """A shop's person has no account here to which it could be returned."""
    facts = {
        "fen": row.fen,
        "redemptions": row.redemptions,
        "points": row.points,
        "payer": "村" if row.fund.village_id else "镇",
    }
    starter = by if by.realm == current_schema() else SYSTEM
    village = row.fund.village_id or row.membership.village_id
    item = approvals.start(subject_kind=SUBJECT_KIND, subject_id=row.pk, village_id=village, facts=facts, by=starter)
    if item is None:
        clear(settlement=row, by=by)


def _in_state(settlement: Settlement, state: SettlementState) -> Settlement:
    locking.limit_waiting()
    row = locks.settlement(settlement.pk)
    if row.state != state:
        raise errors.WrongState(what="结算单", state=row.get_state_display())
    return row


def _fill(row: Settlement) -> None:
    values: dict[str, Any] = {
        "settlement": row.pk,
        "membership": row.membership_id,
        "fund": row.fund_id,
        "start": clock.at(row.from_date),
        "end": clock.at(row.to_date + timedelta(days=1)),
    }
    with connection.cursor() as cursor:
        cursor.execute(LINES, values)
        if not cursor.rowcount:
            raise errors.NothingToSettle
        cursor.execute(SUMS, values)
    row.refresh_from_db(fields=["redemptions", "points", "fen"])
