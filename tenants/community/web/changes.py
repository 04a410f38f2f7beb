"""Changes of the roster: asking for one, and where those that wait for their approval stand."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from jifen.approvals.web.embedded import way_of
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from jifen.kernel.errors import NotFound
from jifen.kernel.permissions import page, require
from tenants.community import change_words, errors, selectors
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
    by, reason = Actor.of(request.user), form.cleaned_data["reason"]
    changes.make(household=row, kind=kind, terms=terms_of(request, form), reason=reason, by=by)


def terms_of(request: HttpRequest, form: ChangeForm) -> dict[str, Any]:
    """Raises:
    NotAMember: who is to move over was not found.
    """
    terms = form.terms()
    if not isinstance(form, MoveOverForm):
        return terms
    day = {"from_date": terms["from_date"].isoformat()} if "from_date" in terms else {}
    resident = _elsewhere(request, terms["number"], terms["name"]).pk
    return {"resident": resident, "relation": terms["relation"], **day}


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
        "told": change_words.told(row),
        "way": way_of(SUBJECT_KIND, row.pk, area=area, user=request.user),
        "is_hers": (row.actor_realm, row.actor_id) == (by.realm, by.id),
    }
    return render(request, "community/change.html", content)


def visible(request: HttpRequest) -> QuerySet[RosterChange]:
    """Changes of households that the person reads."""
    rows = RosterChange.objects.filter(village__in=selectors.villages_for(request.user, May.READ))
    return rows.select_related("village", "household__head", "resident")
