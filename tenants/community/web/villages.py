"""Villages, participation, roles and accounts."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from jifen.accounts.models import User
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from jifen.kernel.permissions import page, require
from tenants.community import appointing, errors, policies, selectors
from tenants.community.models import Resident, TownProfile, VillageRole
from tenants.community.permissions import CommunityPermission as May
from tenants.community.services import contacts, people, roles, villages
from tenants.community.web.common import done, filled, frame, has_whole_town, managed
from tenants.community.web.forms import AppointForm, ContactsForm, TotalForm, VillageForm, group_numbered


@page(permission=May.READ)
def participation(request: HttpRequest, area: str) -> HttpResponse:
    """Joined households against all households, village by village."""
    today = clock.today()
    form = TotalForm(request.POST or None, villages=managed(request), initial={"as_of": today})
    if request.method == "POST":
        require(request.user, May.MANAGE_ROSTER)
        by = Actor.of(request.user)
        if filled(request, form, lambda values: villages.record_total(**values, by=by), "已登记总户数。"):
            return redirect(f"community:{area}_participation")
    rows = selectors.participation_by_village(today, list(selectors.villages_for(request.user, May.READ)))
    joined, total = sum(part.joined for _, part in rows), sum(part.total for _, part in rows)
    content = {
        **frame(request, area),
        "rows": [(village, part, part.share) for village, part in rows],
        "whole": selectors.Participation(joined, total),
        "policy": policies.on(today).participation,
        "form": form,
    }
    return render(request, "community/participation.html", content, status=422 if form.errors else 200)


@page(permission=May.MANAGE_ROSTER)
def role_list(request: HttpRequest, area: str) -> HttpResponse:
    """Who does what, and appointing somebody."""
    form = AppointForm(request.POST or None, villages=managed(request), roles=appointing.roles_for(request.user))
    if filled(request, form, lambda values: _appoint(request, values), "已任命。"):
        return redirect(f"community:{area}_roles")
    rows = selectors.roles_on(clock.today()).filter(village__in=managed(request))
    content = {
        **frame(request, area),
        "rows": rows.select_related("user", "village", "group").order_by("village__code", "role", "pk"),
        "form": form,
        "own": [value for value, _ in appointing.roles_for(request.user)],
    }
    return render(request, "community/roles.html", content, status=422 if form.errors else 200)


@transaction.atomic
def _appoint(request: HttpRequest, values: dict[str, Any]) -> VillageRole:
    """The person is found by household and name; one without an account gets it here.

    Only among the villages that the one who appoints looks after: whoever makes an account knows its first password.
    """
    village, by = values["village"], Actor.of(request.user)
    appointing.check(request.user, values["role"])
    mine = selectors.households_for(request.user, May.MANAGE_ROSTER)
    household = mine.filter(number=values["number"].strip()).first()
    if household is None:
        raise errors.HouseholdUnknown(field="number")
    member = selectors.members_on(household, clock.today()).filter(resident__name=values["name"].strip()).first()
    if member is None:
        raise errors.NotAMember(number=household.number, name=values["name"])
    user = _account(member.resident, values, by)
    group = group_numbered(village, values["group"])
    return roles.appoint(user=user, village=village, role=values["role"], seat=values["seat"], group=group, by=by)


def _account(resident: Resident, values: dict[str, Any], by: Actor) -> User:
    if resident.user_id is not None:
        return User.objects.get(pk=resident.user_id)
    if not values["username"] or not values["password"]:
        raise errors.AccountNeeded(name=resident.name)
    return people.give_account(
        resident=resident,
        username=values["username"],
        password=values["password"],
        must_change_password=True,
        by=by,
    )


@page(permission=May.MANAGE_ROSTER)
def role_end(request: HttpRequest, area: str, pk: int) -> HttpResponse:
    role = get_object_or_404(VillageRole.objects.filter(village__in=managed(request)), pk=pk)
    if request.method == "POST":
        appointing.check(request.user, role.role)
        by = Actor.of(request.user)
        done(request, lambda: roles.end(role=role, on=clock.today(), by=by), "已卸任。")
    return redirect(f"community:{area}_roles")


@page(permission=May.MANAGE_ROSTER)
def contact_list(request: HttpRequest, area: str) -> HttpResponse:
    """The numbers that posters and slips tell people to call."""
    town = TownProfile.objects.first() if has_whole_town(request) else None
    form = ContactsForm(request.POST or None, villages=list(managed(request)), town=town)
    if filled(request, form, lambda _: _keep_contacts(form, Actor.of(request.user)), "已登记联系电话。"):
        return redirect(f"community:{area}_contacts")
    content = {**frame(request, area), "form": form, "silent": selectors.without_phone(managed(request))}
    return render(request, "community/contacts.html", content, status=422 if form.errors else 200)


@transaction.atomic
def _keep_contacts(form: ContactsForm, by: Actor) -> None:
    for village, phone in form.changed():
        if village is None:
            contacts.set_town_phone(phone=phone, by=by)
        else:
            contacts.set_village_phone(village=village, phone=phone, by=by)


@page(permission=May.MANAGE_TOWN)
def village_list(request: HttpRequest, area: str) -> HttpResponse:
    form = VillageForm(request.POST or None)
    by = Actor.of(request.user)
    if filled(request, form, lambda values: villages.add(**values, by=by), "已添加。"):
        return redirect(f"community:{area}_villages")
    rows = selectors.villages_for(request.user, May.READ).prefetch_related("groups")
    content = {**frame(request, area), "rows": rows, "form": form}
    return render(request, "community/villages.html", content, status=422 if form.errors else 200)
