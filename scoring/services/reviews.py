"""月审核: one village, one month, one sheet; the committee decides, signs and closes it."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.models import Count

from jifen.approvals import services as approvals
from jifen.audit import services as audit
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from jifen.kernel.points import ZERO, plain
from jifen.kernel.tenancy import current_schema
from jifen.web.wording import month_cn
from scoring import errors, locks, meeting_errors, policies, year_errors
from scoring.models import (
    Filing,
    ItemVerdict,
    Review,
    ReviewItem,
    ReviewSeat,
    ReviewState,
)
from scoring.rules import asking
from scoring.rules.most import least_of, most_of
from scoring.rules.phrases import APPROVALS, BASES
from scoring.rules.spec import RuleSpec, Tiers
from scoring.selectors.exceptions import exceptions
from scoring.selectors.hearings import is_kept
from scoring.selectors.meetings import is_stood_in_by, meeting_of, on_paper, standing
from scoring.selectors.reviews import elsewhere, is_barred, is_related, is_seat_of, resident_of
from scoring.selectors.rules import spec_of
from scoring.services import filings, meetings, review_limits
from scoring.sql import reviews as sql
from tenants.community.models import Resident, Village, VillageRole

SUBJECT_KIND = "review"


@transaction.atomic
def open_month(*, village: Village, month: date, by: Actor) -> Review:
    """The village's sheet for ``month`` (any day of it), with every deed up to the month's end that waits for review.

    A sheet that is still open takes in what has come since, as far as the town's policy on late records allows; a
    decided one stays as it is.

    Raises:
        ReviewNotBegun: the month lies in the future. YearNotOpen, YearSealed.
    """
    open_all(month=month, by=by, villages=[village.pk])
    return Review.objects.get(village=village, month=clock.month_start(month))


@transaction.atomic
def open_all(*, month: date, by: Actor, villages: list[int] | None = None) -> int:
    """``open_month`` for all villages of the town (or those named) in one act; returns how many deeds were gathered."""
    first = clock.month_start(month)
    if first > clock.today():
        raise errors.ReviewNotBegun(month=month_cn(first))
    flow = approvals.active_flow(SUBJECT_KIND)
    values: dict[str, Any] = {
        "year": locks.open_year(first.year, year_errors.SHEET),
        "month": first,
        "until": clock.next_month(first),
        "recorded_before": policies.recorded_before(first),
        "mutual": policies.on(clock.today()).review.mutual,
        "flow": flow.pk,
        "now": clock.now(),
        "villages": villages,
        "who": None,
    }
    with connection.cursor() as cursor:
        cursor.execute(sql.OPEN, values)
        cursor.execute(sql.GATHER, values)
        gathered = cursor.rowcount
        cursor.execute(sql.REOPEN, values)
    review_limits.plan(flow)
    audit.record(
        by=by,
        action="review.open",
        village_id=villages[0] if villages and len(villages) == 1 else None,
        month=first.isoformat(),
        declarations=gathered,
    )
    return int(gathered)


@dataclass(frozen=True, slots=True)
class Bounds:
    """What the committee may set, signed, lowest first."""

    least: Decimal
    most: Decimal


def bounds(spec: RuleSpec, declared: Decimal, *, is_undecided: bool = False, tier: str | None = None) -> Bounds:
    """Inside the rule's own range or tiers; otherwise between nothing and what was declared.

    ``is_undecided``: nothing could be declared; then up to the most that the rule gives. ``tier``: the one that was
    told; where it leaves the points open, they stay inside it.
    """
    ends = asking.span(spec, tier)
    if ends is None:
        is_level = isinstance(spec.amount, Tiers) and not spec.amount.counted
        ends = (least_of(spec), most_of(spec)) if is_level or is_undecided else (ZERO, declared * spec.factor)
    signed = sorted(spec.factor * end for end in ends)
    return Bounds(signed[0], signed[1])


@transaction.atomic
def decide(
    *,
    item: ReviewItem,
    verdict: str,
    points: Decimal | None = None,
    redeemable: Decimal | None = None,
    reason: str = "",
    by: Actor,
) -> ReviewItem:
    """The committee's word on one deed: ``approved``, ``adjusted`` (with ``points``, signed) or ``rejected``.

    A decision after signatures voids them: the sheet is signed anew.

    Raises:
        ReviewNotOpen, Recused and MutuallyRecused (I11), VerdictUnknown, VerdictReasonMissing, AdjustedOutOfBounds.
        StillUndecided: approved without points, though nobody could say what it is worth.
        ItemKept: the town has returned others. OfAnotherGroup: she sits for the households of her group alone.
    """
    sheet = locks.undecided(item.review_id)
    item = ReviewItem.objects.select_related("declaration__rule").get(pk=item.pk)
    if is_barred(item, by):
        raise errors.Recused if is_related(item, by) else errors.MutuallyRecused
    if item.pk in elsewhere(sheet, by):
        raise errors.OfAnotherGroup
    if is_kept(item):
        raise errors.ItemKept
    item.points, item.redeemable = amounts(item, verdict, points, redeemable, reason)
    item.verdict, item.reason = verdict, reason.strip()[:200]
    item.decided_at, item.decided_by_id, item.decided_by_name = clock.now(), by.id, by.name
    item.decided_by_resident_id, item.entered_by_name = resident_of(by), ""
    item.save()
    meetings.void_signatures(sheet)
    audit.record(
        by=by,
        action="review.decide",
        subject=item,
        village_id=sheet.village_id,
        verdict=verdict,
        points=str(item.points),
    )
    return item


def amounts(
    item: ReviewItem, verdict: str, points: Decimal | None, redeemable: Decimal | None, reason: str
) -> tuple[Decimal, Decimal]:
    """What the verdict makes of the deed, and how much of that can be exchanged.

    Raises:
        VerdictUnknown, VerdictReasonMissing, AdjustedOutOfBounds, StillUndecided.
        BasisMissing: it stands under a catch-all item, and nobody says where that was agreed to.
    """
    declaration = item.declaration
    spec = spec_of(declaration.rule)
    if verdict not in (ItemVerdict.APPROVED, ItemVerdict.ADJUSTED, ItemVerdict.REJECTED):
        raise errors.VerdictUnknown
    if verdict != ItemVerdict.REJECTED and spec.catch_all and not reason.strip():
        by, what = APPROVALS[spec.catch_all.approval], BASES[spec.catch_all.approval]
        raise meeting_errors.BasisMissing(rule=declaration.rule.title, who=by, what=what)
    if verdict == ItemVerdict.APPROVED:
        if declaration.undecided:
            raise errors.StillUndecided(why=declaration.undecided)
        return declaration.points, declaration.redeemable
    if not reason.strip():
        raise errors.VerdictReasonMissing
    if verdict == ItemVerdict.REJECTED:
        return ZERO, ZERO
    told = declaration.facts.get("tier")
    allowed = bounds(spec, declaration.points, is_undecided=bool(declaration.undecided), tier=told)
    points = _inside(points, allowed, declaration.rule.title)
    if not spec.redeemable:
        return points, ZERO
    if redeemable is None:
        return points, points
    return points, _inside(redeemable, Bounds(min(points, ZERO), max(points, ZERO)), declaration.rule.title)


def _inside(points: Decimal | None, allowed: Bounds, rule: str) -> Decimal:
    if points is None or not allowed.least <= points <= allowed.most or points * 100 % 1:
        raise errors.AdjustedOutOfBounds(rule=rule, least=plain(allowed.least), most=plain(allowed.most))
    return points


@transaction.atomic
def stand_back(resident: Resident, other: Resident, by: Actor) -> None:
    """They are relatives: what one of them has decided on the other's household, on sheets that are still open, is
    decided anew by others (I11). Whoever sits on the sheet is told."""
    values = {"who": [resident.pk, other.pk], "month": None, "villages": None}
    with connection.cursor() as cursor:
        cursor.execute(sql.REOPEN, values)
        counted = Counter(review for (review,) in cursor.fetchall())
    for sheet in Review.objects.filter(pk__in=counted).select_related("village", "flow").order_by("pk"):
        meetings.void_signatures(sheet)
        review_limits.undone(sheet, counted[sheet.pk])
        audit.record(
            by=by, action="review.stand_back", subject=sheet, village_id=sheet.village_id, items=counted[sheet.pk]
        )


@transaction.atomic
def decide_plain(*, review: Review, by: Actor) -> int:
    """``decide_rest`` of what needs nobody's closer look: exceptions stay, to be decided one by one."""
    sheet = locks.undecided(review.pk)
    return decide_rest(review=sheet, but=exceptions(sheet), by=by)


