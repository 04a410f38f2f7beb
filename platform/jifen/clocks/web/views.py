"""The provider's pages: how the towns' background work stands, and the table of holidays."""

from itertools import groupby
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST
from django_tenants.utils import get_tenant_model

from jifen.clocks import backlog, holidays, selectors, services
from jifen.clocks.models import Holiday, Lane
from jifen.clocks.permissions import ClocksPermission as May
from jifen.kernel.actors import Actor
from jifen.kernel.errors import JifenError
from jifen.kernel.permissions import page
from jifen.web.forms import DateInput, Form


class ShareForm(Form):
    concurrency = forms.IntegerField(
        label="同时办理几件", min_value=1, max_value=services.MOST_AT_ONCE, help_text="一个镇最多同时占用几个后台进程"
    )


class HolidayForm(Form):
    day = forms.DateField(label="日期", widget=DateInput())
    is_off = forms.TypedChoiceField(
        label="安排", choices=[("1", "放假"), ("0", "调休上班")], coerce=lambda value: value == "1"
    )
    name = forms.CharField(label="节日", max_length=20, help_text="例如：春节")


@page(permission=May.WATCH_WORK)
def work(request: HttpRequest) -> HttpResponse:
    rows = selectors.town_work()
    content = {
        "rows": rows,
        "waiting": sum(row.waiting for row in rows),
        "running": sum(row.running for row in rows),
        "failed": sum(row.failed for row in rows),
        "late": sum(row.late for row in rows),
    }
    return render(request, "clocks/work.html", content)


@page(permission=May.WATCH_WORK)
def town(request: HttpRequest, pk: int) -> HttpResponse:
    """One town: what was given up or is late, and its share of the workers."""
    return _town(request, _row(pk), None)


@page(permission=May.SHARE_WORK)
def share(request: HttpRequest, pk: int) -> HttpResponse:
    row, form = _row(pk), ShareForm(request.POST or None)
    if not form.is_valid():
        return _town(request, row, form)
    concurrency = form.cleaned_data["concurrency"]
    services.set_concurrency(town=row.schema_name, concurrency=concurrency, by=Actor.of(request.user))
    messages.success(request, f"{row.name}现在最多同时办理{concurrency}件。")
    return redirect("clocks:town", pk)


@require_POST
@page(permission=May.SHARE_WORK)
def again(request: HttpRequest, pk: int, kind: str, number: int) -> HttpResponse:
    """``kind``: due, or work."""
    row = _row(pk)
    try:
        services.try_again(town=row.schema_name, pk=number, is_work=kind == "work", by=Actor.of(request.user))
        messages.success(request, "已重新排队。")
    except JifenError as error:
        messages.error(request, error.message)
    return redirect("clocks:town", pk)


@page(permission=May.KEEP_HOLIDAYS)
def holiday_list(request: HttpRequest) -> HttpResponse:
    form = HolidayForm(request.POST or None)
    if form.is_valid():
        holidays.enter(**form.cleaned_data, by=Actor.of(request.user))
        messages.success(request, "已保存。各镇还没有到的日期正在按新的放假安排改。")
        return redirect("clocks:holidays")
    rows = Holiday.objects.order_by("-day")
    years = [(year, sorted(days, key=lambda row: row.day)) for year, days in groupby(rows, lambda row: row.day.year)]
    content = {"form": form, "years": years, "last": holidays.last_known_year()}
    return render(request, "clocks/holidays.html", content, status=422 if form.errors else 200)


@require_POST
@page(permission=May.KEEP_HOLIDAYS)
def remove_holiday(request: HttpRequest, pk: int) -> HttpResponse:
    holidays.remove(holiday=get_object_or_404(Holiday, pk=pk), by=Actor.of(request.user))
    messages.success(request, "已删除。各镇还没有到的日期正在重新计算。")
    return redirect("clocks:holidays")


def _row(pk: int) -> Any:
    return get_object_or_404(get_tenant_model(), pk=pk)


def _town(request: HttpRequest, row: Any, form: ShareForm | None) -> HttpResponse:
    lane = Lane.objects.filter(town=row.schema_name).first()
    concurrency = (lane.concurrency if lane else None) or backlog.CONCURRENCY
    form = form if form is not None and form.is_bound else ShareForm(initial={"concurrency": concurrency})
    content = {"row": row, "troubles": selectors.troubles(row.schema_name), "form": form}
    return render(request, "clocks/town.html", content, status=422 if form.errors else 200)
