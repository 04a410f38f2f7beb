"""照签字原件录入: what the committee has decided on the printed sheet, taken off it by whoever keeps the papers.

The scan stands for the signatures, so it is there first and stays. Each verdict is the word of a chair that was at the
meeting and need not stand back from the deed (I11), nor does whoever enters it; the row and the audit trail say who
that was. Each chair hears of every entering in its name.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.urls import reverse

from jifen.audit import services as audit
from jifen.inbox import kinds
from jifen.inbox import services as inbox
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from jifen.web.wording import period_cn
from scoring import errors, locks, meeting_errors
from scoring.models import ItemVerdict, MeetingSeat, Review, ReviewItem
from scoring.selectors.hearings import is_kept
from scoring.selectors.meetings import Seat, on_paper, seats
from scoring.selectors.reviews import resident_of, stood_back
from scoring.services import meetings
from scoring.services.reviews import amounts
from scoring.sql import reviews as sql
from tenants.community.models import Resident, VillageRole

KIND = "review_entered"
kinds.register(KIND, "照签字原件录入的审定")


@dataclass(frozen=True, slots=True)
class Said:
    """One line of the paper; ``role`` is the post of the chair whose word it is, ``points`` are signed."""

    item: int
    role: int
    verdict: str
    points: Decimal | None = None
    reason: str = ""


@transaction.atomic
def enter(*, review: Review, said: Sequence[Said], rest: int | None = None, by: Actor) -> int:
    """Take these verdicts off the paper, and with ``rest`` pass what is left in that chair's name; returns how many.

    What was entered wrongly is entered again. What the chair of ``rest`` or ``by`` stands back from, what nobody could
    price and what stands under a catch-all item, stays undecided.

    Raises:
        ReviewNotOpen, PaperFirst. DeciderAbsent, DeciderBarred, DecidedAlready, ItemElsewhere, ItemKept, EntererBarred:
            the members concerned decide that deed on their own accounts; and those of
            ``reviews.amounts``: nothing is entered.
    """
    sheet = locks.undecided(review.pk)
    if not on_paper(sheet):
        raise meeting_errors.PaperFirst
    sitting = {seat.role_id: seat for seat in seats(sheet) if seat.is_present}
    items = {item.pk: item for item in sheet.items.select_related("declaration__rule")}
    own = stood_back(sheet, by)
    entered: Counter[int] = Counter(one.role for one in said)
    for one in said:
        if one.item not in items:
            raise meeting_errors.ItemElsewhere
        if one.item in own:
            raise meeting_errors.EntererBarred(title=items[one.item].declaration.rule.title)
        _enter(items[one.item], _seat(sitting, one.role), one, by)
    passed = 0 if rest is None else _pass_rest(sheet, _seat(sitting, rest), own, by)
    if rest is not None:
        entered[rest] += passed
    if said or passed:
        meetings.void_signatures(sheet, but_paper=True)
    for role, count in sorted(entered.items()):
        if count:
            _tell(sheet, sitting[role], count, by)
    return len(said) + passed


def _seat(sitting: dict[int, Seat], role: int) -> Seat:
    if role not in sitting:
        raise meeting_errors.DeciderAbsent
    return sitting[role]


def _enter(item: ReviewItem, seat: Seat, said: Said, by: Actor) -> None:
    title = item.declaration.rule.title
    if item.pk in seat.elsewhere:
        raise errors.OfAnotherGroup
    if item.pk in seat.barred:
        raise meeting_errors.DeciderBarred(name=seat.sitter, title=title)
    if item.verdict != ItemVerdict.PENDING and not item.entered_by_name:
        raise meeting_errors.DecidedAlready(name=item.decided_by_name, title=title)
    if is_kept(item):
        raise errors.ItemKept
    item.points, item.redeemable = amounts(item, said.verdict, said.points, None, said.reason)
    item.verdict, item.reason, item.decided_at = ItemVerdict(said.verdict), said.reason.strip()[:200], clock.now()
    for column, value in _decider(item.review_id, seat).items():
        setattr(item, column, value)
    item.entered_by_name = by.name
    item.save()
    audit.record(
        by=by, action="review.enter", subject=item, village_id=item.declaration.village_id, verdict=said.verdict,
        points=str(item.points), decided_by=seat.sitter, role=seat.role_id,
    )  # fmt: skip


def _pass_rest(sheet: Review, seat: Seat, own: set[int], by: Actor) -> int:
    decider = _decider(sheet.pk, seat)
    values: dict[str, Any] = {
        "review": sheet.pk,
        "now": clock.now(),
        "id": decider["decided_by_id"],
        "name": seat.sitter,
        "resident": decider["decided_by_resident_id"],
        "but": [*seat.elsewhere, *own],
        "entered_by": by.name,
    }
    with connection.cursor() as cursor:
        cursor.execute(sql.APPROVE_REST, values)
        passed = int(cursor.rowcount)
    if passed:
        audit.record(
            by=by, action="review.enter_rest", subject=sheet, village_id=sheet.village_id, declarations=passed,
            decided_by=seat.sitter, role=seat.role_id,
        )  # fmt: skip
    return passed


def _tell(sheet: Review, seat: Seat, count: int, by: Actor) -> None:
    """Whoever sits on the chair hears what was entered in its name, unless she entered it herself."""
    user = _decider(sheet.pk, seat)["decided_by_id"]
    if user is None or user == by.id:
        return
    page, where = ("scoring:stand_in", "点开") if seat.substitute else ("scoring:meeting", "在审核会页面")
    inbox.tell(
        users=[user],
        kind=KIND,
        title=f"{sheet.village.name}{period_cn(sheet.month)}审核表：录入了您在纸上的审定",
        body=f"{by.name}照签字原件录入您定的{count}件。{where}可以看签字原件；不是您定的，请马上告诉积分管理员和镇级办公室。",
        address=reverse(page, args=[sheet.pk]),
        key=f"review-entered:{sheet.pk}:{seat.role_id}:{clock.now():%Y%m%d%H%M%S%f}",
    )


def _decider(review: int, seat: Seat) -> dict[str, Any]:
    """Whoever sits on the chair: its holder, or the villager who substitutes."""
    decider = {"decided_by_name": seat.sitter}
    if seat.substitute:
        rows = MeetingSeat.objects.filter(meeting__review=review, role=seat.role_id)
        other = Resident.objects.get(pk__in=rows.values("substitute"))
        return decider | {"decided_by_id": other.user_id, "decided_by_resident_id": other.pk}
    held = VillageRole.objects.select_related("user").get(pk=seat.role_id)
    return decider | {"decided_by_id": held.user_id, "decided_by_resident_id": resident_of(Actor.of(held.user))}
