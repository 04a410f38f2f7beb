"""The exchange for the town office and a village: same pages, each sees what it may. ``area``: office or village."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse

from jifen.approvals import selectors as flows
from jifen.approvals.web.embedded import way_of
from jifen.files import selectors as files
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from jifen.kernel.errors import JifenError, NotFound
from jifen.kernel.permissions import grants_of, page, require
from jifen.kernel.reading import whole
from redemption import selectors
from redemption.models import Redemption, RedemptionState, Settlement
from redemption.money import yuan
from redemption.permissions import RedemptionPermission
from redemption.services import papers, redemptions, settlements
from redemption.web.forms import PayForm, PeriodForm, ReasonForm
from redemption.web.papers import csv_answer, pdf_answer
from tenants.community import selectors as community
from tenants.community.models import Household

P = RedemptionPermission
PER_PAGE = 50
UNSETTLED = "unsettled"
"""In the list of states: captured, and in no settlement yet."""

TABS = (
    ("兑换记录", "redemptions", P.READ),
    ("兑换联盟", "network", P.READ),
    ("兑换项目", "shelf", P.READ),
    ("特例", "exceptions", P.READ),
    ("方案与经费", "plans", P.READ),
    ("结算", "settlements", P.READ),
    ("卡与存折", "cards", P.MANAGE_PLAN),
)


def scope(request: HttpRequest, permission: RedemptionPermission = P.READ) -> set[int] | None:
    """The villages over which the person holds ``permission``; ``None`` is the whole town."""
    return grants_of(request.user).scope(permission, "village")


def frame(request: HttpRequest, area: str, current: str) -> dict[str, Any]:
    """What every page of this part shows: its tabs, and names of addresses in this area."""
    held = grants_of(request.user)
    tabs = [
        (label, reverse(f"redemption:{area}_{name}"), name == current)
        for label, name, need in TABS
        if held.allows(need)
    ]
    may = {"manage_network": held.allows(P.MANAGE_NETWORK), "manage_plan": held.allows(P.MANAGE_PLAN)}
    return {"area": area, "tabs": tabs, "may": may, "prefix": f"redemption:{area}_"}


def done(request: HttpRequest, act: Callable[[], object], text: str) -> bool:
    """Do ``act`` and say so; say what was refused."""
    try:
        act()
    except JifenError as error:
        messages.error(request, error.message)
        return False
    messages.success(request, text)
    return True


@page(permission=P.READ)
def redemption_list(request: HttpRequest, area: str) -> HttpResponse:
    rows = selectors.redemptions(scope(request))
    state = request.GET.get("state", "")
    if state == UNSETTLED:
        rows = selectors.unsettled(rows)
    elif state in RedemptionState.values:
        rows = rows.filter(state=state)
    word = request.GET.get("word", "").strip()
    if word:
        rows = selectors.search(rows, word)
    content = {
        **frame(request, area, "redemptions"),
        "rows": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "totals": selectors.totals(rows),
        "unsettled": selectors.totals(selectors.unsettled(rows)),
        "states": [*RedemptionState.choices, (UNSETTLED, "已兑换，待结算")],
        "state": state,
        "word": word,
    }
    return render(request, "redemption/staff_redemptions.html", content)


@page(permission=P.READ)
def redemption(request: HttpRequest, area: str, pk: int) -> HttpResponse:
    """One redemption, with its way and what can still be done."""
    row = _redemption(request, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        _may_manage(request)
        reason, by = form.cleaned_data["reason"], Actor.of(request.user)
        done(request, lambda: redemptions.reverse(redemption=row, reason=reason, by=by), "已退回，积分和库存已还原。")
        return redirect(f"redemption:{area}_redemption", pk)
    content = {
        **frame(request, area, "redemptions"),
        "row": row,
        "form": form,
        "events": _events(row),
        "has_voucher": hasattr(row, "voucher"),
        "signature": files.link(row.signature) if row.signature else "",
        "settled": selectors.is_settled(row),
    }
    return render(request, "redemption/staff_redemption.html", content)


@page(permission=P.READ)
def voucher(request: HttpRequest, area: str, pk: int) -> HttpResponse:
    row = _redemption(request, pk)
    if not hasattr(row, "voucher"):
        raise NotFound("凭证还在生成，请过一会儿再点。")
    return HttpResponseRedirect(files.link(row.voucher.file, download=True))


@page(permission=P.READ)
def settlement_list(request: HttpRequest, area: str) -> HttpResponse:
    """Statements, and drawing up new ones."""
    form = PeriodForm(request.POST or None, initial=_last_month())
    if request.method == "POST" and form.is_valid():
        _may_manage(request)
        try:
            drawn = settlements.draw_all(by=Actor.of(request.user), **form.cleaned_data)
        except JifenError as error:
            form.add_error_from(error)
        else:
            messages.success(request, f"已生成{len(drawn)}张结算单，请与兑换点核对。")
            return redirect(f"redemption:{area}_settlements")
    rows = selectors.settlements(scope(request))
    content = {
        **frame(request, area, "settlements"),
        "rows": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "form": form,
    }
    return render(request, "redemption/staff_settlements.html", content, status=422 if form.errors else 200)


@page(permission=P.READ)
def settlement(request: HttpRequest, area: str, pk: int) -> HttpResponse:
    """One statement with its lines; agree, pay."""
    row = _settlement(request, pk)
    form = PayForm(request.POST if request.POST.get("deed") == "pay" else None)
    if request.method == "POST":
        _may_manage(request)
        by = Actor.of(request.user)
        if request.POST.get("deed") == "agree":
            done(request, lambda: settlements.agree(settlement=row, by=by), _agreed())
        elif request.POST.get("deed") == "forward":
            done(request, lambda: settlements.put_forward(settlement=row, by=by), "已提交审批。")
        elif form.is_valid():
            note = form.cleaned_data["note"]
            done(request, lambda: settlements.pay(settlement=row, note=note, by=by), "已登记付款。")
        return redirect(f"redemption:{area}_settlement", pk)
    content = {**frame(request, area, "settlements"), "row": row, "form": form, "lines": _lines(row)}
    content |= {
        "has_flow": flows.has_flow(settlements.SUBJECT_KIND),
        "way": way_of(settlements.SUBJECT_KIND, row.pk, area=area, user=request.user),
    }
    return render(request, "redemption/staff_settlement.html", content)


def _agreed() -> str:
    return "已确认，已提交审批。" if flows.has_flow(settlements.SUBJECT_KIND) else "已确认，可以付款。"


@page(permission=P.READ)
def settlement_table(request: HttpRequest, area: str, pk: int) -> HttpResponse:
    """The statement for a spreadsheet."""
    row = _settlement(request, pk)
    head = ("单号", "日期", "户号", "项目", "数量", "分值", "金额（元）", "领取人")
    lines = [
        (
            line.number, clock_date(line), line.household.number, line.offering.name, line.quantity, line.points,
            yuan(line.fen), line.collected_by,
        )
        for line in _lines(row)
    ]  # fmt: skip
    total = ("合计", "", "", "", row.redemptions, row.points, yuan(row.fen), "")
    return csv_answer(head, [*lines, total], f"结算单{row.pk}.csv")


@page(permission=P.MANAGE_PLAN)
def cards_page(request: HttpRequest, area: str) -> HttpResponse:
    """Which cards and passbooks to print."""
    villages = community.villages_for(request.user, P.MANAGE_PLAN)
    content = {**frame(request, area, "cards"), "villages": villages, "year": clock.today().year}
    return render(request, "redemption/staff_cards.html", content)


@page(permission=P.MANAGE_PLAN)
def card_sheet(request: HttpRequest, area: str) -> HttpResponse:
    """Cards of one household (``?number=``), or of a village's households that joined (``?village=``)."""
    rows = _households(request)
    return pdf_answer(papers.sheet(rows), "积分卡.pdf")


