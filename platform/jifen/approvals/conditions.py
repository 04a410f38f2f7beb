"""A condition as rows of a form, and back (pure: no Django): most people never see CEL.

``points >= 20 || points < 0`` is two rows joined by ``||``. What does not fit rows stays text.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from jifen.approvals.wording import FACTS, VALUES
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


_COMPARED = re.compile(r'\b([A-Za-z_]\w*)\s*[=!]=\s*"([^"]*)"')
_COMPARED_BACK = re.compile(r'"([^"]*)"\s*[=!]=\s*([A-Za-z_]\w*)')
_LISTED = re.compile(r"\b([A-Za-z_]\w*)\s+in\s*\[([^\]]*)\]")
_ORDERED = re.compile(r"\b([A-Za-z_]\w*)\s*[<>]")


class ValueWrong(InvalidInput):
    code = "condition_value_wrong"
    message = "“{name}”要填{wanted}。"


class SignWrong(InvalidInput):
    code = "condition_sign_wrong"
    message = "“{name}”不能比“{sign}”，只能选：{may}。"


class ValueUnknown(InvalidInput):
    code = "condition_value_unknown"
    message = "“{name}”没有“{value}”这个选项，可以选：{may}。"


Values = Mapping[str, Sequence[str]]
"""What text facts may hold, where that is known."""


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


def text(joiner: str, given: Sequence[Row], kinds: Mapping[str, cel.Kind], values: Values | None = None) -> str:
    """Raises:
    ValueWrong: a number or a day is none. SignWrong: the fact cannot be compared like that. ValueUnknown: the fact
        never holds that.
    """
    return f" {joiner} ".join(_written(row, kinds.get(row.fact, "text"), (values or {}).get(row.fact)) for row in given)


def strangers(condition: str, values: Values) -> list[tuple[str, str]]:
    """(fact, text) wherever a condition compares a fact with what it never holds."""
    found = [(fact, value) for fact, value in _COMPARED.findall(condition)]
    found += [(fact, value) for value, fact in _COMPARED_BACK.findall(condition)]
    found += [(fact, value) for fact, some in _LISTED.findall(condition) for value in re.findall(r'"([^"]*)"', some)]
    return [(fact, value) for fact, value in dict.fromkeys(found) if fact in values and value not in values[fact]]


def ordered_texts(condition: str, kinds: Mapping[str, cel.Kind]) -> list[str]:
    """The text facts that a condition compares by more and less."""
    return [fact for fact in dict.fromkeys(_ORDERED.findall(condition)) if kinds.get(fact) == "text"]


def choices(values: Sequence[str]) -> str:
    """What a fact may hold, in people's words: 本人、邻居."""
    return "、".join(VALUES.get(one, one) for one in values)


def named(fact: str) -> str:
    return FACTS.get(fact, fact)


def _bare(value: str) -> str:
    found = re.search(r'"([^"]*)"', value)
    return VALUES.get(found[1], found[1]) if found else value


def _written(row: Row, kind: cel.Kind, known: Sequence[str] | None) -> str:
    may = SIGNS[kind]
    if row.sign not in may:
        sign = next((words[row.sign] for words in SIGNS.values() if row.sign in words), row.sign)
        raise SignWrong(name=named(row.fact), sign=sign, may="、".join(may.values()))
    return f"{row.fact} {row.sign} {_literal(row, kind, known)}"


def _literal(row: Row, kind: cel.Kind, known: Sequence[str] | None) -> str:
    value = row.value.strip()
    if kind == "number":
        return _number(row)
    if kind == "yes_no":
        return "false" if value in ("false", "否", "不是") else "true"
    if kind == "date":
        return f'date("{_day(row)}")'
    stored = next((code for code in known or VALUES if VALUES.get(code, code) == value), value)
    if known is not None and stored not in known:
        raise ValueUnknown(name=named(row.fact), value=value, may=choices(known))
    return '"' + re.sub(r'["\\\n]', "", stored) + '"'


def _number(row: Row) -> str:
    try:
        number = Decimal(row.value.strip())
    except InvalidOperation:
        raise ValueWrong(name=named(row.fact), wanted="数字，例如 20") from None
    if not number.is_finite():
        raise ValueWrong(name=named(row.fact), wanted="数字，例如 20")
    return f"{number:f}"


def _day(row: Row) -> str:
    try:
        return date.fromisoformat(row.value.strip()).isoformat()
    except ValueError:
        raise ValueWrong(name=named(row.fact), wanted="日期，例如 2025-03-05") from None