@transaction.atomic
def decide_rest(*, review: Review, verdict: str = ItemVerdict.APPROVED, but: Collection[int] = (), by: Actor) -> int:
    """Approve everything not yet decided that ``by`` is not barred from, in one statement; returns how many.

    What could not be priced stays: a person says what it is worth. So does what stands under a catch-all item: it is
    passed by itself, with its basis.

    ``but``: ids of items that are left as they are.
    """
    if verdict != ItemVerdict.APPROVED:
        raise errors.VerdictUnknown
    sheet = locks.undecided(review.pk)
    values: dict[str, Any] = {
        "review": sheet.pk,
        "now": clock.now(),
        "id": by.id,
        "name": by.name,
        "resident": resident_of(by),
        "but": [*but, *elsewhere(sheet, by)],
        "entered_by": "",
    }
    with connection.cursor() as cursor:
        cursor.execute(sql.APPROVE_REST, values)
        decided = int(cursor.rowcount)
    if decided:
        meetings.void_signatures(sheet)
        audit.record(
            by=by, action="review.decide_rest", subject=sheet, village_id=sheet.village_id, declarations=decided
        )
    return decided


@transaction.atomic
def sign(*, review: Review, role: VillageRole, by: Actor) -> ReviewSeat:
    """The signature of a committee member, or of who substitutes on her seat, under the sheet; a second one changes
    nothing.

    Raises:
        ReviewNotOpen, SeatNotYours. ItemsPending: not everything is decided. SeatTaken: a substitute sits on it.
        SubstituteUnfit: she has got a post since that does not stand in. TwoChairs: she sits on another as substitute.
    """
    sheet = locks.undecided(review.pk)
    is_hers = (role.user_id, by.realm) == (by.id, current_schema()) or is_stood_in_by(sheet, role, by)
    if not is_seat_of(role, sheet) or not is_hers:
        raise errors.SeatNotYours
    meeting = meeting_of(sheet)
    if meeting is not None:
        meetings.check_one_chair(meeting, role, by)
    _refuse_pending(sheet)
    signed = ReviewSeat.objects.filter(review=sheet, role=role).first()
    if signed is not None:
        return signed
    told = {"resident_id": resident_of(by), "signed_at": clock.now(), **by.columns()}
    seat = ReviewSeat.objects.create(review=sheet, role=role, **told)
    if meeting is not None:
        meetings.came(meeting, role, by)
    audit.record(by=by, action="review.sign", subject=sheet, village_id=sheet.village_id, role=role.pk)
    return seat


