"""What was read of a list, on its way through the page on which it is looked at: into its form, and back."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from pydantic import ValidationError

from jifen.kernel.errors import InvalidInput
from scoring.rules import workbook
from scoring.rules.spec import Rulebook
from scoring.rules.workbook import Doubt, Imported, Origin, Problem
from scoring.selectors import rulebooks as books

LONGEST = 1_500_000
"""Characters of what was read, as it comes back from the preview."""
_MOST_NOTES = 200_000
"""Characters of doubts and places, beyond which the places stay behind."""
_BROKEN = (ValueError, TypeError, KeyError, AttributeError, RecursionError, ValidationError)


class PreviewWrong(InvalidInput):
    code = "preview_wrong"
    default_field = "file"
    message = "预览的内容不完整，请重新选一次文件。"


@dataclass(frozen=True, slots=True)
class Read:
    """What a preview shows: ``found`` of the file ``name``, which items are ``ticked``, and the draft's ``title``."""

    found: Imported
    name: str
    title: str
    ticked: frozenset[str]


def written(found: Imported, here: Mapping[str, str]) -> dict[str, Any]:
    """The blanks of the form; ``here``: the codes that the items have in the draft."""
    said = {rule.code for rule in found.rules} - found.fresh
    return {
        "left": json.dumps([workbook.kept(one) for one in found.problems], ensure_ascii=False),
        "book": found.rulebook.model_dump_json() if found.rulebook else "",
        "notes": _notes(found),
        "full": bool(found.head),
        "said": " ".join(code for code in said if here[code] == code),
    }


def sent(request: HttpRequest) -> Read:
    """The preview as it comes back.

    Raises:
        PreviewWrong.
    """
    try:
        book = _book(request.POST.get("book", ""))
        doubts, origins = _noted(request.POST.get("notes", ""))
    except _BROKEN as wrong:
        raise PreviewWrong from wrong
    read = {rule.code for rule in book.rules} if book else set()
    fresh = frozenset(read - set(request.POST.get("said", "").split()))
    head = books.head_of(book) if book and request.POST.get("full") else {}
    found = Imported(book, unread(request.POST.get("unread", "")), doubts, fresh, head, {}, origins)
    ticked = frozenset(read & set(request.POST.getlist("code")))
    return Read(found, request.POST.get("name", ""), request.POST.get("title", "").strip(), ticked)


def unread(text: str) -> tuple[Problem, ...]:
    """What the preview showed as not read.

    Raises:
        PreviewWrong.
    """
    try:
        told: Any = json.loads(text or "[]") if len(text) <= LONGEST else None
        return tuple(workbook.problem_of(one) for one in told)
    except _BROKEN as wrong:
        raise PreviewWrong from wrong


def _book(text: str) -> Rulebook | None:
    """None where no item was read."""
    return Rulebook.model_validate(json.loads(text) if len(text) <= LONGEST else None) if text else None


def _notes(found: Imported) -> str:
    doubts = [[one.sheet, one.cell, one.code, one.text] for one in found.doubts]
    places = {code: [one.sheet, one.cell, one.cells] for code, one in found.origins.items()}
    whole = json.dumps([doubts, places], ensure_ascii=False)
    return whole if len(whole) <= _MOST_NOTES else json.dumps([doubts, {}], ensure_ascii=False)


def _noted(text: str) -> tuple[tuple[Doubt, ...], dict[str, Origin]]:
    doubts, places = json.loads(text) if text and len(text) <= LONGEST else ([], {})
    origins = {
        str(code): Origin(str(sheet), str(cell), tuple((str(name), str(told)) for name, told in cells))
        for code, (sheet, cell, cells) in places.items()
    }
    return tuple(Doubt(*map(str, one)) for one in doubts), origins
