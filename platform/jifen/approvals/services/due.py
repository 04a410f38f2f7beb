"""What time brings: limits run out, items wake, delegations begin and end, posts are filled."""

from collections.abc import Collection
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import Q, Sum

from jifen.approvals import registry
from jifen.approvals.definition import Limit, LimitAction, Step, Who
from jifen.approvals.models import (
    OPEN_WORK,
    AssignmentState,
    Delegation,
    Item,
    ItemState,
    Origin,
    Stage,
    StageState,
    WordKind,
)
from jifen.approvals.seating import Seat
from jifen.approvals.selectors import turns
from jifen.approvals.selectors.items import active_stages
from jifen.approvals.selectors.people import above, barred
from jifen.approvals.services import adding, returning, running, staffing, standing_in, telling
from jifen.approvals.services.deciding import staff_all
from jifen.approvals.services.words import say
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM
from jifen.kernel.errors import JifenError

log = structlog.get_logger(__name__)

LOOK_BACK = timedelta(hours=2)
"""Delegations that begin or end this long before now are looked at again: the job may be late."""


def sweep(*, now: datetime | None = None) -> int:
    """Do everything that is due at ``now``; each item by itself. Returns how many items were touched."""
    moment = now or clock.now()
    ids = _waking(moment) | _overdue(moment) | _unmanned() | _delegated(moment)
    return sum(_tried(item_id, moment) for item_id in sorted(ids))


def look(*, now: datetime | None = None) -> int:
    """Do what is due, and look up anew who is asked at each open or resting item. Returns how many are open."""
    moment = now or clock.now()
    rows = Item.objects.filter(state__in=(ItemState.OPEN, ItemState.SUSPENDED)).order_by("pk")
    looked = sum(_tried(item_id, moment) for item_id in list(rows.values_list("pk", flat=True)))
    sweep(now=moment)
    if Item.objects.filter(finished_at=None).exists():
        running.schedule_look(moment)
    return looked


@transaction.atomic
def bring_back(*, after: datetime) -> int:
    """The clock stood ahead and was set back: what seems to happen ``after`` now was reckoned from the false time.

    Whatever arrived, was pressed or began to rest then did so now, and no step has more time than its limit gives.
    Returns how many steps have another limit.
    """
    now = clock.now()
    Item.objects.filter(finished_at=None, reminded_at__gt=after).update(reminded_at=None)
    Item.objects.filter(state=ItemState.SUSPENDED, suspended_at__gt=after).update(suspended_at=now)
    Stage.objects.filter(state=StageState.ACTIVE, opened_at__gt=after).update(opened_at=now)
    rows = Stage.objects.filter(state=StageState.ACTIVE, due_at__gt=after).select_related("item__flow")
    changed = [stage for stage in rows.select_for_update(of=("self",)) if _shortened(stage, now)]
    Stage.objects.bulk_update(changed, ["due_at"])
    for stage in changed:
        running.schedule(stage.due_at or now)
    return len(changed)


def _shortened(stage: Stage, now: datetime) -> bool:
    """Cut the step's time to what its limit gives; False when it has no more."""
    step = stage.item.flow.definition.step(stage.key)
    latest = staffing.due(step, now) if step is not None else None
    if latest is None or stage.due_at is None or stage.due_at <= latest:
        return False
    stage.due_at = latest
    return True


def _waking(now: datetime) -> set[int]:
    return set(Item.objects.filter(state=ItemState.SUSPENDED, wake_at__lte=now).values_list("pk", flat=True))


def _overdue(now: datetime) -> set[int]:
    rows = Stage.objects.filter(state=StageState.ACTIVE, due_at__lte=now, item__state=ItemState.OPEN)
    return set(rows.values_list("item_id", flat=True))


def _unmanned() -> set[int]:
    rows = Stage.objects.filter(state=StageState.ACTIVE, is_blocked=True, item__state=ItemState.OPEN)
    return set(rows.values_list("item_id", flat=True))


def _delegated(now: datetime) -> set[int]:
    turned = Q(from_at__gt=now - LOOK_BACK, from_at__lte=now) | Q(until_at__gt=now - LOOK_BACK, until_at__lte=now)
    people = [one for row in Delegation.objects.filter(turned) for one in (row.giver_id, row.receiver_id)]
    return {item.pk for item in standing_in.open_work(people)} if people else set()


def _tried(item_id: int, now: datetime) -> bool:
    try:
        with transaction.atomic():
            return _do(item_id, now)
    except JifenError as refusal:
        log.warning("approvals.due_refused", item=item_id, code=refusal.code)
        return False


