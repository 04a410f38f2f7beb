"""Give the people of a stage their work, and take it back when they stand back or no longer hold the post."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from jifen.accounts.models import User
from jifen.approvals import errors, machine
from jifen.approvals.definition import Step
from jifen.approvals.models import (
    OPEN_WORK,
    Assignment,
    AssignmentState,
    Copy,
    Item,
    ItemState,
    Origin,
    Stage,
    StageState,
    Verdict,
    WordKind,
)
from jifen.approvals.seating import Plan, Seat
from jifen.approvals.selectors import turns
from jifen.approvals.selectors.items import MINE, active_stages
from jifen.approvals.selectors.people import passed_by, plan, resolve
from jifen.approvals.services import telling
from jifen.approvals.services.words import note
from jifen.kernel import clock


def staff(item: Item, stage: Stage, step: Step) -> machine.Count:
    """Bring the stage's people up to date; the words already said stay."""
    wanted = plan(item, step)
    rows = {row.user_id: row for row in stage.assignments.all()}
    _recuse(stage, rows, wanted)
    _dismiss(item, step, rows, wanted)
    if _ask_again(rows):
        _dismiss(item, step, rows, wanted)
    _enlist(stage, rows, wanted)
    if step.same_person == "skip":
        _agreed_before(item, stage)
    return turn(stage, step)


def spare(item: Item) -> None:
    """A step has passed: who approved it is not asked on the other ways of its fork, where their steps say so."""
    if any(step.same_person == "skip" for step in item.flow.definition.all_steps()):
        for stage, step in active_stages(item):
            if step.same_person == "skip":
                _agreed_before(item, stage)


def _dismiss(item: Item, step: Step, rows: Mapping[int, Assignment], wanted: Plan) -> None:
    for row in turns.without_post(item, step, rows.values(), wanted):
        end(row, AssignmentState.CANCELLED)


def _ask_again(rows: Mapping[int, Assignment]) -> bool:
    """Whom a time limit relieved is asked again, once nobody has the work whom it brought in for them."""
    above = {row.seat for row in rows.values() if row.origin == Origin.ESCALATED}
    is_done_for = any(row.seat in above and row.state in machine.LIVE_WORK for row in rows.values())
    relieved = [row for row in rows.values() if row.state == AssignmentState.LAPSED]
    if not above or is_done_for or not relieved:
        return False
    for row in relieved:
        row.state = AssignmentState.WAITING
    _set_state(relieved, AssignmentState.WAITING)
    return True


def reseat(item: Item, stage: Stage, step: Step) -> None:
    """Those who have work or have spoken weigh what a new version of the step says, and are part of what it says."""
    wanted = {seat.holder_id: seat for seat in plan(item, step).seats}
    for row in stage.assignments.filter(state__in=machine.LIVE_WORK, origin__in=turns.BY_POST):
        seat = wanted.get(row.holder_id)
        if seat is not None:
            row.weight, row.part, row.also = seat.weight, seat.part, list(seat.also)
            row.save(update_fields=["weight", "part", "also"])


def turn(stage: Stage, step: Step) -> machine.Count:
    """Whose turn it is; others wait."""
    rows = list(stage.assignments.all())
    count = machine.count(step, [turns.work(row) for row in rows])
    if count.outcome in ("open", "empty"):
        _pass_the_turn(stage, rows, count.turn)
        _mark_blocked(stage, step, count.outcome == "empty")
    return count


def _pass_the_turn(stage: Stage, rows: list[Assignment], turn: Collection[int]) -> None:
    """A claim is the whole seat's: it is with whoever's turn it is there."""
    waiting = [row for row in rows if row.state == AssignmentState.WAITING and row.user_id in turn]
    early = [row for row in rows if row.state in MINE and row.user_id not in turn]
    claimed = {row.seat for row in early if row.state == AssignmentState.CLAIMED}
    _set_state([row for row in waiting if row.seat not in claimed], AssignmentState.ACTIVE)
    _set_state([row for row in rows if row.seat in claimed and row.user_id in turn], AssignmentState.CLAIMED)
    _set_state(early, AssignmentState.WAITING)
    by_post = [row.user_id for row in waiting if row.origin in turns.BY_POST]
    if by_post and stage.item.state == ItemState.OPEN:
        telling.new_work(stage.item, by_post)


def _set_state(rows: list[Assignment], state: AssignmentState) -> None:
    if rows:
        Assignment.objects.filter(pk__in=[row.pk for row in rows]).update(state=state)


def _mark_blocked(stage: Stage, step: Step, blocked: bool) -> None:
    if stage.is_blocked == blocked:
        return
    stage.is_blocked = blocked
    stage.save(update_fields=["is_blocked"])
    if blocked and step.empty != "skip":
        telling.nobody_there(stage.item, stage)


def due(step: Step, start: datetime) -> datetime | None:
    """When the step's time is over."""
    return start + timedelta(days=step.limit.days, hours=step.limit.hours) if step.limit else None


