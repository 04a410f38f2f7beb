"""A town's own Excel list: what was read of it and what was not, looked at before it becomes a draft."""

import json
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST
from pydantic import ValidationError

from jifen.kernel import spreadsheets
from jifen.kernel.actors import Actor
from jifen.kernel.errors import InvalidInput, JifenError
from jifen.kernel.permissions import page
from jifen.web.forms import Form
from scoring.models import Draft
from scoring.permissions import ScoringPermission as May
from scoring.rules import workbook
from scoring.rules.spec import Rulebook
from scoring.services import draft_imports, drafts
from scoring.web import rulebook_forms as shown
from scoring.web import scope

LONGEST = 1_500_000
"""Characters of what was read, as it comes back from the preview."""


SHOWN = 6
"""Cells that could not be read, before the others are folded away."""


class PreviewWrong(InvalidInput):
    code = "preview_wrong"
    default_field = "file"
    message = "预览的内容不完整，请重新选一次文件。"


class NothingTicked(InvalidInput):
    code = "nothing_ticked"
    default_field = "code"
    message = "一条也没有勾，没有建修订稿；请至少勾一条。"


class FileForm(Form):
    file = forms.FileField(
        label="Excel 文件", widget=forms.FileInput({"accept": ".xlsx,.xls,.csv"}),
        help_text="有“大类、事项、行为、奖惩”这样几列就行",
    )  # fmt: skip


@page(permission=May.MANAGE_RULES)
def choose(request: HttpRequest) -> HttpResponse:
    """Choose a file; what was read of it is shown before anything is kept."""
    form = FileForm(request.POST or None, request.FILES or None)
    found = _read(form) if form.is_valid() else None
    if found is None:
        status = 422 if form.errors else 200
        return render(request, "scoring/rulebooks/import.html", {"form": form}, status=status)
    return render(request, "scoring/rulebooks/import_found.html", _preview(form, found))


@page(permission=May.MANAGE_RULES)
def sample(request: HttpRequest) -> HttpResponse:
    return scope.download(workbook.sample(), spreadsheets.XLSX, "积分细则-样例.xlsx")


@require_POST
@page(permission=May.MANAGE_RULES)
def keep(request: HttpRequest) -> HttpResponse:
    """Make a draft of the items that were left ticked."""
    try:
        book = _ticked(request.POST.get("book", ""), set(request.POST.getlist("code")))
        problems = _unread(request.POST.get("unread", ""))
        draft = _begun(book, problems, request.POST.get("title", "").strip(), Actor.of(request.user))
    except JifenError as error:
        messages.error(request, error.message)
        return redirect("scoring:office_import")
    messages.success(request, f"已建好修订稿，共{len(book.rules)}条，请逐条看一看。{_still(len(problems))}")
    return redirect("scoring:office_draft", draft.pk)


@require_POST
@page(permission=May.MANAGE_RULES)
def unread(request: HttpRequest) -> HttpResponse:
    """The lines that the preview could not read, to be corrected and read again."""
    try:
        left = workbook.Imported(None, _unread(request.POST.get("unread", "")))
    except JifenError as error:
        messages.error(request, error.message)
        return redirect("scoring:office_import")
    return scope.download(workbook.problems(left), spreadsheets.XLSX, "需要改正的行.xlsx")


@transaction.atomic
def _begun(book: Rulebook, problems: tuple[workbook.Problem, ...], title: str, by: Actor) -> Draft:
    """A draft of what was read, under the name that it was given."""
    draft = drafts.open_draft(village=None, start="empty", by=by)
    draft_imports.take_in(draft=draft, imported=workbook.Imported(book, problems), whole=True, by=by)
    if title:
        drafts.save_settings(draft=draft, revision=draft.head_revision, title=title, by=by)
    return draft


def _read(form: FileForm) -> workbook.Imported | None:
    sent = form.cleaned_data["file"]
    try:
        return workbook.read(sent.read(spreadsheets.MAX_BYTES + 1), sent.name)
    except JifenError as error:
        form.add_error_from(error)
        return None


def _preview(form: FileForm, found: workbook.Imported) -> dict[str, Any]:
    doubts: dict[str, list[str]] = {}
    for one in found.doubts:
        doubts.setdefault(one.code, []).append(one.text)
    return {
        "name": form.cleaned_data["file"].name,
        "title": form.cleaned_data["file"].name.rsplit(".", 1)[0][:120],
        "total": len(found.rules),
        "shelves": _shelves(found, doubts),
        "problems": found.problems[:SHOWN],
        "more_problems": found.problems[SHOWN:],
        "unread": len(found.problems),
        "left": json.dumps([_kept(one) for one in found.problems], ensure_ascii=False),
        "book": found.rulebook.model_dump_json() if found.rulebook else "",
    }


def _kept(one: workbook.Problem) -> dict[str, Any]:
    told = {"sheet": one.sheet, "cell": one.cell, "text": one.text, "why": one.why}
    return told | {"cells": workbook.cells(one)}


def _still(count: int) -> str:
    return f"另有{count}处没有读懂，列在修订稿里，补好一处勾掉一处。" if count else ""


def _unread(text: str) -> tuple[workbook.Problem, ...]:
    """What the preview showed as not read."""
    try:
        told: Any = json.loads(text or "[]") if len(text) <= LONGEST else None
        return tuple(workbook.problem_of(one) for one in told)
    except (ValueError, TypeError, AttributeError, RecursionError) as wrong:
        raise PreviewWrong from wrong


def _shelves(found: workbook.Imported, doubts: dict[str, list[str]]) -> list[tuple[str, list[Any], int]]:
    """By main class: the items with where they were read, and how many ask to be looked at; those come first."""
    shelves: dict[str, list[Any]] = {}
    for rule in found.rules:
        shelves.setdefault(rule.category, []).append(
            (shown.entry_of(rule), doubts.get(rule.code, []), found.origins.get(rule.code))
        )
    return [
        (name, sorted(rows, key=lambda row: not row[1]), sum(bool(row[1]) for row in rows))
        for name, rows in shelves.items()
    ]


def _ticked(text: str, codes: set[str]) -> Rulebook:
    """What the preview showed, without the items that were ticked off."""
    try:
        data: Any = json.loads(text) if len(text) <= LONGEST else None
        data["rules"] = [one for one in data["rules"] if one["code"] in codes]
        if not data["rules"]:
            raise NothingTicked
        return Rulebook.model_validate(data)
    except (ValueError, TypeError, KeyError, RecursionError, ValidationError) as wrong:
        raise PreviewWrong from wrong
