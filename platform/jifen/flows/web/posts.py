"""移交 in the town office: what somebody holds, to whom it goes, the list to sign."""

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
from tenants.community.models import HandOver
from tenants.community.permissions import CommunityPermission as May


class HandOverForm(Form):
    giver = forms.CharField(label="谁离任", max_length=60, help_text="填姓名或账号")
    receiver = forms.CharField(
        label="谁接手", max_length=60, help_text="填姓名或账号；还没有账号的，先在农户页面开账号"
    )
    witness = forms.CharField(label="监交人", max_length=40)
    note = forms.CharField(label="说明", max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, name in enumerate(posts.THINGS):
            text = forms.CharField(label=name, max_length=posts.LONGEST_THING, required=False)
            self.fields[f"thing_{number}"] = text

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
        things = {name: data[f"thing_{number}"] for number, name in enumerate(posts.THINGS)}
        return {name: data[name] for name in ("giver", "receiver", "witness", "note")} | {"things": things}


@page(permission=May.MANAGE_TOWN)
def hand_overs(request: HttpRequest) -> HttpResponse:
    """What was handed over; ``?giver=`` shows what somebody holds before the form is sent."""
    asked = request.POST.get("giver") or request.GET.get("giver", "")
    giver = next(iter(choices.named(asked)), None) if asked else None
    form = HandOverForm(request.POST or None, initial={"giver": asked})
    if form.is_valid():
        try:
            made = posts.hand_over(**form.values(), by=Actor.of(request.user))
        except JifenError as error:
            form.add_error_from(error)
        else:
            messages.success(request, "已移交。请打印清单，三方签字后把扫描件附上。")
            return redirect("flows:hand_over", made.pk)
    content = {"form": form, "asked": asked, "giver": giver, "hands": posts.in_hand(giver) if giver else None}
    content["rows"] = HandOver.objects.all()[:50]
    return render(request, "flows/hand_overs.html", content, status=422 if form.errors else 200)


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
    return render(request, "flows/hand_over.html", {"row": row})


@page(permission=May.MANAGE_TOWN)
def hand_over_paper(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(HandOver, pk=pk)
    answer = HttpResponse(posts.paper(row), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="yijiao-{row.pk:05d}.pdf"'
    return answer
