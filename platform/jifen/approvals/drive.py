"""A test drive: what would happen to a thing that does not exist yet (pure: no Django).

``drive`` walks a flow with given facts and says for every step who would be asked, who would stand back and why, how
many words it takes and until when; for every fork which paths would be gone and why.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from jifen.approvals import machine, wording
from jifen.approvals.definition import Definition, Fork, Path, Step, Who
from jifen.approvals.wording import Names
from jifen.kernel import cel


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
    """``taken`` is false for a step that does not apply; ``due`` is the latest moment its limit allows."""

    key: str
    name: str
    taken: bool
    why: str = ""
    people: Sequence[str] = ()
    recused: Sequence[str] = ()
    told: str = ""
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
class _Clock:
    """The latest moment at which the next step begins."""

    now: datetime
    seen: set[int] = field(default_factory=set)


def drive(definition: Definition, case: Case) -> list[StepLine | ForkLine]:
    """The lines, in the order in which an item would meet them."""
    return _walk(definition.steps, case, _Clock(case.start))


def ends(lines: Sequence[StepLine | ForkLine]) -> datetime | None:
    """The latest moment of all, when every taken step has a limit to it."""
    return max((due for line in lines for due in _dues(line)), default=None)


def _dues(line: StepLine | ForkLine) -> list[datetime]:
    if isinstance(line, StepLine):
        return [line.due] if line.due else []
    return [due for path in line.paths for inner in path.lines for due in _dues(inner)]


def _walk(nodes: Sequence[Step | Fork], case: Case, clock: _Clock) -> list[StepLine | ForkLine]:
    return [_step(one, case, clock) if isinstance(one, Step) else _fork(one, case, clock) for one in nodes]


def _holds(condition: str, case: Case) -> bool:
    if not condition:
        return True
    values = {name: _value(case.facts.get(name), kind) for name, kind in case.kinds.items()}
    return cel.compile_expression(condition, case.kinds, condition=True).holds(values)


def _value(stored: Any, kind: cel.Kind) -> cel.Value:
    value: cel.Value = stored
    return value if stored is None or kind != "number" else Decimal(str(stored))


def _step(step: Step, case: Case, clock: _Clock) -> StepLine:
    if not _holds(step.when, case):
        why = f"不经过：不符合“{wording.condition(step.when, case.names)}”"
        return StepLine(step.key, step.name, taken=False, why=why)
    asked, recused = _asked(step, case)
    doing = _doing(asked, case)
    before = set(doing) & clock.seen if step.same_person == "skip" else set()
    why = f"符合“{wording.condition(step.when, case.names)}”" if step.when else ""
    line = StepLine(step.key, step.name, taken=True, why=why, recused=_named(recused, case))
    if before and step.how == "any":
        return replace(line, told="前面同意过的人在这里，不再问", people=_named(before, case))
    if not asked and not _later(step, case):
        return _nobody(line, step, case, clock)
    clock.seen |= set(doing)
    return _taken(line, step, asked, case, clock)


def _later(step: Step, case: Case) -> list[str]:
    return [f"{wording.who(one, case.names)}（到时候才知道是谁）" for one in step.who if one in case.later]


def _taken(line: StepLine, step: Step, asked: set[int], case: Case, clock: _Clock) -> StepLine:
    due = None
    if step.limit is not None:
        clock.now += timedelta(days=step.limit.days, hours=step.limit.hours)
        due = clock.now
    later = _later(step, case)
    needed = "" if later else f"（需{_needed(step, asked, case)}{'票' if step.quorum else '人'}）"
    told, people = f"{wording.how(step)}{needed}", [*_standing_in(asked, case), *later]
    return replace(line, told=told, due=due, people=people, notes=wording.notes(step, case.names))


def _nobody(line: StepLine, step: Step, case: Case, clock: _Clock) -> StepLine:
    if step.empty == "skip":
        return replace(line, taken=False, why="没有人可问，跳过")
    if step.empty == "office" and case.office:
        return replace(_taken(line, step, set(case.office), case, clock), why="没有人可问，转镇级办公室")
    return replace(line, why="没有人可问，停在这一步", stuck=True)


def _asked(step: Step, case: Case) -> tuple[set[int], set[int]]:
    """Who is asked, and who stands back; for each of these one substitute steps in, as far as there are any."""
    asked: set[int] = set()
    recused: set[int] = set()
    for one in step.who:
        spare = sorted(case.people(one.substitute)) if one.substitute else []
        people = set(case.people(one)) - set(spare)
        back = people & set(case.kin)
        asked |= people - back
        recused |= back
        free = [user for user in spare if user not in case.kin and user not in asked]
        asked |= set(free[: len(back)])
    return asked, recused


def _doing(asked: set[int], case: Case) -> dict[int, int]:
    """Who does it, and for whom: a delegate who must stand back, or is asked herself, does not stand in."""
    found: dict[int, int] = {}
    for user in sorted(asked):
        receiver = next(reversed(machine.chain(user, case.instead)), user)
        taken = receiver in case.kin or receiver in asked or receiver in found
        found[user if taken else receiver] = user
    return found


def _standing_in(asked: set[int], case: Case) -> list[str]:
    """By name, as 李委员（代王管理）."""
    told = []
    for user, giver in _doing(asked, case).items():
        [name], [meant] = _named([user], case), _named([giver], case)
        told.append(name if user == giver else f"{name}（代{meant}）")
    return sorted(told)


def _needed(step: Step, asked: set[int], case: Case) -> int:
    if step.quorum is None:
        return 1 if step.how == "any" else len(asked)
    weights = dict.fromkeys(asked, 1)
    for one in step.who:
        weights |= {user: max(one.weight, weights[user]) for user in case.people(one) if user in asked}
    return step.quorum.of(sum(weights.values()))


def _fork(fork: Fork, case: Case, clock: _Clock) -> ForkLine:
    begun, latest, chosen = clock.now, clock.now, False
    lines = []
    for number, path in enumerate(fork.paths, start=1):
        taken = _holds(path.when, case) and not (fork.kind == "choose" and chosen)
        clock.now = begun
        inner = _walk(path.steps, case, clock) if taken else []
        lines.append(PathLine(path.name or f"第{number}路", taken, _path_why(path, taken, chosen, case), inner))
        latest, chosen = max(latest, clock.now), chosen or taken
    clock.now = latest
    return ForkLine(fork.key, wording.fork(fork), wording.FORK_HINTS[fork.kind], lines)


def _path_why(path: Path, taken: bool, chosen: bool, case: Case) -> str:
    told = wording.condition(path.when, case.names)
    if taken:
        return f"符合“{told}”" if told else ""
    return "前面已经选了别的路" if chosen and _holds(path.when, case) else f"不符合“{told}”"


def _named(users: Collection[int], case: Case) -> list[str]:
    return sorted(case.names.users.get(user, "已停用的账号") for user in users)
