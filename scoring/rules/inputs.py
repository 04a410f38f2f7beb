"""The typed fields of a declaration: from what was sent to values the conditions can use."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from pydantic_core import PydanticCustomError

from jifen.kernel import cel
from scoring.rules import comparisons
from scoring.rules.base import exact, plain
from scoring.rules.errors import InputInvalid
from scoring.rules.spec import Input, RuleSpec
from scoring.rules.spec_inputs import NUMBERS, Value

Values = dict[str, Value]

_MAX_TEXT = 500
_MAX_PHOTOS = 20
_YES_NO = {"true": True, "yes": True, "是": True, "false": False, "no": False, "否": False}


def read(rule: RuleSpec, sent: Mapping[str, Any]) -> Values:
    """``sent`` as typed values, absent ones as None; InputInvalid names the field that is wrong."""
    declared = {item.name for item in rule.inputs}
    for name in sent:
        if name not in declared:
            raise InputInvalid(f"“{rule.title}”没有“{name}”这个填写项，请去掉。", field=str(name))
    return {item.name: _value(item, sent.get(item.name)) for item in rule.inputs}


def missing(rule: RuleSpec, values: Values) -> tuple[str, ...]:
    """Labels of required fields that are empty."""
    return tuple(item.label for item in rule.inputs if item.required and values[item.name] is None)


def scope(rule: RuleSpec, values: Values) -> dict[str, cel.Value]:
    """``values`` under the names that conditions and formulas use."""
    found: dict[str, cel.Value] = {}
    for item in rule.inputs:
        value = values[item.name]
        if item.kind == "date_range":
            found |= _range_scope(item.name, value)
        elif isinstance(value, tuple):
            found[item.name] = len(value)
        else:
            found[item.name] = value
    return found


def _range_scope(name: str, value: Value) -> dict[str, cel.Value]:
    if not isinstance(value, tuple):
        return {}
    start, end = (date.fromisoformat(str(day)) for day in value)
    return {f"{name}_start": start, f"{name}_end": end, f"{name}_days": (end - start).days + 1}


def _value(item: Input, sent: Any) -> Value:
    if sent is None or (isinstance(sent, str) and not sent.strip()):
        return None
    return _READERS[item.kind](item, sent)


def written(item: Input, sent: Any) -> Any:
    """A figure in digits, however people write it (8万, 8万元, ８００００ are 80000); all else as it was sent."""
    is_figure = item.kind in NUMBERS and isinstance(sent, str)
    return comparisons.figure(sent, comparisons.unit_of(item, item.name)) if is_figure else sent


def _number(item: Input, sent: Any) -> Decimal:
    try:
        number = exact(written(item, sent))
    except PydanticCustomError as error:
        raise _wrong(item, error.message()) from None
    if item.least is not None and number < item.least:
        raise _wrong(item, f"不能小于{plain(item.least)}{item.unit or ''}")
    if item.most is not None and number > item.most:
        raise _wrong(item, f"不能大于{plain(item.most)}{item.unit or ''}")
    return number


def _count(item: Input, sent: Any) -> Decimal:
    number = _number(item, sent)
    if number < 0 or number % 1:
        raise _wrong(item, "应当是不小于 0 的整数")
    return number


def _money(item: Input, sent: Any) -> Decimal:
    number = _number(item, sent)
    if number < 0:
        raise _wrong(item, "金额不能是负数")
    return number


def _date(item: Input, sent: Any) -> date:
    if isinstance(sent, date):
        return sent
    try:
        return date.fromisoformat(sent)
    except (TypeError, ValueError):
        raise _wrong(item, "应当是日期，例如 2025-03-05") from None


def _date_range(item: Input, sent: Any) -> tuple[date, date]:
    ends = sent.split("/") if isinstance(sent, str) else sent
    if not isinstance(ends, list | tuple) or len(ends) != 2:
        raise _wrong(item, "应当是起止两个日期，例如 2025-03-05/2025-03-09")
    start, end = (_date(item, day.strip() if isinstance(day, str) else day) for day in ends)
    if end < start:
        raise _wrong(item, "结束日期早于开始日期")
    return start, end


def _photo(item: Input, sent: Any) -> tuple[str, ...]:
    keys = [sent] if isinstance(sent, str) else sent
    if not isinstance(keys, list | tuple) or not all(isinstance(key, str) and key for key in keys):
        raise _wrong(item, "应当是照片")
    if len(keys) > _MAX_PHOTOS:
        raise _wrong(item, f"照片最多 {_MAX_PHOTOS} 张")
    return tuple(keys)


def _choice(item: Input, sent: Any) -> str:
    if sent not in item.choices:
        raise _wrong(item, f"请从{'、'.join(item.choices)}中选一项")
    return str(sent)


def _yes_no(item: Input, sent: Any) -> bool:
    if isinstance(sent, bool):
        return sent
    answer = _YES_NO.get(str(sent).strip().lower())
    if answer is None:
        raise _wrong(item, "请回答是或否")
    return answer


def _text(item: Input, sent: Any) -> str:
    if not isinstance(sent, str) or len(sent) > _MAX_TEXT:
        raise _wrong(item, f"应当是不超过 {_MAX_TEXT} 字的文字")
    return sent.strip()


def _wrong(item: Input, reason: str) -> InputInvalid:
    return InputInvalid(f"{item.label}：{reason}。", field=item.name)


_READERS: dict[str, Callable[[Input, Any], Value]] = {
    "number": _number,
    "count": _count,
    "money": _money,
    "date": _date,
    "date_range": _date_range,
    "choice": _choice,
    "yes_no": _yes_no,
    "text": _text,
    "person": _text,
    "household": _text,
    "photo": _photo,
}
