"""代理: somebody else does my work for a time."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from jifen.approvals import registry, selectors, services
from jifen.approvals.errors import DelegationDates
from jifen.approvals.models import Delegation
from jifen.approvals.web import choices
from jifen.approvals.web.acts import person
from jifen.approvals.web.work import frame
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from jifen.kernel.errors import JifenError
from jifen.kernel.permissions import Access, page
from jifen.web.forms import Form


class DelegationForm(Form):
    receiver = forms.CharField(
        label="请谁代理",
        max_length=80,
        help_text="填姓名或账号；要是同村能表态的人，或镇级办公室的人",
        widget=forms.TextInput(attrs={"list": "receivers", "autocomplete": "off"}),
    )
    subject_kind = forms.ChoiceField(label="哪类事项", required=False)
    from_on = forms.DateField(label="从哪天起")
    until_on = forms.DateField(label="到哪天（含）")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["subject_kind"]
        kinds = registry.kinds()
        offered = [(kind.kind, kind.name) for kind in kinds if not kind.in_place_of_delegation]
        field.choices = [("", "所有事项"), *offered]
        field.help_text = "；".join(
            f"{kind.name}不能委托，{kind.in_place_of_delegation}" for kind in kinds if kind.in_place_of_delegation
        )


@page(permission=Access.SIGNED_IN)
def delegations(request: HttpRequest, area: str) -> HttpResponse:
    """Mine, given and received; a form for one more."""
    form = DelegationForm(request.POST or None, initial={"from_on": clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            _delegate(form.cleaned_data, Actor.of(request.user))
        except DelegationDates as refused:
            form.add_error("until_on", refused.message)
        except JifenError as refused:
            form.add_error_from(refused)
        else:
            messages.success(request, "已委托，这段时间的事项由对方办理。")
            return redirect(f"{frame(area)['prefix']}delegations")
    rows = Delegation.objects.select_related("giver", "receiver").order_by("-until_at", "-id")
    now, names = clock.now(), {kind.kind: kind.name for kind in registry.kinds()}
    given = [
        (row, names.get(row.subject_kind, "所有事项"), _state(row, now)) for row in rows.filter(giver=request.user.pk)
    ]
    taken = [
        (row, names.get(row.subject_kind, "所有事项"), _state(row, now))
        for row in rows.filter(receiver=request.user.pk)
    ]
    content = frame(area) | {
        "form": form,
        "given": given[:20],
        "taken": taken[:20],
        "receivers": choices.names(selectors.stand_ins(Actor.of(request.user).id)),
    }
    return render(request, "approvals/delegations.html", content, status=422 if form.errors else 200)


def _delegate(data: dict[str, Any], by: Actor) -> Delegation:
    """Whole days, the last one included."""
    first, last = data["from_on"], data["until_on"]
    start = max(clock.now(), _midnight(first))
    end = _midnight(type(last).fromordinal(last.toordinal() + 1))
    terms = {"from_at": start, "until_at": end, "subject_kind": data["subject_kind"]}
    return services.delegate(giver=by.id, receiver=person(data["receiver"]), **terms, by=by)


def _midnight(day: Any) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=clock.TIME_ZONE)


def _state(row: Delegation, now: datetime) -> str:
    if row.revoked_at is not None:
        return "已撤销"
    if row.until_at <= now:
        return "已结束"
    return "代理中" if row.from_at <= now else "还没开始"


@require_POST
@page(permission=Access.SIGNED_IN)
def revoke(request: HttpRequest, area: str, pk: int) -> HttpResponse:
    row = get_object_or_404(Delegation, pk=pk, giver=request.user.pk)
    try:
        services.revoke(delegation=row, by=Actor.of(request.user))
    except JifenError as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, "已撤销，没办完的事项回到您这里。")
    return redirect(f"{frame(area)['prefix']}delegations")
