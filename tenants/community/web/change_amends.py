"""A change of the roster that was sent back to whoever asked for it: mended, and handed in again."""

import json
from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from jifen.approvals import selectors as flows
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from jifen.kernel.errors import NotFound
from jifen.kernel.permissions import page, require
from jifen.web.forms import DateInput
from tenants.community import selectors
from tenants.community.change_words import MASKED
from tenants.community.models import ChangeKind, HouseholdMember, Resident, RosterChange, Village
from tenants.community.permissions import CommunityPermission as May
from tenants.community.services import changes
from tenants.community.web.changes import FORMS, terms_of, visible
from tenants.community.web.common import filled, frame
from tenants.community.web.forms import ChangeForm, HouseholdForm, MemberForm

AS_IT_WAS = "不填的照原来的"
"""Of numbers of people, which no page shows in full."""


class _AdmittedForm(ChangeForm, MemberForm):
    from_date = forms.DateField(label="迁入日期", widget=DateInput, required=False)


class _JoiningForm(ChangeForm):
    on = forms.DateField(label="加入日期", widget=DateInput)
    agreement = forms.CharField(label="哪次会议同意", max_length=100, required=False)


class _LeavingForm(ChangeForm):
    on = forms.DateField(label="退出日期", widget=DateInput)


class _FoundingForm(ChangeForm, HouseholdForm):
    """The village stays."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, villages=Village.objects.none(), **kwargs)
        del self.fields["village"]


OWN: dict[str, type[ChangeForm]] = {
    ChangeKind.JOIN: _JoiningForm,
    ChangeKind.LEAVE: _LeavingForm,
    ChangeKind.NEW: _FoundingForm,
}


@page(permission=May.MANAGE_ROSTER)
def change_amend(request: HttpRequest, area: str, pk: int) -> HttpResponse:
    row, by = visible(request).filter(pk=pk).first(), Actor.of(request.user)
    item = changes.returned_to(row, by) if row is not None else None
    if row is None or item is None:
        raise NotFound
    require(request.user, May.MANAGE_ROSTER, village=row.village_id)
    form = _form(request, row)
    if request.method == "POST" and filled(request, form, lambda _: _mended(request, row, form), "已修改并重新提交。"):
        return redirect(f"community:{area}_change", pk)
    content = {**frame(request, area), "row": row, "form": form, "why": flows.last_reason(item)}
    return render(request, "community/change_amend.html", content, status=422 if form.errors else 200)


def _mended(request: HttpRequest, row: RosterChange, form: ChangeForm) -> None:
    """What the page did not show and nobody filled in stays."""
    given, text, reason = terms_of(request, form), form.cleaned_data["text"], form.cleaned_data["reason"]
    given.pop("text", None)
    terms = {name: value.isoformat() if isinstance(value, date) else value for name, value in given.items()}
    terms = {name: value for name, value in terms.items() if value or name not in MASKED}
    changes.amend(change=row, terms=terms, reason=reason, text=text, by=Actor.of(request.user))


def _form(request: HttpRequest, row: RosterChange) -> ChangeForm:
    """The kind's own form, with what was asked for."""
    terms = json.loads(row.terms)
    is_admitted = row.kind == ChangeKind.MEMBER_IN and "resident" not in terms
    kind = _AdmittedForm if is_admitted else OWN.get(row.kind) or FORMS[row.kind][0]
    members = selectors.members_on(row.household, clock.today()) if row.household else HouseholdMember.objects.none()
    shown = {name: value for name, value in terms.items() if name not in MASKED}
    form = kind(request.POST or None, members=members, initial={**shown, **_moving(row, terms), "reason": row.reason})
    for name in MASKED.keys() & form.fields.keys():
        form.fields[name].help_text = AS_IT_WAS
    form.fields["text"] = forms.CharField(label="改了什么", max_length=200, required=False)
    return form


def _moving(row: RosterChange, terms: dict[str, Any]) -> dict[str, str]:
    """By which number and name she who moves over is looked up."""
    if row.kind not in (ChangeKind.MEMBER_IN, ChangeKind.MOVED_BACK) or "resident" not in terms:
        return {}
    resident = Resident.objects.get(pk=terms["resident"])
    home = selectors.member_household(resident, clock.today())
    return {"number": home.number if home else "", "name": resident.name}
