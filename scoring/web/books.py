"""Balances, a household's passbook, and why a posting is there. ``area``: village or office."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from jifen.kernel import clock, reading
from jifen.kernel.actors import Actor
from jifen.kernel.errors import JifenError, NotFound
from jifen.kernel.permissions import grants_of, page, require
from scoring import selectors
from scoring.models import Posting, Year
from scoring.permissions import ScoringPermission as May
from scoring.selectors import classes, effects, standing
from scoring.services import corrections
from scoring.web import scope
from scoring.web.forms import ReasonForm
from scoring.web.photos import shown
from tenants.community import selectors as community
from tenants.community import stars
from tenants.community.models import Household

PER_PAGE = 50


@page(permission=May.READ_LEDGER)
def balances(request: HttpRequest, area: str) -> HttpResponse:
    """Households by merit, each leading to its entries."""
    frame = scope.frame(request, May.READ_LEDGER) if area == "village" else {}
    year, words = _year(request), request.GET.get("q", "").strip()
    mine = community.households_for(request.user, May.READ_LEDGER)
    if area == "village":
        mine = mine.filter(village=frame["village"])
    rows = Paginator(standing.standing_rows(community.searched(mine, words), year), PER_PAGE).get_page(
        request.GET.get("page")
    )
    places = standing.places(standing.standing_rows(mine, year))
    content = frame | {
        "area": area,
        "year": year,
        "years": Year.objects.order_by("-number"),
        "words": words,
        "rows": rows,
        "standing": [(places[row.pk], row) for row in rows],
        "passbook": f"scoring:{area}_passbook",
        "is_weighted": bool(classes.weights(classes.last_day(year)).villages),
    }
    return render(request, "scoring/balances.html", content)


@page(permission=May.READ_LEDGER)
def passbook(request: HttpRequest, area: str, number: str) -> HttpResponse:
    household = scope.household(request, May.READ_LEDGER, number)
    year = _year(request)
    content = {
        "area": area,
        "household": household,
        "book": selectors.passbook(household, year),
        "years": Year.objects.order_by("-number"),
        "year": year,
        "effects": effects.of_household(household, year),
        "star": stars.of([household], clock.today())[household.pk],
        "posting": f"scoring:{area}_posting",
    }
    return render(request, "scoring/passbook_staff.html", content)


@page(permission=May.READ_LEDGER)
def posting(request: HttpRequest, area: str, pk: int) -> HttpResponse:
    """Why a posting is there; the town office corrects it here."""
    row = _posting(request, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        require(request.user, May.CORRECT)
        try:
            made = corrections.take_back(posting=row, reason=form.cleaned_data["reason"], by=Actor.of(request.user))
        except JifenError as error:
            form.add_error_from(error)
        else:
            messages.success(request, "已更正，原账目保留，新增一笔相反的账目。")
            return redirect(f"scoring:{area}_posting", made.pk)
    may_correct = grants_of(request.user).allows(May.CORRECT)
    content = {"area": area, "form": form, **why_shown(row)}
    is_fixed = row.carries_id is not None or row.cause in ("reversal", "expiry", "zeroing", "lapse")
    content["may_correct"] = may_correct and row.reversed_at is None and not is_fixed
    return render(request, "scoring/posting_staff.html", content, status=422 if form.errors else 200)


def why_shown(row: Posting, reader: Household | None = None) -> dict[str, Any]:
    """A posting with everything behind it, and links to the proof; a household reads its own entries of it alone."""
    why = selectors.why_posted(row)
    photos = shown(why.evidence)
    first = why.entries[0] if why.entries else None
    told = row.reverses or row
    household = reader or (first.household if first else (told.declaration.household if told.declaration else None))
    entries = [entry for entry in why.entries if reader is None or entry.household_id == reader.pk]
    brought = effects.of_posting(row.pk)
    shown_to = {"household": household, "entries": entries, "is_staff": reader is None}
    return {"row": row, "why": why, "photos": photos, "brought": brought, **shown_to}


def _posting(request: HttpRequest, pk: int) -> Posting:
    row = Posting.objects.filter(pk=pk).first()
    held = scope.village_ids(request, May.READ_LEDGER)
    if row is None or (held is not None and not _concerns(row, held)):
        raise NotFound
    return row


def _concerns(row: Posting, villages: set[int]) -> bool:
    ids = [row.pk, row.reverses_id]
    of = Q(entries__household__village__in=villages) | Q(declaration__village__in=villages)
    return Posting.objects.filter(of, pk__in=[pk for pk in ids if pk]).exists()


def _year(request: HttpRequest) -> int:
    return reading.year(request.GET.get("year", "")) or selectors.current_year(clock.today().year).number
