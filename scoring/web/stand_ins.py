"""The villager who substitutes on a seat of the committee: the sheet as it was decided, and her signature."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from jifen.files import selectors as files
from jifen.kernel.actors import Actor
from jifen.kernel.errors import JifenError, NotFound
from jifen.kernel.permissions import page
from scoring.models import MeetingSeat, ReviewState
from scoring.permissions import ScoringPermission as May
from scoring.selectors import meetings as selectors
from scoring.services import papers, reviews
from scoring.web import scope


@page(permission=May.READ_OWN)
def stand_in_list(request: HttpRequest) -> HttpResponse:
    """The sheets on which she substitutes or has done so."""
    return render(request, "scoring/stand_ins.html", {"rows": selectors.stand_ins(Actor.of(request.user).id)[:60]})


@page(permission=May.READ_OWN)
def stand_in(request: HttpRequest, pk: int) -> HttpResponse:
    """What was decided, deed by deed; POST signs it."""
    row = _own(request, pk)
    review = row.meeting.review
    if request.method == "POST":
        try:
            reviews.sign(review=review, role=row.role, by=Actor.of(request.user))
        except JifenError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, "已签字。")
        return redirect("scoring:stand_in", pk)
    return render(request, "scoring/stand_in.html", _content(row))


@page(permission=May.READ_OWN)
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The decision sheet as a paper."""
    review = _own(request, pk).meeting.review
    return scope.download(papers.decision(review), "application/pdf", papers.name("decision", review))


def _content(row: MeetingSeat) -> dict[str, Any]:
    review = row.meeting.review
    told = papers.decision_told(review)
    is_open = review.state in (ReviewState.OPEN, ReviewState.RETURNED)
    pending = int(told["totals"][4])
    known = selectors.meeting_of(review)
    return {
        "row": row,
        "review": review,
        "told": told,
        "barred": sum(len(one.barred) for one in selectors.seats(review) if one.role_id == row.role_id),
        "pending": pending,
        "scan_link": files.link(known.paper) if known and known.paper else "",
        "may_sign": is_open and not pending and not row.has_signed,  # type: ignore[attr-defined]
    }


def _own(request: HttpRequest, pk: int) -> MeetingSeat:
    row = selectors.stand_ins(Actor.of(request.user).id).filter(meeting__review=pk).first()
    if row is None:
        raise NotFound
    return row
