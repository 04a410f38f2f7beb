"""月审核: the committee's sheet, exceptions first."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import Count, Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from jifen.kernel import clock
from jifen.kernel.actors import Actor
from jifen.kernel.errors import JifenError, NotFound
from jifen.kernel.permissions import grants_of, page, require
from scoring import selectors
from scoring.models import ItemVerdict, ReturnedItem, Review, ReviewItem, ReviewState
from scoring.permissions import ScoringPermission as May
from scoring.rules.phrases import BASES
from scoring.selectors import access, raters
from scoring.selectors.meetings import meeting_of, on_paper, standing
from scoring.selectors.sheets import Left, SheetLine, group_lines, latecomers, newcomers
from scoring.selectors.sitting import chair_of
from scoring.services import posting, reviews
from scoring.web import scope
from scoring.web.forms import VerdictForm
from scoring.web.photos import shown

SAID = Exists(ReturnedItem.objects.filter(filing=OuterRef("pk"), note=OuterRef("note")))
"""What the town wrote of the whole is what it wrote of a deed."""
UNFOLDED = 30
"""So many exceptions come with all that is under them; the others bring it when they are opened."""


@page(permission=May.SIT)
def sheet_list(request: HttpRequest) -> HttpResponse:
    """The village's sheets; who only sits on some sees those."""
    frame = scope.frame(request, May.SIT)
    rows = selectors.reviews_of(frame["village"].pk).filter(pk__in=access.sheets_for(request.user).values("pk"))
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


@page(permission=May.SIT)
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    review = review_of(request, pk)
    by = Actor.of(request.user)
    found = selectors.sheet(review, by)
    content = _bar(request, review, found.left)
    content |= {
        "attention": [_shown(line, full=number < UNFOLDED) for number, line in enumerate(found.attention)],
        "first": next((line.item.pk for line in found.attention if line.is_waiting), None),
        "groups": found.groups,
        "recusals": selectors.recusals(review),
        "filings": review.filings.order_by("-pk").annotate(sent_back=Count("returned_items"), is_said=SAID),
        "open_until": posting.open_until(review) if review.state == ReviewState.SETTLED else None,
        "newcomers": newcomers(review) if _may_take(request, review) else 0,
        "latecomers": latecomers(review),
        "no_chair": access.no_chair(review).message if _is_unseated(request, review) else "",
        "standing": standing(review),
        "meeting": meeting_of(review),
    }
    return render(request, "scoring/sheet.html", content)


