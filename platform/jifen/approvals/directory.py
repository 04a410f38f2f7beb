"""What the designer and the test drive ask of the room that keeps villages and people: who there is to choose from."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from jifen.approvals.definition import Who

Choices = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Person:
    """A villager whom a test drive is about; ``group_id`` and ``village_id`` are where she lives."""

    id: int
    name: str
    place: str
    village_id: int
    group_id: int | None


class Directory(Protocol):
    def roles(self) -> Choices:
        """Roles in a village: ``(stored, word)``."""

    def watchers(self) -> Collection[str]:
        """Those of the roles that see everything and decide nothing."""

    def seats(self) -> Sequence[str]:
        """Names of the seats that somebody holds today."""

    def villages(self) -> Sequence[tuple[int, str]]:
        """The town's villages."""

    def by_group(self, who: Who) -> Mapping[int, Mapping[str, set[int]]]:
        """For each village and each of its groups (by name) the accounts that ``who`` means there."""

    def people(self, village_id: int, words: str) -> Sequence[Person]:
        """Villagers by the beginning of name or pinyin, at most twenty."""

    def accounts(self, person: Person) -> Mapping[str, set[int]]:
        """The account of the villager (``person``) and of the head of the household (``head``); empty without one."""

    def related(self, person: Person) -> set[int]:
        """Accounts that decide nothing on this villager's deeds (I11)."""

    def kin(self, users: Collection[int]) -> Mapping[int, set[int]]:
        """For each villager's account those that decide nothing on her household's deeds, herself among them."""


class _Nobody:
    """Before a room has registered: nothing to choose from."""

    def roles(self) -> Choices:
        return ()

    def watchers(self) -> Collection[str]:
        return ()

    def seats(self) -> Sequence[str]:
        return ()

    def villages(self) -> Sequence[tuple[int, str]]:
        return ()

    def by_group(self, who: Who) -> Mapping[int, Mapping[str, set[int]]]:
        return {}

    def people(self, village_id: int, words: str) -> Sequence[Person]:
        return ()

    def accounts(self, person: Person) -> Mapping[str, set[int]]:
        return {}

    def related(self, person: Person) -> set[int]:
        return set()

    def kin(self, users: Collection[int]) -> Mapping[int, set[int]]:
        return {}


_known: list[Directory] = [_Nobody()]
_office: list[tuple[str, str]] = []


def register(directory: Directory) -> None:
    """Called by the room that keeps people when its app is ready."""
    _known[:] = [directory]


def roles() -> dict[str, str]:
    """Every role that a flow can name, of the village and of the town's office, with its word."""
    return {**dict(here().roles()), **dict(_office)}


def register_office(roles: Choices) -> None:
    """The town's own roles: ``(stored, word)``."""
    _office[:] = roles


def here() -> Directory:
    return _known[0]