def _do(item_id: int, now: datetime) -> bool:
    item = Item.objects.select_for_update().get(pk=item_id)
    if item.state == ItemState.SUSPENDED and item.wake_at is not None and item.wake_at <= now:
        item = returning.wake(item=item, by=SYSTEM)
    if item.state not in (ItemState.OPEN, ItemState.SUSPENDED):
        return False
    standing_in.free_claims(item, SYSTEM)
    staff_all(item)
    if item.state == ItemState.SUSPENDED:
        return False
    for stage in Stage.objects.filter(item=item, state=StageState.ACTIVE, due_at__lte=now).order_by("id"):
        step = item.flow.definition.step(stage.key)
        if step is not None and step.limit is not None and item.state == ItemState.OPEN:
            _overrun(item, stage, step, step.limit, now)
    running.run(item, SYSTEM)
    return True


def _overrun(item: Item, stage: Stage, step: Step, limit: Limit, now: datetime) -> None:
    """The step took too long: what its limit says happens, and the next time is set."""
    stage.overdue += 1
    stage.due_at = staffing.due(step, now)
    stage.save(update_fields=["overdue", "due_at"])
    if stage.due_at is not None:
        running.schedule(stage.due_at)
    then = _then(item, limit)
    told = {"then": then, "times": stage.overdue}
    say(item, WordKind.OVERDUE, SYSTEM, stage=stage, text="超过办理期限", data=told)
    if then in ("remind", "escalate"):
        telling.overdue(item, stage)
    match then:
        case "escalate":
            _escalate(item, stage, step, limit.to)
        case "pass":
            running.close(stage, StageState.PASSED)
            staffing.spare(item)
        case "refuse":
            running.close(stage, StageState.REFUSED)
            running.finish(item, ItemState.REJECTED, SYSTEM)
        case "return":
            _send_back(item, stage)


def _then(item: Item, limit: Limit) -> LimitAction:
    """What the limit says; a reminder where the item does not know that act."""
    act = {"refuse": "reject"}.get(limit.then, limit.then)
    return "remind" if act in registry.subject(item.subject_kind).forbids(item) else limit.then


@transaction.atomic
def escalate(*, item: Item, reason: str) -> Item:
    """The time that the subject's own room allows is over: the town's office may decide too wherever it stands.

    Raises:
        Finished, NotOpen.
    """
    item = running.held(item)
    staff_all(item)
    for stage, step in active_stages(item):
        say(item, WordKind.OVERDUE, SYSTEM, stage=stage, text=reason, data={"then": "escalate"})
        _escalate(item, stage, step, None)
        telling.overdue(item, stage)
    running.run(item, SYSTEM)
    return item


def _escalate(item: Item, stage: Stage, step: Step, to: Who | None) -> None:
    """Those above may decide too where one is enough; elsewhere one of them decides for all who have not.

    What somebody has claimed is everybody's again. Whom an earlier time limit brought in stays; who had the work once
    and gave it away may get it again.
    """
    for row in stage.assignments.filter(state=AssignmentState.CLAIMED).select_related("stage"):
        adding.put_back(item, row, SYSTEM, "超过办理期限，认领自动放回")
        telling.put_back(item, row.user_id, stage)
    people = above(item, to)
    away = barred(item, people)
    known = set(stage.assignments.exclude(state__in=turns.OUT).values_list("user_id", flat=True)) | away
    fresh = [one for one in people if one not in known]
    weight = 1
    if step.how != "any":
        fresh = [] if _is_there(stage, set(people) - away) else fresh[:1]
        weight = _relieve(item, stage) if fresh else 1
    for one in fresh:
        staffing.give(stage, Seat(one, one, Origin.ESCALATED, weight), staffing.next_seat(stage))
    telling.brought_in(item, fresh, stage)


def _is_there(stage: Stage, people: Collection[int]) -> bool:
    """One of them has it already."""
    above = stage.assignments.filter(state__in=OPEN_WORK, origin=Origin.ESCALATED, user__in=people)
    return above.filter(user__is_active=True).exists()


def _relieve(item: Item, stage: Stage) -> int:
    """Those who have not spoken need not any more, and are told; returns their weight together."""
    late = stage.assignments.filter(state__in=OPEN_WORK)
    users, weight = list(late.values_list("user_id", flat=True)), late.aggregate(all=Sum("weight"))["all"]
    late.update(state=AssignmentState.LAPSED)
    telling.relieved(item, users, stage)
    return weight or 1


def _send_back(item: Item, stage: Stage) -> None:
    """To its start, or to the step before when the system started it; with neither it stays and was told."""
    home = item.starter_realm != SYSTEM.realm or registry.subject(item.subject_kind).sent_home
    to = returning.STARTER if home else returning.PREVIOUS
    try:
        with transaction.atomic():
            returning.sent_back(item, stage, to, "超过办理期限，自动退回", None, SYSTEM)
    except JifenError as refusal:
        log.info("approvals.not_returned", item=item.pk, code=refusal.code)
