"""Whose turn it is today, before anybody's work is written anew: what rests is written anew only when it wakes."""

from collections.abc import Collection, Iterable
from itertools import count

from jifen.approvals import machine, registry
from jifen.approvals.definition import Step
from jifen.approvals.models import OPEN_WORK, Assignment, AssignmentState, Item, Origin, Stage, WordKind
from jifen.approvals.seating import Plan
from jifen.approvals.selectors.items import active_stages
from jifen.approvals.selectors.people import above, administers, entitled, plan
from jifen.kernel.actors import Actor
from jifen.kernel.tenancy import current_schema

BY_POST = (Origin.RULE, Origin.SUBSTITUTE, Origin.DELEGATE, Origin.OFFICE)
"""Work that ends with the post, the delegation or the recusal it comes from."""
BY_HAND = (Origin.TRANSFERRED, Origin.HANDED_OVER, Origin.ADDED)
"""Work that somebody brought her; it ends when she may decide nothing at the step any more."""
PAST_CLAIMS = (Origin.ADDED, Origin.ESCALATED)
"""Work of people who were asked by name, or when the time was over: they have their turn whoever has claimed it."""
OUT = (AssignmentState.RECUSED, AssignmentState.CANCELLED)
"""Who gave her seat away."""


def without_post(item: Item, step: Step, rows: Iterable[Assignment], wanted: Plan) -> list[Assignment]:
    """The open work of those who have no say any more: their post has ended, or what it came from."""
    given = [row for row in rows if row.state in OPEN_WORK]
    asked = {(seat.user_id, seat.holder_id) for seat in wanted.seats}
    found = [row for row in given if row.origin in BY_POST and (row.user_id, row.holder_id) not in asked]
    by_hand = {row.user_id for row in given if row.origin in BY_HAND}
    from_above = {row.user_id for row in given if row.origin == Origin.ESCALATED}
    gone = by_hand - entitled(item, step, by_hand) | _not_above(item, step, from_above)
    return found + [row for row in given if row.origin not in BY_POST and row.user_id in gone]


def may_wake(item: Item, by: Actor) -> bool:
    """An administrator; whose turn it is where the resting item stands; who let it rest and is asked there still."""
    if administers(by):
        return True
    if by.realm != current_schema():
        return False
    rested = item.words.filter(kind=WordKind.SUSPEND).order_by("-id").first()
    own = rested is not None and (rested.actor_realm, rested.actor_id) == (by.realm, by.id)
    return any(by.id in _today(item, stage, step, anybody=own) for stage, step in active_stages(item))


def work(row: Assignment) -> machine.Work:
    heard = row.origin in PAST_CLAIMS
    parts = () if row.origin == Origin.ADDED else (row.part, *row.also)
    return machine.Work(row.user_id, row.state, row.seat, row.verdict, row.rank, row.weight, parts, heard)


def _today(item: Item, stage: Stage, step: Step, *, anybody: bool) -> Collection[int]:
    """Whose turn it would be, were the stage's people brought up to date; ``anybody``: all who are asked or meant."""
    wanted, rows = plan(item, step), list(stage.assignments.all())
    gone = {row.pk for row in without_post(item, step, rows, wanted)}
    away = {seat.user_id for seat in wanted.recused}
    stay = [row for row in rows if row.state not in OUT and row.pk not in gone and row.user_id not in away]
    held, there = {row.holder_id for row in stay}, {row.user_id for row in stay}
    fresh = [seat for seat in wanted.seats if seat.holder_id not in held and seat.user_id not in there]
    numbers = count(1 + max((row.seat for row in rows), default=-1))
    works = [work(row) for row in stay if row.state in machine.LIVE_WORK]
    works += [
        machine.Work(seat.user_id, "waiting", next(numbers), weight=seat.weight, parts=seat.parts) for seat in fresh
    ]
    if anybody:
        given = {seat.holder_id for seat in fresh} | {row.holder_id for row in stay if row.origin in BY_POST}
        return given | {one.user_id for one in works if one.state in OPEN_WORK}
    return machine.count(step, works).turn


def _not_above(item: Item, step: Step, users: set[int]) -> set[int]:
    """Of those whom a time limit brought in, who neither is above any more nor has a say in the place."""
    if not users:
        return set()
    return users - registry.deciders(users, item.village_id) - {*above(item, step.limit.to if step.limit else None)}
