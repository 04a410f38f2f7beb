"""公示送审: a town that has chosen a flow for its notices sees them before they hang.

A draft is computed and frozen; its approval hangs it. When an entry was posted or corrected meanwhile, the approved
figures are not those of the day any more: nothing hangs, and a new draft goes the same way. A refusal says what to
mend; the clock sends a new draft once something has changed, a person may at once.
"""

from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.db.models import Max

from jifen.approvals import services as approvals
from jifen.approvals.models import Item, Word
from jifen.audit import services as audit
from jifen.clocks import services as clocks
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM, Actor
from jifen.kernel.tenancy import require_town
from reporting import calendar, errors, locks, snapshots
from reporting.models import DraftState, Notice, NoticeDraft, NoticeKind
from reporting.periods import Quarter
from reporting.selectors import drafts as selectors
from reporting.selectors.drafts import KIND
from reporting.selectors.notices import joined_villages, published_villages
from reporting.services import notices, telling
from reporting.services.notices import Composed
from tenants.community.models import Village


@transaction.atomic
def send(*, village: Village | None, year: int, quarter: int, by: Actor) -> NoticeDraft:
    """Compute the quarter's notice and send it to those who approve it; one under way is answered with.

    Raises:
        QuarterInvalid, QuarterNotOver, QuarterOutsideYears, QuarterEmpty, MonthsNotPosted, PolicyMissing.
        NoticeHasNoFlow: the town publishes without. NoticeHangs: it is published.
    """
    if not selectors.is_needed():
        raise errors.NoticeHasNoFlow
    period = Quarter(year, quarter)
    notices.check_kept(village, period)
    notices.lock(period)
    hanging = notices.hanging(village, period)
    if hanging is not None:
        raise errors.NoticeHangs(title=hanging.title)
    return selectors.waiting(village, period) or _sent(village, period, _composed(village, period), by)


@transaction.atomic
def prepare(*, villages: Collection[Village], quarter: Quarter) -> None:
    """What the clock sends: the drafts of ``villages`` that are neither under way nor unmended after a refusal."""
    notices.lock(quarter)
    wanted = selectors.without_waiting(villages, quarter)
    if not wanted:
        return
    days = {village.pk: _day(village, quarter) for village in wanted}
    found = notices.compose(villages=wanted, quarter=quarter, days=days)
    for village in wanted:
        if _is_new(village, quarter, found[village.pk]):
            _sent(village, quarter, found[village.pk], SYSTEM)


@transaction.atomic
def prepare_town(*, quarter: Quarter) -> None:
    """The same for the town's own notice."""
    notices.lock(quarter)
    if selectors.waiting(None, quarter) is not None:
        return
    found = _composed(None, quarter)
    if _is_new(None, quarter, found):
        _sent(None, quarter, found, SYSTEM)


def approved(item: Item, by: Actor) -> None:
    """The last word is said: the notice hangs, or a new draft takes the place of one that figures have overtaken."""
    draft = locks.draft(item.subject_id)
    quarter, village = Quarter(draft.year, draft.quarter), draft.village
    notices.lock(quarter)
    hung = _hung(draft, quarter, by)
    if hung is None:
        _end(draft, DraftState.OVERTAKEN, by, remark="送审以后账目有变动")
        _sent(village, quarter, _composed(village, quarter), SYSTEM)
        return
    _end(draft, DraftState.PUBLISHED, by, notice=hung)
    if village is not None and joined_villages(quarter) <= set(published_villages(quarter)):
        _look_again(quarter, f"d{draft.pk}")  # the town's own need not wait for the next morning


def _look_again(quarter: Quarter, why: str) -> None:
    """A due row for now: the clock does it in a transaction of its own."""
    clocks.schedule(town=require_town(), kind=calendar.AGAIN, period=f"{quarter}#{why}", due_at=clock.now())


def _hung(draft: NoticeDraft, quarter: Quarter, by: Actor) -> Notice | None:
    """The notice of today's figures, if they are those that were approved; otherwise nothing is left of it."""
    with transaction.atomic():
        hung = notices.hang(village=draft.village, quarter=quarter, by=by)
        if snapshots.digest(snapshots.essence(hung.snapshot)) == draft.sha256:
            return hung
        transaction.set_rollback(True)
    return None


def refused(item: Item, reason: str, by: Actor) -> None:
    """What has to be mended is told to whoever sent it and to the village's stewards."""
    draft = locks.draft(item.subject_id)
    _end(draft, DraftState.REFUSED, by, remark=reason or "没有写明")
    telling.to_mend(draft)


def withdrawn(item: Item, word: Word | None, by: Actor) -> None:
    _end(locks.draft(item.subject_id), DraftState.WITHDRAWN, by, remark=word.text if word else "")


def _composed(village: Village | None, quarter: Quarter) -> Composed:
    day = _day(village, quarter)
    if village is None:
        return notices.compose_town(quarter=quarter, day=day)
    return notices.compose(villages=[village], quarter=quarter, days={village.pk: day})[village.pk]


def _day(village: Village | None, quarter: Quarter) -> date:
    """The day it is to hang: the calendar's, or today when that is past."""
    return max(clock.today(), calendar.notice_day(quarter, village.pk if village else None))


def _sha(composed: Composed) -> str:
    return snapshots.digest(snapshots.essence(composed.body))


def _is_new(village: Village | None, quarter: Quarter, composed: Composed) -> bool:
    """Not what was refused or taken back before, unmended."""
    last = selectors.of(village, quarter).first()
    return last is None or last.sha256 != _sha(composed)


def _sent(village: Village | None, quarter: Quarter, composed: Composed, by: Actor) -> NoticeDraft:
    last = selectors.of(village, quarter).aggregate(last=Max("attempt"))["last"] or 0
    draft = NoticeDraft.objects.create(
        kind=NoticeKind.VILLAGE_QUARTER if village else NoticeKind.TOWN_QUARTER,
        village=village,
        year=quarter.year,
        quarter=quarter.number,
        attempt=last + 1,
        title=composed.header.title,
        snapshot=composed.body,
        sha256=_sha(composed),
        due_on=composed.header.published_on,
        made_at=clock.now(),
        **by.columns(),
    )
    told = {"number": composed.header.number, "attempt": draft.attempt, "sha256": draft.sha256}
    audit.record(by=by, action="notice.draft", subject=draft, village_id=draft.village_id, **told)
    _begin(draft, by)
    draft.refresh_from_db()
    return draft


def _begin(draft: NoticeDraft, by: Actor) -> None:
    """On its way; a flow that asks for nobody's word hangs it at once."""
    facts = {
        "kind": draft.kind,
        "lines": len(draft.snapshot.get("changes", draft.snapshot.get("villages", []))),
        "village": draft.village.name if draft.village else "",
    }
    starter = Actor(SYSTEM.realm, 0, by.name)
    item = approvals.start(subject_kind=KIND, subject_id=draft.pk, village_id=draft.village_id, facts=facts, by=starter)
    if item is None:
        hung = notices.hang(village=draft.village, quarter=Quarter(draft.year, draft.quarter), by=by)
        _end(draft, DraftState.PUBLISHED, by, notice=hung)


def _end(draft: NoticeDraft, state: DraftState, by: Actor, *, remark: str = "", notice: Notice | None = None) -> None:
    draft.state, draft.remark, draft.notice, draft.ended_at = state, remark[:500], notice, clock.now()
    draft.save(update_fields=["state", "remark", "notice", "ended_at"])
    audit.record(by=by, action=f"notice.draft_{state}", subject=draft, village_id=draft.village_id)
