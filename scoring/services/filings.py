"""备案 and 审定: a decided month at the town.

A town that has chosen a flow for ``filing`` decides by it: its people say their words one after another, and the last
one receives, confirms or returns the month. Elsewhere one person of the town office does.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db import connection, transaction
from django.urls import reverse

from jifen.approvals import errors as flow_errors
from jifen.approvals import selectors as flows
from jifen.approvals import services as approvals
from jifen.approvals.models import Item
from jifen.audit import services as audit
from jifen.inbox import kinds
from jifen.inbox import services as inbox
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM, Actor
from jifen.kernel.errors import JifenError
from jifen.web.wording import period_cn, sentence
from scoring import errors, locks, policies
from scoring.models import Filing, FilingState, ItemVerdict, ReturnedItem, Review, ReviewItem, ReviewState
from scoring.selectors import months, sitting
from scoring.services import hearings, meetings, posting, review_limits
from scoring.sql import reviews as sql
from tenants.community import selectors as community
from tenants.community.models import Role

SUBJECT_KIND = months.SUBJECT_KIND
RETURNED = "review_returned"
NAMED = 3
"""So many of the town's reasons stand in the message; the sheet has them all."""
kinds.register(RETURNED, "审核表被退回")


NOT_HERS = (flow_errors.NotYours, flow_errors.AlreadyDecided, flow_errors.AlreadyClaimed)
"""A month that waits for somebody else."""


@dataclass(slots=True)
class Received:
    """What became of the months that had arrived: ``answered`` for good, ``passed_on`` to the flow's next step or still
    waiting for others at this one, ``elsewhere`` with somebody else; ``refused``: which not, and why."""

    answered: int = 0
    passed_on: int = 0
    elsewhere: int = 0
    refused: list[tuple[Filing, JifenError]] = field(default_factory=list)


@transaction.atomic
def send(*, review: Review, by: Actor) -> Filing:
    """The sheet, just decided and held by the caller, goes up; households are told of its deductions.

    What had posted before the committee decided anew is corrected by reversal.
    """
    posting.take_back(review=review, by=by)
    inbox.settle(topic=_topic(review))
    chosen = policies.on(clock.today()).review
    filing = Filing.objects.create(review=review, kind=chosen.after, sent_at=clock.now(), **by.columns())
    hearings.tell(review=review, days=chosen.hearing_days, by=by)
    posting.schedule(filing, tag=str(filing.pk))
    _start(review, filing)
    return filing


@transaction.atomic
def answer(
    *, filing: Filing, accept: bool, note: str = "", items: Mapping[int, str] | None = None, by: Actor
) -> Filing:
    """The town receives (备案), confirms or returns (审定) a month; what is settled is posted by the worker.

    ``items``: return these deeds alone (id of the sheet's item, reason; ``note`` stands in for an empty one): the
    committee decides on them anew, the others keep their decision. Without it the whole sheet goes back. Under a flow
    this is one word of it, and the month may wait for the next; one that came before the flow begins its way now.

    Raises:
        FilingAnswered. FilingDecidesNothing: a filing cannot be returned. NoteMissing: returned without a word.
        ItemsForeign: a deed is not on this sheet. NotYours and others of approvals: another's word is awaited.
    """
    review, held = _waiting(filing)
    words = note.strip()[:200]
    if not accept:
        _mark(held, review, words, items or {})
    item = flows.open_item(SUBJECT_KIND, held.pk)
    if item is None and by.realm != SYSTEM.realm:
        item = _start(review, held)
    if item is None:
        return conclude(filing=held, accept=accept, note=words, by=by)
    reason = words or next(iter((items or {}).values()), "")
    if item.finished_at is None:
        approvals.decide(item=item, verdict="approve" if accept else "reject", reason=reason, by=by)
    held.refresh_from_db()
    return held


@transaction.atomic
def conclude(*, filing: Filing, accept: bool, note: str, by: Actor) -> Filing:
    """The last word on the month is said: it is settled, or what was marked goes back.

    Raises:
        FilingAnswered, FilingDecidesNothing.
    """
    review, held = _waiting(filing)
    if not accept and held.kind == "filing":
        raise errors.FilingDecidesNothing
    held.state, held.note, held.answered_at = _state(held, accept), note[:200], clock.now()
    held.save(update_fields=["state", "note", "answered_at"])
    returned = 0
    if accept:
        _settle(review, held)
    else:
        returned = _return(review, held)
    told = {"returned": returned} if returned else {}
    audit.record(
        by=by, action="filing.answer", subject=held, village_id=review.village_id, state=str(held.state), **told
    )
    return held


