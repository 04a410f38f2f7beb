"""Where a person starts: the pages of the widest thing she may do here."""

from typing import Any

from django.urls import reverse

from jifen.kernel.permissions import grants_of
from jifen.kernel.tenancy import PUBLIC, current_schema

_STARTS: dict[bool, tuple[tuple[str, str], ...]] = {
    True: (("all", "/provider/"), ("district", "/district/"), ("shop", "/shop/")),
    False: (("all", "/office/"), ("village", "/village/")),
}
"""Public site or town, then kinds of grants with their first page, widest first."""


def home_of(user: Any) -> str:
    """The address of ``user``'s first page on the site being served."""
    if getattr(user, "must_change_password", False):
        return reverse("password")
    held = {grant.kind for grant in grants_of(user).rows if grant.permissions}
    return next((start for kind, start in _STARTS[current_schema() == PUBLIC] if kind in held), "/")
