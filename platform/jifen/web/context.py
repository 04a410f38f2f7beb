"""What every template may ask for (a context processor)."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from jifen.web import nav

PLATFORM = "乡村治理积分"
LARGE_COOKIE = "jifen_large"

_offices: list[Callable[[], str]] = []


def register_office(source: Callable[[], str]) -> None:
    """The room that keeps the town's profile says here how the town names its office (asked inside a town only)."""
    _offices[:] = [source]


def site(request: HttpRequest) -> dict[str, Any]:
    """``site_name`` (the town), ``office_name`` (its own word), ``large`` (elderly mode), ``area``, ``nav`` and
    ``nav_groups`` (the same under headings)."""
    town = getattr(request, "town", None)
    name = str(getattr(town, "name", "") or PLATFORM)
    return {
        "platform_name": PLATFORM,
        "site_name": name,
        "office_name": SimpleLazyObject(lambda: (_offices[0]() if town and _offices else "") or name),
        "large": request.COOKIES.get(LARGE_COOKIE) == "1",
        "area": nav.area_of(request.path),
        "nav": SimpleLazyObject(lambda: nav.items(request)),
        "nav_groups": SimpleLazyObject(lambda: nav.grouped(nav.items(request))),
    }