@transaction.atomic
def close(*, review: Review, by: Actor) -> Filing:
    """The sheet is decided and goes to the town, for the record or for confirmation as the town chose.

    Raises:
        ReviewNotOpen, ItemsPending.
        AttendanceMissing: too few seats were at the meeting. QuorumMissing: too few of them signed.
        RequiredAbsent, RequiredUnsigned: of a seat that the flow requires, nobody was there, nobody signed.
        RecusedQuorumMissing: too few of them are not barred from an item.
    """
    sheet = locks.undecided(review.pk)
    _refuse_pending(sheet)
    _check_quorum(sheet)
    sheet.state, sheet.decided_at = ReviewState.DECIDED, clock.now()
    sheet.save(update_fields=["state", "decided_at"])
    meetings.over(sheet)
    review_limits.over(sheet)
    filing = filings.send(review=sheet, by=by)
    review_limits.copy(sheet)
    counts = {row["verdict"]: row["n"] for row in sheet.items.values("verdict").annotate(n=Count("pk"))}
    audit.record(by=by, action="review.close", subject=sheet, village_id=sheet.village_id, **counts)
    return filing


@transaction.atomic
def close_on_paper(*, review: Review, by: Actor) -> Filing:
    """``close`` by whoever keeps the papers: the committee has signed the printed sheet, and its scan is in.

    Raises:
        PaperMissing, and those of ``close``.
    """
    if not on_paper(review):
        raise meeting_errors.PaperMissing
    return close(review=review, by=by)


def _refuse_pending(sheet: Review) -> None:
    pending = sheet.items.filter(verdict=ItemVerdict.PENDING).count()
    if pending:
        raise errors.ItemsPending(count=pending)


def _check_quorum(sheet: Review) -> None:
    """Enough were there and signed, of the seats that are not barred: from each item, and from the sheet as a whole."""
    found = standing(sheet)
    if found.present < found.needed and meeting_of(sheet):
        raise meeting_errors.AttendanceMissing(needed=found.needed, present=found.present, unit=found.unit)
    if found.absent and meeting_of(sheet):
        raise meeting_errors.RequiredAbsent(seats="、".join(found.absent))
    if found.signed < found.needed:
        unit = "票" if found.is_weighted else "位委员"
        raise errors.QuorumMissing(needed=found.needed, signed=found.signed, unit=unit)
    if found.unsigned:
        raise meeting_errors.RequiredUnsigned(seats="、".join(found.unsigned))
    if found.unsigned_items:
        raise errors.RecusedQuorumMissing(count=found.unsigned_items)
