"""Rulebooks of the town, or of a village: what is in force, what is being written or decided, and how to begin."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from jifen.kernel import clock, reading
from jifen.kernel.actors import Actor
from jifen.kernel.errors import InvalidInput, JifenError, NotFound
from jifen.kernel.permissions import Access, grants_of, page
from jifen.kernel.tenancy import require_town
from jifen.web.wording import date_cn
from scoring.library import selectors as shelf
from scoring.models import RulebookVersion
from scoring.permissions import ScoringPermission as May
from scoring.selectors import adaptations, drafts, endings
from scoring.selectors import rulebooks as books
from scoring.services import drafts as writing
from scoring.services import versions
from scoring.web import rulebook_forms as forms
from scoring.web import rulebook_scope as scopes
from scoring.web import rulebook_votes as voting
from tenants.community.models import Village

Done = tuple[str, RulebookVersion]
"""What is told of an act, and the version that it left."""
Deed = Callable[[HttpRequest, RulebookVersion], Done]


def _shelf(request: HttpRequest, area: str) -> HttpResponse:
    content = scopes.frame(request, area)
    village = content["village"]
    book, today, runs = books.book_for(village), clock.today(), endings.town_runs()
    draft = drafts.open_draft(book) if book else None
    now = books.followed(village, today) if village else books.current(None, today)
    content |= {
        "draft": draft,
        "draft_state": voting.state_word(draft) if draft else "",
        "standing": books.standing(book, today) if book else None,
        "town": books.current(None, today) if village else None,
        "versions": [
            (one, endings.state_on(one, today, runs), endings.last_day(one, today, runs))
            for one in (book.versions.order_by("-number")[:30] if book else ())
        ],
        "now_last": endings.last_day(now, today, runs) if now else None,
        "lapsed": endings.lapsed(None, today),
        "offers": [] if village else shelf.offers(require_town()),
        "newer": None if village else books.newer_template(),
        "open_url": reverse(f"scoring:{area}_open"),
        "pending": adaptations.pending_of(book) if book and village else None,
    }
    return render(request, "scoring/rulebooks/shelf.html", content)


def _open(request: HttpRequest, area: str) -> HttpResponse:
    village = scopes.frame(request, area)["village"]
    start = request.POST.get("start", "current")
    try:
        draft = writing.open_draft(village=village, start=start, by=Actor.of(request.user))
    except JifenError as error:
        messages.error(request, error.message)
        return redirect(f"scoring:{area}_rulebooks")
    return redirect(f"scoring:{area}_draft", draft.pk)


def _discard(request: HttpRequest, area: str, pk: int) -> HttpResponse:
    try:
        writing.discard(draft=scopes.draft_of(request, area, pk), by=Actor.of(request.user))
    except JifenError as error:
        messages.error(request, error.message)
        return redirect(f"scoring:{area}_draft", pk)
    messages.success(request, "这份修订稿已放弃，现行的细则不变。")
    return redirect(f"scoring:{area}_rulebooks")


shelves = scopes.both(_shelf)
open_one = scopes.both(require_POST(_open))
discard = scopes.both(require_POST(_discard))


@page(permission=Access.SIGNED_IN)
def anywhere(request: HttpRequest, pk: int) -> HttpResponse:
    """To the version in the reader's own area."""
    area = "office" if grants_of(request.user).allows(May.FILE) else "village"
    return redirect(f"scoring:{area}_version", pk)


@page(permission=May.READ_LEDGER)
def version(request: HttpRequest, area: str, pk: int) -> HttpResponse:
    """One version: what it changes, what it says, how far it is; for a village's also the meeting behind it."""
    found = books.readable(request.user).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return render(request, "scoring/rulebooks/version.html", shown(request, area, found))


def shown(request: HttpRequest, area: str, found: RulebookVersion) -> dict[str, Any]:
    """A version with everything around it, and what the reader may do with it."""
    before = books.earlier(found)
    whole, today = books.whole(found), clock.today()
    return {
        "area": area,
        "version": found,
        "before": before,
        "lines": books.difference(before, found),
        "shelves": forms.shelves(rule for rule in whole.rules if rule.active),
        "total": sum(rule.active for rule in whole.rules),
        "off": [rule.title for rule in whole.rules if not rule.active],
        "compared": f"和第{before.number}版相比" if before else "",
        "acts": _acts(area, found),
        "meeting": drafts.resolution_of(found.draft) if found.draft else None,
        "state": endings.state_on(found, today),
        "last_day": endings.last_day(found, today),
        "with_town": endings.ends_with_town(found, today),
        "may_write": _may_write(request, found.rulebook.village),
        "first_day": books.first_open_day(found.rulebook, today),
        "goes_on": _goes_on(found) if endings.may_extend(found, today) else "",
        "back": reverse(f"scoring:{area}_rulebooks") if _may_list(request, area) else "",
    }


