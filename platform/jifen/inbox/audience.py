"""Whom a channel speaks for: groups of accounts that rooms offer.

A group is an opaque key (``office``, ``village:12``) with a label; the room that offers it knows who is in it today.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from jifen.accounts import selectors as accounts
from jifen.accounts.models import SiteRole

OFFICE = "office"


@dataclass(frozen=True, slots=True)
class Source:
    """``choices``: (key, label) of the groups offered now; ``members``: ids of a group's accounts, none if not its."""

    choices: Callable[[], Iterable[tuple[str, str]]]
    members: Callable[[str], Iterable[int]]


_sources: list[Source] = []


def register(source: Source) -> None:
    """Called by a room when its app is ready."""
    if source not in _sources:
        _sources.append(source)


def choices() -> list[tuple[str, str]]:
    return [choice for source in _sources for choice in source.choices()]


def members(key: str) -> set[int]:
    return {user for source in _sources for user in source.members(key)}


def label(key: str) -> str:
    return dict(choices()).get(key, "已撤销的范围")


def _office(key: str) -> Iterable[int]:
    if key != OFFICE:
        return []
    roles = (SiteRole.TOWN_ADMIN, SiteRole.TOWN_OFFICER)
    return [user for role in roles for user in accounts.holders(role).values_list("pk", flat=True)]


register(Source(lambda: [(OFFICE, "镇办公室")], _office))
