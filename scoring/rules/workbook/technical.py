"""The sheet ``细则数据`` of a workbook that we wrote: each item's JSON, for what the visible columns cannot say.

It is hidden from people, and read without trust: what does not validate is as if it were not there.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from jifen.kernel.spreadsheets import Page
from scoring.rules.spec import Rulebook, RuleSpec

SHEET = "细则数据"
FORMAT = "jifen-rulebook-1"
CHUNK = 30_000
"""Characters in a cell: it holds at most 32,767."""
_ESCAPED = {" ": "\\u0020", "'": "\\u0027", "_x": "\\u005fx"}


def head_of(book: Rulebook) -> dict[str, Any]:
    """The book without its rules, as JSON."""
    return book.model_dump(mode="json", exclude={"rules"})


def rows(head: Mapping[str, Any], rules: Sequence[RuleSpec]) -> Iterator[list[str]]:
    """The sheet's lines: what it is, the book without its rules, then every rule in order."""
    yield [FORMAT, str(len(rules))]
    yield ["book", *_chunks(head)]
    for rule in rules:
        yield [rule.code, *_chunks(rule.model_dump(mode="json"))]


def _chunks(data: Mapping[str, Any]) -> list[str]:
    """ASCII without what a spreadsheet changes: blanks at the ends, a leading quote, ``_x000D_``."""
    text = json.dumps(data, separators=(",", ":"))
    for char, escaped in _ESCAPED.items():
        text = text.replace(char, escaped)
    return [text[start : start + CHUNK] for start in range(0, len(text), CHUNK)]


def find(pages: list[Page]) -> tuple[dict[str, Any], dict[str, RuleSpec]]:
    """The book without its rules, as JSON, and the rules by code; both empty in somebody else's workbook."""
    page = next((page for page in pages if page.name == SHEET), None)
    if page is None or not page.grid or page.grid[0][0] != FORMAT:
        return {}, {}
    parts = {str(row[0]): _loaded(row[1:]) for row in page.grid[1:]}
    head = parts.pop("book", None) or {}
    rules = {code: rule for code, data in parts.items() if (rule := _rule(data)) is not None and rule.code == code}
    return head, rules


def _loaded(cells: list[Any]) -> dict[str, Any] | None:
    try:
        data = json.loads("".join(str(cell) for cell in cells))
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) else None


def _rule(data: dict[str, Any] | None) -> RuleSpec | None:
    try:
        return RuleSpec.model_validate(data)
    except ValidationError:
        return None
