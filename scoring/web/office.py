"""The town office: months as they arrive, and the rulebook."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from jifen.kernel import clock
from jifen.kernel.actors import Actor
from jifen.kernel.errors import JifenError, NotFound
from jifen.kernel.permissions import page
from jifen.kernel.reading import whole
from scoring import policies, selectors
from scoring.models import Filing, Rulebook, RulebookVersion, VersionState
from scoring.permissions import ScoringPermission as May
from scoring.rules.base import EXAMPLE_LABEL
from scoring.services import filings
from scoring.web import choices, scope
from tenants.community.models import Village

EARLIEST = 2000
"""No town's books go back further."""

LATE_AFTER = timedelta(days=9)
"""A month counts as late when its sheet is not decided ten days after its end; the sources name no day."""


@page(permission=May.FILE)
def months(request: HttpRequest) -> HttpResponse:
    """All villages of the town for one month."""
    month = _month(request)
    due = clock.next_month(month) + LATE_AFTER
    cells = selectors.board(month, today=clock.today(), due=due)
    arrived = [one for one in cells if one.state in ("decided", "settled", "posted")]
    content = {
        "month": month,
        "previous": clock.month_start(month - timedelta(days=1)),
        "next": clock.next_month(month) if clock.next_month(month) <= clock.today() else None,
        "due": due,
        "cells": cells,
        "cells_total": f"{len(cells)}村",
        "waiting": [one for one in cells if one.filing_id],
        "arrived": len(arrived),
        "posted": sum(one.state == "posted" for one in cells),
        "late": sum(one.late for one in cells),
        "word": "备案" if policies.on(clock.today()).review.after == "filing" else "审定",
    }
    return render(request, "scoring/months.html", content)


@page(permission=May.FILE)
@require_POST
def answer(request: HttpRequest) -> HttpResponse:
    """Receive, confirm or return one month, or receive all that have arrived."""
    rows = Filing.objects.filter(state="sent", pk__in=[whole(one) for one in request.POST.getlist("filing")])
    accept = request.POST.get("verdict") != "return"
    done = 0
    for row in rows.select_related("review__village"):
        try:
            filings.answer(filing=row, accept=accept, note=request.POST.get("note", ""), by=Actor.of(request.user))
        except JifenError as error:
            messages.error(request, f"{row.review.village.name}:{error.message}")
        else:
            done += 1
    if done:
        messages.success(request, f"已办理{done}个村。" if accept else "已退回,村里会看到意见。")
    asked = request.POST.get("next", "")
    return redirect(asked if url_has_allowed_host_and_scheme(asked, allowed_hosts=None) else "scoring:months")


@page(permission=May.READ_LEDGER)
def rules(request: HttpRequest) -> HttpResponse:
    """The town's rulebook by category, with where each item comes from."""
    return render(request, "scoring/rules.html", _book(request, None))


@page(permission=May.READ_LEDGER)
def village_rules(request: HttpRequest) -> HttpResponse:
    """The rules that hold in the village: its own, else the town's."""
    frame = scope.frame(request, May.READ_LEDGER)
    return render(request, "scoring/rules.html", frame | _book(request, frame["village"]))


def _book(request: HttpRequest, village: Village | None) -> dict[str, Any]:
    version = _version(village)
    words = request.GET.get("q", "").strip()
    found: dict[str, list[choices.Tile]] = {}
    for rule in version.rules.order_by("position") if version else ():
        if words in f"{rule.title}{rule.text}{rule.matter}":
            found.setdefault(rule.category, []).append(choices.tile(rule))
    return {
        "version": version,
        "shelves": [choices.Shelf(name, tiles) for name, tiles in found.items()],
        "words": words,
        "total": sum(len(tiles) for tiles in found.values()),
        "example_label": EXAMPLE_LABEL,
    }


def _version(village: Village | None) -> RulebookVersion | None:
    """In force today: the village's own, else the town's."""
    today = clock.today()
    books = Rulebook.objects.filter(village=village) if village else Rulebook.objects.none()
    for book in (*books, *Rulebook.objects.filter(village=None)):
        in_force = book.versions.filter(state=VersionState.IN_FORCE, effective_from__lte=today)
        version = in_force.exclude(effective_to__lte=today).last()
        if version is not None:
            return version
    return None


def _month(request: HttpRequest) -> date:
    asked = request.GET.get("month", "")
    if not asked:
        return clock.month_start(clock.month_start(clock.today()) - timedelta(days=1))
    try:
        month = date.fromisoformat(f"{asked[:7]}-01")
    except ValueError as error:
        raise NotFound from error
    if not EARLIEST <= month.year <= clock.today().year + 1:
        raise NotFound
    return month
