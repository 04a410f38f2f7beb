"""日历: a year at a glance, what is late, and where the town's office sets its days; namespace ``calendar``.

The district's is ``district_calendar``.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST

from jifen.clocks import holidays
from jifen.clocks.dates import selectors as dates
from jifen.clocks.dates.models import CalendarPolicy
from jifen.clocks.dates.policy import CLOCKS, NAMES, STEPS, TownCalendar, each_wording
from jifen.clocks.days import wording
from jifen.flows import behind, calendar
from jifen.flows.web.calendar_forms import CalendarForm, VillageForm, without, without_party_day
from jifen.kernel import clock, reading
from jifen.kernel.actors import Actor
from jifen.kernel.errors import JifenError
from jifen.kernel.permissions import grants_of, page
from jifen.web.wording import date_cn
from redemption import selectors as redemption
from scoring.selectors.promptness import late_in
from tenants.community import selectors as community
from tenants.community.models import Village
from tenants.community.permissions import CommunityPermission

PARTY_DAY = "party_day"
READ, MANAGE = CommunityPermission.READ, CommunityPermission.MANAGE_TOWN


@dataclass(frozen=True, slots=True)
class Month:
    """A line of the year: what strikes in this month, by day."""

    first: date
    struck: list[tuple[date, str]]
    is_now: bool


@page(permission=READ)
def year(request: HttpRequest) -> HttpResponse:
    """The town's year."""
    newest, can_change = _calendar(), grants_of(request.user).allows(MANAGE)
    content = _year(request, None) | {"late": behind.late_now(), "exceptions": _exceptions(newest)}
    content |= {"can_change": can_change, "concerns": calendar.lasting_concerns()}
    content["tardy"] = _tardy(list(Village.objects.order_by("code")))
    content["add_link"] = reverse("calendar:add_village") if content["can_change"] else ""
    return render(request, "flows/calendar.html", content)


@page(permission=READ)
def village_year(request: HttpRequest) -> HttpResponse:
    """The year as it holds in the reader's village."""
    villages = list(community.villages_for(request.user, READ).order_by("code"))
    wanted = reading.whole(request.GET.get("village", ""))
    village = next((one for one in villages if one.pk == wanted), villages[0] if villages else None)
    if village is None:
        return render(request, "flows/calendar.html", {"months": [], "villages": []})
    content = _year(request, village.pk) | {"village": village, "villages": villages}
    content |= {"late": behind.late_now([village.pk]), "tardy": _tardy([village])}
    return render(request, "flows/calendar.html", content)


@page(permission=MANAGE)
def change(request: HttpRequest) -> HttpResponse:
    now = _calendar()
    form = CalendarForm(request.POST or None, calendar=now, initial={"effective_from": clock.today()})
    if form.is_valid() and _chosen(request, form, form.section()):
        return redirect("calendar:year")
    content = {"form": form, "coming": dates.coming_after(clock.today())}
    return render(request, "flows/calendar_change.html", content, status=422 if form.errors else 200)


@page(permission=MANAGE)
def add_village(request: HttpRequest) -> HttpResponse:
    """``?village=`` and ``?clock=`` show what that village has chosen, to be changed."""
    asked = {"village": reading.whole(request.GET.get("village", "")), "clock": request.GET.get("clock", "review")}
    form = VillageForm(request.POST or None, calendar=_calendar(), initial=asked | {"effective_from": clock.today()})
    if form.is_valid() and _chosen(request, form, form.section()):
        return redirect("calendar:year")
    return render(request, "flows/calendar_village.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
@page(permission=MANAGE)
def remove_village(request: HttpRequest, village: int, name: str) -> HttpResponse:
    """The village follows the town again, in a clock or its party day."""
    now = _calendar()
    section = without_party_day(now, village) if name == PARTY_DAY else without(now, village, name)
    try:
        told = calendar.choose(section=section, effective_from=clock.today(), by=Actor.of(request.user))
    except JifenError as error:
        messages.error(request, error.message)
    else:
        _tell(request, "已取消例外，以后按镇里的日历办理。", told)
    return redirect("calendar:year")


@require_POST
@page(permission=MANAGE)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """A calendar that has not begun."""
    since = get_object_or_404(CalendarPolicy, pk=pk).effective_from
    try:
        calendar.withdraw(effective_from=since, by=Actor.of(request.user))
    except JifenError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, f"已撤销{date_cn(since)}起的日历，还没有到的日期已经改回。")
    return redirect("calendar:year")


def _chosen(request: HttpRequest, form: Any, section: dict[str, Any]) -> bool:
    """Whether the town's calendar has changed; else the form says why not."""
    since = form.cleaned_data["effective_from"]
    try:
        told = calendar.choose(section=section, effective_from=since, by=Actor.of(request.user))
    except JifenError as error:
        form.add_error_from(error)
        return False
    when = "今天" if since == clock.today() else date_cn(since)
    _tell(request, f"日历已保存，从{when}起执行；还没有到的日期已经改好。", told)
    return True


