"""Objections that come through somebody: a supervisor speaks for the household concerned; a steward or the town's
office writes down what was said in person, on the phone or on paper."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from jifen.kernel import clock, reading
from jifen.kernel.actors import Actor
from jifen.kernel.errors import JifenError
from jifen.kernel.permissions import page
from jifen.kernel.reading import whole
from reporting import asking
from reporting.permissions import ReportingPermission as May
from reporting.selectors import notices, postings
from reporting.services import objections
from reporting.web.forms import EnterForm
from scoring import selectors as scoring
from scoring.web.photos import evidence_of
from tenants.community import selectors as community
from tenants.community.models import Household

MOST = 12
FIXED = ("reversal", "redemption", "expiry", "zeroing", "lapse")
UNPROCESSABLE = 422
WORDS = {
    "village": {"heading": "代收异议", "hint": "村民当面、打电话或写下来的异议，由您登记、出回执"},
    "office": {"heading": "直达异议", "hint": "村民直接向镇里提出的异议：由镇里核实，村里的人看不到"},
}
SUBJECTS = ("posting", "notice", "declaration")


@page(permission=May.OBJECT_FOR)
def find_entry(request: HttpRequest) -> HttpResponse:
    """``word`` finds households of her villages, ``number`` opens one; each line of its passbook can be questioned."""
    content = _found(request, May.OBJECT_FOR)
    household = content["household"]
    content |= _lines(household, content["year"]) | {"area": "village", "ask": reverse("reporting:new-objection")}
    content |= {"heading": "提异议", "hint": "替账上那一户提，由审核委员会或镇里答复"}
    return render(request, "reporting/staff/find_entry.html", content)


@page(permission=May.ENTER)
def find_subject(request: HttpRequest, area: str) -> HttpResponse:
    """The same for whoever takes an objection in; declarations on their way and notices too."""
    content = _found(request, May.ENTER)
    household = content["household"]
    content |= _lines(household, content["year"]) | {"area": area, **WORDS[area]}
    if household is not None:
        here = reverse(f"reporting:{area}-enter-one")
        content["ask"] = here
        content["deeds"] = postings.waiting_declarations(household)
        content["notices"] = notices.questionable(household.village_id, clock.today())
    return render(request, "reporting/staff/find_entry.html", content)


@page(permission=May.ENTER)
def enter(request: HttpRequest, area: str) -> HttpResponse:
    """What was said, by whom and how; from the office it goes past the village.

    What the household cannot question any more is said at once, without the form.
    """
    is_direct = area == "office"
    form = EnterForm(request.POST or None, initial={"household": request.GET.get("household", "")})
    if request.method == "POST" and form.is_valid() and (made := _entered(request, form, is_direct)) is not None:
        messages.success(request, f"已登记，回执编号 {made.number}。请把回执交给提出的人。")
        return redirect(f"reporting:{area}-objection", made.pk)
    entry = postings.by_id(_number(request, "posting"))
    why = scoring.why_posted(entry) if entry is not None and _is_here(request, entry) else None
    back = f"{reverse(f'reporting:{area}-enter')}?{urlencode({'number': request.GET.get('household', '')})}"
    content = {"area": area, "form": form, "why": why, "is_direct": is_direct, "back": back}
    content["refusal"] = _refusal(request)
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "reporting/staff/enter.html", content, status=status)


def _entered(request: HttpRequest, form: EnterForm, is_direct: bool) -> Any:
    data = form.cleaned_data
    try:
        return objections.raise_objection(
            **_about(request, data["household"])._asdict(),
            text=data["text"],
            channel=data["channel"],
            is_direct=is_direct,
            paper=evidence_of(request),
            by=Actor.of(request.user),
        )
    except JifenError as error:
        form.add_error_from(error)
        return None


def _about(request: HttpRequest, household: str) -> asking.About:
    """Raises:
    What ``asking.entered`` raises.
    """
    subjects = {name: _number(request, name) or None for name in SUBJECTS}
    return asking.entered(request.user, household=household, **subjects)


def _refusal(request: HttpRequest) -> str:
    """Why the household from whose lines she comes cannot question this one; what the form can mend it says itself."""
    try:
        return asking.refusal(_about(request, request.GET.get("household", "")), own=False)
    except JifenError:
        return ""


def _is_here(request: HttpRequest, entry: postings.Posting) -> bool:
    """Whether the entry belongs to a village over which she takes objections in."""
    facts = postings.facts(entry)
    villages = community.villages_for(request.user, May.ENTER)
    return facts is not None and villages.filter(pk=facts.village_id).exists()


def _found(request: HttpRequest, permission: May) -> dict[str, Any]:
    mine = community.households_for(request.user, permission)
    word, number = (request.GET.get(name, "").replace("\0", "").strip() for name in ("word", "number"))
    year = reading.year(request.GET.get("year", "")) or scoring.current_year(clock.today().year).number
    found = list(community.searched(mine, word).order_by("number")[:MOST]) if word else []
    household = mine.filter(number=number).first() or (found[0] if len(found) == 1 else None)
    return {"word": word, "found": found, "household": household, "year": year}


def _lines(household: Household | None, year: int) -> dict[str, Any]:
    """What stands in the household's passbook, without what was corrected already and what no objection takes back."""
    if household is None:
        return {}
    rows = scoring.passbook(household, year).rows
    return {
        "rows": [row for row in rows if not row.is_reversed and row.cause not in FIXED],
        "years": scoring.years(),
    }


def _number(request: HttpRequest, name: str) -> int:
    return whole(request.GET.get(name, "")) or 0
