"""一屏观天下: the live screen of a district's towns, down to a village's figures."""

import hashlib
from collections.abc import Collection, Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from jifen.kernel import clock
from jifen.kernel.permissions import page
from jifen.web.wording import grouped, points_text
from reporting.district import charts, measures, selectors
from reporting.district.figures import TARGET, Overview, TownLine, VillageLine
from reporting.district.permissions import DistrictPermission
from tenants.models import District, Town

READ = DistrictPermission.READ
UNCHANGED = 204
ATTENTION = 5
BEST = 5


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
def villages(request: HttpRequest) -> HttpResponse:
    """What a tile counts (``?by=``), village by village; of one town where ``?town=`` names it."""
    code = request.GET.get("town", "")
    towns = [selectors.town_for(request.user, code)] if code else list(selectors.towns_for(request.user))
    wanted = measures.measure(request.GET.get("by", ""))
    whole = selectors.overview(towns, selectors.year_asked(request.GET.get("year", ""), selectors.years(towns)))
    rows = _with_towns(whole, wanted.sorted(whole.villages))
    told = [row | {"cells": wanted.cells(row["line"]), "lacks": wanted.lacks(row["line"])} for row in rows]
    content = {"measure": wanted, "rows": told, "year": whole.year, "town": towns[0] if code else None}
    return render(request, "district/villages.html", content)


@page(permission=READ)
def town(request: HttpRequest, code: str) -> HttpResponse:
    """One town: its villages side by side."""
    found = selectors.town_for(request.user, code)
    years = selectors.years([found])
    whole = selectors.overview([found], selectors.year_asked(request.GET.get("year", ""), years))
    content = {"whole": whole, "town": whole.towns[0], "target": TARGET, "years": years}
    content |= {**charts.of(whole), "words": _words(whole, _year_before([found], whole.year, years))}
    content["to"] = _leads(whole.year, found.code)
    return render(request, "district/town.html", content)


@page(permission=READ)
def village(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """One village: figures alone."""
    found = selectors.town_for(request.user, code)
    years = selectors.years([found])
    whole = selectors.overview([found], selectors.year_asked(request.GET.get("year", ""), years))
    line = selectors.village_in(whole.towns[0], pk)
    months = selectors.months(whole.year, [found.schema_name], pk)
    alone = Overview(whole.year, [TownLine(found.schema_name, found.code, found.name, [line])], months)
    content = {"town": whole.towns[0], "village": line, "year": whole.year, "years": years, "target": TARGET}
    content |= {"months": months, "monthly": charts.monthly(months), "words": _words(alone)}
    today = clock.today()
    content["begun"] = today.month if whole.year == today.year else 12
    return render(request, "district/village.html", content)


def _content(request: HttpRequest) -> dict[str, Any]:
    towns = list(selectors.towns_for(request.user))
    years = selectors.years(towns)
    whole = selectors.overview(towns, selectors.year_asked(request.GET.get("year", ""), years))
    names = "、".join(District.objects.filter(towns__in=towns).distinct().values_list("name", flat=True))
    return {
        "whole": whole,
        "years": years,
        "district": names,
        "target": TARGET,
        "now": clock.now(),
        "attention": attention(whole),
        "best": best(whole),
        "version": _version(whole),
        "to": _leads(whole.year),
        "words": _words(whole, _year_before(towns, whole.year, years)),
        **charts.of(whole),
    }


def _leads(year: int, town: str = "") -> dict[str, str]:
    """Where each tile leads, by the measure it counts."""
    about = {"year": str(year), "town": town} if town else {"year": str(year)}
    return {key: f"{reverse('district:villages')}?{urlencode({'by': key, **about})}" for key in measures.MEASURES}


def _year_before(towns: Iterable[Town], year: int, years: Collection[int]) -> Overview | None:
    """What the running year's figures are read against."""
    return selectors.overview(towns, year - 1) if year == max(years) and year - 1 in years else None


def _words(whole: Overview, before: Overview | None = None) -> dict[str, str]:
    """Figures that stand in a sentence; those of the year before where the year still runs."""
    counts = whole.counts
    short = sum(line.counts.short for line in whole.villages)
    unknown = sum(not line.counts.is_known for line in whole.villages)
    words = {
        "households": f"共 {grouped(counts.households)} 户",
        "share_tone": "wait" if counts.short else "good",
        "entries": f"{grouped(counts.entries)} 笔",
        "plus": f"{counts.positive:,.0f}",
        "minus": f"{counts.negative:,.0f}",
        "net": f"净 {counts.positive - counts.negative:,.0f} 分",
        "redeemed": f"共 {points_text(counts.redeemed)} 分",
        "early": _early(whole),
        "early_hint": "村，每村至少一次",
        "lists": f"{counts.red} / {counts.black}",
        "overdue": f"{counts.objections_overdue} 件镇里逾期",
        "lists_hint": "户次",
        "objections": "",
        "towns": f"共 {len(whole.towns)} 个",
        "short": f"{short} 个村" + (f"，{unknown} 个户数不明" if unknown else ""),
        "year": f"{whole.year}年度",
    }
    return words | _last_year(before) if before else words


def _last_year(before: Overview) -> dict[str, str]:
    counts = before.counts
    return {
        "redeemed": f"去年 {grouped(counts.redemptions)} 次",
        "early_hint": f"村，去年 {_early(before)}",
        "lists_hint": f"去年 {counts.red} / {counts.black} 户次",
        "objections": f"去年 {counts.objections} 件",
    }


def _early(whole: Overview) -> str:
    return f"{whole.redeemed_villages}/{len(whole.villages)}"


def attention(whole: Overview) -> list[dict[str, Any]]:
    """Villages below the participation target, the furthest first; after them those whose share is not known."""
    short = sorted((line for line in whole.villages if line.counts.short), key=lambda line: line.counts.share)
    unknown = [line for line in whole.villages if not line.counts.is_known]
    return _with_towns(whole, [*short, *unknown][:ATTENTION])


def best(whole: Overview) -> list[dict[str, Any]]:
    """Villages with the most points for each household that takes part."""
    return _with_towns(whole, sorted(whole.villages, key=lambda line: -line.per_household)[:BEST])


def _with_towns(whole: Overview, lines: list[VillageLine]) -> list[dict[str, Any]]:
    towns = {town.schema: town for town in whole.towns}
    return [{"line": line, "town": towns[line.town]} for line in lines]


def _version(whole: Overview) -> str:
    return hashlib.sha256(repr(whole).encode()).hexdigest()[:16]
