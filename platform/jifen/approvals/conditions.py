"""A condition as rows of a form, and back (pure: no Django): most people never see CEL.

``points >= 20 || points < 0`` is two rows joined by ``||``. What does not fit rows stays text.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from jifen.approvals.wording import VALUES
from jifen.kernel import cel
from jifen.kernel.errors import InvalidInput

SIGNS: Mapping[cel.Kind, Mapping[str, str]] = {
    "number": {">=": "不少于", ">": "超过", "<=": "不超过", "<": "低于", "==": "等于", "!=": "不等于"},
    "text": {"==": "是", "!=": "不是"},
    "yes_no": {"==": "是", "!=": "不是"},
    "date": {">=": "不早于", "<=": "不晚于", "==": "就在"},
}
JOINERS = {"||": "符合其中一条", "&&": "每条都符合"}
YES_NO = {"true": "是", "false": "否"}
_ROW = re.compile(
    r'^\(?\s*([A-Za-z_]\w*)\s*(>=|<=|==|!=|>|<)\s*(-?\d+(?:\.\d+)?|"[^"\\]*"|true|false|date\("[\d-]+"\))\s*\)?$'
)


class ValueWrong(InvalidInput):
    code = "condition_value_wrong"
    message = "“{name}”要填{wanted}。"


@dataclass(frozen=True, slots=True)
class Row:
    """``value`` is as people write it: ``20``, ``本人``, ``true``, ``2025-03-05``."""

    fact: str
    sign: str
    value: str


def rows(text: str) -> tuple[str, list[Row]] | None:
    """The joiner and the rows; ``None`` when the condition says more than rows can."""
    if not text.strip():
        return "||", []
    joiner = "&&" if "&&" in text else "||"
    if "||" in text and "&&" in text:
        return None
    found = [_ROW.match(part.strip()) for part in text.split(joiner)]
    if any(one is None for one in found):
        return None
    return joiner, [Row(one[1], one[2], _bare(one[3])) for one in found if one]


def text(joiner: str, given: Sequence[Row], kinds: Mapping[str, cel.Kind]) -> str:
    """Raises:
    ValueWrong: a number or a day is none.
    """
    return f" {joiner} ".join(_written(row, kinds.get(row.fact, "text")) for row in given)


def _bare(value: str) -> str:
    found = re.search(r'"([^"]*)"', value)
    return VALUES.get(found[1], found[1]) if found else value


def _written(row: Row, kind: cel.Kind) -> str:
    return f"{row.fact} {row.sign} {_literal(row, kind)}"


def _literal(row: Row, kind: cel.Kind) -> str:
    value = row.value.strip()
    if kind == "number":
        return _number(row)
    if kind == "yes_no":
        return "false" if value in ("false", "否", "不是") else "true"
    if kind == "date":
        return f'date("{_day(row)}")'
    stored = next((code for code, word in VALUES.items() if word == value), value)
    return '"' + re.sub(r'["\\\n]', "", stored) + '"'


def _number(row: Row) -> str:
    try:
        number = Decimal(row.value.strip())
    except InvalidOperation:
        raise ValueWrong(name=row.fact, wanted="数字，例如 20") from None
    if not number.is_finite():
        raise ValueWrong(name=row.fact, wanted="数字，例如 20")
    return f"{number:f}"


def _day(row: Row) -> str:
    try:
        return date.fromisoformat(row.value.strip()).isoformat()
    except ValueError:
        raise ValueWrong(name=row.fact, wanted="日期，例如 2025-03-05") from None
