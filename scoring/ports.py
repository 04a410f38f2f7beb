"""What others tell scoring when their apps are ready: who objects to what, who has to hear of a correction, what is
wrong with a rulebook, how the town makes its lists and what a point costs."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple, Protocol

from jifen.kernel.actors import Actor
from scoring.rules.overlay import Overlay
from scoring.rules.spec import Rulebook


class ObjectionSource(Protocol):
    def __call__(self, declarations: Collection[int], /, *, is_told: bool) -> set[int]: ...


AskedSource = Callable[[int, int], bool]
_objections: list[ObjectionSource] = []
_asked: list[AskedSource] = []


def register_objection_source(source: ObjectionSource) -> None:
    """``source(declaration ids, is_told=)`` gives those of them to which an objection is not answered yet; when it is
    for the village, without what went past it to the town."""
    if source not in _objections:
        _objections.append(source)


def objected(declarations: Collection[int], *, is_told: bool = False) -> set[int]:
    """Which of ``declarations`` (ids) wait for the answer to an objection.

    ``is_told``: the village reads it (the sheet shows 有异议); what was raised with the town alone is left out.
    """
    return {pk for source in _objections for pk in source(declarations, is_told=is_told)} if declarations else set()


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
    @property
    def changes(self) -> Sequence[tuple[str, Mapping[str, Any] | None]]:
        """What the proposal changes: an item's code, and fields as JSON has them (None: without the item)."""
        ...


FindingSource = Callable[[Examined], Iterable[Finding]]
_finders: list[FindingSource] = []


def register_finding_source(source: FindingSource) -> None:
    """``source(examined)`` gives the faults it knows to look for."""
    if source not in _finders:
        _finders.append(source)


def findings(examined: Examined) -> list[Finding]:
    """All faults that anybody finds, in the order of those who look."""
    return [one for source in _finders for one in source(examined)]


class Tally(NamedTuple):
    """A household's points of some days: what it was given and what was taken from it, both as positive numbers.

    ``barred``: a deed took its right to honours.
    """

    household: int
    village: int
    number: str
    positive: Decimal
    negative: Decimal
    barred: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    """Households (ids) of one village: on the red list, on the black list, among the first that titles go to."""

    red: frozenset[int] = frozenset()
    black: frozenset[int] = frozenset()
    honoured: frozenset[int] = frozenset()


class ListRules(Protocol):
    """How the town makes its lists: in words for people, and for one village's households."""

    @property
    def words(self) -> Mapping[str, str]: ...
    def of(self, village: Sequence[Tally]) -> Listed: ...


ListRulesSource = Callable[[date], ListRules | None]
PointPriceSource = Callable[[date, date], Mapping[int, Decimal]]
_list_rules: list[ListRulesSource] = []
_point_prices: list[PointPriceSource] = []


def register_list_rules(source: ListRulesSource) -> None:
    """``source(day)`` gives the town's rules of that day, or None when it has chosen none."""
    if source not in _list_rules:
        _list_rules.append(source)


def list_rules(day: date) -> ListRules | None:
    """How the town makes its lists on ``day``; None: it has not said."""
    return next((found for source in _list_rules if (found := source(day)) is not None), None)


def register_point_prices(source: PointPriceSource) -> None:
    """``source(first, last)`` gives by village (id) the yuan that one exchanged point cost or would cost then."""
    if source not in _point_prices:
        _point_prices.append(source)


def point_prices(first: date, last: date) -> dict[int, Decimal]:
    """Yuan for a point, by village (id); villages of which nobody knows a price are left out."""
    return {village: price for source in _point_prices for village, price in source(first, last).items()}
