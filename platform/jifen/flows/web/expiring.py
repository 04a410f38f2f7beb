"""清零提醒: the steward's list of households to phone before their points end."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from jifen.flows.expiry import last_day
from jifen.kernel import clock
from jifen.kernel.permissions import page
from scoring.permissions import ScoringPermission
from scoring.selectors import expiry
from scoring.web import scope
from tenants.community.models import Household

PER_PAGE = 50


@page(permission=ScoringPermission.RECORD)
def expiring(request: HttpRequest) -> HttpResponse:
    frame = scope.frame(request, ScoringPermission.RECORD)
    year = clock.today().year
    rows = expiry.with_points_left(frame["village"].pk, year)
    page_of = Paginator(list(rows), PER_PAGE).get_page(request.GET.get("page"))
    homes = Household.objects.select_related("head", "group").in_bulk(list(page_of))
    content = {
        "rows": page_of,
        "homes": [(homes[pk], rows[pk]) for pk in page_of],
        "year": year,
        "last_day": last_day(frame["village"], year),
        "warnings": expiry.warnings_of(frame["village"].pk, year),
    }
    return render(request, "flows/expiring.html", frame | content)
