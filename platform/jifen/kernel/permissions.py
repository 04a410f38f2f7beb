"""Deny by default: every view declares what it takes, every person is asked what she holds.

A room defines its permissions as an enum (``class ScoringPermission(Permission)``). Who holds them comes from grant
sources: ``accounts`` answers for roles that cover a whole site, ``tenants`` for roles bound to a district or a village,
``redemption`` for shops. ``page`` marks a view; ``DenyByDefaultMiddleware`` refuses one that carries no mark.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from typing import Any, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils.http import urlencode

from jifen.kernel.errors import Forbidden, Unauthenticated
from jifen.kernel.refusals import refuse

P = ParamSpec("P")


class Permission(StrEnum):
    """Base of each room's permissions; values read ``room.act``."""


class Access(StrEnum):
    """For views that ask for no permission: say so openly."""

    ANYONE = "anyone"
    SIGNED_IN = "signed_in"


Requirement = Permission | Access


@dataclass(frozen=True, slots=True)
class Grant:
    """Permissions held over everything (``kind="all"``) or one ``district``, ``village``, ``household`` or ``shop``."""

    permissions: frozenset[Permission]
    kind: str = "all"
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Grants:
    """What one person holds here and now."""

    rows: tuple[Grant, ...] = ()

    def allows(self, permission: Permission, **scope: int) -> bool:
        """Held at all; with ``village=3`` held over that village (or over everything)."""
        held = [grant for grant in self.rows if permission in grant.permissions]
        if not scope:
            return bool(held)
        [(kind, id_)] = scope.items()
        return any(grant.kind == "all" or (grant.kind == kind and grant.id == id_) for grant in held)

    def scope(self, permission: Permission, kind: str) -> set[int] | None:
        """The ids of ``kind`` over which it is held; ``None`` means all of them."""
        held = [grant for grant in self.rows if permission in grant.permissions]
        if any(grant.kind == "all" for grant in held):
            return None
        return {grant.id for grant in held if grant.kind == kind and grant.id is not None}


_allotted: dict[str, set[Permission]] = {}


def allot(role: str, *permissions: Permission) -> None:
    """A room says, when its app is ready, what people of ``role`` may do in it."""
    _allotted.setdefault(str(role), set()).update(permissions)


def allotted_to(role: str) -> frozenset[Permission]:
    """All that rooms have allotted to ``role``; grant sources build their grants from it."""
    return frozenset(_allotted.get(str(role), ()))


GrantSource = Callable[[Any], Iterable[Grant]]
_sources: list[GrantSource] = []


def register_grants(source: GrantSource) -> None:
    """A room that knows who holds what registers here when its app is ready."""
    if source not in _sources:
        _sources.append(source)


def grants_of(user: Any) -> Grants:
    """Asked of all sources once per request (kept on the user object)."""
    if not getattr(user, "is_authenticated", False):
        return Grants()
    kept: Grants | None = getattr(user, "_jifen_grants", None)
    if kept is None:
        kept = Grants(tuple(grant for source in _sources for grant in source(user)))
        user._jifen_grants = kept
    return kept


def require(user: Any, permission: Permission, **scope: int) -> None:
    """Raises:
    Unauthenticated: nobody is signed in.
    Forbidden: the person does not hold ``permission`` over ``scope``.
    """
    if not getattr(user, "is_authenticated", False):
        raise Unauthenticated
    if not grants_of(user).allows(permission, **scope):
        raise Forbidden(permission=str(permission))


def page(permission: Requirement) -> Callable[[Callable[P, Any]], Callable[P, Any]]:
    """Marks a page view with what it takes; the middleware holds it."""

    def mark(view: Callable[P, Any]) -> Callable[P, Any]:
        @wraps(view)
        def marked(*args: P.args, **kwargs: P.kwargs) -> Any:
            return view(*args, **kwargs)

        marked.permission = permission  # type: ignore[attr-defined]
        return marked

    return mark


def requirement_of(view: Any) -> Requirement | dict[str, Requirement] | None:
    """What a resolved view declares: an attribute of the function, or of the class behind it."""
    cls = getattr(view, "cls", None) or getattr(view, "view_class", None)
    return getattr(view, "permission", None) or getattr(cls, "permission", None) or getattr(cls, "permissions", None)


def to_login(request: HttpRequest) -> HttpResponseBase:
    """To the login page, and back here afterwards; a fragment request makes the whole page go there."""
    if request.headers.get("HX-Request"):
        return refuse(request, Unauthenticated())
    return HttpResponseRedirect(f"{settings.LOGIN_URL}?{urlencode({'next': request.get_full_path()})}")


class DenyByDefaultMiddleware:
    """Refuses a view without a declared permission; asks for a sign-in or refuses a person without it.

    REST endpoints (classes) are held by ``jifen.api.permissions.Declared``, which answers with problem details.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        needed = requirement_of(view)
        if needed is None:
            return refuse(request, Forbidden())
        if needed == Access.ANYONE or hasattr(view, "cls"):
            return None
        if not request.user.is_authenticated:
            return to_login(request)
        if isinstance(needed, Permission) and not grants_of(request.user).allows(needed):
            return refuse(request, Forbidden(permission=str(needed)))
        return None
