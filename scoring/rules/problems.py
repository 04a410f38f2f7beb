"""What is wrong with an item or a file, in Chinese: the words for the checks of the models."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

PLAIN_MESSAGES = {
    "missing": "缺少这一项",
    "extra_forbidden": "没有这个键，请核对拼写",
    "string_type": "应当是文字",
    "string_too_short": "不能为空",
    "string_too_long": "太长",
    "string_pattern_mismatch": "格式不对（代码用小写字母、数字和短横线）",
    "int_type": "应当是整数",
    "bool_type": "应当是 true 或 false",
    "tuple_type": "应当是列表",
    "too_short": "条数不够",
    "too_long": "条数太多",
    "less_than": "应当小于 {lt}",
    "greater_than": "应当大于 {gt}",
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
    "literal_error": "只能是 {expected}",
    "union_tag_invalid": "kind 只能是 {expected_tags}",
    "union_tag_not_found": "缺少 kind",
    "model_type": "应当是一组键值",
    "date_from_datetime_parsing": "应当是日期，例如 2025-03-05",
    "date_type": "应当是日期，例如 2025-03-05",
}


def words(error: Mapping[str, Any]) -> str:
    """One of pydantic's errors as a person reads it."""
    template = PLAIN_MESSAGES.get(error["type"])
    if template:
        return template.format_map({**error.get("ctx", {})})
    return str(error["msg"]) if error["type"].startswith("jifen_") else "值不对"


def message(error: ValidationError) -> str:
    """The first thing that is wrong."""
    return words(error.errors()[0])
