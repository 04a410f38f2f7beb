"""年终封账: the years, the dry run of each, and what two people of the town decide about it."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from jifen.approvals import selectors as approvals
from jifen.approvals.web import embedded
from jifen.files import selectors as files
from jifen.flows import close_year, dry_run, homes
from jifen.flows.web.forms import CloseDayForm, ReopenForm
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from jifen.kernel.errors import JifenError, NotFound
from jifen.kernel.permissions import page
from jifen.web.wording import sentence
from redemption.web.papers import csv_answer
from reporting.selectors import year as reporting
from scoring import selectors as scoring
from scoring.permissions import ScoringPermission
from scoring.selectors import closing, volumes

MOST_LOSERS = 15
NOTHING = Decimal("0.00")
LABELS = {"close": ("提出", "批准", "封账"), "reopen": ("提出", "批准", "重开")}


@page(permission=ScoringPermission.CLOSE_YEAR)
def years(request: HttpRequest) -> HttpResponse:
    return render(request, "flows/years.html", {"years": homes.year_lines(), "today": clock.today()})


@page(permission=ScoringPermission.CLOSE_YEAR)
def year(request: HttpRequest, number: int) -> HttpResponse:
    """The dry run while the year is open, its seals when it is not."""
    return _shown(request, number)


@page(permission=ScoringPermission.CLOSE_YEAR)
def losses(request: HttpRequest, number: int) -> HttpResponse:
    """Every household that would lose points or has lost some, as a table for an office program."""
    found = scoring.year(number)
    head = ("村居", "户号", "户主", "评比积分", _taken(found), "以前封账已清零", "将退回")
    rows = closing.losers(found, every=True)
    lines = [(row.village, row.number, row.head, row.merit, row.expiring, *_before(found, row)) for row in rows]
    return csv_answer(head, lines, f"{number}年度清零名单.csv")


@page(permission=ScoringPermission.CLOSE_YEAR)
def debts(request: HttpRequest, number: int) -> HttpResponse:
    """Every household whose debt goes into the next year, as a table for an office program."""
    head = ("村居", "户号", "户主", *_owed(number), "以前封账已结转的评比欠分", "以前封账已结转的可兑换欠分")
    rows = closing.debtors(scoring.year(number))
    lines = [
        (row.village, row.number, row.head, row.merit, row.redeemable, row.merit_before, row.redeemable_before)
        for row in rows
    ]
    return csv_answer(head, lines, f"{number}年度欠分结转名单.csv")


def _owed(number: int) -> tuple[str, str]:
    return f"转到{number + 1}年的评比欠分", f"转到{number + 1}年的可兑换欠分"


@page(permission=ScoringPermission.CLOSE_YEAR)
def shares(request: HttpRequest, number: int) -> HttpResponse:
    """The villages' figures as a table for an office program."""
    found = scoring.year(number)
    head = ("村居", "参加户数", "账目笔数", "评比积分", _taken(found), "涉及户数", "以前封账已清零", "将退回")
    lines = [
        (
            row.village,
            row.households,
            row.entries,
            row.merit,
            row.expiring,
            row.losers,
            *_before(found, row),
            row.debtors,
            row.debt_merit,
            row.debt_redeemable,
        )
        for row in closing.closing(found).villages
    ]
    return csv_answer((*head, "欠分结转户数", *_owed(number)), lines, f"{number}年度封账试算.csv")


def _taken(year: Any) -> str:
    return "封账清零的可兑换积分" if year.state == "sealed" else "将清零的可兑换积分"


def _before(year: Any, row: Any) -> tuple[Any, Any]:
    """What earlier closes took and the next gives back; a sealed year has no next."""
    return (NOTHING, NOTHING) if year.state == "sealed" else (row.ended, row.returning)


@page(permission=ScoringPermission.CLOSE_YEAR)
def volume(request: HttpRequest, pk: int) -> HttpResponse:
    """One volume of the archived passbooks."""
    found = volumes.volume(pk)
    if found is None or found.file is None:
        raise NotFound("这一册还在归档，请过一会儿再点。")
    return redirect(files.link(found.file, download=True))


@require_POST
@page(permission=ScoringPermission.CLOSE_YEAR)
def set_day(request: HttpRequest, number: int) -> HttpResponse:
    form = CloseDayForm(request.POST)
    if form.is_valid():
        try:
            close_year.set_day(number=number, day=form.cleaned_data["day"], by=Actor.of(request.user))
            messages.success(request, "封账日已改。")
            return redirect("flows:year", number)
        except JifenError as error:
            form.add_error_from(error)
    return _shown(request, number, day_form=form)


