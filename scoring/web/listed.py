"""Where the office's figures lead: the deeds behind a month's summary, the entries behind a notice."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from jifen.kernel import clock, reading
from jifen.kernel.permissions import page
from scoring import selectors
from scoring.permissions import ScoringPermission as May
from scoring.selectors import listed
from scoring.web.months import asked_month
from tenants.community import selectors as community

PER_PAGE = 50
MONTHS = 12


@page(permission=May.FILE)
def deeds(request: HttpRequest) -> HttpResponse:
    """``?month=&village=&show=``: one figure of the month's summary, deed by deed."""
    month, show = asked_month(request), _one_of(request, "show", listed.SHOWN)
    villages, village = _village(request, May.FILE)
    rows = listed.sheet_items(month=month, village_id=village, show=show)
    content = {
        "month": month,
        "back": f"{reverse('scoring:month_summary')}?month={month:%Y-%m}",
        "show": show,
        "choices": listed.SHOWN.items(),
        "rows": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "sum": rows.filter(verdict__in=listed.PASSED).aggregate(sum=Sum("points"))["sum"],
        "villages": villages,
        "village": village,
    }
    return render(request, "scoring/month_deeds.html", content)


@page(permission=May.READ_LEDGER)
def entries(request: HttpRequest) -> HttpResponse:
    """``?year=&from=&to=&village=&show=``: what was booked in these months."""
    year = reading.year(request.GET.get("year", "")) or selectors.current_year(clock.today().year).number
    months, show = (_month(request, "from", 1), _month(request, "to", MONTHS)), _one_of(request, "show", listed.SIGNS)
    villages, village = _village(request, May.READ_LEDGER)
    rows = listed.entries(year=year, months=months, villages=[village] if village else villages, sign=show)
    content = {
        "year": year,
        "first": months[0],
        "last": months[1],
        "numbers": range(1, MONTHS + 1),
        "show": show,
        "choices": listed.SIGNS.items(),
        "rows": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "sum": rows.aggregate(sum=Sum("amount"))["sum"],
        "villages": villages,
        "village": village,
    }
    return render(request, "scoring/entries.html", content)


def _one_of(request: HttpRequest, name: str, known: dict[str, str]) -> str:
    asked = request.GET.get(name, "")
    return asked if asked in known else ""


def _month(request: HttpRequest, name: str, otherwise: int) -> int:
    asked = reading.whole(request.GET.get(name, "")) or otherwise
    return asked if 1 <= asked <= MONTHS else otherwise


def _village(request: HttpRequest, permission: May) -> tuple[Any, int | None]:
    """The villages one may look at, and the one that was asked for."""
    mine = community.villages_for(request.user, permission)
    asked = reading.whole(request.GET.get("village", ""))
    return mine, community.village_for(request.user, permission, asked).pk if asked else None
