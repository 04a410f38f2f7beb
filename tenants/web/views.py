"""The provider's pages: all towns, one town. Figures of villagers are not shown here, and no names."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from jifen.kernel.actors import Actor
from jifen.kernel.errors import JifenError
from jifen.kernel.permissions import page
from tenants import selectors
from tenants.models import Town, TownState
from tenants.permissions import TenantsPermission as May
from tenants.services import towns

ACTS = {
    "suspend": (towns.suspend, "已暂停服务。"),
    "resume": (towns.resume, "已恢复服务。"),
    "archive": (towns.archive, "已归档。"),
}


@page(permission=May.WATCH_TOWNS)
def town_list(request: HttpRequest) -> HttpResponse:
    rows = list(selectors.all_towns())
    states = [row.state for row in rows]
    asked = request.GET.get("state", "")
    shown = [row for row in rows if row.state == asked] if asked in TownState.values else rows
    content = {
        "is_part": asked in TownState.values,
        "rows": [(row, [_address(request, domain.domain) for domain in row.domains.all()]) for row in shown],
        "ready": states.count(TownState.READY),
        "opening": states.count(TownState.PROVISIONING),
        "suspended": states.count(TownState.SUSPENDED),
    }
    return render(request, "tenants/towns.html", content)


@page(permission=May.WATCH_TOWNS)
def town(request: HttpRequest, pk: int) -> HttpResponse:
    """One town's state and how its opening went."""
    row = _town(pk)
    content = {"row": row, "address": _address(request, selectors.host_of(row)), **_progress(row)}
    content |= {"scheme": selectors.scheme_title(row), "glance": selectors.glance(row)}
    return render(request, "tenants/town.html", content)


@page(permission=May.WATCH_TOWNS)
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The progress bar alone; when the town is ready the whole page is asked for again."""
    row = _town(pk)
    answer = render(request, "tenants/progress.html", {"row": row, **_progress(row)})
    if row.state != TownState.PROVISIONING:
        answer["HX-Refresh"] = "true"
    return answer


@page(permission=May.OPEN_TOWN)
def act(request: HttpRequest, pk: int, deed: str) -> HttpResponse:
    """``deed``: suspend, resume, archive."""
    row = _town(pk)
    if request.method == "POST":
        service, text = ACTS[deed]
        try:
            service(town=row, by=Actor.of(request.user))
            messages.success(request, f"{row.name}{text}")
        except JifenError as error:
            messages.error(request, error.message)
    return redirect("tenants:town", pk)


def _address(request: HttpRequest, host: str) -> str:
    """Where a browser finds the town: as this page was reached, by the same port."""
    port = request.get_host().partition(":")[2]
    return f"{request.scheme}://{host}{':' if port else ''}{port}/"


def _town(pk: int) -> Town:
    return get_object_or_404(selectors.all_towns(), pk=pk)


def _progress(row: Town) -> dict[str, Any]:
    made = getattr(row, "provisioning", None)
    return {"made": made, "has_password": bool(made and "first_password" in made.request)}
