"""Conditions of an item: picked (what is asked, how it compares, with what), or a formula where that is not enough."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import QueryDict
from pydantic import ValidationError

from scoring.rules import comparisons
from scoring.rules.comparisons import Comparison, Field
from scoring.rules.spec import Input
from scoring.web.rulebook_rows import Body, rows

_PICKED = ("at", "field", "sign", "value", "pick", "message")
_LAST = 1_000


def finished(inputs: Iterable[Any]) -> Iterable[Input]:
    """The fields that are written to the end."""
    for one in inputs:
        try:
            yield Input.model_validate(one)
        except ValidationError:
            continue


def known(body: Mapping[str, Any]) -> dict[str, Field]:
    """What a condition of the item may compare."""
    return comparisons.fields(finished(body.get("inputs") or []))


def edited(sent: QueryDict, inputs: Iterable[Any]) -> list[Body]:
    """Both kinds of rows, each where it stood; a row without a value, or without a formula, is none."""
    fields = comparisons.fields(finished(inputs))
    picked = [(_place(row), _picked(row, fields)) for row in rows(sent, "compare", _PICKED)]
    written = [(_place(row), _written(row, fields)) for row in rows(sent, "condition", ("at", "when", "message"))]
    found = sorted(picked + written, key=lambda one: one[0])
    return [body for _, body in found if body]


def _place(row: Mapping[str, str]) -> int:
    at = row.get("at", "")
    return int(at) if at.isdecimal() and len(at) < 4 else _LAST


def _picked(row: Mapping[str, str], fields: Mapping[str, Field]) -> Body:
    field = fields.get(row.get("field", ""))
    told_value = value(row, field) if field else ""
    if field is None or not told_value:
        return {}
    signs = comparisons.SIGNS[field.kind]
    sign = row.get("sign", "")
    told = Comparison(field.name, sign if sign in signs else next(iter(signs)), told_value)
    message = row.get("message") or comparisons.message(told, field)
    return {"when": comparisons.expression(told, field), "message": message}


def value(row: Mapping[str, str], field: Field) -> str:
    """Of a choice what is picked; of everything else what is written."""
    if not field.choices and field.kind != "yes_no":
        return row.get("value", "")
    name, _, picked = row.get("pick", "").partition("=")
    return picked if name == field.name else ""


def _written(row: Mapping[str, str], fields: Mapping[str, Field]) -> Body:
    told = {name: row[name] for name in ("when", "message") if name in row}
    if "when" not in told:
        return told
    when = comparisons.understood(told["when"], fields)
    single = comparisons.read(when, fields)
    return ({"message": comparisons.message(single, fields[single.name])} if single else {}) | told | {"when": when}


def blanks(body: Mapping[str, Any]) -> dict[str, Any]:
    """What the form shows of the conditions, and what the pickers offer."""
    fields = known(body)
    picked, written = [], []
    for place, one in enumerate(body.get("conditions") or []):
        row = comparisons.shown(one, fields)
        if row:
            picked.append(row | {"at": place})
        else:
            written.append({**one, "at": place})
    return {
        "compared": [*picked, {}],
        "conditions": [*written, {}],
        "compare_fields": [(name, one.label) for name, one in fields.items()],
        "compare_signs": _SIGNS,
        "compare_picks": [(one.name, word) for one in fields.values() for word in _words(one)],
        "compare_guide": {"signs": comparisons.SIGNS, "deed": [_told(one) for one in comparisons.fields(()).values()]},
        "formula_hint": _hint(fields),
    }


_SIGNS = {"<=": "不超过", ">=": "不少于", "==": "等于（是）", "!=": "不等于（不是）", ">": "大于", "<": "小于"}


def _words(field: Field) -> tuple[str, ...]:
    return ("是", "否") if field.kind == "yes_no" else field.choices


def _told(field: Field) -> dict[str, str]:
    return {"name": field.name, "label": field.label, "kind": field.kind}


def _hint(fields: Mapping[str, Field]) -> str:
    """An example that names what this item asks."""
    own = [one for one in fields.values() if one.kind == "number"]
    return f"例如：{own[-1].label} 不超过 15" if own else ""
