"""The town has a new version: its change, the village's own, and what comes of both, item by item."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from jifen.kernel.actors import Actor
from jifen.kernel.errors import JifenError, NotFound
from jifen.kernel.permissions import page
from jifen.web.wording import date_cn
from scoring.models import Adaptation
from scoring.permissions import ScoringPermission as May
from scoring.rules.three_way import GONE, Conflict, ThreeWay
from scoring.selectors import adaptations as seen
from scoring.services import adaptations
from scoring.web import scope

NAMES = {"town": "用镇里的", "own": "保留本村的"}
OWN_NAMES = {"town": "放弃本村这一条", "own": "保留本村这一条"}
"""Of an item that the town does not have."""


@page(permission=May.ADAPT_RULES)
def adaptation(request: HttpRequest, pk: int) -> HttpResponse:
    """Look at all three, choose where both changed the same, and confirm."""
    found = _found(request, pk)
    if request.method == "POST" and _decided(request, found):
        return redirect("scoring:village_rulebooks")
    content = shown(request, seen.view(found))
    content |= {"village": found.rulebook.village, "town_version": found.town_version}
    return render(request, "scoring/rulebooks/adaptation.html", content)


def shown(request: HttpRequest, view: ThreeWay) -> dict[str, Any]:
    """Town's change, own change and result, and the choices that are open, as they were ticked."""
    ticked = choices(request, view)
    return {
        "view": view,
        "undecided": {one.code for one in view.conflicts if not (ticked.get(one.code) or view.chosen.get(one.code))},
        "conflicts": [
            (one, [(name, _names(one)[name]) for name in one.choices], _chosen(one, ticked, view))
            for one in view.conflicts
        ],
    }


def _names(one: Conflict) -> dict[str, str]:
    return OWN_NAMES if one.town == GONE else NAMES


def _chosen(one: Conflict, ticked: dict[str, Any], view: ThreeWay) -> str:
    return str(ticked.get(one.code) or view.chosen.get(one.code, ""))


def choices(request: HttpRequest, view: ThreeWay) -> dict[str, Any]:
    """What was ticked where both changed the same, by the item's code."""
    sent = {one.code: request.POST.get(f"choice-{one.code}", "") for one in view.conflicts}
    return {code: choice for code, choice in sent.items() if choice}


def _decided(request: HttpRequest, found: Adaptation) -> bool:
    """Whether it is confirmed; otherwise the page says what is left to choose."""
    ticked = choices(request, seen.view(found))
    try:
        version = adaptations.confirm(adaptation=found, choices=ticked, by=Actor.of(request.user))
    except JifenError as error:
        messages.error(request, error.message)
        return False
    messages.success(request, f"已确认，本村第{version.number}版细则{date_cn(version.effective_from)}起生效。")
    return True


def _found(request: HttpRequest, pk: int) -> Adaptation:
    row = seen.pending(scope.village_ids(request, May.ADAPT_RULES)).filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row