def _date(request: HttpRequest, area: str, pk: int) -> HttpResponse:
    """The day of an approved version whose own day had become impossible."""
    return _acted(request, area, pk, _dated)


def _extend(request: HttpRequest, area: str, pk: int) -> HttpResponse:
    """A version with an end holds longer."""
    return _acted(request, area, pk, _extended)


def _withdraw(request: HttpRequest, area: str, pk: int) -> HttpResponse:
    return _acted(request, area, pk, _withdrawn)


def _acted(request: HttpRequest, area: str, pk: int, deed: Deed) -> HttpResponse:
    found = books.readable(request.user).filter(pk=pk, rulebook__village__isnull=area == "office").first()
    if found is None or not _may_write(request, found.rulebook.village):
        raise NotFound
    try:
        told, now = deed(request, found)
        messages.success(request, told)
    except JifenError as error:
        messages.error(request, error.message)
        now = found
    return redirect(f"scoring:{area}_version", now.pk)


def _dated(request: HttpRequest, found: RulebookVersion) -> Done:
    day = reading.day(request.POST.get("effective_from", ""))
    if day is None:
        raise DayWrong
    versions.put_in_force(version=found, effective_from=day, by=Actor.of(request.user))
    return f"已定，{date_cn(day)}起生效。", found


def _extended(request: HttpRequest, found: RulebookVersion) -> Done:
    last = reading.day(request.POST.get("last_day", ""))
    if last is None:
        raise LastDayWrong
    paper, by, how = request.POST.get("resolution", ""), Actor.of(request.user), _goes_on(found)
    now = versions.extend(version=found, until=last + timedelta(days=1), resolution=paper, by=by)
    return f"已延期，到{date_cn(last)}为止（含当天）。{how}", now


def _goes_on(found: RulebookVersion) -> str:
    """From when rules that have ended go on, and what becomes of the days between; empty before their end."""
    today, end = clock.today(), found.effective_to
    if end is None or end > today:
        return ""
    since = endings.resumes_on(found, today)
    if since == end:
        return f"从{date_cn(since)}起接着执行，中间没有空档，这几天的行为可以补登记。"
    days = f"{date_cn(end)}至{date_cn(since - timedelta(days=1))}"
    if found.rulebook.village:
        return f"作为新的一版从{date_cn(since)}起接着执行，{days}仍按镇里的细则。"
    begins = f"作为新的一版从{date_cn(since)}起接着执行"
    return f"其间有月份已经审定，不能倒回：{begins}，{days}没有细则，这几天的行为不能登记。"


def _withdrawn(request: HttpRequest, found: RulebookVersion) -> Done:
    versions.withdraw(version=found, reason=request.POST.get("reason", ""), by=Actor.of(request.user))
    return "已撤销。", found


def _acts(area: str, found: RulebookVersion) -> dict[str, str]:
    """What is left to do about a version, and where."""
    is_over = found.effective_to is not None and found.effective_to <= clock.today()
    made = {"date": "approved", "withdraw": "submitted approved" if is_over else "submitted approved in_force"}
    if endings.may_extend(found, clock.today()):
        made["extend"] = "in_force"
    return {
        name: reverse(f"scoring:{area}_version_{name}", args=[found.pk])
        for name, states in made.items()
        if found.state in states.split()
    }


class DayWrong(InvalidInput):
    code = "day_wrong"
    default_field = "effective_from"
    message = "请写明从哪天起生效。"


class LastDayWrong(InvalidInput):
    code = "last_day_wrong"
    default_field = "last_day"
    message = "请写明延长到哪一天为止。"


def _may_write(request: HttpRequest, village: Village | None) -> bool:
    held = grants_of(request.user)
    return held.allows(May.ADAPT_RULES, village=village.pk) if village else held.allows(May.MANAGE_RULES)


def _may_list(request: HttpRequest, area: str) -> bool:
    return grants_of(request.user).scope(scopes.WRITES[area], "village") != set()


date_version = scopes.both(require_POST(_date))
extend_version = scopes.both(require_POST(_extend))
withdraw_version = scopes.both(require_POST(_withdraw))
