"""First pages of the two sites."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from jifen.accounts.web.home import home_of
from jifen.flows import beginning, homes
from jifen.inbox import selectors as inbox
from jifen.kernel import clock
from jifen.kernel.permissions import Access, grants_of, page
from redemption import selectors as redemption
from reporting.selectors import notices
from scoring import selectors as scoring
from scoring.permissions import ScoringPermission
from scoring.selectors import access, expiry
from tenants import selectors as tenants
from tenants.community import selectors as community
from tenants.community.permissions import CommunityPermission


@page(permission=Access.ANYONE)
def landing(request: HttpRequest) -> HttpResponse:
    """The public site's front door: the towns, and the way in for provider, district and shops."""
    if request.user.is_authenticated and (home := home_of(request.user)) != "/":
        return redirect(home)
    _, _, port = request.get_host().partition(":")
    towns = [(town, tenants.host_of(town) + (f":{port}" if port else "")) for town in tenants.ready_towns()]
    return render(request, "flows/landing.html", {"towns": towns})


@page(permission=Access.SIGNED_IN)
def resident_home(request: HttpRequest) -> HttpResponse:
    """The villager's own points, large; staff are sent to their own first page."""
    if (home := home_of(request.user)) != "/":
        return redirect(home)
    household = community.household_of_user(request.user)
    today = clock.today()
    content: dict[str, Any] = {"household": household, "today": today, "unread": inbox.unread(request.user)}
    if household is not None:
        book = scoring.passbook(household, today.year)
        before = scoring.passbook(household, today.year - 1) if not book.rows else None
        content |= {"book": book, "before": before, "rows": book.rows[:3]}
        content |= {"warning": expiry.warning_for(household), "ending": expiry.ending(household, today.year)}
        content |= {"window": redemption.window_on(household.village, today)}
        content |= {"notices": notices.published([household.village_id])[:2]}
    return render(request, "flows/resident_home.html", content)


@page(permission=CommunityPermission.READ)
def village_home(request: HttpRequest) -> HttpResponse:
    work = homes.work(request.user, CommunityPermission.READ)
    content: dict[str, Any] = {"work": work, "today": clock.today()}
    content["can_record"] = grants_of(request.user).allows(ScoringPermission.RECORD)
    content["can_read"] = grants_of(request.user).allows(ScoringPermission.READ_LEDGER)
    content["reviewed"] = access.words_on(request.user, [*work.open_sheets, *work.returned])
    return render(request, "flows/village_home.html", content)


@page(permission=ScoringPermission.FILE)
def office_home(request: HttpRequest) -> HttpResponse:
    work = homes.work(request.user, CommunityPermission.READ)
    content = {"work": work, "today": clock.today(), "years": homes.year_lines()}
    content["steps"] = beginning.steps(request.user)
    content["can_close_years"] = grants_of(request.user).allows(ScoringPermission.CLOSE_YEAR)
    return render(request, "flows/office_home.html", content)
