"""The district's calendar: every town's year at a glance, clock by clock, and the list of what is late."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path

from jifen.clocks import lateness
from jifen.flows import behind
from jifen.flows.glance import glance
from jifen.kernel import clock, reading
from jifen.kernel.permissions import page
from reporting.district import selectors as district
from reporting.district.permissions import DistrictPermission

READ = DistrictPermission.READ


@dataclass(frozen=True, slots=True)
class LateLine:
    """A town's step that is late, for the district."""

    town: Any
    step: str
    row: Any


@page(permission=READ)
def year(request: HttpRequest) -> HttpResponse:
    """One year of the towns of the reader's districts: days and figures alone."""
    number = reading.year(request.GET.get("year", "")) or clock.today().year
    towns = glance(district.towns_for(request.user), number)
    content = {"year": number, "towns": towns, "months": range(1, 13), "late": sum(town.late for town in towns)}
    return render(request, "flows/district_year.html", content)


@page(permission=READ)
def late(request: HttpRequest) -> HttpResponse:
    """What is late in the towns of the reader's districts, or in one of them: figures alone."""
    towns = {town.schema_name: town for town in district.towns_for(request.user)}
    one = request.GET.get("town", "")
    shown = [schema for schema, town in towns.items() if one in ("", town.code)]
    rows = [LateLine(towns[row.town], behind.words(row.clock, row.period), row) for row in lateness.late_in(shown)]
    rows.sort(key=lambda line: (not line.row.is_escalated, line.row.due_on))
    content = {
        "rows": rows,
        "towns": len({line.row.town for line in rows}),
        "all_towns": len(towns),
        "one": towns[shown[0]] if one and shown else None,
    }
    return render(request, "flows/district_late.html", content)


public_site: list[URLPattern] = [
    path("district/late/", late, name="district"),
    path("district/calendar/", year, name="district_year"),
]
