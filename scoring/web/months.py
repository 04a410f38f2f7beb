"""The town office: a month over all villages, one village's sheet, the month's summary."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from jifen.approvals.web.embedded import way_of
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from jifen.kernel.errors import JifenError, NotFound
from jifen.kernel.permissions import page
from jifen.kernel.reading import whole
from scoring import policies
from scoring.models import Filing, FilingState, ReviewItem
from scoring.permissions import ScoringPermission as May
from scoring.selectors.hearings import returned_items
from scoring.selectors.months import GROUPS, MonthCell, due_day, month_board, month_in_hand, total
from scoring.services import filings, summaries
from scoring.services.filings import Received
from scoring.web import scope

EARLIEST = 2000
"""No town's books go back further."""

PER_PAGE = 100
NOTE = "note_"


@page(permission=May.FILE)
def months(request: HttpRequest) -> HttpResponse:
    """All villages of the town for one month."""
    month = asked_month(request)
    cells = month_board(month, user=request.user.pk)
    asked = request.GET.get("state", "")
    content = _around(month) | {
        "cells": [one for one in cells if asked not in GROUPS or GROUPS[asked](one)],
        "is_part": asked in GROUPS,
        "here": f"?month={month:%Y-%m}",
        "total": total(cells),
        "turn_text": _turn_text(cells),
        "waiting": [one for one in cells if one.is_turn],
        "word": _word(),
    }
    return render(request, "scoring/months.html", content)


@page(permission=May.FILE)
@require_POST
def receive_all(request: HttpRequest) -> HttpResponse:
    """Receive or confirm all that have arrived."""
    month = asked_month(request, request.POST.get("month", ""))
    done = filings.receive_all(month=month, by=Actor.of(request.user))
    told = _all_told(done)
    if done.answered or done.passed_on:
        messages.success(request, told)
    elif told or not done.refused:
        messages.info(request, told or "没有等待办理的村，可能已经有人办过了。")
    for row, refusal in done.refused:
        messages.error(request, f"{row.review.village.name}没有办：{refusal.message}")
    return redirect(f"{_back(request)}?month={month:%Y-%m}")


@page(permission=May.FILE)
@require_POST
def answer(request: HttpRequest) -> HttpResponse:
    """Receive, confirm or return one month; with notes at single deeds those alone go back."""
    row = Filing.objects.select_related("review__village").filter(pk=whole(request.POST.get("filing", "")) or 0).first()
    if row is None:
        messages.error(request, "没有找到这张审核表，请刷新后再办。")
        return redirect("scoring:months")
    accept = request.POST.get("verdict") != "return"
    items = {} if accept or request.POST.get("whole") else _notes(request)
    try:
        row = filings.answer(
            filing=row, accept=accept, note=request.POST.get("note", ""), items=items, by=Actor.of(request.user)
        )
    except JifenError as error:
        messages.error(request, f"{row.review.village.name}：{error.message}")
        return redirect("scoring:filing", row.pk)
    messages.success(request, _told(row, accept, len(items)))
    asked = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    return redirect(asked if safe else "scoring:months")


@page(permission=May.FILE)
def filing(request: HttpRequest, pk: int) -> HttpResponse:
    """One village's month at the town: its deeds, to look through and to send single ones back."""
    row = _filing(pk)
    words = request.GET.get("q", "").strip()
    items = _items(row, words)
    notes = returned_items(row.review)
    way = way_of(filings.SUBJECT_KIND, row.pk, area="office", user=request.user)
    is_turn = row.state == FilingState.SENT and (way is None or not way.is_open or way.is_turn)
    found = Paginator(items, PER_PAGE).get_page(request.GET.get("page"))
    content = {
        "row": row,
        "review": row.review,
        "found": [{"item": item, "note": notes.get(item.pk, "")} for item in found],
        "page": found,
        "words": words,
        "way": way,
        "may_answer": is_turn,
        "may_return": is_turn and row.kind == "confirmation",
        "waits": row.state == FilingState.SENT,
        "word": row.get_kind_display(),
    }
    return render(request, "scoring/filing.html", content)


@page(permission=May.FILE)
def summary(request: HttpRequest) -> HttpResponse:
    """The month's summary over all villages; ``?form=pdf`` and ``?form=csv`` give it as a paper and a table."""
    month = asked_month(request)
    cells = month_board(month)
    form = request.GET.get("form", "")
    if form == "pdf":
        return scope.download(summaries.pdf(month=month, cells=cells), "application/pdf", summaries.name(month))
    if form == "csv":
        return scope.download(summaries.table(cells), "text/csv", summaries.name(month, form))
    return render(
        request,
        "scoring/month_summary.html",
        _around(month) | {"cells": cells, "total": total(cells), "month_text": f"{month:%Y-%m}"},
    )


def _around(month: date) -> dict[str, Any]:
    following = clock.next_month(month)
    return {
        "month": month,
        "previous": clock.month_start(month - timedelta(days=1)),
        "next": following if following <= clock.today() else None,
        "due": due_day(month),
    }


def _filing(pk: int) -> Filing:
    row = Filing.objects.select_related("review__village").filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row


def _items(row: Filing, words: str) -> Any:
    """Deductions and what the committee changed first, then by day."""
    rows = ReviewItem.objects.filter(review=row.review).select_related(
        "declaration__household__head", "declaration__resident", "declaration__rule"
    )
    if words:
        told = Q(declaration__household__head__name__contains=words) | Q(declaration__rule__title__contains=words)
        rows = rows.filter(told | Q(declaration__household__number__startswith=words))
    plain = Q(verdict="approved", points__gte=0)
    return rows.alias(plain=plain).order_by("plain", "declaration__happened_on", "pk")


def _notes(request: HttpRequest) -> dict[int, str]:
    """What stands in the fields beside single deeds."""
    notes = {name[len(NOTE) :]: request.POST.get(name, "").strip() for name in request.POST if name.startswith(NOTE)}
    return {pk: text for key, text in notes.items() if text and (pk := whole(key))}


def _all_told(done: Received) -> str:
    parts = {
        f"已办结{done.answered}个村": done.answered,
        f"{done.passed_on}个村已记下您的意见，转到下一步": done.passed_on,
        f"{done.elsewhere}个村现在不由您办理": done.elsewhere,
    }
    told = "；".join(text for text, count in parts.items() if count)
    return f"{told}。" if told else ""


def _told(row: Filing, accept: bool, returned: int) -> str:
    if row.state == FilingState.SENT:
        return "已记下您的意见，转到下一步。"
    if accept:
        return "已办结1个村。"
    return f"已退回{returned}条，其余保持村里的决定。" if returned else "已整表退回，村里会看到意见。"


def _word() -> str:
    return "备案" if policies.on(clock.today()).review.after == "filing" else "审定"


def _turn_text(cells: list[MonthCell]) -> str:
    """Beside how many months wait for the town: how many of them for the reader, where that is another number."""
    waiting, hers = sum(one.filing_id is not None for one in cells), sum(one.is_turn for one in cells)
    return "" if waiting == hers else f"其中{hers}村等您办"


def _back(request: HttpRequest) -> str:
    return request.path.removesuffix("receive/")


def asked_month(request: HttpRequest, asked: str = "") -> date:
    """``?month=``, or the month in hand."""
    asked = asked or request.GET.get("month", "")
    if not asked:
        return month_in_hand(clock.today())
    try:
        month = date.fromisoformat(f"{asked[:7]}-01")
    except ValueError as error:
        raise NotFound from error
    if not EARLIEST <= month.year <= clock.today().year + 1:
        raise NotFound
    return month
