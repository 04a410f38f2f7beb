"""What a serializer's field finds wrong, in plain Chinese: which field, by the name people use, and what to do."""

import re
from collections.abc import Callable
from typing import Any

from rest_framework import serializers

from jifen.api.labels import LABELS

_HAN = re.compile(r"[\u4e00-\u9fff]")
_GAP = re.compile(r"\\\{\w+\\\}")
"""A figure's place in an escaped message."""
_SHOWN = 20
"""So many options of a choice are listed."""
_PICKED = (serializers.ChoiceField, serializers.RelatedField)

_KINDS: tuple[tuple[type[serializers.Field[Any, Any, Any, Any]], str], ...] = (
    (serializers.DateTimeField, "要写成日期和时间，例如 2025-03-05T14:30:00+08:00"),
    (serializers.DateField, "要写成日期，例如 2025-03-05"),
    (serializers.TimeField, "要写成时间，例如 14:30"),
    (serializers.DecimalField, "要填数字，例如 3 或 3.5"),
    (serializers.FloatField, "要填数字，例如 3 或 3.5"),
    (serializers.IntegerField, "要填整数，例如 12"),
    (serializers.BooleanField, "只能填 true（是）或 false（否）"),
    (serializers.SlugField, "只能用字母、数字、横线和下划线"),
    (serializers.URLField, "要写成网址，例如 https://www.example.cn"),
    (serializers.UUIDField, "要写成 UUID"),
    (serializers.CharField, "要写成文字"),
    (serializers.FileField, "没有传上来，请用表单格式（multipart）上传文件"),
    (serializers.RelatedField, "要填编号，例如 12"),
    (serializers.MultipleChoiceField, "要写成数组，例如 [1, 2]"),
    (serializers.ListField, "要写成数组，例如 [1, 2]"),
    (serializers.ListSerializer, "要写成数组，一行一个对象"),
    (serializers.DictField, "要写成对象，例如 {}"),
    (serializers.BaseSerializer, "要写成对象，例如 {}"),
)
"""How each kind of field is written; the most specific first."""

_WRONG_KIND = frozenset({
    "invalid", "date", "datetime", "make_aware", "overflow", "not_a_list", "not_a_dict", "not_a_string",
    "incorrect_type", "max_string_length", "no_name",
})  # fmt: skip
_UNSTORABLE = frozenset({"null_characters_not_allowed", "surrogate_characters_not_allowed"})
_MISSING = frozenset({"required", "null", "blank"})


def said(source: Any, path: str, code: str, text: str) -> str:
    """The sentence for what is wrong at ``path`` of the input of ``source`` (a serializer; None when unknown).

    What a field's author worded stays: that is all text that is not the stock's of its code.
    """
    field = at(source, path)
    words = _sentence(field, code, label_at(source, path)) if field is not None and _is_stock(field, code, text) else ""
    return f"{_row(path)}{words}" if words else _named(source, path, text)


def at(source: Any, path: str) -> Any:
    """The field at ``rows.2.rule``; None when there is none."""
    here = source
    for part in path.split(".") if path else ():
        if isinstance(here, serializers.Serializer):
            here = here.fields.get(part)
        else:
            here = getattr(here, "child", getattr(here, "child_relation", None))
    return here


def label_of(field: Any, name: str) -> str:
    """Its own Chinese label or the model's, else the word for ``name``, else the name."""
    own = str(getattr(field, "label", None) or "")
    return own if _HAN.search(own) else LABELS.get(name, name)


def label_at(source: Any, path: str) -> str:
    names = [part for part in path.split(".") if part and not part.isdigit()]
    field = at(source, path)
    return label_of(field, names[-1]) if names else "内容"


def _named(source: Any, path: str, text: str) -> str:
    return f"{_row(path)}“{label_at(source, path)}”：{text}" if path else text


def _row(path: str) -> str:
    numbers = [int(part) + 1 for part in path.split(".") if part.isdigit()]
    return "".join(f"第{number}项：" for number in numbers)


def _is_stock(field: Any, code: str, text: str) -> bool:
    """Whether ``text`` is DRF's own for ``code``."""
    for kind in type(field).__mro__:
        stock = vars(kind).get("default_error_messages", {})
        if code in stock:
            return bool(re.fullmatch(_GAP.sub(".*", re.escape(str(stock[code]))), text, re.DOTALL))
    return code in _UNSTORABLE


def _sentence(field: Any, code: str, label: str) -> str:
    if code in _MISSING or (code == "empty" and not isinstance(field, serializers.FileField)):
        return f"请{_verb(field)}“{label}”。"
    if code in _WRONG_KIND:
        how = next((words for kind, words in _KINDS if isinstance(field, kind)), "填得不对，请对照接口文档检查")
        return f"“{label}”{how}。"
    make = _LIMITS.get(code)
    return f"“{label}”{make(field)}。" if make else ""


def _verb(field: Any) -> str:
    if isinstance(field, serializers.FileField):
        return "上传"
    return "选择" if isinstance(field, _PICKED) else "填写"


def _between(field: Any) -> str:
    least, most = getattr(field, "min_value", None), getattr(field, "max_value", None)
    if least is not None and most is not None:
        return f"要填{least}到{most}之间的数"
    return f"要填不小于{least}的数" if most is None else f"要填不大于{most}的数"


def _options(field: Any) -> str:
    choices = list(getattr(field, "choices", {}).items())
    told = [f"{key}({text})" if str(key) != str(text) else str(key) for key, text in choices[:_SHOWN]]
    return f"只能是：{'、'.join(told)}{'等' if len(choices) > _SHOWN else ''}"


def _length(field: Any) -> str:
    what = "项" if isinstance(field, serializers.ListField | serializers.ListSerializer) else "个字"
    least, most = getattr(field, "min_length", None), getattr(field, "max_length", None)
    told = [f"至少{least}{what}"] if least else []
    return "，".join(told + ([f"最多{most}{what}"] if most is not None else []))


_LIMITS: dict[str, Callable[[Any], str]] = {
    "min_value": _between,
    "max_value": _between,
    "min_length": _length,
    "max_length": _length,
    "invalid_choice": _options,
    "does_not_exist": lambda _: "没有找到，请核对编号",
    "empty": lambda _: "的文件是空的，请重新选择",
    "max_digits": lambda field: f"的数太大了，最多{field.max_digits}位",
    "max_whole_digits": lambda field: f"的数太大了，小数点前最多{field.max_whole_digits}位",
    "max_decimal_places": lambda field: f"最多填{field.decimal_places}位小数",
    **dict.fromkeys(_UNSTORABLE, lambda _: "里有不能保存的字符，请删去后重填"),
}
