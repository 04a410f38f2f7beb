"""Errors as RFC 9457 problem details: ``type, title, status, code, detail``, and ``field``, ``errors``, ``data``."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import DatabaseError
from django.http import Http404
from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from jifen.api.wording import said
from jifen.kernel.database import refusal_of
from jifen.kernel.errors import Forbidden, InvalidInput, JifenError, NotFound, Unauthenticated
from jifen.web.errors import ADDRESSES, status_of

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class FieldError:
    """``field`` is the path in the input: ``rows.2.rule``."""

    field: str
    code: str
    detail: str


class Problem(Response):
    """JSON, also where the call asks for something else or its address speaks YAML."""

    @property
    def rendered_content(self) -> Any:
        self.accepted_renderer, self.accepted_media_type = JSONRenderer(), MEDIA_TYPE
        return super().rendered_content


_PLAIN: dict[type[exceptions.APIException], tuple[str, str]] = {
    exceptions.ParseError: ("body_unreadable", "请求内容不是有效的 JSON 或表单，请检查格式。"),
    exceptions.MethodNotAllowed: ("method_not_allowed", "这个地址不支持这种操作，请核对接口文档。"),
    exceptions.UnsupportedMediaType: ("media_type_unsupported", "请用 JSON 或表单格式发送。"),
    exceptions.NotAcceptable: ("not_acceptable", "接口只返回 JSON。"),
}


def handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler; ``None`` lets Django treat the error as a fault."""
    return problem(error)


def problem(error: Exception) -> Response | None:
    """The answer to ``error``; ``None`` when it is a fault and no refusal."""
    if isinstance(error, exceptions.ValidationError):
        return _invalid(error)
    known = _ours(error)
    if known is not None:
        return refused(known)
    return _plain(error) if isinstance(error, exceptions.APIException) else None


def _ours(error: Exception) -> JifenError | None:
    if isinstance(error, JifenError):
        return error
    if isinstance(error, Http404 | exceptions.NotFound):
        return NotFound()
    if isinstance(error, PermissionDenied | exceptions.PermissionDenied):
        return Forbidden()
    if isinstance(error, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        return Unauthenticated()
    return refusal_of(error) if isinstance(error, DatabaseError) else None


def refused(error: JifenError) -> Response:
    """The answer to one of our own errors."""
    extra: dict[str, Any] = {"field": error.field} if error.field else {}
    if error.data:
        extra["data"] = {name: _json(value) for name, value in error.data.items()}
    return _answer(status_of(error), error.code, error.message, **extra)


def _plain(error: exceptions.APIException) -> Response:
    if isinstance(error, exceptions.Throttled):
        return _throttled(error)
    code, detail = _PLAIN.get(type(error), (str(error.get_codes()), str(error.detail)))
    return _answer(error.status_code, code, detail)


def _throttled(error: exceptions.Throttled) -> Response:
    """Also for programs that read no words: ``Retry-After`` in seconds."""
    wait = math.ceil(getattr(error, "wait", None) or 1)
    answer = _answer(error.status_code, "throttled", f"请求太频繁，请{wait}秒以后再发。", data={"seconds": wait})
    answer["Retry-After"] = str(wait)
    return answer


def _invalid(error: exceptions.ValidationError) -> Response:
    """The machine's names stand in ``field``, the words people use in ``detail``."""
    source = getattr(error.detail, "serializer", None)
    found = [_worded(source, one) for one in _flat(error.detail)]
    detail = "".join(one.detail for one in found[:3])
    errors = [{"field": one.field, "code": one.code, "detail": one.detail} for one in found]
    return _answer(status_of(InvalidInput()), InvalidInput.code, detail, field=found[0].field or None, errors=errors)


def _worded(source: Any, one: FieldError) -> FieldError:
    return replace(one, detail=said(source, one.field, one.code, one.detail))


def _flat(detail: Any, path: str = "") -> Iterator[FieldError]:
    """Every leaf of DRF's nested errors."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            yield from _flat(inner, path if name == "non_field_errors" else f"{path}.{name}".lstrip("."))
    elif isinstance(detail, list):
        for number, inner in enumerate(detail):
            yield from _flat(inner, f"{path}.{number}".lstrip(".") if isinstance(inner, dict | list) else path)
    else:
        yield FieldError(path, str(getattr(detail, "code", "invalid")), str(detail))


def _answer(status: int, code: str, detail: str, **extra: Any) -> Response:
    title, _ = ADDRESSES.get(status, ADDRESSES[400])
    body = {"type": f"urn:jifen:problem:{code}", "title": title, "status": status, "code": code, "detail": detail}
    headers = {"WWW-Authenticate": 'Token realm="api"'} if status == 401 else None
    return Problem({**body, **extra}, status=status, headers=headers, content_type=MEDIA_TYPE)


def _json(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _json(one) for name, one in value.items()}
    if isinstance(value, list | tuple | set):
        return [_json(one) for one in value]
    return value if value is None or isinstance(value, bool | int | str) else str(value)
