"""A first password is changed before anything else is done."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from jifen.accounts.errors import PasswordChangeNeeded
from jifen.kernel.refusals import refuse

OPEN_VIEWS = frozenset({"login", "logout", "password"})


class FirstPasswordMiddleware:
    """Sends an account with ``must_change_password`` to the page that changes it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Any,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        if not getattr(request.user, "must_change_password", False):
            return None
        if request.resolver_match is not None and request.resolver_match.view_name in OPEN_VIEWS:
            return None
        if request.path.startswith("/api/") or request.headers.get("HX-Request"):
            return refuse(request, PasswordChangeNeeded())
        return redirect("password")
