"""移交 in the town office: what somebody holds, to whom it goes, the list to sign."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from jifen.accounts.models import User
from jifen.approvals.web import choices
from jifen.flows import posts
from jifen.kernel.actors import Actor
from jifen.kernel.errors import JifenError
from jifen.kernel.permissions import page
from jifen.web.forms import Form
from scoring.web.photos import evidence_of
from tenants.community.in_hand import Thing
from tenants.community.models import HandOver
from tenants.community.permissions import CommunityPermission as May

LINES = len(posts.THINGS) + 3
"""Rows of things that the page offers."""


class HandOverForm(Form):
    giver = forms.CharField(label="谁离任", max_length=60, help_text="填姓名或账号")
    receiver = forms.CharField(
        label="谁接手", max_length=60, help_text="填姓名或账号；还没有账号的，先在农户页面开账号"
    )
    witness = forms.CharField(label="监交人", max_length=40)
    note = forms.CharField(label="说明", max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(LINES):
            what = forms.CharField(label="名称", max_length=posts.LONGEST_THING, required=False)
            what.initial = posts.THINGS[number] if number < len(posts.THINGS) else ""
            many = forms.IntegerField(label="数量", min_value=0, max_value=posts.LARGEST, required=False)
            remark = forms.CharField(label="备注", max_length=posts.LONGEST_THING, required=False)
            parts = {"what": what, "many": many, "remark": remark}
            self.fields |= {f"{part}_{number}": field for part, field in parts.items()}

    def lines(self) -> list[list[forms.BoundField]]:
        """The rows of things: name, number, remark."""
        return [[self[f"{part}_{number}"] for part in ("what", "many", "remark")] for number in range(LINES)]

    def people(self) -> list[forms.BoundField]:
        return [self[name] for name in ("giver", "receiver", "witness", "note")]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for number in range(LINES):
            if self._is_filled(number) and not data.get(f"what_{number}"):
                told = "填了数量或备注的，请写名称。"
                self.add_error(f"what_{number}", forms.ValidationError(told, code="what_missing"))
        return data

    def _is_filled(self, number: int) -> bool:
        data = self.cleaned_data
        return data.get(f"many_{number}") is not None or bool(data.get(f"remark_{number}"))

    def clean_giver(self) -> User:
        return self._account("giver")

    def clean_receiver(self) -> User:
        return self._account("receiver")

    def _account(self, field: str) -> User:
        found = choices.named(self.cleaned_data[field])
        if not found:
            raise forms.ValidationError(
                "没有找到这个人，请核对姓名；已停用的账号不能移交或接收。", code="account_unknown"
            )
        if len(found) > 1:
            names = "、".join(label for _, label in choices.labelled(found[:5]))
            raise forms.ValidationError(f"有几个相近的人：{names}，请照样填其中一个。", code="account_ambiguous")
        return found[0]

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        data = self.cleaned_data
        things = [
            Thing(data[f"what_{number}"], data[f"many_{number}"], data[f"remark_{number}"])
            for number in range(LINES)
            if self._is_filled(number)
        ]
        return {name: data[name] for name in ("giver", "receiver", "witness", "note")} | {"things": things}


@page(permission=May.MANAGE_TOWN)
def hand_overs(request: HttpRequest) -> HttpResponse:
    """What was handed over; ``?giver=`` shows what somebody holds. A form is first rehearsed: the list is shown as it
    would be written, and with ``sure`` it is."""
    asked = request.POST.get("giver") or request.GET.get("giver", "")
    giver = next(iter(choices.named(asked)), None) if asked else None
    form = HandOverForm(request.POST or None, initial={"giver": asked})
    is_sure = bool(request.POST.get("sure"))
    made = _made(form, posts.hand_over if is_sure else posts.rehearse, request) if form.is_valid() else None
    if made and is_sure:
        messages.success(request, "已移交。请打印清单，三方签字后把扫描件附上。")
        return redirect("flows:hand_over", made.pk)
    content = {"form": form, "asked": asked, "giver": giver, "checked": made}
    content |= posts.shown(made) if made else {}
    content |= {"hands": posts.in_hand(giver) if giver else None, "rows": HandOver.objects.all()[:50]}
    return render(request, "flows/hand_overs.html", content, status=422 if form.errors else 200)


def _made(form: HandOverForm, act: Callable[..., HandOver], request: HttpRequest) -> HandOver | None:
    """What goes over; None where the form says why nothing would."""
    try:
        return act(**form.values(), by=Actor.of(request.user))
    except JifenError as error:
        form.add_error_from(error)
        return None


@page(permission=May.MANAGE_TOWN)
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """One, with its paper; the signed scan is attached here."""
    row = get_object_or_404(HandOver, pk=pk)
    if request.method == "POST":
        by = Actor.of(request.user)
        try:
            if sent := evidence_of(request):
                posts.attach_scan(row=row, scan=sent[0], by=by)
        except JifenError as error:
            messages.error(request, error.message)
        return redirect("flows:hand_over", pk)
    return render(request, "flows/hand_over.html", {"row": row} | posts.shown(row))


@page(permission=May.MANAGE_TOWN)
def hand_over_paper(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(HandOver, pk=pk)
    answer = HttpResponse(posts.paper(row), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="yijiao-{row.pk:05d}.pdf"'
    return answer
