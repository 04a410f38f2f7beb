"""A draft as a list that two may write at once: items by main class, findings beside them, what it changes."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from jifen.kernel import clock, reading, spreadsheets
from jifen.kernel.actors import Actor
from jifen.kernel.errors import JifenError
from jifen.web.wording import date_cn
from scoring.models import EDITABLE, Draft, DraftItem, RulebookVersion
from scoring.rulebook_errors import DraftUnfinished, ItemUnknown, TownRulesMissing
from scoring.rules import diffs
from scoring.selectors import drafts as seen
from scoring.selectors import endings
from scoring.selectors import rulebooks as books
from scoring.services import draft_unread
from scoring.services import drafts as writing
from scoring.web import rulebook_forms as forms
from scoring.web import rulebook_life as life
from scoring.web import rulebook_scope as scopes
from scoring.web import rulebook_votes as voting
from scoring.web import scope

NEW = {"positive": "加分", "negative": "扣分"}


def _draft(request: HttpRequest, area: str, pk: int) -> HttpResponse:
    found = scopes.draft_of(request, area, pk)
    return render(request, "scoring/rulebooks/draft.html", _content(request, area, found))


def _content(request: HttpRequest, area: str, draft: Draft) -> dict[str, Any]:
    words = request.GET.get("q", "").strip()
    lines = seen.lines(draft)
    hints, unchecked = life.hints(draft)
    shown = forms.shelves_of(lines, words)
    return {
        "area": area,
        "draft": draft,
        "state": voting.state_word(draft),
        "urls": scopes.urls(area, draft),
        "village": draft.rulebook.village,
        "may_write": draft.state in EDITABLE,
        "words": words,
        "shelves": shown,
        "total": len(lines),
        **_unread_of(draft),
        "removed": _removed(draft),
        "problems": seen.problems(draft),
        "changes": changes(draft),
        "compared": _compared(draft),
        "hints": hints,
        "unchecked": unchecked,
        "newer_base": _newer_base(draft),
    }


def _unread_of(draft: Draft) -> dict[str, Any]:
    """What the file that it was made of did not yield: what is left, and what somebody ticked off."""
    found = seen.unread(draft)
    return {
        "unread": [row for row in found if row[0].done_at is None],
        "unread_done": [row for row in found if row[0].done_at is not None],
    }


def _removed(draft: Draft) -> list[tuple[DraftItem, str]]:
    """What was taken out and can be put back, by the name that people know it by."""
    base = seen.base_book(draft) if seen.is_village(draft) else None
    town = {rule.code: rule.title for rule in base.rules} if base else {}
    return [(item, forms.title_in(item.body) or town.get(item.code, forms.NAMELESS)) for item in seen.removed(draft)]


def _unread(request: HttpRequest, area: str, pk: int) -> HttpResponse:
    """The lines that are left, as a workbook."""
    draft = scopes.draft_of(request, area, pk)
    return scope.download(seen.unread_lines(draft), spreadsheets.XLSX, "需要改正的行.xlsx")


def _tick(request: HttpRequest, area: str, pk: int, row: int) -> HttpResponse:
    draft = scopes.draft_of(request, area, pk)
    try:
        draft_unread.tick(draft=draft, unread=row, done=request.POST.get("done") != "no", by=Actor.of(request.user))
    except JifenError as error:
        messages.error(request, error.message)
    return redirect(f"{reverse(f'scoring:{area}_draft', args=[pk])}#unread")


def _newer_base(draft: Draft) -> RulebookVersion | None:
    """The town's newest version, where a village's draft stands on an older one."""
    try:
        return seen.newer_base(draft)
    except TownRulesMissing:
        return None


def changes(draft: Draft) -> tuple[diffs.Line, ...] | None:
    """What it changes against what is in force; None while it is unfinished."""
    try:
        return seen.difference(draft)
    except DraftUnfinished:
        return None


def _compared(draft: Draft) -> str:
    """With which version what it changes is compared: one that waits for its day is not in force yet."""
    village, today = draft.rulebook.village, clock.today()
    other = books.latest(village, today) or draft.base
    if other is not None and other == endings.lapsed(village, today):
        return f"和已到期的第{other.number}版相比"
    if other is None or other.effective_from <= today:
        return "和现行细则相比"
    return f"和第{other.number}版相比（{date_cn(other.effective_from)}起生效）"


def _add(request: HttpRequest, area: str, pk: int) -> HttpResponse:
    """A new item, to be written on its own page."""
    draft = scopes.draft_of(request, area, pk)
    sign = request.POST.get("sign") if request.POST.get("sign") in NEW else "positive"
    rule: dict[str, Any] = {"sign": sign, "figures": "seed"}
    category = request.POST.get("category", "").strip()
    rule |= {"category": category[:40]} if category and category != forms.UNFINISHED else {}
    rule["number"] = _free_number(draft, "" if area == "office" else "村")
    body = rule if area == "office" else {"kind": "add", "rule": rule}
    try:
        item = writing.add_item(draft=draft, body=body, by=Actor.of(request.user))
    except JifenError as error:
        messages.error(request, error.message)
        return redirect(f"scoring:{area}_draft", pk)
    return redirect(f"scoring:{area}_item", pk, item.code)


def _free_number(draft: Draft, prefix: str) -> str:
    """The next number that no item prints: 21, a village's own 村1."""
    used = {str(forms.body_of(line).get("number") or "") for line in seen.lines(draft)}
    first = 1 if prefix else draft.items.count() + 1
    return next(f"{prefix}{n}" for n in range(first, first + len(used) + 1) if f"{prefix}{n}" not in used)


def _act(request: HttpRequest, area: str, pk: int, code: str) -> HttpResponse:
    """Remove, restore, switch on or off, or move an item."""
    draft = scopes.draft_of(request, area, pk)
    try:
        _done(request, draft, code, request.POST.get("act", ""))
    except JifenError as error:
        messages.error(request, error.message)
    back = reverse(f"scoring:{area}_draft", args=[pk])
    return redirect(f"{back}#item-{code}")


def _place(request: HttpRequest, draft: Draft, code: str) -> str | None:
    """Before which item: the one that is named, or the one that follows the named one; None: last."""
    after = request.POST.get("after")
    if not after:
        return request.POST.get("before") or None
    order = [item.code for item in seen.kept_items(draft) if item.code != code]
    if after not in order:
        raise ItemUnknown
    return next(iter(order[order.index(after) + 1 :]), None)


def _done(request: HttpRequest, draft: Draft, code: str, act: str) -> None:
    by, seen_at = Actor.of(request.user), reading.whole(request.POST.get("revision", ""))
    if act == "move":
        writing.move_item(draft=draft, code=code, before=_place(request, draft, code), by=by)
    elif act in ("on", "off"):
        writing.switch_item(draft=draft, code=code, revision=seen_at, on=act == "on", by=by)
    elif act in ("remove", "restore") and seen_at is not None:
        change = writing.remove_item if act == "remove" else writing.restore_item
        change(draft=draft, code=code, revision=seen_at, by=by)
    else:
        raise ItemUnknown


draft = scopes.both(_draft)
add = scopes.both(require_POST(_add))
unread = scopes.both(require_safe(_unread))
tick = scopes.both(require_POST(_tick))
act = scopes.both(require_POST(_act))
