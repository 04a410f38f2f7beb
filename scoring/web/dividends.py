"""分红 on pages: choose the pool, the period and the amount, look at what each household gets, confirm, print.

``area``: the village's runs, or the office's, which are of the whole town or of a village that it keeps the money of.
"""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from jifen.kernel import clock, reading
from jifen.kernel.actors import Actor
from jifen.kernel.errors import JifenError, NotFound
from jifen.kernel.permissions import grants_of, page
from scoring.models import Dividend
from scoring.permissions import ScoringPermission as May
from scoring.rules.pools import GOES
from scoring.selectors import dividends as selectors
from scoring.services import dividend_papers, dividends
from scoring.web import scope
from tenants.community import selectors as community
from tenants.community.models import Household, Village

PER_PAGE = 50


@page(permission=May.READ_LEDGER)
def dividend_list(request: HttpRequest, area: str) -> HttpResponse:
    """The runs there were; with ``?what=&amount=`` what another would give."""
    village, frame = _place(request, area)
    may = _may(request, village)
    choices = [
        (f"{pool.code}:{term.code}", f"{pool.name}（{term.label}）")
        for pool in selectors.pools_of(selectors.version_for(village))
        for term in selectors.terms(pool)
    ]
    content = frame | {
        "area": area,
        "here": reverse(f"scoring:{area}_dividends"),
        "choices": choices if may else [],
        "what": request.GET.get("what", ""),
        "amount": request.GET.get("amount", ""),
        "rows": selectors.runs_for(request.user).filter(village=village)[:PER_PAGE],
    }
    asked = may and "what" in request.GET
    content |= _preview(request, village) if asked else {}
    return render(request, "scoring/dividends.html", content, status=422 if content.get("problem") else 200)


def _preview(request: HttpRequest, village: Village | None) -> dict[str, Any]:
    try:
        plan = dividends.plan(village=village, **_asked(request.GET))
    except JifenError as error:
        return {"problem": error.message}
    shown = Paginator(plan.lines, PER_PAGE).get_page(request.GET.get("page"))
    homes = Household.objects.select_related("head", "village").in_bulk([one.household for one in shown])
    return {"plan": plan, "page": shown, "shares": [(homes[one.household], one) for one in shown]}


def _asked(sent: QueryDict) -> dict[str, Any]:
    pool, _, term = sent.get("what", "").partition(":")
    return {"pool": pool, "term": term, "amount": reading.yuan(sent.get("amount", ""))}


@page(permission=May.DIVIDE)
@require_POST
def make(request: HttpRequest, area: str) -> HttpResponse:
    """Confirm what the preview showed."""
    village, _ = _place(request, area)
    if not _may(request, village):
        raise NotFound
    try:
        mark, by = request.POST.get("mark", "-"), Actor.of(request.user)
        run = dividends.confirm(village=village, mark=mark, by=by, **_asked(request.POST))
    except JifenError as error:
        messages.error(request, error.message)
        told = {name: request.POST.get(name, "") for name in ("what", "amount")}
        return redirect(f"{reverse(f'scoring:{area}_dividends')}?{urlencode(told)}")
    messages.success(request, "已确认，可以打印发放表。")
    return redirect(f"scoring:{area}_dividend", run.pk)


@page(permission=May.READ_LEDGER)
def dividend(request: HttpRequest, area: str, pk: int) -> HttpResponse:
    """One run, household by household."""
    run = _run(request, area, pk)
    content = {
        "area": area,
        "run": run,
        "goes": GOES[run.terms["residue"]],
        "state": dividend_papers.STATES[run.state],
        "page": Paginator(selectors.lines(run), PER_PAGE).get_page(request.GET.get("page")),
        "may": run.state == "open" and _may(request, run.village),
        "today": clock.today(),
        "passbook": f"scoring:{area}_passbook",
        "parted_fen": run.total_fen - run.residue_fen,
    }
    return render(request, "scoring/dividend.html", content)


@page(permission=May.DIVIDE)
@require_POST
def act(request: HttpRequest, area: str, pk: int, deed: str) -> HttpResponse:
    """``paid``: it was handed out; ``void``: it counts no more."""
    run = _run(request, area, pk)
    if not _may(request, run.village):
        raise NotFound
    try:
        messages.success(request, _acted(request, run, deed))
    except JifenError as error:
        messages.error(request, error.message)
    return redirect(f"scoring:{area}_dividend", pk)


def _acted(request: HttpRequest, run: Dividend, deed: str) -> str:
    by = Actor.of(request.user)
    if deed == "paid":
        dividends.pay(run=run, paid_on=reading.day(request.POST.get("paid_on", "")), by=by)
        return "已登记发放，这次分红不能再作废。"
    if deed == "void":
        dividends.void(run=run, reason=request.POST.get("reason", ""), by=by)
        return "已作废，这一期可以重新分。"
    raise NotFound


@page(permission=May.READ_LEDGER)
def paper(request: HttpRequest, area: str, pk: int, kind: str) -> HttpResponse:
    """The list to sign, as ``pdf`` or ``xlsx``."""
    made = dividend_papers.paper(_run(request, area, pk), kind)
    return scope.download(made.body, made.content_type, made.name)


def _run(request: HttpRequest, area: str, pk: int) -> Dividend:
    rows = selectors.runs_for(request.user)
    run = (rows if area == "office" else rows.exclude(village=None)).filter(pk=pk).first()
    if run is None:
        raise NotFound
    return run


def _place(request: HttpRequest, area: str) -> tuple[Village | None, dict[str, Any]]:
    """Whose runs the page is about: a village's; in the office the town's unless ``?village=`` names one."""
    if area == "village":
        frame = scope.frame(request, May.READ_LEDGER)
        return frame["village"], frame
    if grants_of(request.user).scope(May.READ_LEDGER, "village") is not None:
        raise NotFound
    asked = request.GET.get("village") or request.POST.get("village") or ""
    mine = community.villages_for(request.user, May.READ_LEDGER)
    village = mine.filter(pk=reading.whole(asked) or 0).first()
    if asked and village is None:
        raise NotFound
    return village, {"village": village, "villages": list(mine[:200]), "has_town": True}


def _may(request: HttpRequest, village: Village | None) -> bool:
    """Over the village; the whole town's needs it over the town."""
    held = grants_of(request.user).scope(May.DIVIDE, "village")
    return held is None or (village is not None and village.pk in held)
