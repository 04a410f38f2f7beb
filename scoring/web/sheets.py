"""月审核: the committee's sheet, exceptions first."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from jifen.kernel import clock
from jifen.kernel.actors import Actor
from jifen.kernel.errors import Forbidden, JifenError, NotFound
from jifen.kernel.permissions import grants_of, page, require
from scoring import selectors
from scoring.models import ItemVerdict, Review, ReviewItem, ReviewState
from scoring.permissions import ScoringPermission as May
from scoring.selectors.reviews import SheetLine, seat_of
from scoring.services import reviews
from scoring.web import scope
from scoring.web.forms import VerdictForm
from scoring.web.photos import shown


@page(permission=May.READ_LEDGER)
def sheet_list(request: HttpRequest) -> HttpResponse:
    frame = scope.frame(request, May.READ_LEDGER)
    rows = selectors.reviews_of(frame["village"].pk)
    may_open = grants_of(request.user).allows(May.REVIEW, village=frame["village"].pk)
    content = frame | {"rows": rows, "may_open": may_open, "months": _missing(rows)}
    return render(request, "scoring/sheets.html", content)


@page(permission=May.REVIEW)
@require_POST
def open_sheet(request: HttpRequest) -> HttpResponse:
    """Open a month's sheet before the clock does."""
    village = scope.village(request, May.REVIEW)
    month = _month(request.POST.get("month", ""))
    review = reviews.open_month(village=village, month=month, by=Actor.of(request.user))
    return redirect("scoring:sheet", review.pk)


@page(permission=May.READ_LEDGER)
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    review = _review(request, pk)
    content = _bar(request, review)
    lines = selectors.sheet(review, Actor.of(request.user))
    content |= {
        "attention": [_shown(line) for line in lines if line.exceptions],
        "plain": [_shown(line) for line in lines if not line.exceptions],
        "recusals": selectors.recusals(review),
        "filings": review.filings.order_by("-pk"),
    }
    return render(request, "scoring/sheet.html", content)


@page(permission=May.REVIEW)
@require_POST
def decide(request: HttpRequest, pk: int, item: int) -> HttpResponse:
    """One deed; answers with its line and the sheet's figures."""
    review = _review(request, pk, May.REVIEW)
    row = ReviewItem.objects.select_related("declaration").filter(review=review, pk=item).first()
    form = VerdictForm(request.POST)
    if row is None:
        raise NotFound
    problem = ""
    if form.is_valid():
        try:
            reviews.decide(item=row, by=Actor.of(request.user), **form.cleaned_data)
        except JifenError as error:
            problem = error.message
    else:
        problem = "；".join(str(text) for texts in form.errors.values() for text in texts)
    if not request.headers.get("HX-Request"):
        if problem:
            messages.error(request, problem)
        return redirect("scoring:sheet", pk)
    [line] = [one for one in selectors.sheet(review, Actor.of(request.user)) if one.item.pk == item]
    content = _bar(request, review) | {"line": _shown(line), "problem": problem, "swap": True}
    return render(request, "scoring/parts/line_answer.html", content)


@page(permission=May.REVIEW)
@require_POST
def act(request: HttpRequest, pk: int, deed: str) -> HttpResponse:
    """``rest`` approves what is not decided, ``sign`` signs, ``close`` sends the sheet to the town."""
    review = _review(request, pk, May.REVIEW)
    deeds: dict[str, Callable[[], str]] = {
        "rest": lambda: _rest(review, request),
        "sign": lambda: _sign(review, request),
        "close": lambda: _close(review, request),
    }
    if deed not in deeds:
        raise NotFound
    try:
        messages.success(request, deeds[deed]())
    except JifenError as error:
        messages.error(request, error.message)
    return redirect("scoring:sheet", pk)


def _rest(review: Review, request: HttpRequest) -> str:
    count = reviews.decide_rest(review=review, by=Actor.of(request.user))
    left = review.items.filter(verdict=ItemVerdict.PENDING).count()
    tail = f",还有{left}条须由其他委员审定(您须回避)。" if left else "。"
    return f"已通过{count}条{tail}"


def _sign(review: Review, request: HttpRequest) -> str:
    role = seat_of(request.user, review)
    if role is None:
        raise Forbidden
    reviews.sign(review=review, role=role, by=Actor.of(request.user))
    return "已签字。"


def _close(review: Review, request: HttpRequest) -> str:
    filing = reviews.close(review=review, by=Actor.of(request.user))
    return f"审核表已审定,已报镇里{filing.get_kind_display()}。"


def _bar(request: HttpRequest, review: Review) -> dict[str, Any]:
    """What stands above the sheet: how far it is, who signed, what can be done."""
    verdicts = list(review.items.values_list("verdict", flat=True))
    open_ = review.state in (ReviewState.OPEN, ReviewState.RETURNED)
    may = grants_of(request.user).allows(May.REVIEW, village=review.village_id)
    seats = list(review.seats.order_by("signed_at"))
    seat = seat_of(request.user, review)
    return {
        "review": review,
        "total": len(verdicts),
        "pending": verdicts.count(ItemVerdict.PENDING),
        "counts": {value: verdicts.count(value) for value in ItemVerdict.values},
        "seats": seats,
        "may_decide": may and open_,
        "may_sign": may and open_ and seat is not None and all(one.role_id != seat.pk for one in seats),
    }


def _shown(line: SheetLine) -> dict[str, Any]:
    declaration = line.item.declaration
    allowed = reviews.bounds(selectors.spec_of(declaration.rule), declaration.points)
    photos = shown(one.file for one in declaration.evidence.all())
    return {"item": line.item, "told": declaration, "hints": line.exceptions, "barred": line.barred,
            "bounds": allowed, "photos": photos}  # fmt: skip


def _review(request: HttpRequest, pk: int, permission: May = May.READ_LEDGER) -> Review:
    row = Review.objects.select_related("village").filter(pk=pk).first()
    held = scope.village_ids(request, May.READ_LEDGER)
    if row is None or (held is not None and row.village_id not in held):
        raise NotFound
    require(request.user, permission, village=row.village_id)
    return row


def _month(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as wrong:
        raise NotFound("没有这个月份,请从审核表列表里选。", field="month") from wrong


def _missing(rows: Any) -> list[date]:
    """This month and the last, when they have no sheet yet."""
    this = clock.month_start(clock.today())
    last = clock.month_start(date.fromordinal(this.toordinal() - 1))
    known = {row.month for row in rows}
    return [month for month in (last, this) if month not in known]