@page(permission=May.SIT)
def group(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """The plain deeds of one group, a line each."""
    review = review_of(request, pk)
    lines = [_shown(line, full=False) for line in group_lines(review, key, Actor.of(request.user))]
    return render(request, "scoring/parts/lines.html", {"review": review, "lines": lines} | _frame(request, review))


@page(permission=May.SIT)
def item(request: HttpRequest, pk: int, item: int) -> HttpResponse:
    """What lies under one line; POST decides on it and answers with the line and the sheet's figures."""
    review = review_of(request, pk)
    row = ReviewItem.objects.select_related("review", "declaration").filter(review=review, pk=item).first()
    if row is None:
        raise NotFound
    if request.method == "POST":
        return _decide(request, review, row)
    content = {"review": review} | _frame(request, review)
    shown_line = _shown(selectors.line(row, Actor.of(request.user)))
    return render(request, "scoring/parts/line_body.html", content | {"line": shown_line})


def _decide(request: HttpRequest, review: Review, row: ReviewItem) -> HttpResponse:
    access.require_word(request.user, review)
    by = Actor.of(request.user)
    problem = _decided(VerdictForm(request.POST), row, by)
    if not request.headers.get("HX-Request"):
        if problem:
            messages.error(request, problem)
        return redirect("scoring:sheet", review.pk)
    line = _shown(selectors.line(row, by))
    content = _bar(request, review, selectors.left(review, by)) | {"line": line, "problem": problem, "swap": True}
    return render(request, "scoring/parts/line_answer.html", content)


def _decided(form: VerdictForm, row: ReviewItem, by: Actor) -> str:
    """What is wrong with the decision; empty when it is made."""
    if not form.is_valid():
        return "；".join(str(text) for texts in form.errors.values() for text in texts)
    try:
        reviews.decide(item=row, by=by, **form.decision())
    except JifenError as error:
        return error.message
    return ""


@page(permission=May.SIT)
@require_POST
def act(request: HttpRequest, pk: int, deed: str) -> HttpResponse:
    """``plain`` approves what needs no look, ``take`` takes in what has come since, ``sign``; ``close``, which the
    steward does too when the signed paper is in."""
    review = review_of(request, pk)
    _require(request, review, deed)
    deeds: dict[str, Callable[[], str]] = {
        "plain": lambda: _plain(review, request),
        "take": lambda: _take(review, request),
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


def _require(request: HttpRequest, review: Review, deed: str) -> None:
    """Raises:
    Forbidden: the deed is not hers. NoChair: it is theirs who sit on the sheet.
    """
    if deed == "take":
        require(request.user, May.REVIEW, village=review.village_id)
    elif deed != "close" or not grants_of(request.user).allows(May.HOLD_MEETING, village=review.village_id):
        access.require_word(request.user, review)


def _plain(review: Review, request: HttpRequest) -> str:
    count = reviews.decide_plain(review=review, by=Actor.of(request.user))
    left = review.items.filter(verdict=ItemVerdict.PENDING).count()
    return f"已通过{count}件，还有{left}件未定。" if left else f"已通过{count}件，全部定完，可以签字了。"


def _take(review: Review, request: HttpRequest) -> str:
    before = review.items.count()
    reviews.open_month(village=review.village, month=review.month, by=Actor.of(request.user))
    return f"已并入{review.items.count() - before}件新登记。"


def _sign(review: Review, request: HttpRequest) -> str:
    role = access.require_word(request.user, review)
    reviews.sign(review=review, role=role, by=Actor.of(request.user))
    return "已签字。"


def _close(review: Review, request: HttpRequest) -> str:
    close = reviews.close if access.has_word(request.user, review) else reviews.close_on_paper
    filing = close(review=review, by=Actor.of(request.user))
    return f"审核表已审定，已报镇里{filing.get_kind_display()}。"


def may_decide(request: HttpRequest, review: Review) -> bool:
    """Whether the sheet is with the committee and she decides on it."""
    is_open = review.state in (ReviewState.OPEN, ReviewState.RETURNED)
    return is_open and access.has_word(request.user, review)


def _is_unseated(request: HttpRequest, review: Review) -> bool:
    """Whether she is of the committee, and the sheet that it decides has no chair for her."""
    of_committee = grants_of(request.user).allows(May.REVIEW, village=review.village_id)
    is_open = review.state in (ReviewState.OPEN, ReviewState.RETURNED)
    return is_open and of_committee and not access.has_word(request.user, review)


def may_hold(request: HttpRequest, review: Review) -> bool:
    """Whether the sheet is with the committee and she notes who came and what was signed: a member or the steward."""
    is_open = review.state in (ReviewState.OPEN, ReviewState.RETURNED)
    return is_open and grants_of(request.user).allows(May.HOLD_MEETING, village=review.village_id)


def _may_take(request: HttpRequest, review: Review) -> bool:
    """Whether she takes into the open sheet what has come since."""
    is_open = review.state in (ReviewState.OPEN, ReviewState.RETURNED)
    return is_open and grants_of(request.user).allows(May.REVIEW, village=review.village_id)


def _frame(request: HttpRequest, review: Review) -> dict[str, bool]:
    """What she may do with a line, and whether the page of its deed is open to her."""
    may_read = grants_of(request.user).allows(May.READ_LEDGER, village=review.village_id)
    return {"may_decide": may_decide(request, review), "may_read": may_read}


def _bar(request: HttpRequest, review: Review, left: Left) -> dict[str, Any]:
    """What stands below the sheet: how far it is, who signed, what can be done."""
    verdicts = list(review.items.values_list("verdict", flat=True))
    frame = _frame(request, review)
    may = frame["may_decide"]
    seats = list(review.seats.order_by("signed_at"))
    seat = chair_of(Actor.of(request.user).id, review)
    return frame | {
        "review": review,
        "total": len(verdicts),
        "pending": verdicts.count(ItemVerdict.PENDING),
        "counts": {value: verdicts.count(value) for value in ItemVerdict.values},
        "left": left,
        "seats": seats,
        "may_close_on_paper": not may and may_hold(request, review) and on_paper(review),
        "may_sign": may and seat is not None and all(one.role_id != seat.pk for one in seats),
    }


def _shown(line: SheetLine, *, full: bool = True) -> dict[str, Any]:
    """A line for the templates; one that is not ``full`` asks for its body when it is opened."""
    declaration = line.item.declaration
    told = {"item": line.item, "told": declaration, "hints": line.exceptions, "barred": line.barred, "full": full,
            "elsewhere": line.elsewhere, "kept": line.kept, "waits": line.is_waiting}  # fmt: skip
    if not full:
        return told
    is_undecided = bool(declaration.undecided)
    spec = selectors.spec_of(declaration.rule)
    allowed = reviews.bounds(spec, declaration.points, is_undecided=is_undecided,
                             tier=declaration.facts.get("tier"))  # fmt: skip
    photos = shown(one.file for one in declaration.evidence.all())
    basis = BASES[spec.catch_all.approval] if spec.catch_all else ""
    return told | {
        "raters": raters.lines(declaration, masked=False),
        "bounds": allowed,
        "basis": basis,
        "photos": photos,
        "can_adjust": allowed.least < allowed.most,
    }


def review_of(request: HttpRequest, pk: int, permission: May | None = None) -> Review:
    """The sheet with ``pk`` when she sees it; NotFound, or Forbidden without ``permission`` over its village."""
    row = access.sheets_for(request.user).filter(pk=pk).first()
    if row is None:
        raise NotFound
    if permission is not None:
        require(request.user, permission, village=row.village_id)
    return row


def _month(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as wrong:
        raise NotFound("没有这个月份，请从审核表列表里选。", field="month") from wrong


def _missing(rows: Any) -> list[date]:
    """This month and the last, when they have no sheet yet."""
    this = clock.month_start(clock.today())
    last = clock.month_start(date.fromordinal(this.toordinal() - 1))
    known = {row.month for row in rows}
    return [month for month in (last, this) if month not in known]
