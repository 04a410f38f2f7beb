"""Deny by default for endpoints: each declares what every one of its actions takes."""

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from jifen.kernel.errors import Forbidden, Unauthenticated
from jifen.kernel.permissions import Access, Requirement, grants_of


class Declared(BasePermission):
    """Holds ``view.permissions``: action (``list``, ``create``, …) or method (``get``, …) to requirement."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if request.method not in view.allowed_methods:
            return True  # DRF answers 405
        check(request.user, requirement(request, view))
        return True


def requirement(request: Request, view: Any) -> Requirement | None:
    """What this call takes; ``None`` when nothing is declared for it."""
    declared: dict[str, Requirement] = getattr(view, "permissions", {})
    return declared.get(getattr(view, "action", None) or str(request.method).lower())


def check(user: Any, needed: Requirement | None) -> None:
    """Raises:
    Unauthenticated: nobody is signed in.
    Forbidden: it is not held, or nothing was declared.
    """
    if needed is None:
        raise Forbidden
    if needed == Access.ANYONE:
        return
    if not getattr(user, "is_authenticated", False):
        raise Unauthenticated
    if needed != Access.SIGNED_IN and not grants_of(user).allows(needed):
        raise Forbidden(permission=str(needed))