def copy_to(item: Item, step: Step) -> None:
    """Those whom the step tells, each once."""
    people = dict.fromkeys(one for who in step.copy_to for one in resolve(item, who))
    send_copies(item, people)


def send_copies(item: Item, people: Iterable[int]) -> None:
    """Not to those whom the item goes past."""
    told = list(people)
    away = passed_by(item, told)
    rows = [Copy(item=item, user_id=one, sent_at=clock.now()) for one in told if one not in away]
    Copy.objects.bulk_create(rows, ignore_conflicts=True)
    telling.copied(item, [row.user_id for row in rows])


def give(stage: Stage, seat: Seat, number: int, *, rank: int = 0, added_by: int | None = None) -> Assignment:
    """A row for somebody who has none at the stage yet, or whose work was cancelled."""
    values = _values(seat, number) | {"rank": rank, "added_by_id": added_by}
    row, _ = Assignment.objects.update_or_create(stage=stage, user_id=seat.user_id, defaults=values)
    return row


def _values(seat: Seat, number: int) -> dict[str, Any]:
    return {
        "holder_id": seat.holder_id,
        "origin": seat.origin,
        "state": AssignmentState.WAITING,
        "seat": number,
        "rank": 0,
        "weight": seat.weight,
        "part": seat.part,
        "also": list(seat.also),
        "added_by_id": None,
        "given_at": clock.now(),
    }


def end(row: Assignment, state: AssignmentState) -> None:
    """She has no work any more: ``cancelled``, ``recused``."""
    _leave_the_claim(row)
    row.state = state
    row.save(update_fields=["state"])


def speak(row: Assignment, verdict: str) -> None:
    _leave_the_claim(row)
    row.state, row.verdict, row.done_at = AssignmentState.DONE, verdict, clock.now()
    row.save(update_fields=["state", "verdict", "done_at"])


def _leave_the_claim(row: Assignment) -> None:
    """What she had claimed stays with those of her seat."""
    if row.state == AssignmentState.CLAIMED:
        chain = Assignment.objects.filter(stage=row.stage_id, seat=row.seat, state=AssignmentState.WAITING)
        _set_state(list(chain.order_by("rank", "id")[:1]), AssignmentState.CLAIMED)


def unsay(row: Assignment) -> None:
    """She is asked again."""
    row.state, row.verdict, row.done_at = AssignmentState.WAITING, "", None
    row.save(update_fields=["state", "verdict", "done_at"])


def next_seat(stage: Stage) -> int:
    return 1 + max((row.seat for row in stage.assignments.all()), default=-1)


def _recuse(stage: Stage, rows: dict[int, Assignment], wanted: Plan) -> None:
    for seat in wanted.recused:
        row = rows.get(seat.user_id)
        if row is None:
            row = rows[seat.user_id] = give(stage, seat, next_seat(stage))
        if row.state in OPEN_WORK:
            end(row, AssignmentState.RECUSED)


def _enlist(stage: Stage, rows: dict[int, Assignment], wanted: Plan) -> None:
    """Those whose seat nobody sits on yet: who gave it away does not get it again."""
    given = {row.holder_id for row in rows.values() if row.state not in turns.OUT}
    numbers = {row.holder_id: row.seat for row in rows.values()}
    ranks = {row.holder_id: row.rank for row in rows.values()}
    fresh: list[Assignment] = []
    for seat in wanted.seats:
        present = rows.get(seat.user_id)
        if seat.holder_id in given or (present is not None and present.state not in turns.OUT):
            continue
        number = numbers.setdefault(seat.holder_id, 1 + max(numbers.values(), default=-1))
        rank = ranks.get(seat.holder_id, 0)
        if present is None:
            fresh.append(Assignment(stage=stage, user_id=seat.user_id, **_values(seat, number) | {"rank": rank}))
        else:
            give(stage, seat, number, rank=rank)
    Assignment.objects.bulk_create(fresh)


def _agreed_before(item: Item, stage: Stage) -> None:
    """Who has approved an earlier step is not asked again."""
    said = Assignment.objects.filter(
        stage__item=item, stage__state=StageState.PASSED, state=AssignmentState.DONE, verdict=Verdict.APPROVE
    )
    agreed = set(said.values_list("user_id", flat=True))
    for row in stage.assignments.filter(state__in=OPEN_WORK, user__in=agreed, origin__in=turns.BY_POST):
        speak(row, Verdict.APPROVE)
        note(item, WordKind.SKIP, stage=stage, speaker=row.user_id, text="前面的步骤已同意，不再重复办理")


def reachable(item: Item, user_id: int) -> User:
    """An active account that may come by the item.

    Raises:
        PersonUnknown, PersonPassedBy.
    """
    person = account(user_id)
    if person is None:
        raise errors.PersonUnknown
    if passed_by(item, {user_id}):
        raise errors.PersonPassedBy(name=person.display_name)
    return person


def account(user_id: int) -> User | None:
    return User.objects.filter(pk=user_id, is_active=True).first()
