"""What others tell scoring when their apps are ready: who objects to what, who has to hear of a correction, and what is
wrong with a rulebook."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Protocol

from jifen.kernel.actors import Actor
from scoring.rules.overlay import Overlay
from scoring.rules.spec import Rulebook

ObjectionSource = Callable[[Collection[int]], set[int]]
AskedSource = Callable[[int, int], bool]
_objections: list[ObjectionSource] = []
_asked: list[AskedSource] = []


def register_objection_source(source: ObjectionSource) -> None:
    """``source(declaration ids)`` gives those of them to which an objection is not answered yet."""
    if source not in _objections:
        _objections.append(source)


def objected(declarations: Collection[int]) -> set[int]:
    """Which of ``declarations`` (ids) wait for the answer to an objection: the sheet shows 有异议."""
    return {pk for source in _objections for pk in source(declarations)} if declarations else set()


def register_asked_source(source: AskedSource) -> None:
    """``source(household id, posting id)``: whether that household objected to it, answered or not."""
    if source not in _asked:
        _asked.append(source)


def asked(household: int, posting: int) -> bool:
    """Whether ``household`` (id) objected to ``posting`` (id) already: its page offers no second objection."""
    return any(source(household, posting) for source in _asked)


CorrectionListener = Callable[[Collection[int], Actor], None]
_corrections: list[CorrectionListener] = []


def register_correction_listener(listener: CorrectionListener) -> None:
    """``listener(reversals, by)`` hears of postings (ids) that took something back, in the same transaction."""
    if listener not in _corrections:
        _corrections.append(listener)


def corrected(reversals: Collection[int], by: Actor) -> None:
    """Called by whoever reverses and does not announce it herself."""
    for listener in _corrections if reversals else ():
        listener(reversals, by)


@dataclass(frozen=True, slots=True)
class Examined:
    """A rulebook before it is handed in, for whoever looks for faults.

    ``village``: id, None for the town's. ``before``: what is in force in its place, if anything is. ``overlay``: what a
    village changed; None for the town's.
    """

    rulebook: Rulebook
    village: int | None
    before: Rulebook | None
    overlay: Overlay | None


class Finding(Protocol):
    """One fault: ``kind`` (near_duplicate, legality, …), the items' codes, what is wrong and a proposal, in Chinese.

    A blocking one is mended, or signed off with a reason, before the rulebook goes on.
    """

    @property
    def kind(self) -> str: ...
    @property
    def codes(self) -> tuple[str, ...]: ...
    @property
    def text(self) -> str: ...
    @property
    def mend(self) -> str: ...
    @property
    def blocking(self) -> bool: ...


FindingSource = Callable[[Examined], Iterable[Finding]]
_finders: list[FindingSource] = []


def register_finding_source(source: FindingSource) -> None:
    """``source(examined)`` gives the faults it knows to look for."""
    if source not in _finders:
        _finders.append(source)


def findings(examined: Examined) -> list[Finding]:
    """All faults that anybody finds, in the order of those who look."""
    return [one for source in _finders for one in source(examined)]
