"""备案 and 审定: a decided month at the town."""

from collections.abc import Mapping
from datetime import date

from django.db import connection, transaction

from jifen.audit import services as audit
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from scoring import errors, locks, policies
from scoring.models import Filing, FilingState, ItemVerdict, ReturnedItem, Review, ReviewItem, ReviewState
from scoring.services import hearings, meetings, posting
from scoring.sql import reviews as sql


@transaction.atomic
def send(*, review: Review, by: Actor) -> Filing:
    """The sheet, just decided and held by the caller, goes up; households are told of its deductions.

    What had posted before the committee decided anew is corrected by reversal.
    """
    posting.take_back(review=review, by=by)
    chosen = policies.on(clock.today()).review
    filing = Filing.objects.create(review=review, kind=chosen.after, sent_at=clock.now(), **by.columns())
    hearings.tell(review=review, days=chosen.hearing_days, by=by)
    posting.schedule(filing, tag=str(filing.pk))
    return filing


@transaction.atomic
def answer(
    *, filing: Filing, accept: bool, note: str = "", items: Mapping[int, str] | None = None, by: Actor
) -> Filing:
    """The town receives (备案), confirms or returns (审定) a month; what is settled is posted by the worker.

    ``items``: return these deeds alone (id of the sheet's item, reason; ``note`` stands in for an empty one): the
    committee decides on them anew, the others keep their decision. Without it the whole sheet goes back.

    Raises:
        FilingAnswered. FilingDecidesNothing: a filing cannot be returned. NoteMissing: returned without a word.
        ItemsForeign: a deed is not on this sheet.
    """
    review = locks.review(filing.review_id)
    filing = Filing.objects.select_for_update().get(pk=filing.pk)
    if filing.state != FilingState.SENT:
        raise errors.FilingAnswered
    filing.state = _state(filing, accept)
    filing.note, filing.answered_at = note.strip()[:200], clock.now()
    filing.save(update_fields=["state", "note", "answered_at"])
    returned = 0
    if accept:
        _settle(review, filing)
    else:
        returned = _return(review, filing, items or {})
    told = {"returned": returned} if returned else {}
    audit.record(
        by=by, action="filing.answer", subject=filing, village_id=review.village_id, state=str(filing.state), **told
    )
    return filing


@transaction.atomic
def receive_all(*, month: date, by: Actor) -> int:
    """Receive or confirm every sheet of the month that has arrived, in one act; how many."""
    arrived = Filing.objects.filter(state=FilingState.SENT, review__month=clock.month_start(month))
    rows = list(arrived.order_by("review_id"))
    for row in rows:
        answer(filing=row, accept=True, by=by)
    return len(rows)


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


def _return(review: Review, filing: Filing, items: Mapping[int, str]) -> int:
    """The committee corrects and signs anew; how many single deeds it gets back."""
    if filing.kind == "filing":
        raise errors.FilingDecidesNothing
    if not filing.note and not (items and all(text.strip() for text in items.values())):
        raise errors.NoteMissing
    review.state = ReviewState.RETURNED
    review.save(update_fields=["state"])
    meetings.void_signatures(review)
    rows = list(review.items.filter(pk__in=items).order_by("pk"))
    if len(rows) != len(items):
        raise errors.ItemsForeign
    ReturnedItem.objects.bulk_create(_returned(filing, row, items[row.pk]) for row in rows)
    review.items.filter(pk__in=items).update(
        verdict=ItemVerdict.PENDING, decided_at=None, decided_by_id=None, decided_by_name="", decided_by_resident=None
    )
    return len(rows)


def _returned(filing: Filing, item: ReviewItem, note: str) -> ReturnedItem:
    words = note.strip()[:200] or filing.note
    return ReturnedItem(filing=filing, item=item, note=words, verdict=item.verdict, points=item.points)
