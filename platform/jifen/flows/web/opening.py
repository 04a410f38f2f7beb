"""The provider opens a town, and hands its administrator the first password; namespace ``opening``."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path

from jifen.flows import open_town, tasks
from jifen.flows.web.forms import OpenTownForm
from jifen.kernel.actors import Actor
from jifen.kernel.errors import JifenError
from jifen.kernel.permissions import page
from tenants.models import Town, TownState
from tenants.permissions import TenantsPermission


@page(permission=TenantsPermission.OPEN_TOWN)
def new_town(request: HttpRequest) -> HttpResponse:
    form = OpenTownForm(request.POST or None)
    if form.is_valid():
        try:
            values = dict(form.cleaned_data)
            lines = values.pop("villages").splitlines()
            town = open_town.request_in(**values, villages=lines, by=Actor.of(request.user), send=tasks.send)
            return redirect("tenants:town", town.pk)
        except JifenError as error:
            form.add_error_from(error)
    return render(request, "flows/open_town.html", {"form": form}, status=422 if form.errors else 200)


@page(permission=TenantsPermission.OPEN_TOWN)
def first_password(request: HttpRequest, pk: int) -> HttpResponse:
    """Shown once, by POST."""
    town = get_object_or_404(Town, pk=pk)
    if request.method != "POST":
        return redirect("tenants:town", pk)
    password = open_town.take_first_password(town=town, by=Actor.of(request.user))
    answer = render(request, "flows/first_password.html", {"town": town, "password": password})
    answer["Cache-Control"] = "no-store"
    return answer


@page(permission=TenantsPermission.OPEN_TOWN)
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Set the owner's worker once more to a town whose opening stopped half-way."""
    town = get_object_or_404(Town, pk=pk)
    if request.method == "POST" and town.state == TownState.PROVISIONING:
        tasks.send(town)
        messages.success(request, "已重新开始开通。")
    return redirect("tenants:town", pk)


public_site: list[URLPattern] = [
    path("provider/open/", new_town, name="open_town"),
    path("provider/towns/<int:pk>/password/", first_password, name="first_password"),
    path("provider/towns/<int:pk>/again/", again, name="again"),
]
