"""登记: the steward's quick record on a phone, and a whole round or activity at once."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from jifen.kernel import clock
from jifen.kernel.actors import Actor
from jifen.kernel.errors import JifenError
from jifen.kernel.permissions import page
from jifen.kernel.reading import whole
from scoring.errors import RuleUnknown
from scoring.models import Declaration, Declarer, Rule
from scoring.permissions import ScoringPermission as May
from scoring.selectors import available, rules_in_force
from scoring.selectors.cautions import cautions
from scoring.services import declarations, deeds
from scoring.web import choices, photos, scope
from scoring.web.forms import DeedForm
from tenants.community import selectors as community
from tenants.community.models import Household, Resident, Village

FOUND = 12
STEPS = ("选户", "选条目", "填情况")


@page(permission=May.RECORD)
def record(request: HttpRequest) -> HttpResponse:
    """Three short steps on one address: whose (``household``), which rule (``rule``), what happened."""
    frame = scope.frame(request, May.RECORD) | {"steps_labels": STEPS}
    number, rule_id = request.GET.get("household", ""), request.GET.get("rule", "")
    if not number:
        return render(request, "scoring/record_who.html", frame | _who(request, frame["village"]))
    household = scope.household(request, May.RECORD, number)
    frame |= {"household": household, "village": household.village, "available": available(household)}
    if not rule_id:
        return render(request, "scoring/record_rule.html", frame | _rules(request, household.village))
    return _deed(request, frame, household, rule_of(household.village, rule_id))


@page(permission=May.RECORD)
def households(request: HttpRequest) -> HttpResponse:
    """The search's answers, as a fragment."""
    frame = scope.frame(request, May.RECORD)
    return render(request, "scoring/parts/households.html", frame | _who(request, frame["village"]))


def rule_of(village: Village, rule_id: str) -> Rule:
    """A rule in force in the village today.

    Raises:
        RuleUnknown: it is none. RulesEnded: there are none any more.
    """
    found = rules_in_force(village, clock.today()).filter(pk=whole(rule_id) or 0).first()
    if found is None:
        deeds.check_not_ended(village.pk, clock.today())
        raise RuleUnknown
    return found


def member(household: Household, sent: str) -> Resident | None:
    return Resident.objects.filter(pk=sent, memberships__household=household).first() if sent else None


def _who(request: HttpRequest, village: Village) -> dict[str, Any]:
    words = request.GET.get("q", "").strip()
    done = request.GET.get("done", "")
    mine = community.joined(village, clock.today()).select_related("head", "group")
    found = list(community.searched(mine, words)[:FOUND]) if words else []
    recent = Declaration.objects.filter(village=village, batch=None, declared_by=Declarer.STEWARD)
    recent = recent.select_related("household__head", "resident", "rule").order_by("-pk")[:5]
    saved = Declaration.objects.filter(pk=whole(done) or 0, village=village).first()
    told = cautions(saved) if saved else []
    return {"words": words, "found": found, "recent": recent, "saved": saved, "cautions": told}


def _rules(request: HttpRequest, village: Village) -> dict[str, Any]:
    words = request.GET.get("q", "").strip()
    shelves = choices.shelves(village, clock.today(), words=words, declarer=Declarer.STEWARD)
    return {"words": words, "shelves": shelves, "usual": [] if words else choices.usual(village)} | choices.ended(
        village, shelves
    )


def _deed(request: HttpRequest, frame: dict[str, Any], household: Household, rule: Rule) -> HttpResponse:
    people = [row.resident for row in community.members_on(household, clock.today())]
    initial = {"place": household.village.name}
    form = DeedForm(request.POST or None, rule=rule, members=people, initial=initial)
    form.ask_until(household.village)
    if request.method == "POST" and form.is_valid():
        saved = _save(request, form, household, rule)
        if saved is not None:
            return redirect(f"{request.path}?done={saved.pk}")
    content = frame | {"form": form, "rule": rule, "tile": choices.whole_tile(rule), "evidence": form.spec.evidence}
    return render(request, "scoring/record_deed.html", content, status=422 if form.errors else 200)


def _save(request: HttpRequest, form: DeedForm, household: Household, rule: Rule) -> Declaration | None:
    data = form.cleaned_data
    try:
        evidence = photos.evidence_of(request)
        return declarations.record(
            household=household,
            resident=member(household, data["resident"]),
            rule=rule,
            happened_on=data["happened_on"],
            happened_time=data["happened_time"],
            place=data["place"],
            reason=data["reason"],
            channel=data["channel"],
            declared_by=Declarer.STEWARD,
            facts=form.facts(one.pk for one in evidence),
            evidence=evidence,
            by=Actor.of(request.user),
            idempotency_key=data["key"] or None,
        )
    except JifenError as error:
        form.add_error_from(error)
        if error.field == "evidence":
            messages.error(request, error.message)
    return None
