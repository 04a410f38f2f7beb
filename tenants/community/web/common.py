"""What the pages of the office and of a village share. ``area``: office or village; each sees what it may."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest

from jifen.kernel.errors import JifenError
from jifen.kernel.permissions import grants_of
from jifen.web.forms import Form
from tenants.community import selectors
from tenants.community.models import Village
from tenants.community.permissions import CommunityPermission as May

PER_PAGE = 50


def frame(request: HttpRequest, area: str) -> dict[str, Any]:
    """``prefix`` of this area's addresses and what the person may do here."""
    held = grants_of(request.user)
    return {
        "area": area,
        "prefix": f"community:{area}_",
        "may_manage": held.allows(May.MANAGE_ROSTER),
        "may_manage_town": held.allows(May.MANAGE_TOWN),
    }


def managed(request: HttpRequest) -> QuerySet[Village]:
    """The villages whose roster the person keeps."""
    return selectors.villages_for(request.user, May.MANAGE_ROSTER)


def has_whole_town(request: HttpRequest) -> bool:
    return grants_of(request.user).scope(May.MANAGE_ROSTER, "village") is None


def filled(request: HttpRequest, form: Form, act: Callable[[dict[str, Any]], object], text: str) -> bool:
    """Do ``act`` with a valid form's values and say ``text``; put what was refused into the form."""
    if not form.is_valid():
        return False
    try:
        act(form.cleaned_data)
    except JifenError as error:
        form.add_error_from(error)
        return False
    messages.success(request, text)
    return True


def done(request: HttpRequest, act: Callable[[], object], text: str) -> None:
    """Do ``act`` and say ``text``, or say what was refused."""
    try:
        act()
    except JifenError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, text)
