"""A test drive: what would happen to a thing that does not exist yet (pure: no Django).

``drive`` walks a flow with given facts and says for every step who would be asked, who would stand back and why, how
many words it takes and until when; for every fork which paths would be gone and why. Where fewer words are enough than
people are asked, it names those whom it takes to approve: no others count as having approved before.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from jifen.approvals import machine, seating, wording
from jifen.approvals.definition import Definition, Fork, Path, Step, Who
from jifen.approvals.seating import Seat
from jifen.approvals.wording import Names
from jifen.kernel import cel

_TEXT = re.compile(r'"(?:[^"\\]|\\.)*"')
_WORD = re.compile(r"[A-Za-z_]\w*")


@dataclass(frozen=True, slots=True)
class Case:
    """``people`` are the accounts a ``Who`` means here; ``kin`` those that stand back from the person it is about;
    ``later`` those of which only a real item can tell who they are.

    ``instead``: giver and receiver of what is delegated when it starts.
    """

    facts: Mapping[str, Any]
    kinds: Mapping[str, cel.Kind]
    start: datetime
    names: Names
    people: Callable[[Who], Collection[int]]
    kin: Collection[int] = ()
    office: Collection[int] = ()
    about: str = ""
    later: Collection[Who] = ()
    instead: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StepLine:
    """``taken`` is false for a step that does not apply; ``due`` is the latest moment its limit allows.

    ``approving``: the accounts that are taken to approve; ``assumed`` says so where others could as well.
    """

    key: str
    name: str
    taken: bool
    why: str = ""
    people: Sequence[str] = ()
    recused: Sequence[str] = ()
    told: str = ""
    approving: Sequence[int] = ()
    assumed: str = ""
    due: datetime | None = None
    notes: Sequence[str] = ()
    stuck: bool = False


@dataclass(frozen=True, slots=True)
class PathLine:
    name: str
    taken: bool
    why: str
    lines: Sequence["StepLine | ForkLine"] = ()


@dataclass(frozen=True, slots=True)
class ForkLine:
    key: str
    name: str
    hint: str
    paths: Sequence[PathLine] = ()


@dataclass(slots=True)
class _Run:
    """``now``: the latest moment at which the next step begins. ``agreed`` have approved; ``others`` were asked and
    might have instead. ``again``: for each step that passes over who has approved, whom it asks."""

    now: datetime
    again: Mapping[str, Collection[int]]
    agreed: set[int] = field(default_factory=set)
    others: set[int] = field(default_factory=set)
    definition: Definition | None = None

    def met_later(self, step: Step) -> set[int]:
        """Whom a later step would pass over, had she approved."""
        keys = machine.later(self.definition, step.key) - {step.key} if self.definition else set()
        return {user for key in keys for user in self.again.get(key, ())}


def drive(definition: Definition, case: Case) -> list[StepLine | ForkLine]:
    """The lines, in the order in which an item would meet them."""
    steps = [step for step in definition.all_steps() if step.same_person == "skip"]
    again = {step.key: {seat.user_id for seat in _seats(step, case)} for step in steps}
    return _walk(definition.steps, case, _Run(case.start, again, definition=definition))


def ends(lines: Sequence[StepLine | ForkLine]) -> datetime | None:
    """The latest moment of all, when every taken step has a limit to it."""
    return max((due for line in lines for due in _dues(line)), default=None)


def _dues(line: StepLine | ForkLine) -> list[datetime]:
    if isinstance(line, StepLine):
        return [line.due] if line.due else []
    return [due for path in line.paths for inner in path.lines for due in _dues(inner)]


def _walk(nodes: Sequence[Step | Fork], case: Case, run: _Run) -> list[StepLine | ForkLine]:
    return [_step(one, case, run) if isinstance(one, Step) else _fork(one, case, run) for one in nodes]


def _holds(condition: str, case: Case) -> bool | None:
    """``None`` where it cannot be told."""
    facts = machine.Facts(case.facts, case.kinds)
    surely, perhaps = (facts.hold(condition, unknown=unknown) for unknown in (False, True))
    return surely if surely == perhaps else None


def _depends(condition: str, case: Case) -> str:
    """要看分值: what has to be known for it."""
    words = dict.fromkeys(_WORD.findall(_TEXT.sub("", condition)))
    open_ones = [case.names.fact(one) for one in words if one in case.kinds and case.facts.get(one) is None]
    return f"要看{'、'.join(open_ones)}" if open_ones else "现在还算不出来"


def _step(step: Step, case: Case, run: _Run) -> StepLine:
    holds, told = _holds(step.when, case), wording.condition(step.when, case.names)
    if holds is False:
        return StepLine(step.key, step.name, taken=False, why=f"不经过：不符合“{told}”")
    why = f"符合“{told}”" if told else ""
    if holds is None:
        why = f"{_depends(step.when, case)}：符合“{told}”才问，没有填，先按要问的算"
    plan = _plan(step, case)
    line = StepLine(
        step.key, step.name, taken=True, why=why, recused=_named([one.user_id for one in plan.recused], case)
    )
    if plan.seats or _later(step, case):
        return _asked(line, step, plan.seats, case, run)
    return _nobody(line, step, case, run)


def _nobody(line: StepLine, step: Step, case: Case, run: _Run) -> StepLine:
    if step.empty == "skip":
        return replace(line, taken=False, why="没有人可问，跳过")
    office = sorted(set(case.office) - set(case.kin)) if step.empty == "office" else []
    if office:
        told = replace(line, why="没有人可问，转镇级办公室")
        return _asked(told, step, seating.of_office(office), case, run)
    return replace(line, why="没有人可问，停在这一步", stuck=True)


def _asked(line: StepLine, step: Step, seats: Sequence[Seat], case: Case, run: _Run) -> StepLine:
    users, later = {seat.user_id for seat in seats}, _later(step, case)
    before = users & run.agreed if step.same_person == "skip" else set()
    count, said = _words(step, seats, before, run.met_later(step), unknown=bool(later))
    if before and count.outcome == "passed" and not (later and step.how != "any"):
        return replace(line, told="前面同意过的人在这里，不再问", people=_named(before, case))
    notes = [*wording.notes(step, case.names), *_met_before(step, before, users & run.others - run.agreed, case)]
    rest = users - before - set(said)
    run.agreed |= set(said)
    run.others |= rest
    needed = "" if later else f"（需{_needed(step, seats, count)}{'票' if step.quorum else '人'}）"
    people = [*_standing_in([seat for seat in seats if seat.user_id not in before], step, case), *later]
    told, assumed = f"{wording.how(step)}{needed}", _assumed(step, said, rest, case)
    line = replace(line, told=told, people=people, approving=said, assumed=assumed, notes=notes)
    if step.limit is None:
        return line
    run.now += timedelta(days=step.limit.days, hours=step.limit.hours)
    return replace(line, due=run.now)


def _words(
    step: Step, seats: Sequence[Seat], before: Collection[int], met: Collection[int], *, unknown: bool
) -> tuple[machine.Count, list[int]]:
    """What the words of ``before`` make of the step, and who approves then until it has passed.

    Those come first whose part is required, then those whom no later step would pass over, so that no day is told too
    early. ``unknown``: there are others whom nobody knows yet; then only those approve without whom it never passes.
    """
    first = machine.count(step, _works(seats, before))
    if unknown:
        asked = [seat.user_id for seat in seats if seat.user_id not in before]
        return first, [] if step.how in ("any", "quorum") else asked
    said: list[int] = []
    count = first
    while count.outcome == "open" and count.turn:
        heard = {*before, *said}
        parts = {part for seat in seats if seat.user_id in heard for part in seat.parts}
        due = [seat for seat in seats if seat.user_id in count.turn]
        said.append(min(due, key=lambda seat: _rank(step, seat, parts, met)).user_id)
        count = machine.count(step, _works(seats, {*before, *said}))
    return first, said


def _rank(step: Step, seat: Seat, parts: Collection[int], met: Collection[int]) -> tuple[bool, bool, int]:
    required = step.how == "quorum" and any(step.who[part].required for part in {*seat.parts} - {*parts})
    return not required, seat.user_id in met, -seat.weight if step.how == "quorum" else 0


def _works(seats: Sequence[Seat], said: Collection[int]) -> list[machine.Work]:
    words = {True: ("done", machine.APPROVE), False: ("waiting", "")}
    return [
        machine.Work(seat.user_id, *_at(number, words[seat.user_id in said]), weight=seat.weight, parts=seat.parts)
        for number, seat in enumerate(seats)
    ]


def _at(number: int, word: tuple[str, str]) -> tuple[str, int, str]:
    return word[0], number, word[1]


def _needed(step: Step, seats: Sequence[Seat], count: machine.Count) -> int:
    if step.quorum is not None:
        return count.needed
    return 1 if step.how == "any" else len(seats)


def _assumed(step: Step, said: Sequence[int], rest: Collection[int], case: Case) -> str:
    if not said or not rest:
        return "" if said or not rest else "谁会同意现在还不知道，后面不当作有人同意过"
    enough = "只要一人同意" if step.how == "any" else "不用全都同意"
    return f"{enough}：这里按{'、'.join(_named(said, case))}同意来算，其余{len(rest)}人不算同意过"


def _met_before(step: Step, before: Collection[int], others: Collection[int], case: Case) -> list[str]:
    if step.same_person != "skip":
        return []
    told = [f"{'、'.join(_named(before, case))}前面同意过，不再问"] if before else []
    return told + ([f"要是{'、'.join(_named(others, case))}在前面同意过，这里不再问本人"] if others else [])


def _later(step: Step, case: Case) -> list[str]:
    return [f"{wording.who(one, case.names)}（到时候才知道是谁）" for one in step.who if one in case.later]


def _plan(step: Step, case: Case) -> seating.Plan:
    """As a real item asks (``seating``): who stands back, who stands in, whose work is delegated."""
    return seating.seated(seating.meaning(step, lambda who: _meant(who, case)), case.kin, case.instead)


def _meant(who: Who, case: Case) -> list[int]:
    people = set(case.people(who))
    return [one for one in who.named() if one in people] or sorted(people)


def _seats(step: Step, case: Case) -> Sequence[Seat]:
    return _plan(step, case).seats


def _standing_in(seats: Sequence[Seat], step: Step, case: Case) -> list[str]:
    """By name, as 李委员（代王管理）; in the order in which they are asked, where there is one."""
    told = [_called(seat, case) for seat in seats]
    return told if step.how == "in_order" else sorted(told)


def _called(seat: Seat, case: Case) -> str:
    [name], [meant] = _named([seat.user_id], case), _named([seat.holder_id], case)
    return f"{name}（代{meant}）" if seat.origin == seating.DELEGATE else name


def _fork(fork: Fork, case: Case, run: _Run) -> ForkLine:
    begun, latest, chosen = run.now, run.now, False
    lines = []
    for number, path in enumerate(fork.paths, start=1):
        taken = _holds(path.when, case) is True and not (fork.kind == "choose" and chosen)
        run.now = begun
        inner = _walk(path.steps, case, run) if taken else []
        lines.append(PathLine(path.name or f"第{number}路", taken, _path_why(path, taken, chosen, case), inner))
        latest, chosen = max(latest, run.now), chosen or taken
    run.now = latest
    return ForkLine(fork.key, wording.fork(fork), wording.FORK_HINTS[fork.kind], lines)


def _path_why(path: Path, taken: bool, chosen: bool, case: Case) -> str:
    told, holds = wording.condition(path.when, case.names), _holds(path.when, case)
    if taken:
        return f"符合“{told}”" if told else ""
    if holds is None:
        return f"{_depends(path.when, case)}：符合“{told}”才走，没有填，先按不走的算"
    return "前面已经选了别的路" if chosen and holds else f"不符合“{told}”"


def _named(users: Collection[int], case: Case) -> list[str]:
    return sorted(case.names.users.get(user, "已停用的账号") for user in users)
