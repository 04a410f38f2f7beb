"""What is wrong with an item or a file, in Chinese: the words for the checks of the models."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from scoring.rules import field_words

PLAIN_MESSAGES = {
    "missing": "缺少这一项",
    "extra_forbidden": "没有这个键，请核对拼写",
    "string_type": "应当是文字",
    "string_too_short": "不能为空",
    "string_too_long": "太长",
    "string_pattern_mismatch": "格式不对（代码用小写字母、数字和短横线）",
    "int_type": "应当是整数",
    "bool_type": "应当是 true（是）或 false（否）",
    "tuple_type": "应当是列表",
    "too_short": "条数不够",
    "too_long": "条数太多",
    "less_than": "应当小于 {lt}",
    "greater_than": "应当大于 {gt}",
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
    "literal_error": "只能是 {expected}",
    "union_tag_invalid": "种类（kind）只能是 {expected_tags}",
    "union_tag_not_found": "缺少种类（kind）",
    "model_type": "应当是一组键值",
    "date_from_datetime_parsing": "应当是日期，例如 2025-03-05",
    "date_type": "应当是日期，例如 2025-03-05",
}

EMPTY = "没有填"
ON_PAGES = {
    "greater_than": "要大于{gt}",
    "greater_than_equal": "要填{ge}以上的数",
    "less_than": "要小于{lt}",
    "less_than_equal": "最多{le}",
    "string_too_short": EMPTY,
    "string_too_long": "最多{max_length}个字",
    "too_short": "至少要{min_length}行",
    "too_long": "最多{max_length}行",
    "int_type": "要写整数",
    "int_parsing": "要写整数",
    "int_from_float": "要写整数",
    "string_pattern_mismatch": "写法不对",
}
"""Of a blank on a page; the rest is told in the words of files."""
_BELOW_ZERO = re.compile(r"\s*[-－−]\s*\d+(?:\.\d+)?\s*")
_QUOTED = re.compile(r"'([^']*)'")
_KEYS = re.compile(r"（[a-z][a-z0-9_.:、 -]*）")
"""The key of a file that stands behind its Chinese word."""
_SHORT = ("string_too_short", "too_short")


def words(error: Mapping[str, Any]) -> str:
    """One of pydantic's errors as a person reads it."""
    template = PLAIN_MESSAGES.get(error["type"])
    if template:
        return template.format_map({name: _chosen(value) for name, value in error.get("ctx", {}).items()})
    return str(error["msg"]) if error["type"].startswith("jifen_") else "值不对"


def told(error: Mapping[str, Any]) -> str:
    """The same with the blank of the page that it is about, and what to write there."""
    kind = str(error["type"])
    if kind.startswith("jifen_") and kind != "jifen_number":
        place = field_words.place(error["loc"])
        return f"{place}：{_plainly(str(error['msg']))}" if place else _plainly(str(error["msg"]))
    field = field_words.way(error["loc"])
    if kind == "missing" or (kind in _SHORT and not error.get("input")):
        return f"{field}{EMPTY}"
    if kind.startswith("int_") and _BELOW_ZERO.fullmatch(str(error.get("input"))):
        return f"{field}不能是负数"
    said = ON_PAGES.get(kind)
    if said is None:
        return f"{field}：{_plainly(words(error))}"
    return f"{field}{said.format_map(error.get('ctx', {}))}{_turned(error)}"


def every(error: ValidationError) -> list[str]:
    """Each fault once, as :func:`told`; a list is not called too short for a row that is wrong."""
    found = error.errors()
    return list(dict.fromkeys(told(one) for one in found if not _follows(one, found)))


def _follows(one: Mapping[str, Any], found: Sequence[Mapping[str, Any]]) -> bool:
    way = one["loc"]
    return one["type"] == "too_short" and any(other["loc"][: len(way)] == way != other["loc"] for other in found)


def _plainly(said: str) -> str:
    """Without the keys that only a file has: 其他后果（effect） is 其他后果."""
    return _KEYS.sub("", said)


def _turned(error: Mapping[str, Any]) -> str:
    """Who writes −5 means a deduction."""
    names = [step for step in error["loc"] if isinstance(step, str)]
    return "，扣分的也写正数，在前面选“扣分”" if names[-1:] == ["points"] and "amount" in names else ""


def _chosen(value: Any) -> Any:
    """``'positive' or 'negative'`` as 加分（positive）、扣分（negative）."""
    if not isinstance(value, str) or "'" not in value:
        return value
    known = field_words.VALUES
    return "、".join(f"{known[one]}（{one}）" if one in known else one for one in _QUOTED.findall(value))


def message(error: ValidationError) -> str:
    """The first thing that is wrong."""
    return words(error.errors()[0])
