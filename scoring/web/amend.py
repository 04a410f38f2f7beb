"""What was sent back to whoever told it: the form with what had been told, for a villager and for the steward."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from jifen.approvals import selectors as flows
from jifen.kernel.actors import Actor
from jifen.kernel.errors import JifenError, NotFound
from jifen.kernel.permissions import page
from scoring.models import Declaration
from scoring.permissions import ScoringPermission as May
from scoring.services import amending
from scoring.web import choices, scope
from scoring.web.forms import AmendForm
from scoring.web.photos import evidence_of
from scoring.web.record import member
from scoring.web.told import photos
from tenants.community import selectors as community


@page(permission=May.DECLARE)
def own_amend(request: HttpRequest, pk: int) -> HttpResponse:
    """A villager's own."""
    return _amend(request, pk, "web/simple.html", "scoring:own_declaration")


@page(permission=May.RECORD)
def amend(request: HttpRequest, pk: int) -> HttpResponse:
    """What the steward wrote down for a villager."""
    held = scope.village_ids(request, May.RECORD)
    rows = Declaration.objects.filter(pk=pk)
    if not (rows if held is None else rows.filter(village_id__in=held)).exists():
        raise NotFound
    return _amend(request, pk, "web/staff.html", "scoring:declaration")


def _amend(request: HttpRequest, pk: int, layout: str, back: str) -> HttpResponse:
    row = Declaration.objects.filter(pk=pk).select_related("rule__version", "household", "declarer").first()
    item = amending.returned_to(row, Actor.of(request.user)) if row is not None else None
    if row is None or item is None:
        raise NotFound
    people = [one.resident for one in community.members_on(row.household, row.happened_on)]
    form = AmendForm(request.POST or None, declaration=row, members=people)
    if request.method == "POST" and form.is_valid() and _save(request, form, row):
        messages.success(request, "已修改并重新提交。")
        return redirect(back, pk)
    content = {
        "layout": layout,
        "back": back,
        "row": row,
        "form": form,
        "rule": row.rule,
        "tile": choices.whole_tile(row.rule),
        "evidence": form.spec.evidence,
        "photos": photos(row),
        "why": flows.last_reason(item),
    }
    return render(request, "scoring/amend.html", content, status=422 if form.errors else 200)


def _save(request: HttpRequest, form: Any, row: Declaration) -> bool:
    data = form.cleaned_data
    try:
        evidence = evidence_of(request)
        shown = [one.file_id for one in row.evidence.all()] + [one.pk for one in evidence]
        amending.amend(
            declaration=row,
            resident=member(row.household, data["resident"]),
            happened_on=data["happened_on"],
            happened_time=data["happened_time"],
            place=data["place"],
            reason=data["reason"],
            facts=form.facts(shown),
            evidence=evidence,
            text=data["text"],
            by=Actor.of(request.user),
        )
    except JifenError as error:
        form.add_error_from(error)
        return False
    return True
