"""Install flows, start items on them and decide.

An item's row is locked while a word on it is counted, and its state changes only from open: of two deciders at the
same moment one goes first and the other meets the result.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from jifen.approvals import errors, registry, selectors, steps
from jifen.approvals.models import Decision, Flow, Item, ItemState, Verdict
from jifen.audit import services as audit
from jifen.kernel import clock, locking
from jifen.kernel.actors import Actor
from jifen.kernel.tenancy import require_town


def active_flow(subject_kind: str) -> Flow:
    """The newest version.

    Raises:
        FlowMissing: the town has none for this kind.
    """
    flow = Flow.objects.filter(subject_kind=subject_kind).order_by("-version").first()
    if flow is None:
        raise errors.FlowMissing(kind=subject_kind)
    return flow


@transaction.atomic
def install(*, subject_kind: str, steps: Sequence[Mapping[str, Any]], by: Actor) -> Flow:
    """A new version of the flow; items under way keep theirs.

    Raises:
        StepsWrong, ExpressionInvalid: nothing is written.
    """
    _check(steps, subject_kind)
    locking.advisory(f"approvals.flow.{subject_kind}")
    newest = Flow.objects.filter(subject_kind=subject_kind).aggregate(newest=Max("version"))["newest"] or 0
    flow = Flow.objects.create(
        **by.columns(),
        subject_kind=subject_kind,
        version=newest + 1,
        steps=[dict(step) for step in steps],
        active_from=clock.now(),
    )
    audit.record(by=by, action="approval.install", subject=flow, version=flow.version)
    return flow


@transaction.atomic
def start(
    *, subject_kind: str, subject_id: int, village_id: int | None, facts: Mapping[str, Any], by: Actor
) -> Item | None:
    """Put a subject on its way; ``None`` when no step applies and it needs nobody's word.

    Raises:
        FlowMissing: the town has no flow for this kind.
        AlreadyStarted: it is under way.
    """
    subject = registry.subject(subject_kind)
    flow = active_flow(subject_kind)
    kept = registry.stored(facts, subject)
    first = steps.next_step(steps.parse(flow.steps), 0, kept, subject.facts)
    if first is None:
        return None
    item = Item(flow=flow, subject_kind=subject_kind, subject_id=subject_id, village_id=village_id)
    item.step, item.facts, item.started_at = first, kept, clock.now()
    _insert(item)
    audit.record(by=by, action="approval.start", subject=item, village_id=village_id, of=subject_id)
    return item


@transaction.atomic
def decide(*, item: Item, verdict: str, reason: str = "", by: Actor) -> Item:
    """Count ``by``'s word on the current step; the last word needed moves the item on and runs its effect.

    Raises:
        VerdictWrong, ReasonMissing, Finished, NotYours, Recused, AlreadyDecided: nothing is written.
    """
    _check_word(verdict, reason)
    item = _open(item)
    _check_decider(item, by)
    _say(item, verdict, reason, by)
    step = selectors.current_step(item)
    words = Decision.objects.filter(item=item, step=item.step).values_list("actor_id", "verdict")
    result = steps.outcome(step, [steps.Vote(*word) for word in words], selectors.seats(item))
    if result == "passed":
        _advance(item, by)
    elif result == "refused":
        _finish(item, ItemState.REJECTED, by)
    return item


@transaction.atomic
def withdraw(*, item: Item, by: Actor) -> Item:
    """Take an item back; whether ``by`` may is the calling room's question.

    Raises:
        Finished: it is decided.
    """
    item = _open(item)
    item.state, item.finished_at = ItemState.WITHDRAWN, clock.now()
    item.save(update_fields=["state", "finished_at"])
    audit.record(by=by, action="approval.withdraw", subject=item, village_id=item.village_id)
    return item


def _check(raw: Sequence[Mapping[str, Any]], subject_kind: str) -> None:
    steps.check_conditions(steps.parse([dict(step) for step in raw]), registry.facts_of(subject_kind))


def _insert(item: Item) -> None:
    try:
        with transaction.atomic():
            item.save(force_insert=True)
    except IntegrityError as clash:
        raise errors.AlreadyStarted from clash


def _check_word(verdict: str, reason: str) -> None:
    if verdict not in Verdict.values:
        raise errors.VerdictWrong
    if verdict == Verdict.REJECT and not reason.strip():
        raise errors.ReasonMissing


def _open(item: Item) -> Item:
    locked = Item.objects.select_for_update(of=("self",)).select_related("flow").get(pk=item.pk)
    if locked.state != ItemState.OPEN:
        raise errors.Finished(state=ItemState(locked.state).label)
    return locked


def _check_decider(item: Item, by: Actor) -> None:
    if by.realm != require_town() or by.id not in selectors.holders(item):
        raise errors.NotYours
    if selectors.barred(item, {by.id}):
        raise errors.Recused


def _say(item: Item, verdict: str, reason: str, by: Actor) -> None:
    word = Decision(**by.columns(), item=item, step=item.step, verdict=verdict, reason=reason.strip())
    word.decided_at = clock.now()
    try:
        with transaction.atomic():
            word.save(force_insert=True)
    except IntegrityError as clash:
        raise errors.AlreadyDecided from clash
    audit.record(by=by, action=f"approval.{verdict}", subject=item, village_id=item.village_id, step=item.step)


def _advance(item: Item, by: Actor) -> None:
    subject = registry.subject(item.subject_kind)
    following = steps.next_step(steps.parse(item.flow.steps), item.step + 1, item.facts, subject.facts)
    if following is None:
        _finish(item, ItemState.APPROVED, by)
    else:
        item.step = following
        item.save(update_fields=["step"])


def _finish(item: Item, state: ItemState, by: Actor) -> None:
    item.state, item.finished_at = state, clock.now()
    item.save(update_fields=["state", "finished_at"])
    subject = registry.subject(item.subject_kind)
    effect = subject.on_approved if state == ItemState.APPROVED else subject.on_rejected
    effect(item, by)
