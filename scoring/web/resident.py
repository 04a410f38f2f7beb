"""The villager's own: her household's passbook, why each entry is there, and telling of a deed."""

from typing import Any, cast

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from jifen.accounts.models import User
from jifen.approvals import selectors as flows
from jifen.kernel import clock, reading
from jifen.kernel.actors import Actor
from jifen.kernel.errors import Forbidden, JifenError, NotFound
from jifen.kernel.permissions import page
from scoring import ports, selectors
from scoring.models import Declaration, Declarer, Posting, Rule, Year
from scoring.permissions import ScoringPermission as May
from scoring.rules.phrases import consent
from scoring.selectors import dividends, effects, expiry, verifying
from scoring.selectors.hearings import hearings_of
from scoring.selectors.meetings import waiting_stand_ins
from scoring.selectors.own import told
from scoring.services import amending, declarations
from scoring.web import choices
from scoring.web.books import why_shown
from scoring.web.forms import DeclareForm
from scoring.web.photos import evidence_of
from scoring.web.record import member, rule_of
from scoring.web.told import photos
from scoring.web.ways import way_of
from tenants.community import selectors as community
from tenants.community import stars
from tenants.community.models import Household, Resident

SHOWN = 5
"""Dividends on her passbook, the newest."""


def own(request: HttpRequest) -> Household:
    """The household of the villager who is signed in.

    Raises:
        Forbidden: she belongs to none.
    """
    found = community.household_of_user(request.user)
    if found is None:
        raise Forbidden("您的账号还没有关联家庭户，请联系村里的积分管理员。")
    return found


@page(permission=May.READ_OWN)
def passbook(request: HttpRequest) -> HttpResponse:
    household = own(request)
    year = reading.year(request.GET.get("year", "")) or selectors.current_year(clock.today().year).number
    content = {
        "household": household,
        "year": year,
        "years": Year.objects.order_by("-number"),
        "book": selectors.passbook(household, year),
        "effects": effects.of_household(household, year),
        "star": stars.of([household], clock.today())[household.pk],
        "warning": expiry.warning_for(household),
        "ending": expiry.ending(household, year),
        "hearings": hearings_of(household).filter(outcome="open"),
        "dividends": dividends.own(household)[:SHOWN],
        "stand_ins": waiting_stand_ins(_reader(request).pk),
    }
    return render(request, "scoring/passbook.html", content)


@page(permission=May.READ_OWN)
def posting(request: HttpRequest, pk: int) -> HttpResponse:
    """Why an entry of her passbook is there. The reason of a sensitive deed (举报类) stays out."""
    household = own(request)
    mine = Q(entries__household=household) | Q(declaration__household=household)
    row = Posting.objects.filter(mine, pk=pk).distinct().first()
    if row is None:
        raise NotFound
    content = why_shown(row, household) | {"asked": ports.asked(household.pk, row.pk)}
    return render(request, "scoring/posting.html", content)


@page(permission=May.DECLARE)
def declare(request: HttpRequest) -> HttpResponse:
    """Pick the rule, then tell what happened."""
    household = own(request)
    rule_id = request.GET.get("rule", "")
    if not rule_id:
        words = request.GET.get("q", "").strip()
        shelves = choices.shelves(household.village, clock.today(), words=words, declarer=Declarer.SELF)
        content = {"shelves": shelves, "words": words, "household": household}
        return render(request, "scoring/declare.html", content | choices.ended(household.village, shelves))
    rule = rule_of(household.village, rule_id)
    people = [row.resident for row in community.members_on(household, clock.today())]
    initial = {"resident": str(_self(request).pk), "place": household.village.name, "reason": ""}
    form = DeclareForm(request.POST or None, rule=rule, members=people, initial=initial)
    form.ask_until(household.village)
    if request.method == "POST" and form.is_valid() and (made := _save(request, form, household, rule)):
        messages.success(request, _next_of(made))
        return redirect("scoring:own_declarations")
    content = {"form": form, "rule": rule, "tile": choices.whole_tile(rule), "evidence": form.spec.evidence}
    return render(request, "scoring/declare_deed.html", content, status=422 if form.errors else 200)


@page(permission=May.READ_OWN)
def own_declarations(request: HttpRequest) -> HttpResponse:
    rows = Declaration.objects.filter(household=own(request)).select_related("rule", "resident", "declarer")
    newest = list(rows.order_by("-pk")[:60])
    content = {"rows": told(newest, _reader(request)), "sent_back": verifying.sent_back(newest)}
    return render(request, "scoring/own_declarations.html", content)


@page(permission=May.READ_OWN)
def own_declaration(request: HttpRequest, pk: int) -> HttpResponse:
    """One of her household's deeds; taken back as long as nobody has decided."""
    row = Declaration.objects.filter(household=own(request), pk=pk).select_related("rule", "declarer").first()
    if row is None:
        raise NotFound
    [shown] = told([row], _reader(request))
    mine = row.actor_id == request.user.pk and row.state in ("submitted", "ready")
    if request.method == "POST":
        if not mine:
            raise Forbidden
        declarations.withdraw(declaration=row, by=Actor.of(request.user))
        messages.success(request, "已撤回。")
        return redirect("scoring:own_declarations")
    content = {"row": row, "told": shown, "photos": photos(row), "can_withdraw": mine}
    content |= {"events": way_of(row, for_household=True), "consent": consent(selectors.spec_of(row.rule))}
    back = amending.returned_to(row, Actor.of(request.user))
    content |= {"ended": shown.ended, "is_back": back is not None, "why": flows.last_reason(back) if back else ""}
    return render(request, "scoring/own_declaration.html", content)


def _reader(request: HttpRequest) -> User:
    return cast(User, request.user)


def _self(request: HttpRequest) -> Resident:
    return Resident.objects.get(user=request.user.pk)


def _save(request: HttpRequest, form: Any, household: Household, rule: Rule) -> Declaration | None:
    data = form.cleaned_data
    try:
        evidence = evidence_of(request)
        return declarations.record(
            household=household,
            resident=member(household, data["resident"]),
            rule=rule,
            happened_on=data["happened_on"],
            happened_time=data["happened_time"],
            place=data["place"],
            reason=data["reason"],
            channel="online",
            declared_by=Declarer.SELF,
            declarer=_self(request),
            facts=form.facts(one.pk for one in evidence),
            evidence=evidence,
            by=Actor.of(request.user),
            idempotency_key=data["key"] or None,
        )
    except JifenError as error:
        form.add_error_from(error)
        return None


def _next_of(made: Declaration) -> str:
    """What becomes of it now, as the town's flow says."""
    item = flows.open_item(verifying.SUBJECT_KIND, made.pk)
    if item is None:
        return "已申报，进入本月审核。"
    return f"已申报，现在在“{flows.waits_at(item)}”这一步，通过后进入本月审核。"
