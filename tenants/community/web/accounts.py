"""Accounts: a villager's, on her household's page, and the town office's own. A first password is shown once."""

from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from jifen.accounts import selectors as site_roles
from jifen.accounts import services as accounts
from jifen.accounts.models import RoleGrant, User
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from jifen.kernel.errors import JifenError
from jifen.kernel.permissions import page, require
from tenants.community import keys, selectors
from tenants.community.models import HouseholdMember
from tenants.community.permissions import CommunityPermission as May
from tenants.community.services import people
from tenants.community.web.common import done, frame
from tenants.community.web.forms import AccountForm, OfficerForm


@page(permission=May.MANAGE_ROSTER)
def member_account(request: HttpRequest, area: str, number: str, pk: int) -> HttpResponse:
    """Open an account for a member of the household; the name is proposed."""
    member = _member(request, number, pk)
    person, back = member.resident, _household(area, number)
    form = AccountForm(request.POST or None, initial={"username": selectors.suggested_username(person)})
    if form.is_valid():
        password, by = accounts.first_password(), Actor.of(request.user)
        terms: dict[str, Any] = {"password": password, "must_change_password": True, "by": by}
        try:
            user = people.give_account(resident=person, username=form.cleaned_data["username"], **terms)
        except JifenError as error:
            form.add_error_from(error)
        else:
            return _shown_once(request, area, user, password, back)
    content = {**frame(request, area), "member": member, "form": form, "back": back}
    return render(request, "community/member_account.html", content, status=422 if form.errors else 200)


@page(permission=May.MANAGE_ROSTER)
def member_password(request: HttpRequest, area: str, number: str, pk: int) -> HttpResponse:
    """Give a member who forgot her password a new first one."""
    person, back = _member(request, number, pk).resident, _household(area, number)
    if request.method != "POST":
        return redirect(back)
    if person.user is not None:
        keys.check(request.user, person.user)
    password = accounts.first_password()
    user = people.reset_password(resident=person, password=password, by=Actor.of(request.user))
    return _shown_once(request, area, user, password, back)


@page(permission=May.MANAGE_TOWN)
def office_accounts(request: HttpRequest) -> HttpResponse:
    """Who works in the town office, and one more."""
    form = OfficerForm(request.POST or None)
    if form.is_valid():
        password = accounts.first_password()
        try:
            grant = people.add_officer(**form.cleaned_data, password=password, by=Actor.of(request.user))
        except JifenError as error:
            form.add_error_from(error)
        else:
            return _shown_once(request, "office", grant.user, password, reverse("community:office_accounts"))
    content = {**frame(request, "office"), "rows": _people(), "form": form}
    return render(request, "community/office_accounts.html", content, status=422 if form.errors else 200)


@page(permission=May.MANAGE_TOWN)
def office_password(request: HttpRequest, pk: int) -> HttpResponse:
    """Give somebody of the office a new first password."""
    user, back = _grant(pk).user, reverse("community:office_accounts")
    if request.method != "POST":
        return redirect(back)
    keys.check(request.user, user)
    password = accounts.first_password()
    accounts.set_password(user=user, password=password, by=Actor.of(request.user))
    return _shown_once(request, "office", user, password, back)


@page(permission=May.MANAGE_TOWN)
def office_end(request: HttpRequest, pk: int) -> HttpResponse:
    grant = _grant(pk)
    if request.method == "POST":
        by = Actor.of(request.user)
        done(request, lambda: people.end_officer(grant=grant, by=by), "已停用，从现在起不能再办理镇里的事。")
    return redirect("community:office_accounts")


def _people() -> list[list[RoleGrant]]:
    """One line a person, with all roles she holds."""
    rows = site_roles.grants_in_force().order_by("user__name_pinyin", "user", "role")
    return [list(held) for _, held in groupby(rows, key=lambda grant: grant.user_id)]


def _household(area: str, number: str) -> str:
    return reverse(f"community:{area}_household", args=[number])


def _member(request: HttpRequest, number: str, pk: int) -> HouseholdMember:
    """Somebody of a household that the caller looks after; Http404 for any other."""
    household = get_object_or_404(selectors.households_for(request.user, May.READ), number=number)
    require(request.user, May.MANAGE_ROSTER, village=household.village_id)
    members = selectors.members_on(household, clock.today()).select_related("resident__user", "household")
    return get_object_or_404(members, resident=pk)


def _grant(pk: int) -> RoleGrant:
    return get_object_or_404(site_roles.grants_in_force(), pk=pk)


def _shown_once(request: HttpRequest, area: str, user: User, password: str, back: str) -> HttpResponse:
    content = {**frame(request, area), "account": user, "password": password, "back": back, "host": request.get_host()}
    answer = render(request, "community/first_password.html", content)
    answer["Cache-Control"] = "no-store"
    return answer
