"""Households: the list, one household with its people, joining and consents."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from jifen.approvals import gate
from jifen.approvals import selectors as flows
from jifen.kernel import clock, masking
from jifen.kernel.actors import Actor
from jifen.kernel.errors import JifenError
from jifen.kernel.identity import age_on
from jifen.kernel.permissions import page, require
from jifen.kernel.reading import whole
from tenants.community import codes, keys, selectors, stars
from tenants.community.models import (
    ApplicationState,
    ChangeKind,
    Consent,
    ConsentKind,
    Household,
    HouseholdMember,
    Resident,
    RosterChange,
)
from tenants.community.permissions import CommunityPermission as May
from tenants.community.services import applications, changes, consents, households
from tenants.community.services.households import SUBJECT_KIND
from tenants.community.web.changes import FORMS
from tenants.community.web.common import PER_PAGE, done, filled, frame, managed
from tenants.community.web.forms import HouseholdForm, JoinForm, MemberForm

RECENT = 10
"""Changes that stand on a household's page."""


@page(permission=May.READ)
def household_list(request: HttpRequest, area: str) -> HttpResponse:
    """Found by number, name, pinyin or address; ``state``: in or out."""
    places = selectors.villages_for(request.user, May.READ)
    rows = selectors.households_for(request.user, May.READ)
    village, state = request.GET.get("village", ""), request.GET.get("state", "")
    if (chosen := whole(village)) is not None:
        rows = rows.filter(village=chosen)
    if state in ("in", "out"):
        joined = selectors.joined(None, clock.today())
        rows = rows.filter(pk__in=joined) if state == "in" else rows.exclude(pk__in=joined)
    word = request.GET.get("word", "").strip()
    rows = selectors.with_joining(selectors.searched(rows, word), clock.today()).order_by("number")
    listed = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    rated = stars.of(listed, clock.today())
    content = {
        **frame(request, area),
        "rows": listed,
        "shown": [(row, rated[row.pk]) for row in listed],
        "villages": places,
        "chosen": {"village": village, "state": state, "word": word},
    }
    return render(request, "community/households.html", content)


@page(permission=May.MANAGE_ROSTER)
def household_new(request: HttpRequest, area: str) -> HttpResponse:
    form = HouseholdForm(request.POST or None, villages=managed(request))
    if form.is_valid():
        try:
            made = _begun(form.cleaned_data, Actor.of(request.user))
        except JifenError as refused:
            form.add_error_from(refused)
        else:
            return _opened(request, area, made)
    content = {**frame(request, area), "form": form, "by_flow": flows.has_flow(SUBJECT_KIND)}
    return render(request, "community/household_new.html", content, status=422 if form.errors else 200)


def _opened(request: HttpRequest, area: str, made: RosterChange) -> HttpResponse:
    if made.household is None:
        messages.success(request, "已提交审批，同意后建档。")
        return redirect(f"community:{area}_change", made.pk)
    waits = changes.joining(made.household)
    messages.success(request, "已建档，加入积分制还要审批，同意后生效。" if waits else "已建档。")
    return redirect(f"community:{area}_household", made.about)


def _begun(values: dict[str, Any], by: Actor) -> RosterChange:
    given = {name: value for name, value in values.items() if name not in ("village", "reason")}
    terms = {name: value.isoformat() if isinstance(value, date) else value for name, value in given.items()}
    return changes.begin(village=values["village"], terms=terms, reason=values["reason"], by=by)


@page(permission=May.READ)
def household(request: HttpRequest, area: str, number: str) -> HttpResponse:
    """One household. ``deed`` of a POST: join, member."""
    row = _household(request, number)
    today = clock.today()
    members = selectors.members_on(row, today).select_related("resident__user")
    deed = request.POST.get("deed", "")
    join_form = JoinForm(request.POST if deed == "join" else None, members=members)
    member_form = MemberForm(request.POST if deed == "member" else None)
    if request.method == "POST":
        require(request.user, May.MANAGE_ROSTER, village=row.village_id)
        if _acted(request, row, join_form, member_form):
            return redirect(f"community:{area}_household", number)
    content = {
        **frame(request, area),
        "row": row,
        "star": stars.of([row], today)[row.pk],
        "cell": selectors.cell_of(row, today),
        "members": [_shown(member, request.user) for member in members],
        "relatives": selectors.relatives_of(row, today),
        "kinds": ConsentKind.choices,
        "history": row.applications.select_related("applicant"),
        "is_joined": selectors.is_joined(row, today),
        "code": codes.text(row),
        "check": codes.check_digits(row),
        "join_form": join_form,
        "member_form": member_form,
        "changes": row.changes.select_related("resident")[:RECENT],
        "change_kinds": [(kind, ChangeKind(kind).label) for kind in FORMS],
    }
    wrong = join_form.errors or member_form.errors
    return render(request, "community/household.html", content, status=422 if wrong else 200)


