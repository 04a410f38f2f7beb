"""Changes of the roster: asking for one, and where those that wait for their approval stand."""

import json
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from jifen.approvals.web.embedded import way_of
from jifen.kernel import clock, masking
from jifen.kernel.actors import Actor
from jifen.kernel.errors import NotFound
from jifen.kernel.permissions import page, require
from jifen.web.wording import date_cn
from tenants.community import errors, selectors
from tenants.community.models import ChangeKind, ChangeState, Household, HouseholdMember, Resident, RosterChange
from tenants.community.permissions import CommunityPermission as May
from tenants.community.services import changes
from tenants.community.services.households import SUBJECT_KIND
from tenants.community.web.common import PER_PAGE, done, filled, frame
from tenants.community.web.forms import (
    ChangeForm,
    HeadForm,
    IdentityForm,
    MemberOutForm,
    MovedBackForm,
    MoveOverForm,
    SplitForm,
)

FORMS: dict[str, tuple[type[ChangeForm], str]] = {
    ChangeKind.MEMBER_OUT: (MemberOutForm, "今天还算本户的人，明天起不算；以前的积分留在本户"),
    ChangeKind.MEMBER_IN: (MoveOverForm, "从本镇别的户迁来；新登记的人请在“添加成员”里填"),
    ChangeKind.HEAD: (HeadForm, "办好以后，存折、积分码上是新户主的名字"),
    ChangeKind.SPLIT: (SplitForm, "明天起是单独的一户；本户参加积分制的，新户也参加（流程另要审批的，同意后参加）"),
    ChangeKind.IDENTITY: (IdentityForm, "登记时写错的姓名、证件号、手机号"),
    ChangeKind.MOVED_BACK: (MovedBackForm, "早就是本户的人，名册却记在别的户；从那天起的积分冲回原户，改记到本户"),
}
SAID = "已提交，在“名册变更”里看办到哪一步。"
_WORDS = {
    "name": "姓名", "relation": "关系", "id_number": "身份证号", "phone": "手机号", "from_date": "迁入日期",
    "number": "新户号", "group": "新户的组", "address": "新户地址", "on": "日期", "agreement": "同意的会议",
    "head_name": "户主姓名", "head_id_number": "户主身份证号", "head_phone": "户主手机号", "resident_since": "居住起始",
    "join_on": "加入积分制",
}  # fmt: skip

_DAYS = {"from_date", "on", "resident_since", "join_on"}


@page(permission=May.MANAGE_ROSTER)
def change_new(request: HttpRequest, area: str, number: str, kind: str) -> HttpResponse:
    """One kind's form for a household."""
    if kind not in FORMS:
        raise NotFound
    row = get_object_or_404(selectors.households_for(request.user, May.READ), number=number)
    require(request.user, May.MANAGE_ROSTER, village=row.village_id)
    form_class, hint = FORMS[kind]
    form = form_class(request.POST or None, members=selectors.members_on(row, clock.today()))
    if request.method == "POST" and filled(request, form, lambda _: _made(request, row, kind, form), SAID):
        return redirect(f"community:{area}_household", number)
    content = {**frame(request, area), "row": row, "form": form, "title": ChangeKind(kind).label, "hint": hint}
    return render(request, "community/change_new.html", content, status=422 if form.errors else 200)


def _made(request: HttpRequest, row: Household, kind: str, form: ChangeForm) -> None:
    terms = form.terms()
    if isinstance(form, MoveOverForm):
        day = {"from_date": terms["from_date"].isoformat()} if "from_date" in terms else {}
        resident = _elsewhere(request, terms["number"], terms["name"]).pk
        terms = {"resident": resident, "relation": terms["relation"], **day}
    by, reason = Actor.of(request.user), form.cleaned_data["reason"]
    changes.make(household=row, kind=kind, terms=terms, reason=reason, by=by)


def _elsewhere(request: HttpRequest, number: str, name: str) -> Resident:
    """Raises:
    NotAMember: nobody of that name belongs to that household of the villages she looks after.
    """
    places = selectors.villages_for(request.user, May.MANAGE_ROSTER)
    rows = HouseholdMember.objects.filter(selectors.in_force(clock.today()), household__village__in=places)
    found = rows.filter(household__number=number.strip(), resident__name=name.strip()).select_related("resident")
    row = found.first()
    if row is None:
        raise errors.NotAMember(number=number, name=name)
    return row.resident


@page(permission=May.READ)
def change_list(request: HttpRequest, area: str) -> HttpResponse:
    """Of the villages she reads; ``state`` narrows."""
    rows = visible(request)
    state = request.GET.get("state", "")
    if state in ChangeState.values:
        rows = rows.filter(state=state)
    content = {
        **frame(request, area),
        "rows": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "states": ChangeState.choices,
        "state": state,
    }
    return render(request, "community/changes.html", content)


@page(permission=May.READ)
def change(request: HttpRequest, area: str, pk: int) -> HttpResponse:
    """What is to change, and where it stands; a POST of who asked takes it back."""
    row = get_object_or_404(visible(request), pk=pk)
    by = Actor.of(request.user)
    if request.method == "POST":
        require(request.user, May.MANAGE_ROSTER, village=row.village_id)
        done(request, lambda: changes.withdraw(change=row, by=by), "已撤回。")
        return redirect(f"community:{area}_change", pk)
    content = {
        **frame(request, area),
        "row": row,
        "told": told(row),
        "way": way_of(SUBJECT_KIND, row.pk, area=area, user=request.user),
        "is_hers": (row.actor_realm, row.actor_id) == (by.realm, by.id),
    }
    return render(request, "community/change.html", content)


def visible(request: HttpRequest) -> QuerySet[RosterChange]:
    """Changes of households that the person reads."""
    rows = RosterChange.objects.filter(village__in=selectors.villages_for(request.user, May.READ))
    return rows.select_related("village", "household__head", "resident")


def told(row: RosterChange) -> list[tuple[str, str]]:
    """Its terms in words; numbers of people masked."""
    terms = json.loads(row.terms)
    shown = dict(terms)
    for prefix in ("", "head_"):
        shown[f"{prefix}id_number"] = masking.id_number(terms.get(f"{prefix}id_number") or "")
        shown[f"{prefix}phone"] = masking.phone(terms.get(f"{prefix}phone") or "")
    for name in _DAYS & shown.keys():
        shown[name] = date_cn(date.fromisoformat(shown[name])) if shown[name] else ""
    said = ("number", "head_name") if row.household else ("number",)  # above already
    known = said if row.kind == ChangeKind.NEW else ()
    facts = [(word, str(shown[name])) for name, word in _WORDS.items() if shown.get(name) and name not in known]
    return [*_people(row, terms), *facts]


def _people(row: RosterChange, terms: dict[str, Any]) -> list[tuple[str, str]]:
    ids = [*terms.get("members", []), *([terms["resident"]] if "resident" in terms else [])]
    names = dict(Resident.objects.filter(pk__in=ids).values_list("pk", "name"))
    if row.kind == ChangeKind.SPLIT:
        members = "、".join(names.get(pk, "") for pk in terms["members"])
        return [("分出去的成员", members), ("新户的户主", names.get(terms["head"], ""))]
    return [("谁", names.get(terms["resident"], ""))] if "resident" in terms else []
