"""Notices and objections as a villager sees them."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from jifen.kernel import clock
from jifen.kernel.actors import Actor
from jifen.kernel.errors import JifenError
from jifen.kernel.permissions import Access, grants_of, page
from jifen.kernel.reading import whole
from jifen.web.wording import date_cn
from reporting import addresses, asking
from reporting.models import Objection
from reporting.permissions import ReportingPermission as May
from reporting.selectors import in_place, inquiries
from reporting.selectors import notices as notice_selectors
from reporting.selectors import objections as objection_selectors
from reporting.services import objections
from reporting.web import show, story
from reporting.web.forms import AppealForm, ObjectionForm
from scoring import selectors as scoring
from scoring.web.photos import evidence_of
from scoring.web.photos import shown as pictures
from tenants.community import selectors as community

UNPROCESSABLE = 422


@page(permission=Access.SIGNED_IN)
def notices(request: HttpRequest) -> HttpResponse:
    """What hangs in her village and in the town, newest first."""
    rows = notice_selectors.published(asking.villages_of(request.user))[:40]
    content = {"notices": rows, "today": clock.today(), "may_object": _may_object(request)}
    return render(request, "reporting/resident/notices.html", content)


@page(permission=Access.SIGNED_IN)
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    found = notice_selectors.by_id(pk, asking.villages_of(request.user))
    household = community.household_of_user(request.user)
    content = show.content(found, [household.pk] if household else [])
    asks = _may_object(request) and content["takes_objections"] and found.corrects_id is None
    ask_url = f"{reverse('reporting:new-objection')}?notice={found.pk}" if asks else ""
    return render(
        request, "reporting/resident/notice.html", {**content, "ask_url": ask_url, "notice_url": "reporting:notice"}
    )


@page(permission=May.OBJECT)
def objections_of_mine(request: HttpRequest) -> HttpResponse:
    """What her household asked, and what came of it."""
    household = community.household_of_user(request.user)
    rows = objection_selectors.of_households([household.pk] if household else [])
    return render(request, "reporting/resident/objections.html", {"objections": rows})


@page(permission=May.OBJECT)
def objection(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it is, what was found, and where to go next."""
    found = objection_selectors.own_one(request.user, pk)
    content = {
        "objection": found,
        "why": scoring.why_posted(found.posting) if found.posting else None,
        "events": story.of(found, inside=True, linked=True),
        "step": inquiries.standing([found.pk]).get(found.pk, ""),
        "photos": pictures(row.file for row in found.files.exclude(kind="finding").select_related("file")),
        "days_left": (found.answer_by - clock.today()).days,
        "in_town": in_place.is_asked(found),
        "next_way": objection_selectors.next_way(found),
        "may_appeal": _may_appeal(found),
        "answered_in_town": in_place.answered(found),
        "answerer": in_place.answerer(found),
        "office": community.office_name() or "镇里",
        "receipt": addresses.receipt(found),
    }
    return render(request, "reporting/resident/objection.html", content)


@page(permission=May.OBJECT)
def new_objection(request: HttpRequest) -> HttpResponse:
    """``?posting=`` from the passbook, ``?declaration=`` from her declarations, ``?notice=`` from a notice; a posting
    and a notice for one line of it. What cannot be questioned any more is said at once, without the form."""
    about = _about(request)
    form = ObjectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = {"text": form.cleaned_data["text"], "is_direct": form.cleaned_data["is_direct"]}
        made = _done(request, form, objections.raise_objection, **about._asdict(), **data)
        if made is not None:
            messages.success(request, f"异议已经提交，回执编号 {made.number}。{date_cn(made.answer_by)}前答复您。")
            own = community.household_of_user(request.user) == about.household
            return redirect("reporting:objection" if own else "reporting:village-objection", made.pk)
    why = scoring.why_posted(about.posting) if about.posting else None
    content = {"notice": about.notice, "declaration": about.declaration, "form": form, "why": why}
    own = community.household_of_user(request.user) == about.household
    content |= {"refusal": asking.refusal(about, own=own)}
    return render(request, "reporting/resident/new_objection.html", content, status=_status(form))


@page(permission=May.OBJECT)
def appeal(request: HttpRequest, pk: int) -> HttpResponse:
    """The second stage: the town looks at what the village dismissed."""
    found = objection_selectors.own_one(request.user, pk)
    form = AppealForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = _done(request, form, objections.appeal, objection=found, text=form.cleaned_data["text"])
        if made is not None:
            messages.success(request, f"已经转给镇里复核，{date_cn(made.answer_by)}前答复您。")
            return redirect("reporting:objection", made.pk)
    content = {"objection": found, "form": form, "office": community.office_name()}
    return render(request, "reporting/resident/appeal.html", content, status=_status(form))


def _done(request: HttpRequest, form: Any, act: Callable[..., Objection], **what: Any) -> Objection | None:
    """What came of ``act``; None when it was refused, and the form says why."""
    try:
        return act(**what, proofs=evidence_of(request), by=Actor.of(request.user))
    except JifenError as error:
        form.add_error_from(error)
        return None


def _may_appeal(found: Objection) -> bool:
    return objection_selectors.is_appealable(found) and clock.today() <= objection_selectors.appeal_until(found)


def _status(form: Any) -> int:
    return UNPROCESSABLE if form.errors else 200


def _about(request: HttpRequest) -> asking.About:
    wanted = {name: _number(request, name) for name in ("posting", "notice", "declaration")}
    return asking.about(request.user, **wanted)


def _may_object(request: HttpRequest) -> bool:
    return grants_of(request.user).allows(May.OBJECT)


def _number(request: HttpRequest, name: str) -> int:
    return whole(request.GET.get(name, "")) or 0
