"""试算 on pages: a draft on the months gone by, how far it is, and what each household would have had and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Abs
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from jifen.kernel import clock, reading
from jifen.kernel.actors import Actor
from jifen.kernel.errors import InvalidInput, JifenError, NotFound
from scoring.models import Draft, WhatIfHousehold, WhatIfRun
from scoring.selectors import whatif as seen
from scoring.web import rulebook_scope as scopes
from scoring.whatif import runs

PER_PAGE = 30
LISTS = {"red": "红榜", "black": "黑榜", "honours": "评优"}
TABS = {"losers": "分少了的", "winners": "分多了的", **LISTS, "undecided": "要人认定的"}
OWN = "own"


class PeriodWrong(InvalidInput):
    code = "period_wrong"
    default_field = "since"
    message = "请选试算哪一段时间；自己选的，开始和结束两天都要填。"


@dataclass(frozen=True, slots=True)
class Period:
    """Days that may be tried, both included."""

    name: str
    label: str
    since: date
    until: date


def periods() -> list[Period]:
    """Spans that people think in, the year gone by first."""
    today = clock.today()
    first = today.replace(month=1, day=1)
    quarter = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
    before = (quarter - timedelta(days=1)).replace(day=1)
    return [
        Period("year", "最近12个月", runs.a_year_to(today), today),
        Period("this", "今年以来", first, today),
        Period("last", "去年全年", first.replace(year=first.year - 1), first - timedelta(days=1)),
        Period(
            "quarter", "上个季度", before.replace(month=(before.month - 1) // 3 * 3 + 1), quarter - timedelta(days=1)
        ),
    ]


def start(request: HttpRequest, draft: Draft, by: Actor) -> str:
    """Begin a run over the days that were chosen."""
    since, until = _days(request)
    runs.start_for_draft(draft=draft, since=since, until=until, by=by)
    return "已开始试算，可以离开本页，过一会儿再来看。"


def _days(request: HttpRequest) -> tuple[date, date]:
    chosen = request.POST.get("period", "")
    if chosen == OWN:
        since, until = (reading.day(request.POST.get(name, "")) for name in ("since", "until"))
        if since and until:
            return since, until
    for one in periods():
        if one.name == chosen:
            return one.since, one.until
    raise PeriodWrong


def shown_on_way(area: str, draft: Draft) -> dict[str, Any]:
    """What the page of a draft's way shows of its runs, and the spans that may be tried."""
    last = seen.newest_of(draft)
    running = last is not None and not last.is_over
    return {
        "periods": periods(),
        "run": last,
        "run_running": running,
        "run_url": reverse(f"scoring:{area}_trial", args=[draft.pk, last.pk]) if last else "",
    }


def _trial(request: HttpRequest, area: str, pk: int, run: int) -> HttpResponse:
    """How far the run is; once it is done what it found, household by household."""
    draft, found = _run(request, area, pk, run)
    content = _frame(area, draft, found)
    if found.summary is not None:
        content |= _result(request, area, found)
    return render(request, "scoring/rulebooks/trial.html", content)


def _frame(area: str, draft: Draft, found: WhatIfRun) -> dict[str, Any]:
    return {
        "area": area,
        "run": found,
        "draft": draft,
        "urls": scopes.urls(area, draft),
        "village": found.village,
        "here": reverse(f"scoring:{area}_trial", args=[draft.pk, found.pk]),
        "counted": f"已算{found.done}次登记，共{found.total}次" if found.total else "正在排队，很快就轮到",
        "is_old": draft.revision != found.revision,
    }


def _result(request: HttpRequest, area: str, found: WhatIfRun) -> dict[str, Any]:
    only, words = request.GET.get("only", ""), request.GET.get("q", "").strip()
    only = only if only in TABS else ""
    rows = _searched(seen.households(found, only), only, words)  # type: ignore[arg-type]
    told: dict[str, Any] = found.summary or {}
    made: dict[str, str] = told.get("told") or {}
    return {
        "sum": told,
        "cost_words": made.get("cost", ""),
        "merit_words": made.get("merit", ""),
        "lists": [(label, told[name], made.get(name, "")) for name, label in LISTS.items()],
        "moved": [one for one in told["items"] if one["before"] != one["after"]],
        "losers_tone": "bad" if told["losers"] else "",
        "only": only,
        "words": words,
        "tabs": _tabs(found, only),
        "rows": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
    }