@page(permission=P.MANAGE_PLAN)
def passbook(request: HttpRequest, area: str) -> HttpResponse:
    """One household's passbook (``?number=``)."""
    [household, *_] = _households(request)
    return pdf_answer(papers.passbook(household, clock.today().year), f"积分存折{household.number}.pdf")


@page(permission=P.READ)
def settlement_paper(request: HttpRequest, area: str, pk: int) -> HttpResponse:
    """The statement to sign."""
    row = _settlement(request, pk)
    return pdf_answer(papers.statement(row), f"结算单{row.pk}.pdf")


def clock_date(row: Redemption) -> str:
    return row.ended_at.astimezone(clock.TIME_ZONE).date().isoformat() if row.ended_at else ""


def _redemption(request: HttpRequest, pk: int) -> Redemption:
    row = selectors.redemptions(scope(request)).select_related("signature").filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row


def _settlement(request: HttpRequest, pk: int) -> Settlement:
    row = selectors.settlements(scope(request)).filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row


def _lines(row: Settlement) -> list[Redemption]:
    return list(selectors.redemptions().filter(settlement_line__settlement=row).order_by("pk"))


def _may_manage(request: HttpRequest) -> None:
    require(request.user, P.MANAGE_NETWORK)


def _last_month() -> dict[str, Any]:
    today = clock.today()
    return {"from_date": clock.month_start(today), "to_date": today}


def _households(request: HttpRequest) -> list[Household]:
    """Raises:
    NotFound: no such household or village among those the person looks after.
    """
    rows = Household.objects.select_related("village", "group", "head")
    held = scope(request, P.MANAGE_PLAN)
    if held is not None:
        rows = rows.filter(village_id__in=held)
    number, village = request.GET.get("number", "").strip(), request.GET.get("village", "")
    if number:
        rows = rows.filter(number=number)
    elif (chosen := whole(village)) is not None:
        rows = rows.filter(village_id=chosen, applications__state="joined").distinct()
    else:
        rows = rows.none()
    found = list(rows[: papers.MOST_CARDS])
    if not found:
        raise NotFound("没有找到这一户，请核对户号。", field="number")
    return found


def _events(row: Redemption) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = [{"title": "预留积分", "when": row.held_at, "by": row.actor_name, "tone": "info"}]
    if row.state == RedemptionState.RELEASED:
        events.append({"title": "已取消", "when": row.ended_at, "text": row.reason})
    elif row.ended_at:
        text = "代领" if row.is_proxy else ""
        events.append({"title": f"已兑换，{row.collected_by}领取", "when": row.ended_at, "tone": "good", "text": text})
    if row.reversed_at:
        events.append({"title": "已退回", "when": row.reversed_at, "tone": "bad", "text": row.reason})
    return events
