"""Declare relatives of a household's members, found anywhere in the town (I11)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from jifen.kernel import clock
from jifen.kernel.actors import Actor
from jifen.kernel.permissions import page, require
from tenants.community import selectors
from tenants.community.permissions import CommunityPermission as May
from tenants.community.services import relatives
from tenants.community.web.common import filled, frame
from tenants.community.web.forms import RelativeForm

MOST = 20


@page(permission=May.MANAGE_ROSTER)
def declare(request: HttpRequest, area: str, number: str) -> HttpResponse:
    """``word`` finds the relative; then she is chosen and the kind said."""
    household = get_object_or_404(selectors.households_for(request.user, May.READ), number=number)
    require(request.user, May.MANAGE_ROSTER, village=household.village_id)
    today, word = clock.today(), request.GET.get("word", "").replace("\0", "")
    found = selectors.members_found(word, today, household)
    shown = found.filter(pk__in=list(found.values_list("pk", flat=True)[:MOST]))
    form = RelativeForm(request.POST or None, members=selectors.members_on(household, today), found=shown)
    by = Actor.of(request.user)
    if filled(request, form, lambda values: _declare(values, by), "已登记，双方今后互相回避。"):
        return redirect(f"community:{area}_household", number)
    content = {**frame(request, area), "row": household, "form": form, "word": word, "many": found.count()}
    return render(request, "community/relatives.html", {**content, "most": MOST}, status=422 if form.errors else 200)


def _declare(values: dict[str, Any], by: Actor) -> None:
    member, other = values["member"].resident, values["other"].resident
    relatives.declare(resident=member, other=other, kind=values["kind"], on=values["on"], by=by)