def _acted(request: HttpRequest, row: Household, join_form: JoinForm, member_form: MemberForm) -> bool:
    by = Actor.of(request.user)
    if join_form.is_bound:
        return filled(request, join_form, lambda values: _join(row, values, by), _said(row, ChangeKind.JOIN))
    if member_form.is_bound:
        kind = ChangeKind.MEMBER_IN
        return filled(
            request, member_form, lambda values: changes.make(household=row, kind=kind, terms=values, by=by),
            _said(row, kind),
        )  # fmt: skip
    return False


@transaction.atomic
def _join(row: Household, values: dict[str, Any], by: Actor) -> None:
    """The signed form is handed in, and agreed to at once unless a flow decides; one that was not stands."""
    applicant, on = values["applicant"].resident, values["on"]
    pending = row.applications.filter(state=ApplicationState.PENDING, applicant=applicant).first()
    application = pending or applications.apply(household=row, applicant=applicant, on=on, by=by)
    terms = {"application": application.pk, "on": on.isoformat(), "agreement": values["agreement"]}
    changes.make(household=row, kind=ChangeKind.JOIN, terms=terms, by=by)


def _said(row: Household, kind: ChangeKind) -> str:
    """What the person reads when it is done, or on its way."""
    if gate.asks(SUBJECT_KIND, changes.facts(row, kind, {})):
        return "已提交审批，同意后生效。"
    return {
        ChangeKind.JOIN: "已加入积分制。",
        ChangeKind.MEMBER_IN: "已添加成员。",
        ChangeKind.LEAVE: "已办理退出，今天起不再积分。",
    }[kind]


@page(permission=May.MANAGE_ROSTER)
def leave(request: HttpRequest, area: str, number: str) -> HttpResponse:
    row = _household(request, number)
    if request.method == "POST":
        require(request.user, May.MANAGE_ROSTER, village=row.village_id)
        by, terms = Actor.of(request.user), {"on": clock.today().isoformat()}
        kind = ChangeKind.LEAVE
        done(request, lambda: changes.make(household=row, kind=kind, terms=terms, by=by), _said(row, kind))
    return redirect(f"community:{area}_household", number)


@page(permission=May.MANAGE_ROSTER)
def renew_card(request: HttpRequest, area: str, number: str) -> HttpResponse:
    row = _household(request, number)
    if request.method == "POST":
        require(request.user, May.MANAGE_ROSTER, village=row.village_id)
        by = Actor.of(request.user)
        done(request, lambda: households.renew_card(household=row, by=by), "已换新码，旧卡不能再用。")
    return redirect(f"community:{area}_household", number)


@page(permission=May.MANAGE_ROSTER)
def consent(request: HttpRequest, area: str, number: str, pk: int, kind: str) -> HttpResponse:
    """Give a member's consent, or withdraw the one on file; the head stands in as a child's guardian."""
    row = _household(request, number)
    if request.method == "POST":
        require(request.user, May.MANAGE_ROSTER, village=row.village_id)
        resident = get_object_or_404(
            Resident, pk__in=selectors.members_on(row, clock.today()).values("resident"), id=pk
        )
        done(request, lambda: _turn(row, resident, kind, Actor.of(request.user)), "已登记。")
    return redirect(f"community:{area}_household", number)


def _turn(row: Household, resident: Resident, kind: str, by: Actor) -> None:
    today = clock.today()
    held = Consent.objects.filter(resident=resident, kind=kind, withdrawn_on=None).first()
    if held:
        consents.withdraw(consent=held, on=today, by=by)
        return
    is_child = resident.born_on is not None and age_on(resident.born_on, today) < selectors.GUARDED_UNTIL
    consents.give(resident=resident, kind=kind, on=today, guardian=row.head if is_child else None, by=by)


def _household(request: HttpRequest, number: str) -> Household:
    return get_object_or_404(selectors.households_for(request.user, May.READ), number=number)


def _shown(member: HouseholdMember, user: Any) -> dict[str, Any]:
    """A member as staff see her: name in full, numbers masked; whether ``user`` may reset her password."""
    person = member.resident
    held = set(person.consents.filter(withdrawn_on=None).values_list("kind", flat=True))
    return {
        "member": member,
        "age": age_on(person.born_on, clock.today()) if person.born_on else None,
        "id_number": masking.id_number(person.id_number or ""),
        "phone": masking.phone(person.phone or ""),
        "may_reset": person.user is not None and keys.refusal(user, person.user) is None,
        "consents": [(kind.value, kind.value in held) for kind in ConsentKind],
    }
