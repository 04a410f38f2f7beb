"""A list in Excel: what was read of it and what was not, looked at before it becomes a draft or goes into one."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from jifen.kernel import clock, spreadsheets
from jifen.kernel.actors import Actor
from jifen.kernel.errors import InvalidInput, JifenError
from jifen.kernel.permissions import page
from jifen.web.forms import Form
from scoring.models import EDITABLE, Draft
from scoring.permissions import ScoringPermission as May
from scoring.rules import identity, workbook
from scoring.rules.spec import Rulebook, RuleSpec, Sign
from scoring.selectors import codes
from scoring.selectors import drafts as seen
from scoring.selectors import rulebooks as books
from scoring.services import draft_imports, drafts
from scoring.web import rulebook_forms as shown
from scoring.web import rulebook_preview as preview
from scoring.web import rulebook_scope as scopes
from scoring.web import scope
from scoring.web.rulebook_preview import Read

SHOWN = 6
"""Cells that could not be read, before the others are folded away."""


class NothingTicked(InvalidInput):
    code = "nothing_ticked"
    default_field = "code"
    message = "一条也没有勾，什么都没有保存；请至少勾一条。"


class FileForm(Form):
    file = forms.FileField(
        label="Excel 文件", widget=forms.FileInput({"accept": ".xlsx,.xls,.csv"}),
        help_text="有“大类、事项、行为、奖惩”这样几列就行",
    )  # fmt: skip


@page(permission=May.MANAGE_RULES)
def choose(request: HttpRequest) -> HttpResponse:
    """Choose a file; what was read of it is shown before anything is kept. It goes into the draft that is open."""
    book = books.book_for(None)
    return _chosen(request, "office", seen.open_draft(book) if book else None)


def _into(request: HttpRequest, area: str, pk: int) -> HttpResponse:
    """The same for one draft, the town's or a village's."""
    return _chosen(request, area, scopes.draft_of(request, area, pk))


@page(permission=May.MANAGE_RULES)
def sample(request: HttpRequest) -> HttpResponse:
    return scope.download(workbook.sample(), spreadsheets.XLSX, "积分细则-样例.xlsx")


@require_POST
@page(permission=May.MANAGE_RULES)
def keep(request: HttpRequest) -> HttpResponse:
    """Make a draft of the items that were left ticked. If one was opened meanwhile, what was read goes into that."""
    try:
        read = preview.sent(request)
    except JifenError as error:
        messages.error(request, error.message)
        return redirect("scoring:office_import")
    try:
        draft, told = _begun(_ticked(read), read.title, Actor.of(request.user))
    except JifenError as error:
        book = books.book_for(None)
        return _again(request, "office", seen.open_draft(book) if book else None, read, error)
    left = len(read.found.problems)
    messages.success(request, f"已建好修订稿，共{len(read.ticked)}条，请逐条看一看。{_still(left)}")
    for one in told.problems:
        messages.warning(request, one.text)
    return redirect("scoring:office_draft", draft.pk)


def _keep_into(request: HttpRequest, area: str, pk: int) -> HttpResponse:
    """Put the items that were left ticked into the draft."""
    draft = scopes.draft_of(request, area, pk)
    try:
        read = preview.sent(request)
    except JifenError as error:
        messages.error(request, error.message)
        return redirect(f"scoring:{area}_draft_import", pk)
    try:
        told = draft_imports.take_in(draft=draft, imported=_ticked(read), whole=False, by=Actor.of(request.user))
    except JifenError as error:
        return _again(request, area, draft, read, error)
    done = f"已放进修订稿：新增{told.added}条，改了{told.changed}条。{_still(len(read.found.problems))}"
    messages.success(request, done)
    for one in told.problems:
        messages.warning(request, one.text)
    return redirect(f"scoring:{area}_draft", pk)


@require_POST
@page(permission=May.MANAGE_RULES)
def unread(request: HttpRequest) -> HttpResponse:
    """The lines that the preview could not read, to be corrected and read again."""
    return _unread_lines(request, reverse("scoring:office_import"))


def _unread_into(request: HttpRequest, area: str, pk: int) -> HttpResponse:
    draft = scopes.draft_of(request, area, pk)
    return _unread_lines(request, reverse(f"scoring:{area}_draft_import", args=[draft.pk]))


@require_POST
@page(permission=May.MANAGE_RULES)
def signs(request: HttpRequest) -> HttpResponse:
    """Say once whether the rows of a sheet give or take that do not say it; they are read then."""
    book = books.book_for(None)
    return _answered(request, "office", seen.open_draft(book) if book else None, "scoring:office_import")


def _signs_into(request: HttpRequest, area: str, pk: int) -> HttpResponse:
    return _answered(request, area, scopes.draft_of(request, area, pk), f"scoring:{area}_draft_import")


def _answered(request: HttpRequest, area: str, draft: Draft | None, back: str) -> HttpResponse:
    told, _, sheet = request.POST.get("sign", "").partition(":")
    sign: Sign = "negative" if told == "negative" else "positive"
    try:
        read = preview.sent(request)
        found = workbook.answered(read.found, {sheet: sign}, read.name)
    except JifenError as error:
        messages.error(request, error.message)
        return redirect(back, draft.pk) if draft and back.endswith("draft_import") else redirect(back)
    fresh = {rule.code for rule in found.rules} - {rule.code for rule in read.found.rules}
    shown = _preview(replace(read, found=found, ticked=read.ticked | fresh), area, draft)
    return render(request, "scoring/rulebooks/import_found.html", shown)


into = scopes.both(_into)
signs_into = scopes.both(require_POST(_signs_into))
keep_into = scopes.both(require_POST(_keep_into))
unread_into = scopes.both(require_POST(_unread_into))


def _unread_lines(request: HttpRequest, back: str) -> HttpResponse:
    try:
        left = workbook.Imported(None, preview.unread(request.POST.get("unread", "")))
    except JifenError as error:
        messages.error(request, error.message)
        return redirect(back)
    return scope.download(workbook.problems(left), spreadsheets.XLSX, "需要改正的行.xlsx")


@transaction.atomic
def _begun(read: workbook.Imported, title: str, by: Actor) -> tuple[Draft, draft_imports.TakenIn]:
    """A draft of what was read, under the name that it was given; what the list is silent about is as in force."""
    start = "current" if books.latest(None, clock.today()) else "empty"
    draft = drafts.open_draft(village=None, start=start, by=by)
    told = draft_imports.take_in(draft=draft, imported=read, whole=True, by=by)
    if title:
        drafts.save_settings(draft=draft, revision=draft.head_revision, title=title, by=by)
    return draft, told


def _chosen(request: HttpRequest, area: str, draft: Draft | None) -> HttpResponse:
    form = FileForm(request.POST or None, request.FILES or None)
    found = _read(form) if form.is_valid() else None
    if found is None:
        told = {"form": form, **_target(area, draft)}
        return render(request, "scoring/rulebooks/import.html", told, status=422 if form.errors else 200)
    name = form.cleaned_data["file"].name
    read = Read(found, name, name.rsplit(".", 1)[0][:120], frozenset(rule.code for rule in found.rules))
    return render(request, "scoring/rulebooks/import_found.html", _preview(read, area, draft))


def _again(request: HttpRequest, area: str, draft: Draft | None, read: Read, error: JifenError) -> HttpResponse:
    """What was read, once more, and why it was not kept."""
    if draft is not None:
        draft.refresh_from_db()
    told = _preview(read, area, draft) | {"refused": error.message}
    return render(request, "scoring/rulebooks/import_found.html", told, status=422)


def _read(form: FileForm) -> workbook.Imported | None:
    sent = form.cleaned_data["file"]
    try:
        return workbook.read(sent.read(spreadsheets.MAX_BYTES + 1), sent.name)
    except JifenError as error:
        form.add_error_from(error)
        return None


def _target(area: str, draft: Draft | None) -> dict[str, Any]:
    """Where what is read goes: a draft, or a new one of the town."""
    pk = [draft.pk] if draft else []
    step = f"scoring:{area}_draft_import" if draft else "scoring:office_import"
    return {
        "area": area,
        "draft": draft,
        "may_keep": draft is None or draft.state in EDITABLE,
        "draft_url": reverse(f"scoring:{area}_draft", args=pk) if draft else "",
        "back": reverse(f"scoring:{area}_draft", args=pk) if draft else reverse("scoring:office_rulebooks"),
        "choose_url": reverse(step, args=pk),
        "keep_url": reverse(f"{step}_keep", args=pk),
        "unread_url": reverse(f"{step}_unread", args=pk),
        "signs_url": reverse(f"{step}_signs", args=pk),
    }


def _preview(read: Read, area: str, draft: Draft | None) -> dict[str, Any]:
    found = read.found
    here = codes.as_here(found, draft)
    there = codes.there_of(draft)
    left = [one for one in found.problems if not workbook.is_asked(one)]
    shelves = _shelves(read, here, there)
    return (
        _target(area, draft)
        | preview.written(found, here)
        | {
            "name": read.name,
            "title": read.title,
            "total": len(found.rules),
            "known": sum(bool(row["there"]) for _, rows, _ in shelves for row in rows),
            "shelves": shelves,
            "problems": left[:SHOWN],
            "more_problems": left[SHOWN:],
            "unread": len(left),
            "asked_rows": len(found.problems) - len(left),
            "missing": 0 if draft else len(there.keys() - set(here.values())),
            "asked": list(workbook.asked(found).items()),
        }
    )


def _still(count: int) -> str:
    return f"另有{count}处没有读懂，列在修订稿里，补好一处勾掉一处。" if count else ""


def _shelves(
    read: Read, here: Mapping[str, str], there: Mapping[str, RuleSpec]
) -> list[tuple[str, list[dict[str, Any]], int]]:
    """By main class: the items with where they were read, and how many ask to be looked at; those come first."""
    found, on = read.found, codes.laid_on(read.found, here, there)
    doubts: dict[str, list[str]] = {}
    for one in found.doubts:
        doubts.setdefault(one.code, []).append(one.text)
    shelves: dict[str, list[dict[str, Any]]] = {}
    for rule in found.rules:
        other = there.get(here[rule.code])
        row = {
            "one": shown.entry_of(rule),
            "doubts": doubts.get(rule.code, []),
            "origin": found.origins.get(rule.code),
            "there": _told_of(rule, other, is_laid=rule.code in on),
            "kept": identity.kept_text(on[rule.code], rule) if rule.code in on else "",
            "ticked": rule.code in read.ticked,
        }
        shelves.setdefault(rule.category, []).append(row)
    return [
        (name, sorted(rows, key=lambda row: not row["doubts"]), sum(bool(row["doubts"]) for row in rows))
        for name, rows in shelves.items()
    ]


def _told_of(rule: RuleSpec, other: RuleSpec | None, *, is_laid: bool) -> str:
    """What the item is now, where there is one already. ``is_laid``: it changes what it says of that one alone."""
    if other is None:
        return ""
    said = rule.model_copy(update={"source": other.source})
    if (identity.laid_over(other, rule) if is_laid else said) == other:
        return "没有改动"
    entry = shown.entry_of(other)
    return f"现在是“{entry.title}”{entry.price}" + (f"，{entry.caps}" if entry.caps else "")


def _ticked(read: Read) -> workbook.Imported:
    """What was read without the items that were ticked off.

    Raises:
        NothingTicked.
    """
    if not read.ticked:
        raise NothingTicked
    left = {rule.code for rule in read.found.rules} - read.ticked
    kept = workbook.without(read.found, left)
    return replace(kept, rulebook=_with_caps_of(kept.rulebook, read.ticked) if kept.rulebook else None)


def _with_caps_of(book: Rulebook, ticked: frozenset[str]) -> Rulebook:
    """``book`` with the caps over several items that are still about several."""
    limits = []
    for limit in book.settings.limits:
        rules = tuple(code for code in limit.rules if code in ticked)
        if len(rules) > 1 or not limit.rules:
            limits.append(limit.model_copy(update={"rules": rules}))
    return book.model_copy(update={"settings": book.settings.model_copy(update={"limits": tuple(limits)})})
