"""What somebody has in hand when she leaves a post, as the rooms know it: open work, and things that are counted.

Work that belongs to a post goes with the post; it is told here so that it stands on the list that is signed.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from jifen.accounts.models import User


@dataclass(frozen=True, slots=True)
class Open:
    """Open work: what, how many, and what should be known of it."""

    name: str
    count: int
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Thing:
    """A seal, a passbook, goods; ``count`` None where nobody has counted."""

    what: str
    count: int | None = None
    remark: str = ""


WorkSource = Callable[[User], Iterable[Open]]
ThingSource = Callable[[User], Iterable[Thing]]
_work: list[WorkSource] = []
_things: list[ThingSource] = []


def register(work: WorkSource, things: ThingSource | None = None) -> None:
    """Called by a room when its app is ready."""
    if work not in _work:
        _work.append(work)
    if things is not None and things not in _things:
        _things.append(things)


def work_of(user: User) -> list[Open]:
    return [one for source in _work for one in source(user) if one.count]


def things_of(user: User) -> list[Thing]:
    return [one for source in _things for one in source(user)]
