"""Navigation: rooms register entries for an area, the layouts show those a person may open.

An area is the first part of the path under which the pages live (``office``, ``village``, ``provider``, ``district``,
``shop``); a resident's pages have the area ``""``. A long menu is drawn in groups, named after when an office does
its work; the group of the current page is open.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from jifen.kernel.permissions import Permission, grants_of

DAILY, MONTHLY, QUARTERLY, YEARLY = "日常", "每月", "每季", "每年"
ROSTER, RULES, SETTINGS, OWN = "名册", "细则", "设置", "我的"
GROUPS = ("", DAILY, MONTHLY, QUARTERLY, YEARLY, ROSTER, RULES, SETTINGS, OWN)
"""In the order in which a menu shows them; what belongs to none stands first, always in sight."""
LONG = 9
"""A menu with fewer lines is shown whole."""


class Item(NamedTuple):
    """What a layout draws."""

    label: str
    url: str
    icon: str
    active: bool
    waiting: int = 0
    group: str = ""


class Group(NamedTuple):
    """Lines under one heading; the nameless group is no heading's."""

    name: str
    items: list[Item]
    is_open: bool

    @property
    def waiting(self) -> int:
        return sum(item.waiting for item in self.items)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of an area's menu; ``view`` is a URL name, ``permission`` None shows it to everyone.

    ``shown``: whether it is offered to a person who holds the permission (asked once for each page).
    ``waiting``: how many things wait there for a person (asked once for each page), shown as a badge.
    """

    label: str
    view: str
    icon: str
    order: int = 50
    permission: Permission | None = None
    waiting: Callable[[Any], int] | None = None
    group: str = ""
    shown: Callable[[Any], bool] | None = None


_entries: dict[str, list[Entry]] = {}


def register(area: str, *entries: Entry) -> None:
    """Called by a room when its app is ready; registering an entry twice does nothing.

    Raises:
        ValueError: an entry names a group that menus do not have.
    """
    if strange := {entry.group for entry in entries} - set(GROUPS):
        raise ValueError(f"no such group in a menu: {strange}")
    kept = _entries.setdefault(area, [])
    kept.extend(entry for entry in entries if entry not in kept)
    kept.sort(key=lambda entry: entry.order)


def area_of(path: str) -> str:
    """``/office/months/`` → ``office``; an area nobody registered is the resident's."""
    first = path.strip("/").split("/", 1)[0]
    return first if first in _entries else ""


def items(request: HttpRequest) -> list[Item]:
    """The menu of the area that ``request`` is in."""
    shown = [entry for entry in _entries.get(area_of(request.path), []) if _may_open(request, entry)]
    found = [(entry, url) for entry in shown if (url := _url(entry))]
    marked = mark(request.path, [(entry.label, url, entry.icon) for entry, url in found])
    return [
        item._replace(waiting=_waiting(request, entry), group=entry.group)
        for item, (entry, _) in zip(marked, found, strict=True)
    ]


def grouped(shown: Iterable[Item]) -> list[Group]:
    """``shown`` under its headings; a short menu in one nameless group. On a page of no group the first one is open."""
    kept = list(shown)
    if len(kept) < LONG:
        return [Group("", kept, True)] if kept else []
    parts = [(name, [item for item in kept if item.group == name]) for name in GROUPS]
    named = [(name, part) for name, part in parts if part]
    current = next((item.group for item in kept if item.active), "") or next((name for name, _ in named if name), "")
    return [Group(name, part, name in ("", current)) for name, part in named]


def mark(path: str, links: Iterable[tuple[str, str, str]]) -> list[Item]:
    """``(label, url, icon)`` with the one entry marked that is the longest start of ``path``; ``/`` on itself alone."""
    kept = list(links)
    current = max(
        (url for _, url, _ in kept if path.startswith(url) and (url != "/" or path == "/")), key=len, default=""
    )
    return [Item(label, url, icon, url == current) for label, url, icon in kept]


def _may_open(request: HttpRequest, entry: Entry) -> bool:
    user: Any = getattr(request, "user", None)
    if entry.permission is not None and not grants_of(user).allows(entry.permission):
        return False
    return entry.shown is None or entry.shown(user)


def _waiting(request: HttpRequest, entry: Entry) -> int:
    user: Any = getattr(request, "user", None)
    return entry.waiting(user) if entry.waiting and getattr(user, "is_authenticated", False) else 0


def _url(entry: Entry) -> str:
    try:
        return reverse(entry.view)
    except NoReverseMatch:
        return ""
