"""Notices and objections as a villager sees them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from jifen.kernel import clock
from jifen.kernel.actors import Actor
from jifen.kernel.errors import JifenError
from jifen.kernel.permissions import Access, grants_of, page
from jifen.kernel.reading import whole
from reporting import asking, errors
from reporting.permissions import ReportingPermission as May
from reporting.selectors import notices as notice_selectors
from reporting.selectors import objections as objection_selectors
from reporting.services import objections
from reporting.web import show
from reporting.web.forms import ObjectionForm
from scoring import selectors as scoring
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
    household = community.household_of_user(request.user)
    found = objection_selectors.by_id(pk)
    if household is None or found.household_id != household.pk:
        raise errors.ObjectionUnknown
    why = scoring.why_posted(found.posting) if found.posting else None
    return render(request, "reporting/resident/objection.html", {"objection": found, "why": why})


@page(permission=May.OBJECT)
def new_objection(request: HttpRequest) -> HttpResponse:
    """``?posting=`` from the passbook, ``?notice=`` from a notice, or both for one line of a notice."""
    about = _about(request)
    form = ObjectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = objections.raise_objection(
                **about._asdict(), text=form.cleaned_data["text"], by=Actor.of(request.user)
            )
        except JifenError as error:
            form.add_error_from(error)
        else:
            messages.success(request, "异议已经提交,村里调查核实后会答复您。")
            own = community.household_of_user(request.user) == about.household
            return redirect("reporting:objection" if own else "reporting:village-objection", made.pk)
    status = UNPROCESSABLE if form.errors else 200
    why = scoring.why_posted(about.posting) if about.posting else None
    content = {"notice": about.notice, "form": form, "why": why}
    return render(request, "reporting/resident/new_objection.html", content, status=status)


def _about(request: HttpRequest) -> asking.About:
    return asking.about(request.user, posting=_number(request, "posting"), notice=_number(request, "notice"))


def _may_object(request: HttpRequest) -> bool:
    return grants_of(request.user).allows(May.OBJECT)


def _number(request: HttpRequest, name: str) -> int:
    return whole(request.GET.get(name, "")) or 0
