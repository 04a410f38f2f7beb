"""The town has a new version: its change, the village's own, and what comes of both, item by item."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from jifen.kernel.actors import Actor
from jifen.kernel.errors import JifenError, NotFound
from jifen.kernel.permissions import page
from scoring.models import Adaptation
from scoring.permissions import ScoringPermission as May
from scoring.selectors import adaptations as seen
from scoring.services import adaptations
from scoring.web import scope

NAMES = {"town": "用镇里的", "own": "保留本村的"}


@page(permission=May.ADAPT_RULES)
def adaptation(request: HttpRequest, pk: int) -> HttpResponse:
    """Look at all three, choose where both changed the same, and confirm."""
    found = _found(request, pk)
    if request.method == "POST" and _decided(request, found):
        return redirect("scoring:village_rulebooks")
    view = seen.view(found)
    chosen = {code: request.POST.get(f"choice-{code}", "") for code in (one.code for one in view.conflicts)}
    content = {
        "found": found,
        "village": found.rulebook.village,
        "view": view,
        "conflicts": [
            (one, [(name, NAMES[name]) for name in one.choices], chosen[one.code] or view.chosen.get(one.code, ""))
            for one in view.conflicts
        ],
    }
    return render(request, "scoring/rulebooks/adaptation.html", content)


def _decided(request: HttpRequest, found: Adaptation) -> bool:
    """Whether it is confirmed; otherwise the page says what is left to choose."""
    sent = {one.code: request.POST.get(f"choice-{one.code}", "") for one in seen.view(found).conflicts}
    choices = {code: choice for code, choice in sent.items() if choice}
    try:
        version = adaptations.confirm(adaptation=found, choices=choices, by=Actor.of(request.user))
    except JifenError as error:
        messages.error(request, error.message)
        return False
    messages.success(request, f"已确认，本村第{version.number}版细则{version.effective_from:%Y年%m月%d日}起生效。")
    return True


def _found(request: HttpRequest, pk: int) -> Adaptation:
    row = seen.pending(scope.village_ids(request, May.ADAPT_RULES)).filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row
