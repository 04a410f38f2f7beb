"""Where a supervisor finds the entry that she objects to, for the household concerned."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from jifen.kernel import clock, reading
from jifen.kernel.permissions import page
from reporting.permissions import ReportingPermission as May
from scoring import selectors as scoring
from tenants.community import selectors as community
from tenants.community.models import Household

MOST = 12


@page(permission=May.OBJECT_FOR)
def find_entry(request: HttpRequest) -> HttpResponse:
    """``word`` finds households of her villages, ``number`` opens one; each line of its passbook can be questioned."""
    mine = community.households_for(request.user, May.OBJECT_FOR)
    word, number = (request.GET.get(name, "").replace("\0", "").strip() for name in ("word", "number"))
    year = reading.year(request.GET.get("year", "")) or scoring.current_year(clock.today().year).number
    found = list(community.searched(mine, word).order_by("number")[:MOST]) if word else []
    household = mine.filter(number=number).first() or (found[0] if len(found) == 1 else None)
    content = {"area": "village", "word": word, "found": found, "household": household, "year": year}
    return render(request, "reporting/staff/find_entry.html", {**content, **_lines(household, year)})


def _lines(household: Household | None, year: int) -> dict[str, Any]:
    """What stands in the household's passbook, without what was corrected already."""
    if household is None:
        return {}
    rows = scoring.passbook(household, year).rows
    return {
        "rows": [row for row in rows if not row.is_reversed and row.cause != "reversal"],
        "years": scoring.years(),
    }