@require_POST
@page(permission=ScoringPermission.CLOSE_YEAR)
def propose(request: HttpRequest, number: int) -> HttpResponse:
    told = "按审批流程由别人批准" if approvals.has_flow(close_year.KIND) else "请另一位工作人员批准"
    return _done(request, number, close_year.propose, f"已提出封账，{told}。")


@require_POST
@page(permission=ScoringPermission.CLOSE_YEAR)
def confirm(request: HttpRequest, number: int) -> HttpResponse:
    return _done(request, number, close_year.confirm, "已批准。")


@require_POST
@page(permission=ScoringPermission.CLOSE_YEAR)
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    return _done(request, number, close_year.withdraw, "申请已撤回。")


@require_POST
@page(permission=ScoringPermission.CLOSE_YEAR)
def reopen(request: HttpRequest, number: int) -> HttpResponse:
    form = ReopenForm(request.POST)
    if form.is_valid():
        try:
            reason = form.cleaned_data["reason"]
            close_year.propose_reopening(number=number, reason=reason, by=Actor.of(request.user))
            messages.success(request, "已提出重开，请另一位工作人员批准。")
            return redirect("flows:year", number)
        except JifenError as error:
            form.add_error_from(error)
    return _shown(request, number, reopen_form=form)


def _done(request: HttpRequest, number: int, act: Callable[..., object], told: str) -> HttpResponse:
    try:
        act(number=number, by=Actor.of(request.user))
    except JifenError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, told)
    return redirect("flows:year", number)


def _shown(request: HttpRequest, number: int, **forms: Any) -> HttpResponse:
    found = scoring.year(number)
    asked = closing.open_request(found)
    me = Actor.of(request.user)
    mine = asked is not None and (asked.actor_realm, asked.actor_id) == (me.realm, me.id)
    content: dict[str, Any] = {
        "year": found,
        "request_open": asked,
        "is_mine": mine,
        "in_flow": approvals.has_flow(close_year.KIND),
    }
    content |= {"history": _history(found)}
    content |= {"way": embedded.way_of(close_year.KIND, asked.pk, area="office", user=request.user) if asked else None}
    content |= {"labels": LABELS[asked.kind if asked else "close"], "stage": _stage(asked)}
    content |= _open(request, found) if found.state == "open" else _sealed(found)
    return render(request, "flows/year.html", content | forms, status=422 if forms else 200)


def _open(request: HttpRequest, year: Any) -> dict[str, Any]:
    told = dry_run.preview(year)
    with_hash = request.GET.get("hash") == "1"
    return {
        "preview": told,
        "losers": closing.losers(year, MOST_LOSERS),
        "debtors": told.debtors[:MOST_LOSERS],
        "following": year.number + 1,
        "fingerprint": closing.fingerprint(year) if with_hash else "",
        "since": closing.since(year) if with_hash else None,
        "day_form": CloseDayForm(initial={"day": told.day}),
    }


def _sealed(year: Any) -> dict[str, Any]:
    seal = scoring.closing_seal(year)
    return {
        "seal": seal,
        "standings": closing.households_ranked(seal) if seal else 0,
        "expired": closing.expired(year),
        "told": closing.closing(year),
        "debtors": closing.debtors(year, MOST_LOSERS),
        "volumes": list(volumes.of(seal)) if seal else [],
        "archived": volumes.progress(seal) if seal else (0, 0),
        "reopen_form": ReopenForm(),
        "may_reopen": not reporting.has_notice(year.number + 1),
        "following": year.number + 1,
    }


def _stage(asked: Any) -> int:
    """Which step comes next."""
    if asked is None:
        return 1
    return 2 if asked.state == "proposed" else 3


TOLD = {"close": "封账", "reopen": "重开", "supplement": "补记"}


def _history(year: Any) -> list[dict[str, Any]]:
    """The seals with who asked for them, and what was corrected beside them."""
    asked = {row.seal_id: row for row in closing.requests(year) if row.seal_id}
    return [_event(seal, asked.get(seal.pk)) for seal in closing.seals(year)]


def _event(seal: Any, request: Any) -> dict[str, Any]:
    people = f"{request.actor_name}提出，{request.confirmer_name}批准" if request else ""
    reason = f"理由：{sentence(request.reason)}" if request and request.reason else ""
    what = "封账后的更正" if seal.kind == "supplement" else "账目"
    return {
        "title": TOLD[seal.kind],
        "when": seal.sealed_at,
        "by": people,
        "text": f"{reason}{what}{seal.entries}笔，指纹 {seal.hash[:16]}…",
        "tone": "good" if seal.kind == "close" else "wait",
    }
