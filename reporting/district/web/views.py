"""一屏观天下: the live screen of a district's towns, down to a village's figures."""

import hashlib
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from jifen.kernel import clock
from jifen.kernel.permissions import page
from jifen.web.wording import grouped, points_text
from reporting.district import charts, selectors
from reporting.district.figures import TARGET, Overview, TownLine, VillageLine
from reporting.district.permissions import DistrictPermission
from tenants.models import District

READ = DistrictPermission.READ
UNCHANGED = 204
ATTENTION = 12
BEST = 8


@page(permission=READ)
def overview(request: HttpRequest) -> HttpResponse:
    """All towns of the reader's districts."""
    content = _content(request)
    return render(request, "district/overview.html", content)


@page(permission=READ)
def live(request: HttpRequest) -> HttpResponse:
    """The screen's middle, asked for every two seconds; nothing is sent while nothing has changed."""
    content = _content(request)
    if request.GET.get("seen") == content["version"]:
        return HttpResponse(status=UNCHANGED)
    return render(request, "district/live.html", content)


@page(permission=READ)
def town(request: HttpRequest, code: str) -> HttpResponse:
    """One town: its villages side by side."""
    found = selectors.town_for(request.user, code)
    whole = selectors.overview([found], selectors.year_asked(request.GET.get("year", "")))
    content = {"whole": whole, "town": whole.towns[0], "target": TARGET, **charts.of(whole), "words": _words(whole)}
    return render(request, "district/town.html", content)


@page(permission=READ)
def village(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """One village: figures alone."""
    found = selectors.town_for(request.user, code)
    whole = selectors.overview([found], selectors.year_asked(request.GET.get("year", "")))
    line = selectors.village_in(whole.towns[0], pk)
    months = selectors.months(whole.year, [found.schema_name], pk)
    alone = Overview(whole.year, [TownLine(found.schema_name, found.code, found.name, [line])], months)
    content = {"town": whole.towns[0], "village": line, "year": whole.year, "target": TARGET, "months": months}
    content |= {"monthly": charts.monthly(months), "words": _words(alone)}
    return render(request, "district/village.html", content)


def _content(request: HttpRequest) -> dict[str, Any]:
    towns = list(selectors.towns_for(request.user))
    whole = selectors.overview(towns, selectors.year_asked(request.GET.get("year", "")))
    names = "、".join(District.objects.filter(towns__in=towns).distinct().values_list("name", flat=True))
    return {
        "whole": whole,
        "district": names,
        "target": TARGET,
        "now": clock.now(),
        "attention": attention(whole),
        "best": best(whole),
        "version": _version(whole),
        "words": _words(whole),
        **charts.of(whole),
    }


def _words(whole: Overview) -> dict[str, str]:
    """Figures that stand in a sentence."""
    counts = whole.counts
    short = sum(line.counts.short for line in whole.villages)
    return {
        "households": f"共 {grouped(counts.households)} 户",
        "share_tone": "wait" if counts.short else "good",
        "entries": f"{grouped(counts.entries)} 笔",
        "plus": f"{counts.positive:,.0f}",
        "minus": f"{counts.negative:,.0f}",
        "net": f"净 {counts.positive - counts.negative:,.0f} 分",
        "redeemed": f"共 {points_text(counts.redeemed)} 分",
        "early": f"{whole.redeemed_villages}/{len(whole.villages)}",
        "lists": f"{counts.red} / {counts.black}",
        "overdue": f"{counts.objections_overdue} 件镇里逾期",
        "towns": f"共 {len(whole.towns)} 个",
        "short": f"{short} 个村",
        "year": f"{whole.year}年度",
    }


def attention(whole: Overview) -> list[dict[str, Any]]:
    """Villages below the participation target, the furthest first."""
    short = sorted((line for line in whole.villages if line.counts.short), key=lambda line: line.counts.share)
    return _with_towns(whole, short[:ATTENTION])


def best(whole: Overview) -> list[dict[str, Any]]:
    """Villages with the most points for each household that takes part."""
    return _with_towns(whole, sorted(whole.villages, key=lambda line: -line.per_household)[:BEST])


def _with_towns(whole: Overview, lines: list[VillageLine]) -> list[dict[str, Any]]:
    towns = {town.schema: town for town in whole.towns}
    return [{"line": line, "town": towns[line.town]} for line in lines]


def _version(whole: Overview) -> str:
    return hashlib.sha256(repr(whole).encode()).hexdigest()[:16]
