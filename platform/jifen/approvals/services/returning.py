"""Send an item back, jump, let it rest."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from jifen.approvals import errors, machine, registry
from jifen.approvals.definition import Rerun, Step
from jifen.approvals.models import Assignment, Item, ItemState, Stage, StageState, WordKind
from jifen.approvals.selectors import turns
from jifen.approvals.selectors.items import MINE, done_keys
from jifen.approvals.selectors.people import administers
from jifen.approvals.services import running, telling
from jifen.approvals.services.deciding import staff_all, work_at
from jifen.approvals.services.starting import administered
from jifen.approvals.services.words import say
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM, Actor

STARTER, PREVIOUS = "starter", "previous"


@transaction.atomic
def send_back(
    *, item: Item, to: str = PREVIOUS, reason: str, rerun: Rerun | None = None, step: str = "", by: Actor
) -> Item:
    """Back ``to`` the ``starter``, the ``previous`` step, or the key of an earlier one.

    ``rerun``: all later steps run ``again``, or it comes ``straight`` back to this step; by default as the step says.

    Raises:
        ReasonMissing, Finished, NotOpen, NotYours, Recused, ActForbidden, NotReturnable, StarterIsSystem: nothing is
            written.
    """
    if not reason.strip():
        raise errors.ReasonMissing("请写明退回的理由。")
    item = running.held(item)
    stage, _ = work_at(item, by, step)
    registry.allow(item, "return")
    return sent_back(item, stage, to, reason, rerun, by)


def sent_back(item: Item, stage: Stage, to: str, reason: str, rerun: Rerun | None, by: Actor) -> Item:
    """The locked item goes back from ``stage``."""
    here = item.flow.definition.step(stage.key)
    again = (rerun or (here.rerun if here else "again")) == "again"
    target = None if to == STARTER else _target(item, stage, to)
    say(item, WordKind.RETURN, by, stage=stage, text=reason, data={"target": target.key if target else STARTER})
    if target is None:
        _to_starter(item, stage, again, by)
    else:
        running.leave(item, {stage.key})
        running.forget(item, machine.later(item.flow.definition, target.key) if again else {target.key})
        running.run(item, by)
    return item


@transaction.atomic
def jump(*, item: Item, to: str, reason: str, by: Actor) -> Item:
    """An administrator brings an item to any step; what lies between is passed over, what comes after runs again.

    Raises:
        ReasonMissing, AdministratorOnly, Finished, NotOpen, Recused, StepUnknown.
    """
    item = administered(item, reason, by, ItemState.OPEN, ItemState.RETURNED)
    definition = item.flow.definition
    if definition.step(to) is None:
        raise errors.StepUnknown(step=to)
    say(item, WordKind.JUMP, by, text=reason, data={"target": to})
    running.leave(item)
    running.forget(item, machine.later(definition, to))
    item.routes = machine.routes_to(definition, done_keys(item), item.routes, to)
    item.state = ItemState.OPEN
    item.save(update_fields=["routes", "state"])
    running.run(item, by)
    return item


@transaction.atomic
def suspend(*, item: Item, reason: str, until: datetime | None = None, by: Actor) -> Item:
    """Let an item rest: whoever's turn it is, or an administrator. Time limits stand still meanwhile.

    Raises:
        ReasonMissing, WakeWrong, Finished, NotOpen, NotYours, Recused.
    """
    if not reason.strip():
        raise errors.ReasonMissing("请写明暂停的理由。")
    if until is not None and until <= clock.now():
        raise errors.WakeWrong
    item = running.held(item)
    if not administers(by):
        work_at(item, by)
    item.state, item.suspended_at, item.wake_at = ItemState.SUSPENDED, clock.now(), until
    item.save(update_fields=["state", "suspended_at", "wake_at"])
    if until is not None:
        running.schedule(until)
    say(item, WordKind.SUSPEND, by, text=reason, data={"until": until.isoformat() if until else None})
    return item


@transaction.atomic
def wake(*, item: Item, by: Actor) -> Item:
    """Go on with an item that rested: whose turn it is, who let it rest and has work there still, an administrator,
    or the day that was named.

    Raises:
        Finished, NotOpen: it does not rest. NotInvolved.
    """
    item = running.held(item, ItemState.SUSPENDED)
    if not turns.may_wake(item, by):
        raise errors.NotInvolved
    since = item.suspended_at or clock.now()
    item.state, item.suspended_at, item.wake_at = ItemState.OPEN, None, None
    item.save(update_fields=["state", "suspended_at", "wake_at"])
    limited = Stage.objects.filter(item=item, state=StageState.ACTIVE).exclude(due_at=None)
    limited.update(due_at=F("due_at") + max(clock.now() - since, timedelta()))
    for stage in limited:
        running.schedule(stage.due_at or clock.now())
    say(item, WordKind.WAKE, by)
    _tell_newcomers(item, since)
    staff_all(item)
    running.run(item, by)
    return item


def _tell_newcomers(item: Item, since: datetime) -> None:
    """Who was given the work while it rested has not been told of it."""
    rows = Assignment.objects.filter(stage__item=item, stage__state=StageState.ACTIVE, state__in=MINE)
    telling.new_work(item, rows.filter(given_at__gte=since, origin__in=turns.BY_POST).values_list("user_id", flat=True))


def _target(item: Item, stage: Stage, to: str) -> Step:
    passed = done_keys(item)
    before = [step for step in machine.earlier(item.flow.definition, stage.key) if step.key in passed]
    target = next((step for step in before if step.key == to), None) if to != PREVIOUS else None
    if to == PREVIOUS and before:
        target = before[-1]
    if target is None:
        raise errors.NotReturnable(step="上一步" if to == PREVIOUS else to)
    return target


def _to_starter(item: Item, stage: Stage, again: bool, by: Actor) -> None:
    if registry.subject(item.subject_kind).sent_home:
        running.close(stage, StageState.REFUSED)
        running.finish(item, ItemState.REJECTED, by)
        return
    if item.starter_realm == SYSTEM.realm:
        raise errors.StarterIsSystem
    running.leave(item)
    if again:
        running.forget(item, machine.keys(item.flow.definition.steps))
    running.set_state(item, ItemState.RETURNED)
    registry.subject(item.subject_kind).on_returned(item, by)
    telling.result(item, by)
