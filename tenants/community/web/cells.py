"""联户组 of the villages that the person looks after: the list, one with its households, who comes and who goes."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from jifen.kernel import clock
from jifen.kernel.actors import Actor
from jifen.kernel.permissions import page, require
from tenants.community import selectors
from tenants.community.models import Cell, Household
from tenants.community.permissions import CommunityPermission as May
from tenants.community.services import cells
from tenants.community.web.common import done, filled, frame, managed
from tenants.community.web.forms import CellForm, DayForm, PutInForm


@page(permission=May.READ)
def cell_list(request: HttpRequest, area: str) -> HttpResponse:
    form = CellForm(request.POST or None, villages=managed(request))
    if request.method == "POST":
        require(request.user, May.MANAGE_ROSTER)
        by = Actor.of(request.user)
        if filled(request, form, lambda values: cells.make(**values, by=by), "已添加，请编入农户。"):
            return redirect(f"community:{area}_cells")
    content = {**frame(request, area), "rows": selectors.cells_for(request.user, May.READ), "form": form}
    return render(request, "community/cells.html", content, status=422 if form.errors else 200)


@page(permission=May.READ)
def cell(request: HttpRequest, area: str, pk: int) -> HttpResponse:
    """Its households today and before; a POST puts more in."""
    row = _cell(request, pk)
    form = PutInForm(request.POST or None)
    if request.method == "POST":
        require(request.user, May.MANAGE_ROSTER, village=row.village_id)
        by = Actor.of(request.user)
        if filled(request, form, lambda values: cells.put_in(cell=row, **values, by=by), "已编入。"):
            return redirect(f"community:{area}_cell", pk)
    members = row.members.select_related("household__head", "household__group").order_by("household__number", "pk")
    content = {
        **frame(request, area),
        "row": row,
        "members": members.filter(to_date=None),
        "gone": members.exclude(to_date=None).order_by("-to_date", "pk"),
        "today": clock.today(),
        "form": form,
    }
    return render(request, "community/cell.html", content, status=422 if form.errors else 200)


@page(permission=May.MANAGE_ROSTER)
def take_out(request: HttpRequest, area: str, pk: int, number: str) -> HttpResponse:
    row = _cell(request, pk)
    require(request.user, May.MANAGE_ROSTER, village=row.village_id)
    household = get_object_or_404(Household, number=number, cells__cell=row, cells__to_date=None)
    form = DayForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        by = Actor.of(request.user)
        done(request, lambda: cells.take_out(cell=row, household=household, **form.cleaned_data, by=by), "已调出。")
    elif request.method == "POST":
        messages.error(request, "请填写调出的日期。")
    return redirect(f"community:{area}_cell", pk)


def _cell(request: HttpRequest, pk: int) -> Cell:
    return get_object_or_404(selectors.cells_for(request.user, May.READ), pk=pk)
