"""Opening the page that a message leads to reads the message, whichever way one came."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase

from jifen.inbox import services
from jifen.kernel.database import connection
from jifen.kernel.tenancy import PUBLIC
from jifen.web import nav


class VisitMiddleware:
    """Stands behind the check of permissions, before the page counts what is unread."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        user: Any = request.user
        addresses = _addresses(request.path) if request.method == "GET" else []
        if addresses and connection.schema_name != PUBLIC and user.is_authenticated:
            services.visited(addresses=addresses, by=user)


def _addresses(path: str) -> list[str]:
    """``/village/work/`` answers for ``/work/`` too. A home page answers for nothing: everybody passes it."""
    area = nav.area_of(path)
    home = f"/{area}/" if area else "/"
    if path == home or path.startswith("/api/"):
        return []
    return [path, f"/{path.removeprefix(home)}"] if area else [path]
