"""What a town lets its villages change: item by item, and how many items of their own."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from scoring.selectors.drafts import Line
from scoring.web import rulebook_forms as forms
from scoring.web.rulebook_rows import Body, number, rows, text

MODES = {"": "随村里改", "keep": "可以改，不能停用", "locked": "镇里统一，不能改"}


@dataclass(frozen=True, slots=True)
class Row:
    """One item and the town's word on it."""

    code: str
    title: str
    price: str
    mode: str
    least: str
    most: str
    cap_most: str


def edited(sent: QueryDict) -> Body:
    """``scoring.rules.overlay.Bounds`` as the form makes them; items that a village may change freely are left out."""
    items = []
    for row in rows(sent, "bound", ("code", "mode", "least", "most", "cap_most"), needs="code"):
        mode = row.pop("mode", "")
        made: Body = {**row, "locked": mode == "locked", "keep": mode == "keep"}
        if mode or len(row) > 1:
            items.append(made)
    slots = {"number": number(text(sent, "slots-number")), "points": text(sent, "slots-points") or None}
    named = [str(one) for one in sent.getlist("slots-categories")]
    return {"items": items, "slots": slots | {"categories": named}, "amended_most": number(text(sent, "amended_most"))}


def blanks(lines: Iterable[Line], bounds: Mapping[str, Any], categories: Iterable[str]) -> dict[str, Any]:
    """What the page shows of ``scoring.rules.overlay.Bounds``; ``categories``: the names of the main classes."""
    return {
        "shelves": shelves(lines, bounds),
        "modes": MODES,
        "slots": bounds.get("slots") or {},
        "amended_most": bounds.get("amended_most"),
        "category_names": list(categories),
    }


def shelves(lines: Iterable[Line], bounds: Mapping[str, Any]) -> list[tuple[str, list[Row]]]:
    """The items by main class."""
    told = {one["code"]: one for one in bounds.get("items") or []}
    found: dict[str, list[Row]] = {}
    for line in lines:
        body = forms.body_of(line)
        category = str(body.get("category") or forms.UNFINISHED)
        found.setdefault(category, []).append(_row(line, body, told.get(line.code, {})))
    return list(found.items())


def _row(line: Line, body: Mapping[str, Any], bound: Mapping[str, Any]) -> Row:
    mode = "locked" if bound.get("locked") else "keep" if bound.get("keep") else ""
    least, most, cap = (str(bound.get(name) or "") for name in ("least", "most", "cap_most"))
    price = line.rule.price_text if line.rule else "待填"
    return Row(line.code, str(body.get("title") or forms.NAMELESS), price, mode, least, most, cap)
