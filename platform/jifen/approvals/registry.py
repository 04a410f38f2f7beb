"""What rooms tell approvals: their subjects, who holds which role or seat, and who must stand back."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from jifen.approvals.errors import SubjectUnknown
from jifen.approvals.models import Item
from jifen.kernel import cel
from jifen.kernel.actors import Actor

Effect = Callable[[Item, Actor], object]
Bar = Callable[[Item, Actor], bool]
Holders = Callable[[Mapping[str, Any], int | None], Iterable[int]]


@dataclass(slots=True)
class Subject:
    """``facts``: what conditions may look at, and of which kind it is."""

    kind: str
    on_approved: Effect
    on_rejected: Effect
    facts: Mapping[str, cel.Kind]
    bars: list[Bar]


_subjects: dict[str, Subject] = {}
_bars: dict[str, list[Bar]] = {}
_holders: list[Holders] = []


def register(
    subject_kind: str, on_approved: Effect, on_rejected: Effect, *, facts: Mapping[str, cel.Kind] | None = None
) -> None:
    """A room's kind of subject; the effects run in the deciding transaction with the item and the last decider."""
    bars = _bars.setdefault(subject_kind, [])
    _subjects[subject_kind] = Subject(subject_kind, on_approved, on_rejected, facts or {}, bars)


def register_bar(subject_kind: str, bar: Bar) -> None:
    """``bar(item, actor)`` is true when ``actor`` must stand back from the item (I11)."""
    bars = _bars.setdefault(subject_kind, [])
    if bar not in bars:
        bars.append(bar)


def register_holders(source: Holders) -> None:
    """``source(who, village_id)`` gives the ids of the town's accounts that ``who`` (role, seat) means in a village."""
    if source not in _holders:
        _holders.append(source)


def subject(kind: str) -> Subject:
    """Raises:
    SubjectUnknown: no room has registered it.
    """
    if kind not in _subjects:
        raise SubjectUnknown(kind=kind)
    return _subjects[kind]


def facts_of(kind: str) -> Mapping[str, cel.Kind]:
    """Empty for a kind that nobody has registered (yet)."""
    return _subjects[kind].facts if kind in _subjects else {}


def is_barred(item: Item, actor: Actor) -> bool:
    return any(bar(item, actor) for bar in _bars.get(item.subject_kind, ()))


def holders(who: Mapping[str, Any], village_id: int | None) -> set[int]:
    """Ids of the accounts that decide, the recused among them."""
    return {user_id for source in _holders for user_id in source(who, village_id)}
