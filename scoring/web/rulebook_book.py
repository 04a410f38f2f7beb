"""What is said of a whole draft: its name and what holds for all items; what villages may change; the newest base."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from jifen.kernel import reading
from jifen.kernel.actors import Actor
from jifen.kernel.errors import JifenError
from jifen.kernel.permissions import page
from scoring.models import EDITABLE, Draft
from scoring.permissions import ScoringPermission as May
from scoring.rulebook_errors import HeadChanged
from scoring.rules.three_way import ThreeWay
from scoring.selectors import drafts as seen
from scoring.services import draft_rebase
from scoring.services import drafts as writing
from scoring.web import rulebook_adapt as adapt
from scoring.web import rulebook_bounds as limits
from scoring.web import rulebook_scope as scopes
from scoring.web import rulebook_settings as settings
from scoring.web.rulebook_rows import text


def _settings(request: HttpRequest, area: str, pk: int) -> HttpResponse:
    """The name and, of the town's, what holds for all items; of a village's, whether its charter is concerned."""
    draft = scopes.draft_of(request, area, pk)
    town = area == "office"
    items = _named(draft) if town else []
    head = settings.edited(request.POST, draft.head, items) if request.method == "POST" and town else draft.head
    told: dict[str, Any] = {"title": request.POST.get("title", "").strip()}
    told |= {"head": head} if town else {"is_charter": "is_charter" in request.POST}
    if request.method == "POST" and _saved(request, draft, told):
        return redirect(request.path)
    title = told["title"] if request.method == "POST" else draft.title
    content = _content(area, draft) | {"title": title} | (settings.blanks(head, items) if town else {})
    return render(request, "scoring/rulebooks/settings.html", content, status=422 if request.method == "POST" else 200)


def _named(draft: Draft) -> list[settings.Named]:
    """The items that a cap over several may name."""
    return [
        settings.Named(
            item.code, str(item.body.get("number") or ""), str(item.body.get("title") or ""), _asks(item.body)
        )
        for item in seen.kept_items(draft)
    ]


def _asks(body: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """(name, label) of what a declaration of the item asks for, as far as that is written."""
    told = [one for one in body.get("inputs") or [] if isinstance(one, dict)]
    return tuple((str(one["name"]), str(one.get("label") or "")) for one in told if one.get("name"))


@page(permission=May.MANAGE_RULES)
def bounds(request: HttpRequest, pk: int) -> HttpResponse:
    """What villages may change of the town's items, and what they may add."""
    draft = scopes.draft_of(request, "office", pk)
    told = limits.edited(request.POST) if request.method == "POST" else draft.bounds
    if request.method == "POST" and _saved(request, draft, {"bounds": told}):
        return redirect(request.path)
    names = [one["name"] for one in draft.head.get("categories") or []]
    content = _content("office", draft) | limits.blanks(seen.lines(draft), told, names)
    return render(request, "scoring/rulebooks/bounds.html", content, status=422 if request.method == "POST" else 200)


@page(permission=May.ADAPT_RULES)
def rebase(request: HttpRequest, pk: int) -> HttpResponse:
    """The town has a newer version than a village's draft stands on: all three, and what both changed."""
    draft = scopes.draft_of(request, "village", pk)
    try:
        town = seen.newer_base(draft)
        if town is None:
            return redirect("scoring:village_draft", pk)
        view = seen.moved_view(draft, town, {})
        if request.method == "POST" and _moved(request, draft, view):
            return redirect("scoring:village_draft", pk)
    except JifenError as error:
        messages.error(request, error.message)
        return redirect("scoring:village_draft", pk)
    content = _content("village", draft) | adapt.shown(request, view) | {"town_version": town, "is_draft": True}
    return render(request, "scoring/rulebooks/adaptation.html", content)


def _moved(request: HttpRequest, draft: Draft, view: ThreeWay) -> bool:
    try:
        draft_rebase.rebase(draft=draft, choices=adapt.choices(request, view), by=Actor.of(request.user))
    except JifenError as error:
        messages.error(request, error.message)
        return False
    messages.success(request, "修订稿已移到镇里最新的一版上，请再检查一遍。")
    return True


def _saved(request: HttpRequest, draft: Draft, told: dict[str, Any]) -> bool:
    """Whether it is kept; otherwise the page says why. Who was slower sees what the other wrote."""
    revision = reading.whole(text(request.POST, "revision"))
    try:
        writing.save_settings(
            draft=draft, revision=-1 if revision is None else revision, by=Actor.of(request.user), **told
        )
    except HeadChanged as error:
        messages.error(request, f"{error.message}下面是对方的内容。")
        return True
    except JifenError as error:
        messages.error(request, error.message)
        return False
    messages.success(request, "已保存。改过通用约定，要重新检查。")
    return True


def _content(area: str, draft: Draft) -> dict[str, Any]:
    return {
        "area": area,
        "draft": draft,
        "urls": scopes.urls(area, draft),
        "village": draft.rulebook.village,
        "may_write": draft.state in EDITABLE,
    }


settings_page = scopes.both(_settings)
