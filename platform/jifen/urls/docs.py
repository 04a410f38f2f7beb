"""``/api/v1/docs/``: the description of a site's API as a page, for whoever writes a program against it."""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from drf_spectacular.generators import SchemaGenerator

from jifen.api.idempotency import HEADER
from jifen.kernel.permissions import Access, page

_BY_FORMAT = {
    "date": "日期",
    "date-time": "日期和时间",
    "time": "时间",
    "decimal": "小数（写成文字）",
    "binary": "文件",
    "uri": "网址",
}
_BY_TYPE = {"string": "文字", "integer": "整数", "number": "数字", "boolean": "是否", "object": "对象", "array": "多项"}
_PLACES = {"path": "地址里", "query": "查询条件", "header": "请求头"}
_REF = "#/components/schemas/"


class Kind(NamedTuple):
    """What a value is, in words; ``shape`` names the part of the description that tells more."""

    text: str
    shape: str = ""


def view(urlconf: str) -> Callable[[HttpRequest], HttpResponse]:
    """The page of the site whose addresses ``urlconf`` holds."""

    @page(permission=Access.ANYONE)
    def docs(request: HttpRequest) -> HttpResponse:
        return render(request, "web/api.html", described(urlconf))

    return docs


@cache
def described(urlconf: str) -> dict[str, Any]:
    """Made once: the description changes with the code alone."""
    schema = SchemaGenerator(urlconf=urlconf).get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    groups: dict[str, list[dict[str, Any]]] = {}
    for address, calls in schema["paths"].items():
        for method, call in calls.items():
            groups.setdefault(call["tags"][0], []).append(_call(address, method, call))
    shapes = [_shape(name, body) for name, body in schema["components"]["schemas"].items()]
    return {"groups": list(groups.items()), "shapes": shapes, "title": schema["info"]["title"]}


def _call(address: str, method: str, call: dict[str, Any]) -> dict[str, Any]:
    taken = [_parameter(row) for row in call.get("parameters", []) if row["name"] != HEADER]
    answers = [(status, answer["description"], _body(answer)) for status, answer in call["responses"].items()]
    return {
        "address": address,
        "method": method.upper(),
        "summary": call["summary"],
        "parameters": taken,
        "sent": _body(call.get("requestBody", {})),
        "answers": [row for row in answers if row[0] != "default"],
    }


def _parameter(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": row["name"],
        "place": _PLACES.get(row["in"], row["in"]),
        "required": row.get("required"),
        "kind": kind(row["schema"]),
        "about": row.get("description", ""),
    }


def _body(part: dict[str, Any]) -> Kind | None:
    """The first of the ways in which it may be written."""
    for content in part.get("content", {}).values():
        return kind(content.get("schema", {}))
    return None


def _shape(name: str, body: dict[str, Any]) -> dict[str, Any]:
    required = body.get("required", ())
    fields = [
        {"name": key, "kind": kind(field), "required": key in required, "about": _about(field)}
        for key, field in body.get("properties", {}).items()
    ]
    return {"name": name, "about": _about(body), "fields": fields, "kind": None if fields else kind(body)}


def _about(body: dict[str, Any]) -> str:
    """Its label and its help; the list of a choice's values as lines of text."""
    told = [body.get("title", ""), body.get("description", "").replace("* ", "").replace("`", "")]
    return "。".join(dict.fromkeys(filter(None, told)))


def kind(body: dict[str, Any]) -> Kind:
    if "$ref" in body:
        name = body["$ref"].removeprefix(_REF)
        return Kind(name, name)
    for several in ("allOf", "oneOf", "anyOf"):
        if several in body:
            return _first(body[several])
    types = body.get("type", "object")
    named = [one for one in ([types] if isinstance(types, str) else types) if one != "null"]
    if named == ["array"]:
        inner = kind(body.get("items", {}))
        return Kind(f"多项：{inner.text}", inner.shape)
    values = [str(one) for one in body.get("enum", ()) if one not in ("", None)]
    text = "、".join(values) or _BY_FORMAT.get(body.get("format", "")) or "或".join(_BY_TYPE[one] for one in named)
    return Kind(text)


def _first(ways: list[dict[str, Any]]) -> Kind:
    """Of several ways the first that is more than nothing."""
    return next(_more(ways), Kind("空"))


def _more(ways: list[dict[str, Any]]) -> Iterator[Kind]:
    for one in ways:
        found = kind(one)
        if one.get("type") != "null" and found.shape not in ("BlankEnum", "NullEnum"):
            yield found
