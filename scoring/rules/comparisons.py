"""A condition as people put it: what is asked, how it compares, with what. It is kept as the same CEL.

Only one comparison of a name with a figure, a word or a day is such a condition; whatever says more stays a formula.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from jifen.kernel import cel
from scoring.rules.spec_inputs import DEED_FIELDS, DEED_LABELS, Input

SIGNS: dict[str, dict[str, str]] = {
    "number": {"<=": "不超过", ">=": "不少于", "==": "等于", "!=": "不等于", ">": "大于", "<": "小于"},
    "date": {"<=": "不晚于", ">=": "不早于", "==": "是", "!=": "不是", ">": "晚于", "<": "早于"},
    "text": {"==": "是", "!=": "不是"},
    "yes_no": {"==": "是"},
}
"""How each kind of field compares."""
YES_NO = {"true": "是", "false": "否"}
_SAID = {
    "并且": "&&", "而且": "&&", "且": "&&", "或者": "||", "或": "||",
    "不超过": "<=", "不大于": "<=", "不多于": "<=", "不晚于": "<=", "小于等于": "<=", "≤": "<=",
    "不少于": ">=", "不小于": ">=", "不低于": ">=", "不早于": ">=", "大于等于": ">=", "≥": ">=",
    "大于": ">", "超过": ">", "多于": ">", "晚于": ">", "＞": ">",
    "小于": "<", "少于": "<", "早于": "<", "＜": "<",
    "等于": "==", "是": "==", "不等于": "!=", "不是": "!=", "≠": "!=",
    "（": "(", "）": ")", "，": ",",
}  # fmt: skip
"""Words and signs of a formula that people write, and what CEL says."""
_WHOLE = re.compile(r"(?P<name>[a-z][a-z0-9_]*) (?P<sign><=|>=|==|!=|<|>) (?P<value>.+)", re.DOTALL)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_TEXT = re.compile(r'"(?:[^"\\]|\\["\\])*"')
_QUOTED = re.compile(r'“([^“”"\\]*)”')
_DAY = re.compile(r'date\("(\d{4}-\d\d-\d\d)"\)')


@dataclass(frozen=True, slots=True)
class Field:
    """What can be compared: an input of the rule, or something that every deed has."""

    name: str
    label: str
    kind: cel.Kind
    unit: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """``value`` as people write it: 80000, 2025-03-05, 婚事, 是."""

    name: str
    sign: str
    value: str


def fields(inputs: Iterable[Input]) -> dict[str, Field]:
    """Everything that a condition of a rule with these inputs may compare, by name."""
    found = {name: Field(name, DEED_LABELS[name], kind) for name, kind in DEED_FIELDS.items()}
    for one in inputs:
        labels = one.cel_labels()
        for name, kind in one.cel_fields().items():
            found[name] = Field(name, labels[name], kind, unit_of(one, name), tuple(one.choices))
    return found


def unit_of(one: Input, name: str) -> str:
    if one.kind == "date_range":
        return "天" if name.endswith("_days") else ""
    return one.unit or {"money": "元", "photo": "张"}.get(one.kind, "")


def read(when: str, known: Mapping[str, Field]) -> Comparison | None:
    """The one comparison that a condition is; None where it says anything else, or says it in another way."""
    whole = _WHOLE.fullmatch(when)
    field = known.get(whole["name"]) if whole else None
    value = _read_value(whole["value"], field.kind) if whole and field else None
    if whole is None or field is None or value is None:
        return None
    found = Comparison(field.name, whole["sign"], value)
    return found if found.sign in SIGNS[field.kind] and expression(found, field) == when else None


def _read_value(told: str, kind: cel.Kind) -> str | None:
    if kind == "number":
        return told if _NUMBER.fullmatch(told) else None
    if kind == "yes_no":
        return YES_NO.get(told)
    if kind == "date":
        day = _DAY.fullmatch(told)
        return day[1] if day else None
    return re.sub(r"\\(.)", r"\1", told[1:-1]) if _TEXT.fullmatch(told) else None


def expression(one: Comparison, field: Field) -> str:
    """In CEL; what is no figure where one is wanted stays as it is, for the check to refuse."""
    return f"{one.name} {one.sign} {_value(one.value, field)}"


def _value(told: str, field: Field) -> str:
    if field.kind == "number":
        return figure(told, field.unit)
    if field.kind == "yes_no":
        return "false" if told in ("否", "不", "false", "no") else "true"
    if field.kind == "date":
        return f'date("{told}")'
    return _quoted(told)


def _quoted(told: str) -> str:
    escaped = told.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def figure(told: str, unit: str) -> str:
    """8万元 as 80000; where the unit is 万元 itself 8万 is 8."""
    plain = unicodedata.normalize("NFKC", told).replace(",", "").strip().removesuffix(unit).strip()
    if unit.startswith("万"):
        return plain.removesuffix("万").strip()
    thousands, is_many = plain.removesuffix("万"), plain.endswith("万")
    if not is_many or not _NUMBER.fullmatch(thousands):
        return plain
    whole, _, rest = thousands.partition(".")
    return (whole + rest.ljust(4, "0")).lstrip("0") or "0" if len(rest) <= 4 else plain


def message(one: Comparison, field: Field) -> str:
    """What a declaration that does not fit is told: 彩礼不超过80000元."""
    value = figure(one.value, field.unit) if field.kind == "number" else one.value
    if field.kind == "yes_no":
        return f"“{field.label}”要是“{value}”"
    return f"{field.label}{SIGNS[field.kind].get(one.sign, '')}{value}{field.unit}"


def understood(text: str, known: Mapping[str, Field]) -> str:
    """A formula in which labels and Chinese words may stand for names and signs, in CEL; what is quoted stays."""
    text = _QUOTED.sub(r'"\1"', text)
    named = _by_label(known.values())
    named |= {choice: _quoted(choice) for one in known.values() for choice in one.choices if choice not in named}
    said = named | {word: f" {sign} " for word, sign in _SAID.items() if word not in named}
    ways = sorted(said, key=lambda word: (word in named, len(word)), reverse=True)
    pattern = re.compile(f"{_TEXT.pattern}|{'|'.join(map(re.escape, ways))}")
    made = pattern.sub(lambda found: said.get(found[0], found[0]), text)
    return made if made == text else _tidied(made)


def _by_label(known: Iterable[Field]) -> dict[str, str]:
    """Names by label; what two fields are called, or a name itself, stands for neither."""
    told: dict[str, list[str]] = {}
    for one in known:
        told.setdefault(one.label, []).append(one.name)
    return {label: names[0] for label, names in told.items() if len(names) == 1 and not label.isascii()}


def _tidied(text: str) -> str:
    """Single blanks, outside of what is quoted."""
    parts = re.split(f"({_TEXT.pattern})", text)
    tidy = [part if at % 2 else re.sub(r"\s+", " ", part) for at, part in enumerate(parts)]
    return "".join(tidy).strip()


def shown(one: Mapping[str, Any], known: Mapping[str, Field]) -> dict[str, Any] | None:
    """A condition of a body as a row of pickers; None where only a formula says it."""
    found = read(str(one.get("when") or ""), known)
    return (
        None
        if found is None
        else {"name": found.name, "sign": found.sign, "value": found.value, "message": one.get("message")}
    )
