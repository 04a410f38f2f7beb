"""A flow as boxes for a page (pure: no Django): what the list and the drawing beside it show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jifen.approvals import wording
from jifen.approvals.definition import Definition, Fork, Step
from jifen.approvals.warnings import Concern
from jifen.approvals.wording import Names


@dataclass(frozen=True, slots=True)
class Box:
    """A step: who, how and what else, in words; ``tone`` is that of its worst warning."""

    key: str
    number: str
    name: str
    who: str
    how: str
    when: str
    notes: Sequence[str]
    concerns: Sequence[Concern] = ()
    is_fork: bool = False

    @property
    def tone(self) -> str:
        return _tone(self.concerns)


@dataclass(frozen=True, slots=True)
class Lane:
    """A path of a fork."""

    number: int
    name: str
    when: str
    boxes: Sequence["Box | Split"]

    @property
    def text_number(self) -> str:
        """As a ``spot`` of ``editing`` has it."""
        return str(self.number)


@dataclass(frozen=True, slots=True)
class Split:
    """A fork with its paths side by side."""

    key: str
    number: str
    name: str
    kind: str
    hint: str
    lanes: Sequence[Lane]
    concerns: Sequence[Concern] = ()
    is_fork: bool = True

    @property
    def tone(self) -> str:
        return _tone(self.concerns)


def draw(definition: Definition, names: Names, concerns: Sequence[Concern] = ()) -> list[Box | Split]:
    """The boxes from top to bottom, numbered 1, 2, 2.1.1 …"""
    by_step: dict[str, list[Concern]] = {}
    for one in concerns:
        by_step.setdefault(one.step, []).append(one)
    return _boxes(definition.steps, names, by_step, "")


def _boxes(
    nodes: Sequence[Step | Fork], names: Names, concerns: Mapping[str, list[Concern]], before: str
) -> list[Box | Split]:
    found: list[Box | Split] = []
    for number, node in enumerate(nodes, start=1):
        told = f"{before}{number}"
        found.append(
            _box(node, names, concerns, told) if isinstance(node, Step) else _split(node, names, concerns, told)
        )
    return found


def _box(step: Step, names: Names, concerns: Mapping[str, list[Concern]], number: str) -> Box:
    when = wording.condition(step.when, names) if step.when else ""
    who, how = wording.whos(step.who, names), wording.how(step)
    return Box(step.key, number, step.name, who, how, when, wording.notes(step, names), concerns.get(step.key, ()))


def _split(fork: Fork, names: Names, concerns: Mapping[str, list[Concern]], number: str) -> Split:
    lanes = [
        Lane(
            index,
            path.name or f"第{index + 1}路",
            wording.condition(path.when, names) if path.when else "",
            _boxes(path.steps, names, concerns, f"{number}.{index + 1}."),
        )
        for index, path in enumerate(fork.paths)
    ]
    hint = wording.FORK_HINTS[fork.kind]
    return Split(fork.key, number, wording.fork(fork), fork.kind, hint, lanes, concerns.get(fork.key, ()))


def _tone(concerns: Sequence[Concern]) -> str:
    tones = {one.tone for one in concerns}
    return "bad" if "bad" in tones else "wait" if tones else ""