def _tabs(found: WhatIfRun, only: str) -> list[tuple[str, str, bool, int]]:
    """Each part of the households with its number; empty parts are left out."""
    counted = {name: Count("pk", filter=part) for name, part in seen.PARTS.items()}
    numbers = found.households.aggregate(all=Count("pk"), **counted)
    tabs = [("全部", "?", not only, numbers["all"])]
    return tabs + [
        (label, f"?only={name}", only == name, numbers[name]) for name, label in TABS.items() if numbers[name]
    ]


def _searched(rows: QuerySet[WhatIfHousehold], only: str, words: str) -> QuerySet[WhatIfHousehold]:
    """Among all, those for whom most changes come first."""
    if not only:
        rows = rows.order_by(Abs("gain").desc(), "household__number")
    if not words:
        return rows
    return rows.filter(Q(household__number__startswith=words) | Q(household__head__name__contains=words))


def _state(request: HttpRequest, area: str, pk: int, run: int) -> HttpResponse:
    """What the page asks every second; when the run has ended the page comes anew."""
    draft, found = _run(request, area, pk, run)
    answer = render(request, "scoring/rulebooks/trial_state.html", _frame(area, draft, found))
    if found.is_over:
        answer["HX-Refresh"] = "true"
    return answer


def _stop(request: HttpRequest, area: str, pk: int, run: int) -> HttpResponse:
    _, found = _run(request, area, pk, run)
    try:
        runs.stop(run=found, by=Actor.of(request.user))
    except JifenError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "已停止，算了一半的不保留。")
    return redirect(f"scoring:{area}_trial", pk, run)


def _household(request: HttpRequest, area: str, pk: int, run: int, row: int) -> HttpResponse:
    """One household before and after: which items changed, and one deed's sentence for each."""
    draft, found = _run(request, area, pk, run)
    one = seen.households(found).filter(pk=row).first()
    if one is None:
        raise NotFound
    kept = set(draft.items.filter(is_removed=False).values_list("code", flat=True))
    then = seen.priced_by(one)
    reasons = [
        (reason, reason["code"] in kept or area == "village", then.get(reason["code"], "")) for reason in one.reasons
    ]
    content = _frame(area, draft, found) | {"row": one, "reasons": reasons, "facts": list(_sides(one))}
    content["passbook"] = reverse(f"scoring:{area}_passbook", args=[one.household.number])
    return render(request, "scoring/rulebooks/trial_household.html", content)


def _sides(one: WhatIfHousehold) -> Iterable[tuple[str, Any, Any, bool]]:
    """Label, before, after, and whether they are points."""
    yield "评比积分", one.merit_before, one.merit_after, True
    yield "可兑换积分", one.redeemable_before, one.redeemable_after, True
    yield "本村名次", f"第{one.rank_before}名", f"第{one.rank_after}名", False
    words = {"red": ("在红榜", one.red_before, one.red_after), "black": ("在黑榜", one.black_before, one.black_after)}
    for label, before, after in (*words.values(), ("够评优", one.honoured_before, one.honoured_after)):
        if before or after:
            yield label, "是" if before else "否", "是" if after else "否", False


def _run(request: HttpRequest, area: str, pk: int, run: int) -> tuple[Draft, WhatIfRun]:
    """A draft of the person's, and the run over it."""
    draft = scopes.draft_of(request, area, pk)
    found = WhatIfRun.objects.select_related("village").filter(draft=draft, pk=run).first()
    if found is None:
        raise NotFound
    return draft, found


trial = scopes.both(_trial)
state = scopes.both(_state)
stop = scopes.both(require_POST(_stop))
household = scopes.both(_household)