@transaction.atomic
def receive_all(*, month: date, by: Actor) -> Received:
    """Receive or confirm every sheet of the month that has arrived, in one act; what cannot be is told by itself."""
    arrived = Filing.objects.filter(state=FilingState.SENT, review__month=clock.month_start(month))
    done = Received()
    for row in arrived.select_related("review__village").order_by("review__village__code", "pk"):
        _receive(row, done, by)
    return done


def _receive(filing: Filing, done: Received, by: Actor) -> None:
    try:
        told = answer(filing=filing, accept=True, by=by)
    except NOT_HERS:
        done.elsewhere += 1
    except JifenError as refusal:
        done.refused.append((filing, refusal))
    else:
        done.answered += told.state != FilingState.SENT
        done.passed_on += told.state == FilingState.SENT


def _start(review: Review, filing: Filing) -> Item | None:
    """On its way through the town's flow, from whoever sent it; ``None`` where the flow does not ask for it."""
    if not flows.has_flow(SUBJECT_KIND):
        return None
    return approvals.start(
        subject_kind=SUBJECT_KIND,
        subject_id=filing.pk,
        village_id=review.village_id,
        facts={"kind": filing.kind, "deeds": review.items.count()},
        by=Actor(filing.actor_realm, filing.actor_id, filing.actor_name),
    )


def _waiting(filing: Filing) -> tuple[Review, Filing]:
    """The sheet and its filing, held, which nobody has answered."""
    review = locks.review(filing.review_id)
    held = Filing.objects.select_for_update().get(pk=filing.pk)
    if held.state != FilingState.SENT:
        raise errors.FilingAnswered
    return review, held


def _state(filing: Filing, accept: bool) -> FilingState:
    if not accept:
        return FilingState.RETURNED
    return FilingState.RECEIVED if filing.kind == "filing" else FilingState.CONFIRMED


def _settle(review: Review, filing: Filing) -> None:
    """Decided for good: the deeds know, and the posting is on the calendar."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SETTLE, {"review": review.pk, "waits": posting.waits(filing)})
    review.state = ReviewState.SETTLED
    review.save(update_fields=["state"])
    posting.schedule(filing)


def _mark(filing: Filing, review: Review, note: str, items: Mapping[int, str]) -> None:
    """Which deeds would go back, and why."""
    if filing.kind == "filing":
        raise errors.FilingDecidesNothing
    if not note and not (items and all(text.strip() for text in items.values())):
        raise errors.NoteMissing
    rows = list(review.items.filter(pk__in=items).order_by("pk"))
    if len(rows) != len(items):
        raise errors.ItemsForeign
    marks = [_marked(filing, row, items[row.pk].strip()[:200] or note) for row in rows]
    ReturnedItem.objects.bulk_create(marks, ignore_conflicts=True)


def _tell_returned(review: Review, filing: Filing) -> None:
    """Whoever sits on the sheet, and decides anew, and the stewards hear what came back and why, each time it does."""
    marked = list(ReturnedItem.objects.filter(filing=filing).order_by("item").values_list("note", flat=True))
    what = f"退回{len(marked)}件，其余保持原决定" if marked else "整张退回"
    why = "；".join(list(dict.fromkeys([*marked, filing.note] if filing.note else marked))[:NAMED])
    stewards = community.roles_on(clock.today()).filter(village=review.village_id, role=Role.STEWARD)
    sits = {chair.user_id for chair in sitting.chairs(review)}
    inbox.tell(
        users=sits | set(stewards.values_list("user_id", flat=True)),
        kind=RETURNED,
        title=f"{review.village.name}{period_cn(review.month)}审核表被镇里退回",
        body=f"{what}：{sentence(why)}请重新审定、签字、上报。",
        address=reverse("scoring:sheet", args=[review.pk]),
        key=f"filing:{filing.pk}:returned",
        topic=_topic(review),
    )


def not_hers(review: Review, users: Collection[int]) -> None:
    """These accounts need not read any more that the month came back to its committee."""
    if users:
        inbox.settle(topic=_topic(review), users=users)


def _topic(review: Review) -> str:
    return f"review-returned/{review.pk}"


def _marked(filing: Filing, item: ReviewItem, note: str) -> ReturnedItem:
    return ReturnedItem(filing=filing, item=item, note=note, verdict=item.verdict, points=item.points)


def _return(review: Review, filing: Filing) -> int:
    """The committee corrects and signs anew; how many single deeds it gets back."""
    review.state = ReviewState.RETURNED
    review.save(update_fields=["state"])
    meetings.void_signatures(review)
    _tell_returned(review, filing)
    review_limits.again(review)
    return review.items.filter(returns__filing=filing).update(
        verdict=ItemVerdict.PENDING,
        decided_at=None,
        decided_by_id=None,
        decided_by_name="",
        decided_by_resident=None,
        entered_by_name="",
    )
