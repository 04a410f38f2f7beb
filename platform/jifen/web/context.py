"""What every template may ask for (a context processor)."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from jifen.web import nav

PLATFORM = "乡村治理积分"
LARGE_COOKIE = "jifen_large"


def site(request: HttpRequest) -> dict[str, Any]:
    """``site_name`` (the town), ``office_name`` (the town's own office), ``large`` (elderly mode), ``nav``, ``area``."""
    town = getattr(request, "town", None)
    name = str(getattr(town, "name", "") or PLATFORM)
    return {
        "platform_name": PLATFORM,
        "site_name": name,
        "office_name": str(getattr(town, "office_name", "") or name),
        "large": request.COOKIES.get(LARGE_COOKIE) == "1",
        "area": nav.area_of(request.path),
        "nav": SimpleLazyObject(lambda: nav.items(request)),
    }
