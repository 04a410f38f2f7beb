"""审核会: who sits on which seat, whether that is enough, what is said; the sheet on paper."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from jifen.files import selectors as stored
from jifen.files import services as files
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from jifen.kernel.errors import JifenError, NotFound
from jifen.kernel.permissions import grants_of, page
from jifen.kernel.reading import whole
from scoring.models import Presence, Review, ReviewState
from scoring.permissions import ScoringPermission as May
from scoring.selectors.meetings import meeting_of, seats, standing
from scoring.services import meetings, papers
from scoring.web import scope
from scoring.web.forms import MeetingForm, ScanForm
from scoring.web.sheets import may_hold, review_of
from tenants.community.models import VillageRole

ALL = "all"
"""In place of a seat: all of whom nothing is noted yet."""


@page(permission=May.SIT)
def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """The meeting's page; htmx asks again and again for its live part alone."""
    review = review_of(request, pk)
    content = _live(request, review)
    if request.headers.get("HX-Request"):
        return render(request, "scoring/parts/meeting_live.html", content)
    return render(request, "scoring/meeting.html", content | _forms(request, review))


@page(permission=May.HOLD_MEETING)
@require_POST
def attend(request: HttpRequest, pk: int) -> HttpResponse:
    """One seat: there, not there, or a substitute; answers with the live part."""
    review = review_of(request, pk, May.HOLD_MEETING)
    problem = _told(request, lambda: _attend(request, review))
    if not request.headers.get("HX-Request"):
        return redirect("scoring:meeting", pk)
    return render(request, "scoring/parts/meeting_live.html", _live(request, review) | {"problem": problem})


@page(permission=May.HOLD_MEETING)
@require_POST
def hold(request: HttpRequest, pk: int) -> HttpResponse:
    """When, where, and what was said."""
    review = review_of(request, pk, May.HOLD_MEETING)
    form = MeetingForm(request.POST)
    if form.is_valid():
        try:
            meetings.hold(review=review, by=Actor.of(request.user), **form.cleaned_data)
        except JifenError as error:
            form.add_error_from(error)
        else:
            messages.success(request, "会议记录已保存。")
            return redirect("scoring:meeting", pk)
    content = _live(request, review) | _forms(request, review) | {"form": form}
    return render(request, "scoring/meeting.html", content, status=422)


@page(permission=May.HOLD_MEETING)
@require_POST
def scan(request: HttpRequest, pk: int) -> HttpResponse:
    """The signed decision sheet, photographed or scanned."""
    review = review_of(request, pk, May.HOLD_MEETING)
    form = ScanForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            _attach(review, form.cleaned_data["paper"], Actor.of(request.user))
        except JifenError as error:
            form.add_error_from(error)
        else:
            messages.success(request, "签字原件已存档，到会的委员都算已签字。")
            return redirect("scoring:meeting", pk)
    content = _live(request, review) | _forms(request, review) | {"scan_form": form}
    return render(request, "scoring/meeting.html", content, status=422)


@page(permission=May.SIT)
def paper(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """``decision`` to be signed, ``results`` to be read aloud."""
    review = review_of(request, pk)
    make = papers.PRINTS.get(kind)
    if make is None:
        raise NotFound
    return scope.download(make(review), "application/pdf", papers.name(kind, review))


def _attend(request: HttpRequest, review: Review) -> None:
    if request.POST.get("role") == ALL:
        meetings.all_came(review=review, by=Actor.of(request.user))
        return
    role = VillageRole.objects.select_related("user").filter(pk=whole(request.POST.get("role", "")) or 0).first()
    if role is None:
        raise NotFound
    presence = request.POST.get("presence", "")
    words = request.POST.get("substitute", "")
    substitute = meetings.substitute_named(review.village, words) if presence == Presence.SUBSTITUTE else None
    meetings.attend(review=review, role=role, presence=presence, substitute=substitute, by=Actor.of(request.user))


def _attach(review: Review, sent: Any, by: Actor) -> None:
    content_type = sent.content_type or "application/octet-stream"
    stored_file = files.receive(kind="sheet", name=sent.name, content_type=content_type, body=sent.read(), by=by)
    meetings.attach(review=review, file=stored_file, by=by)


def _told(request: HttpRequest, deed: Callable[[], None]) -> str:
    """What is wrong; without htmx it is said on the next page."""
    try:
        deed()
    except JifenError as error:
        if not request.headers.get("HX-Request"):
            messages.error(request, error.message)
        return error.message
    return ""


def _live(request: HttpRequest, review: Review) -> dict[str, Any]:
    review.refresh_from_db(fields=["state", "decided_at"])
    found = seats(review)
    return {
        "review": review,
        "seats": found,
        "is_noted": all(seat.word for seat in found),
        "standing": standing(review),
        "meeting": meeting_of(review),
        "may_hold": may_hold(request, review),
        "is_open": review.state in (ReviewState.OPEN, ReviewState.RETURNED),
    }


def _forms(request: HttpRequest, review: Review) -> dict[str, Any]:
    known = meeting_of(review)
    initial = {"held_on": clock.today(), "place": f"{review.village.name}村民委员会会议室"}
    if known:
        initial = {"held_on": known.held_on, "place": known.place, "minutes": known.minutes}
    link = stored.link(known.paper) if known and known.paper else ""
    sits = grants_of(request.user).allows(May.HOLD_MEETING, village=review.village_id)
    told = {"form": MeetingForm(initial=initial), "scan_form": ScanForm(), "paper_link": link}
    records = grants_of(request.user).allows(May.RECORD, village=review.village_id)
    told |= {"may_enter": records and may_hold(request, review)}
    return told | {"may_upload": sits and (may_hold(request, review) or not link)}
