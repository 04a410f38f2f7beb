"""Who does the work of a step: hand it on, ask one more, take it from the pool."""

from typing import Literal

from django.db import transaction
from django.db.models import F

from jifen.accounts.models import User
from jifen.approvals import errors, registry
from jifen.approvals.models import OPEN_WORK, Assignment, AssignmentState, Item, Origin, Stage, StageState, WordKind
from jifen.approvals.seating import Seat
from jifen.approvals.selectors.items import active_stages
from jifen.approvals.selectors.people import administers, barred, entitled
from jifen.approvals.services import running, staffing, telling
from jifen.approvals.services.deciding import staff_all, work_at
from jifen.approvals.services.words import say
from jifen.kernel.actors import Actor

Where = Literal["before", "after", "beside"]


@transaction.atomic
def transfer(*, item: Item, to: int, reason: str = "", step: str = "", by: Actor) -> Item:
    """``by`` gives her work at a step to another account, who decides in her place.

    Raises:
        Finished, NotOpen, NotYours, Recused, PersonUnknown, PersonPassedBy, PersonHasNoSay, PersonBarred, PersonThere:
            nothing is written.
    """
    item = running.held(item)
    stage, row = work_at(item, by, step)
    receiver = newcomer(item, stage, to)
    pass_on(stage, row, receiver, Origin.TRANSFERRED)
    say(item, WordKind.TRANSFER, by, stage=stage, to=receiver.pk, text=reason)
    telling.given(item, receiver.pk, stage)
    running.run(item, by)
    return item


@transaction.atomic
def add(*, item: Item, to: int, where: Where = "beside", reason: str = "", step: str = "", by: Actor) -> Item:
    """Ask one more: ``before`` or ``after`` one's own word (both must approve), or ``beside`` it with an own vote.

    She has her turn whoever has claimed the item. An administrator may add ``beside`` at a step where nobody can be
    asked.

    Raises:
        Finished, NotOpen, NotYours, Recused, PersonUnknown, PersonPassedBy, PersonHasNoSay, PersonBarred, PersonThere:
            nothing is written.
    """
    item = running.held(item)
    blocked = _blocked(item, step) if where == "beside" and administers(by) else None
    stage, own = (blocked, None) if blocked else work_at(item, by, step)
    person = newcomer(item, stage, to)
    seat = Seat(person.pk, person.pk, Origin.ADDED, part=own.part if own else 0)
    if own is None or where == "beside":
        staffing.give(stage, seat, staffing.next_seat(stage), added_by=by.id)
    else:
        _make_room(own, where)
        rank = own.rank + (1 if where == "after" else -1)
        staffing.give(stage, seat, own.seat, rank=rank, added_by=by.id)
    say(item, WordKind.ADD, by, stage=stage, to=person.pk, text=reason, data={"where": where})
    telling.given(item, person.pk, stage)
    running.run(item, by)
    return item


@transaction.atomic
def remove(*, item: Item, user: int, reason: str = "", by: Actor) -> Item:
    """Take back what ``add`` gave, by who gave it or an administrator.

    Raises:
        Finished, NotOpen. NotAdded: she was not added, or has spoken. NotInvolved.
    """
    item = running.held(item)
    rows = Assignment.objects.filter(stage__item=item, stage__state=StageState.ACTIVE, origin=Origin.ADDED, user=user)
    row = rows.filter(state__in=OPEN_WORK).select_related("stage").first()
    if row is None:
        raise errors.NotAdded
    if row.added_by_id != by.id and not administers(by):
        raise errors.NotInvolved
    staffing.end(row, AssignmentState.CANCELLED)
    say(item, WordKind.REMOVE, by, stage=row.stage, to=user, text=reason)
    running.run(item, by)
    return item


@transaction.atomic
def claim(*, item: Item, step: str = "", by: Actor) -> Item:
    """Take an item that one of several may do; the others wait until it is released.

    Raises:
        Finished, NotOpen, NotYours, Recused. NotClaimable: it takes more than one. AlreadyClaimed.
    """
    item = running.held(item)
    stage, row = work_at(item, by, step)
    if {one.pk: how.how for one, how in active_stages(item)}.get(stage.pk) != "any":
        raise errors.NotClaimable
    _refuse_claimed(stage, row)
    row.state = AssignmentState.CLAIMED
    row.save(update_fields=["state"])
    say(item, WordKind.CLAIM, by, stage=stage)
    running.run(item, by)
    return item


@transaction.atomic
def release(*, item: Item, by: Actor) -> Item:
    """Put a claimed item back into the pool: who claimed it, or an administrator.

    Raises:
        Finished, NotOpen, NotClaimed.
    """
    item = running.held(item)
    rows = Assignment.objects.filter(
        stage__item=item, stage__state=StageState.ACTIVE, state=AssignmentState.CLAIMED
    ).select_related("stage")
    row = (rows if administers(by) else rows.filter(user=by.id)).first()
    if row is None:
        raise errors.NotClaimed
    put_back(item, row, by)
    running.run(item, by)
    return item


def put_back(item: Item, row: Assignment, by: Actor, reason: str = "") -> None:
    """Nobody has claimed it any more."""
    row.state = AssignmentState.WAITING
    row.save(update_fields=["state"])
    say(item, WordKind.RELEASE, by, stage=row.stage, to=row.user_id, text=reason)


def newcomer(item: Item, stage: Stage, user_id: int) -> User:
    """An active account that may decide at the stage, is not there yet and need not stand back.

    Raises:
        PersonUnknown, PersonPassedBy, PersonHasNoSay, PersonBarred, PersonThere.
    """
    person = staffing.reachable(item, user_id)
    if barred(item, {user_id}):
        raise errors.PersonBarred(name=person.display_name)
    _check_say(item, stage, person)
    if stage.assignments.filter(user=user_id).exclude(state=AssignmentState.CANCELLED).exists():
        raise errors.PersonThere(name=person.display_name)
    return person


def _check_say(item: Item, stage: Stage, person: User) -> None:
    step = item.flow.definition.step(stage.key)
    if step is not None and not entitled(item, step, {person.pk}):
        whom = registry.subject(item.subject_kind).deciders_cn(item)
        raise errors.PersonHasNoSay(name=person.display_name, step=stage.name, whom=whom)


def pass_on(stage: Stage, row: Assignment, receiver: User, origin: Origin) -> None:
    """``receiver`` sits on the seat from now on, at the same place of its chain."""
    seat = Seat(receiver.pk, row.holder_id, origin, row.weight, row.part, tuple(row.also))
    staffing.end(row, AssignmentState.CANCELLED)
    staffing.give(stage, seat, row.seat, rank=row.rank, added_by=row.added_by_id)


def _make_room(own: Assignment, where: Where) -> None:
    """The chain moves apart around her."""
    chain = Assignment.objects.filter(stage=own.stage_id, seat=own.seat).exclude(pk=own.pk)
    if where == "after":
        chain.filter(rank__gt=own.rank).update(rank=F("rank") + 1)
    else:
        chain.filter(rank__lt=own.rank).update(rank=F("rank") - 1)


def _blocked(item: Item, key: str) -> Stage | None:
    staff_all(item, key)
    rows = Stage.objects.filter(item=item, state=StageState.ACTIVE, is_blocked=True)
    return (rows.filter(key=key) if key else rows).order_by("id").first()


def _refuse_claimed(stage: Stage, row: Assignment) -> None:
    other = stage.assignments.filter(state=AssignmentState.CLAIMED).exclude(pk=row.pk).select_related("user").first()
    if other is not None:
        raise errors.AlreadyClaimed(name=other.user.display_name)
