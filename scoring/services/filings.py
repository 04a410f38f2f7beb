"""备案 and 审定: a decided month at the town."""

from django.db import connection, transaction

from jifen.audit import services as audit
from jifen.clocks import services as clocks
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from jifen.kernel.tenancy import require_town
from scoring import errors, locks
from scoring.models import Filing, FilingState, Review, ReviewState
from scoring.sql import reviews as sql

POST_JOB = "review.post"


@transaction.atomic
def answer(*, filing: Filing, accept: bool, note: str = "", by: Actor) -> Filing:
    """The town receives (备案), confirms or returns (审定) a month; a settled month is posted by the worker.

    Raises:
        FilingAnswered. FilingDecidesNothing: a filing cannot be returned. NoteMissing: returned without a word.
    """
    review = locks.review(filing.review_id)
    filing = Filing.objects.select_for_update().get(pk=filing.pk)
    if filing.state != FilingState.SENT:
        raise errors.FilingAnswered
    if not accept:
        _check_return(filing, note)
    filing.state = _state(filing, accept)
    filing.note, filing.answered_at = note.strip()[:200], clock.now()
    filing.save(update_fields=["state", "note", "answered_at"])
    _settle(review) if accept else _return(review)
    audit.record(by=by, action="filing.answer", subject=filing, village_id=review.village_id, state=str(filing.state))
    return filing


def _check_return(filing: Filing, note: str) -> None:
    if filing.kind == "filing":
        raise errors.FilingDecidesNothing
    if not note.strip():
        raise errors.NoteMissing


def _state(filing: Filing, accept: bool) -> FilingState:
    if not accept:
        return FilingState.RETURNED
    return FilingState.RECEIVED if filing.kind == "filing" else FilingState.CONFIRMED


def _settle(review: Review) -> None:
    """Decided for good: the deeds know, and the posting is due."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SETTLE, {"review": review.pk})
    review.state = ReviewState.SETTLED
    review.save(update_fields=["state"])
    clocks.schedule(town=require_town(), kind=POST_JOB, period=str(review.pk), due_at=clock.now())


def _return(review: Review) -> None:
    """The committee corrects and signs anew."""
    review.seats.all().delete()
    review.state = ReviewState.RETURNED
    review.save(update_fields=["state"])
