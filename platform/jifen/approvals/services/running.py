"""How an item is brought on: its row is locked, its stages follow from what has passed, the last word has its effect.

Everybody who acts on an item holds its row's lock first, so of two at the same moment one goes first and the other
meets the result.
"""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from django.db.models import Max

from jifen.approvals import errors, machine, registry
from jifen.approvals.definition import Step
from jifen.approvals.models import (
    UNDER_WAY,
    Assignment,
    AssignmentState,
    Item,
    ItemState,
    Stage,
    StageState,
    WordKind,
)
from jifen.approvals.selectors.items import done_keys, facts_of
from jifen.approvals.services import staffing, telling
from jifen.approvals.services.words import note
from jifen.clocks import services as clocks
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from jifen.kernel.tenancy import current_schema

End = Callable[[Item, ItemState, Actor], None]

LOOK_AT = 6
"""Hour of the day."""

_EFFECTS = {
    ItemState.APPROVED: "on_approved",
    ItemState.REJECTED: "on_rejected",
    ItemState.WITHDRAWN: "on_withdrawn",
    ItemState.TERMINATED: "on_withdrawn",
}


def held(item: Item, *states: ItemState) -> Item:
    """The item's row, locked, when it is in one of ``states`` (open).

    Without a join: a row that waited for its lock is looked at again, and one whose flow changed would not be found.

    Raises:
        Finished, NotOpen.
    """
    locked = Item.objects.select_for_update().get(pk=item.pk)
    if locked.state not in UNDER_WAY:
        raise errors.Finished(state=ItemState(locked.state).label)
    if locked.state not in (states or (ItemState.OPEN,)):
        raise errors.NotOpen(state=ItemState(locked.state).label)
    return locked


def run(item: Item, by: Actor, *, end: End | None = None) -> None:
    """Bring the item as far as it goes by itself: close what is decided, open what follows, finish.

    ``end`` is done instead of ``finish``.
    """
    while item.state == ItemState.OPEN and _step_on(item, by, end or finish):
        pass


def _step_on(item: Item, by: Actor, end: End) -> bool:
    """One turn; whether there may be another."""
    standing = machine.walk(item.flow.definition, done_keys(item), item.routes, facts_of(item))
    if item.routes != standing.routes:
        item.routes = standing.routes
        item.save(update_fields=["routes"])
    if not standing.waiting:
        end(item, ItemState.APPROVED, by)
        return False
    stages = _stages_for(item, standing.waiting)
    return any(_settle(item, stage, step, count, by, end) for stage, step, count in stages)


def _stages_for(item: Item, waiting: Collection[Step]) -> list[tuple[Stage, Step, machine.Count | None]]:
    """The item's stages are exactly those of the steps it waits at; of one that opens just now, how far it is."""
    present = {stage.key: stage for stage in Stage.objects.filter(item=item, state=StageState.ACTIVE)}
    leave(item, set(present) - {step.key for step in waiting})
    known = ((step, present.get(step.key)) for step in waiting)
    return [(stage, step, None) if stage else _open(item, step) for step, stage in known]


def _settle(item: Item, stage: Stage, step: Step, count: machine.Count | None, by: Actor, end: End) -> bool:
    """Whether the stage is over."""
    if item.state != ItemState.OPEN:
        return False
    count = count or staffing.turn(stage, step)
    if count.outcome == "passed":
        close(stage, StageState.PASSED)
        staffing.spare(item)
        return True
    if count.outcome == "refused":
        close(stage, StageState.REFUSED)
        end(item, ItemState.REJECTED, by)
        return False
    return count.outcome == "empty" and _unmanned(item, stage, step)


def _unmanned(item: Item, stage: Stage, step: Step) -> bool:
    if step.empty == "skip":
        note(item, WordKind.SKIP, stage=stage, text="没有办理人，按流程跳过")
        close(stage, StageState.PASSED)
        return True
    return False


def _open(item: Item, step: Step) -> tuple[Stage, Step, machine.Count]:
    now = clock.now()
    last = Stage.objects.filter(item=item, key=step.key).aggregate(last=Max("run"))["last"] or 0
    stage = Stage.objects.create(
        item=item, key=step.key, name=step.name, run=last + 1, opened_at=now, due_at=staffing.due(step, now)
    )
    if stage.due_at is not None:
        schedule(stage.due_at)
    count = staffing.staff(item, stage, step)
    staffing.copy_to(item, step)
    return stage, step, count


def schedule(moment: datetime) -> None:
    """A row of the town's calendar for the hour at whose end ``moment`` is past."""
    hour = moment.astimezone(clock.TIME_ZONE).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    clocks.schedule(town=current_schema(), kind="approvals.due", period=f"{hour:%Y-%m-%dT%H}", due_at=hour)


def schedule_look(after: datetime) -> None:
    """As long as anything is open, a town looks each morning whether its people are still the right ones."""
    morning = clock.at(after.astimezone(clock.TIME_ZONE).date() + timedelta(days=1), LOOK_AT)
    clocks.schedule(town=current_schema(), kind="approvals.look", period=f"{morning:%Y-%m-%d}", due_at=morning)


def close(stage: Stage, state: StageState) -> None:
    """Nobody has work there any more."""
    stage.state, stage.closed_at, stage.is_blocked = state, clock.now(), False
    stage.save(update_fields=["state", "closed_at", "is_blocked"])
    rows = Assignment.objects.filter(stage=stage, state__in=machine.OPEN_WORK)
    rows.update(state=AssignmentState.LAPSED)


def leave(item: Item, keys: Collection[str] | None = None) -> None:
    """The item goes on without a decision at these stages, or at all where it stands."""
    rows = Stage.objects.filter(item=item, state=StageState.ACTIVE)
    for stage in rows if keys is None else rows.filter(key__in=keys):
        close(stage, StageState.LEFT)


def forget(item: Item, keys: Collection[str]) -> None:
    """What passed there no longer counts, and what was chosen there is chosen again."""
    Stage.objects.filter(item=item, state=StageState.PASSED, key__in=keys).update(state=StageState.VOID)
    item.routes = {key: route for key, route in item.routes.items() if key not in keys}
    item.save(update_fields=["routes"])


def set_state(item: Item, state: ItemState) -> None:
    item.state, item.finished_at = state, None if state in UNDER_WAY else clock.now()
    item.save(update_fields=["state", "finished_at"])


def finish(item: Item, state: ItemState, by: Actor) -> None:
    """The item is over; its room is told in the same transaction."""
    leave(item)
    set_state(item, state)
    getattr(registry.subject(item.subject_kind), _EFFECTS[state])(item, by)
    telling.result(item, by)