def _tell(request: HttpRequest, done: str, concerns: list[str]) -> None:
    messages.success(request, done)
    for concern in concerns:
        messages.warning(request, concern)


def _calendar() -> TownCalendar:
    """The newest one, in force or about to be."""
    return dates.calendar_on(date.max)


def _year(request: HttpRequest, village: int | None) -> dict[str, Any]:
    number = reading.year(request.GET.get("year", "")) or clock.today().year
    rules = dates.calendar_on(clock.today())
    rules = rules if village is None else rules.of_village(village)
    versions = dates.versions()
    return {
        "year": number,
        "months": _months(number, village),
        "rules": _rules(rules),
        "each": each_wording(rules),
        "party_day": rules.party_day,
        "now": next((one for one in versions if one.state == "now"), None),
        "coming": [_coming(one, village) for one in reversed(versions) if one.state == "coming"],
        "versions": versions,
        "known_until": holidays.last_known_year(),
        "is_plain": number > (holidays.last_known_year() or 0),
    }


def _months(year: int, village: int | None) -> list[Month]:
    """What strikes in each month of ``year``, the last steps of the year before included."""
    struck = [
        line
        for one in [*dates.year_dates(year - 1, village), *dates.year_dates(year, village)]
        for line in _struck(one, year)
    ] + _exchange(year, village)
    firsts, now = [date(year, month, 1) for month in range(1, 13)], clock.month_start(clock.today())
    return [
        Month(first, sorted(one for one in struck if clock.month_start(one[0]) == first), first == now)
        for first in firsts
    ]


def _struck(one: dates.Dates, year: int) -> list[tuple[date, str]]:
    """In the words of a calendar of ``year``: “3月审核截止”“上年四季度公示”."""
    whole, own = dates.words(one.period), f"{year}年"
    step = (whole if one.clock == "year" else whole.replace(own, "").replace(f"{year - 1}年", "上年")) + STEPS[
        one.clock
    ]
    found = [(one.due, step if one.clock in ("notice", "year") else f"{step}截止")]
    return found if one.opens is None else [*found, (one.opens, f"{step}开始")]


def _exchange(year: int, village: int | None) -> list[tuple[date, str]]:
    """The days on which redemption opens, and until when it is open."""
    opens = redemption.windows_in(year, village)
    return [
        (first, "兑换日" if first == last else f"兑换开始，到{last.month}月{last.day}日")
        for first, last in opens
        if first.year == year
    ]


def _tardy(villages: list[Village]) -> list[tuple[date, str, int]]:
    """Month, village, deeds recorded late: this month's and the last one's, where the calendar asks for days."""
    this = clock.month_start(clock.today())
    found = [(month, late_in(month)) for month in (this, clock.month_start(this - timedelta(days=1)))]
    return [(month, one.name, late[one.pk]) for month, late in found for one in villages if one.pk in late]


def _rules(rules: TownCalendar) -> list[tuple[str, str, str, int]]:
    """Name, when it opens, when it is due, days of grace."""
    shown = [(name, rules.clock(name)) for name in CLOCKS]
    return [(NAMES[name], wording(one.opens) if one.opens else "", wording(one.due), one.grace) for name, one in shown]


@dataclass(frozen=True, slots=True)
class Coming:
    """A calendar that has not begun: from when, and its rules as ``_rules`` gives them."""

    since: date
    rules: list[tuple[str, str, str, int]]
    each: str
    party_day: int


def _coming(one: dates.Version, village: int | None) -> Coming:
    rules = one.calendar if village is None else one.calendar.of_village(village)
    return Coming(one.since, _rules(rules), each_wording(rules), rules.party_day)


@dataclass(frozen=True, slots=True)
class Apart:
    """What a village has chosen for itself, in one clock or as its party day."""

    village: Village
    clock: str
    name: str
    opens: str
    due: str


def _exceptions(rules: TownCalendar) -> list[Apart]:
    names = Village.objects.in_bulk(rules.apart())
    own = [
        Apart(
            names[one.village],
            one.clock,
            NAMES[one.clock],
            wording(one.opens) if one.opens else "",
            wording(one.due) if one.due else "",
        )
        for one in rules.villages
        if one.village in names
    ]
    days = [
        Apart(names[village], PARTY_DAY, "支部主题党日", "", f"每月{day}日")
        for village, day in rules.party_days.items()
        if village in names
    ]
    return sorted([*own, *days], key=lambda one: one.village.code)


town: list[URLPattern] = [
    path("office/calendar/", year, name="year"),
    path("office/calendar/change/", change, name="change"),
    path("office/calendar/villages/", add_village, name="add_village"),
    path("office/calendar/villages/<int:village>/<str:name>/remove/", remove_village, name="remove_village"),
    path("office/calendar/versions/<int:pk>/withdraw/", withdraw, name="withdraw"),
    path("village/calendar/", village_year, name="village"),
]
