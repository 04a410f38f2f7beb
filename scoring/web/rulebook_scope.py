"""The editor stands twice: the town office writes the town's rulebook, a village its own. ``area`` says which."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from jifen.kernel.permissions import page
from scoring.models import Draft
from scoring.permissions import ScoringPermission as May
from scoring.rulebook_errors import DraftUnknown
from scoring.web import scope

View = Callable[..., HttpResponse]
WRITES = {"office": May.MANAGE_RULES, "village": May.ADAPT_RULES}


def both(view: View) -> dict[str, View]:
    """The view for each area, with what it takes to write there."""
    return {area: page(permission=need)(view) for area, need in WRITES.items()}


def draft_of(request: HttpRequest, area: str, pk: int) -> Draft:
    """The draft, if it is of the area and of a village that the person writes for.

    Raises:
        DraftUnknown.
    """
    rows = Draft.objects.select_related("rulebook__village", "base__rulebook")
    held = scope.village_ids(request, May.ADAPT_RULES) if area == "village" else None
    rows = rows.filter(rulebook__village__isnull=area == "office")
    found = (rows if held is None else rows.filter(rulebook__village__in=held)).filter(pk=pk).first()
    if found is None:
        raise DraftUnknown
    return found


def frame(request: HttpRequest, area: str) -> dict[str, Any]:
    """``area`` and, in a village, which one."""
    return {"area": area} | (scope.frame(request, May.ADAPT_RULES) if area == "village" else {"village": None})


def urls(area: str, draft: Draft) -> dict[str, str]:
    """Where the pages of a draft lead; ``items`` is followed by an item's code."""
    base = reverse(f"scoring:{area}_draft", args=[draft.pk])
    steps = {
        step: f"{base}way/{step}/"
        for step in ("check", "sign", "mend", "try", "waive", "resolve", "deliberate", "submit")
    }
    return steps | {
        "shelf": reverse(f"scoring:{area}_rulebooks"),
        "draft": base,
        "items": f"{base}items/",
        "add": f"{base}add/",
        "unread": f"{base}unread/",
        "import": f"{base}import/",
        "settings": f"{base}settings/",
        "bounds": f"{base}bounds/" if area == "office" else "",
        "rebase": f"{base}rebase/" if area == "village" else "",
        "way": f"{base}way/",
        "discard": f"{base}discard/",
    }
