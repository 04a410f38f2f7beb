"""兑换凭证: the receipt of a captured redemption, a PDF in the object store (seed 001: 整理归档兑换凭证)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from jifen.files import services as files
from jifen.kernel import clock, masking
from jifen.kernel.actors import SYSTEM
from jifen.web import pdf
from redemption import errors, locks, selectors
from redemption.models import Redemption, RedemptionState, Voucher
from redemption.money import yuan
from tenants.community.models import TownProfile

BATCH = 20
HANDED_OVER = (RedemptionState.CAPTURED, RedemptionState.REVERSED)
"""The states after goods have changed hands."""

_archiver: Callable[[], object] | None = None


def register_archiver(send: Callable[[], object]) -> None:
    """Who is asked to archive what waits; the room's tasks say so when the app is ready."""
    global _archiver  # noqa: PLW0603 - a port, set once
    _archiver = send


def archive_soon() -> None:
    """Have the vouchers that wait archived after the current transaction."""
    if _archiver is not None:
        transaction.on_commit(_archiver)


def archive_missing() -> int:
    """Ask again when vouchers were lost on their way; returns how many."""
    lost = Redemption.objects.filter(state__in=HANDED_OVER, voucher=None, hold_expires_at__lt=timezone.now()).count()
    if lost:
        archive_soon()
    return lost


@dataclass(frozen=True, slots=True)
class Batch:
    """What became of one: how many were archived, why one was not, and whether there are more that were never tried."""

    archived: int
    problem: Exception | None
    more: bool


def archive_waiting() -> Batch:
    """Archive the oldest ``BATCH``, each for itself. Those that failed before come after all others."""
    waiting = Redemption.objects.filter(state__in=HANDED_OVER, voucher=None)
    rows = list(waiting.order_by(F("archive_failed_at").asc(nulls_first=True), "pk")[:BATCH])
    problems = [problem for row in rows if (problem := _archived(row)) is not None]
    more = waiting.filter(archive_failed_at=None).exists()
    return Batch(len(rows) - len(problems), next(iter(problems), None), more)


def _archived(row: Redemption) -> Exception | None:
    """Why it could not be, if so: it stands behind the others from now on."""
    try:
        archive(redemption=row)
    except Exception as error:  # noqa: BLE001 - whatever it is, the others are made first and the task fails with it
        Redemption.objects.filter(pk=row.pk).update(archive_failed_at=timezone.now())
        return error
    return None


@transaction.atomic
def archive(*, redemption: Redemption) -> Voucher:
    """Make and store the voucher once; a second call gives the same one.

    Raises:
        WrongState: nothing changed hands.
    """
    row = locks.redemption(redemption.pk)
    earlier = Voucher.objects.filter(redemption=row).first()
    if earlier is not None:
        return earlier
    if row.state not in HANDED_OVER:
        raise errors.WrongState(what="兑换", state=row.get_state_display())
    file = files.store(
        kind="voucher",
        name=f"兑换凭证{row.number}.pdf",
        content_type="application/pdf",
        body=pdf.compile("redemption/voucher.typ", contents(selectors.redemptions().get(pk=row.pk))),
        by=SYSTEM,
    )
    return Voucher.objects.create(redemption=row, file=file, archived_at=clock.now())


def contents(row: Redemption) -> dict[str, Any]:
    """What the voucher says; the household's head is masked, for the shop keeps a copy."""
    household, offering = row.household, row.offering
    return {
        "town": _town_name(),
        "number": str(row.number),
        "qr": pdf.qr_svg(str(row.number)),
        "captured_at": row.ended_at,
        "household": household.number,
        "head": masking.name(household.head.name) if household.head else "",
        "village": f"{household.village.name} {household.group.name}",
        "collected_by": row.collected_by,
        "shop": row.membership.shop_name,
        "shop_address": row.membership.shop_address,
        "offering": offering.name,
        "quantity": f"{row.quantity} {offering.unit}",
        "price": row.points / row.quantity,
        "points": row.points,
        "yuan": yuan(row.fen),
        "fund": row.fund.name,
        "proxy": row.is_proxy,
        "signed": row.signature_id is not None,
        "operator": row.actor_name,
        "excuse": excuse(row),
    }


def excuse(row: Redemption) -> str:
    """By which exception it was allowed, and who decided that; empty for an ordinary one."""
    by = row.exception
    if by is None or by.decided_at is None:
        return ""
    day = by.decided_at.astimezone(clock.TIME_ZONE).date()
    return f"{by.get_kind_display()}（{by.reason}）；{by.decided_by_name}于{day.isoformat()}批准，编号{by.pk}"


def _town_name() -> str:
    profile = TownProfile.objects.first()
    return profile.name if profile else ""
