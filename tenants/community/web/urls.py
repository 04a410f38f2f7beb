"""Addresses of villages, households and people on a town's site; namespace ``community``."""

from collections.abc import Callable

from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, include, path

from tenants.community.web import accounts, cells, change_amends, changes, households, relatives, roster, villages


def _area(area: str) -> list[URLPattern]:
    def at(route: str, view: Callable[..., HttpResponse], name: str) -> URLPattern:
        return path(route, view, {"area": area}, name=f"{area}_{name}")

    return [
        at("households/", households.household_list, "households"),
        at("households/new/", households.household_new, "household_new"),
        at("households/<str:number>/", households.household, "household"),
        at("households/<str:number>/leave/", households.leave, "leave"),
        at("households/<str:number>/card/", households.renew_card, "renew_card"),
        at("households/<str:number>/consents/<int:pk>/<str:kind>/", households.consent, "consent"),
        at("households/<str:number>/members/<int:pk>/account/", accounts.member_account, "member_account"),
        at("households/<str:number>/members/<int:pk>/password/", accounts.member_password, "member_password"),
        at("households/<str:number>/relatives/", relatives.declare, "relatives"),
        at("households/<str:number>/changes/<slug:kind>/", changes.change_new, "change_new"),
        at("cells/", cells.cell_list, "cells"),
        at("cells/<int:pk>/", cells.cell, "cell"),
        at("cells/<int:pk>/<str:number>/out/", cells.take_out, "cell_out"),
        at("roster-changes/", changes.change_list, "changes"),
        at("roster-changes/<int:pk>/", changes.change, "change"),
        at("roster-changes/<int:pk>/amend/", change_amends.change_amend, "change_amend"),
        at("roster/", roster.roster_page, "roster"),
        at("roster/sample/", roster.roster_sample, "roster_sample"),
        at("roster/<int:pk>/", roster.roster_result, "roster_result"),
        at("roster/<int:pk>/rows/", roster.roster_bad_rows, "roster_bad_rows"),
        at("participation/", villages.participation, "participation"),
        at("roles/", villages.role_list, "roles"),
        at("roles/<int:pk>/end/", villages.role_end, "role_end"),
        at("villages/", villages.village_list, "villages"),
        at("contacts/", villages.contact_list, "contacts"),
    ]


_office: list[URLPattern] = [
    path("accounts/", accounts.office_accounts, name="office_accounts"),
    path("accounts/<int:pk>/password/", accounts.office_password, name="office_password"),
    path("accounts/<int:pk>/end/", accounts.office_end, name="office_end"),
]

town: list[URLPattern | URLResolver] = [
    path("office/", include([*_area("office"), *_office])),
    path("village/", include(_area("village"))),
]
