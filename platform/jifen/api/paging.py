"""Cursor paging: ``?cursor=…&page_size=…``; the answer carries ``next``, ``previous`` and ``results``."""

from base64 import b64decode
from typing import Any
from urllib.parse import parse_qs

from django.core.exceptions import ValidationError
from django.db import DataError
from rest_framework.exceptions import NotFound as Refused
from rest_framework.pagination import CursorPagination

from jifen.api.labels import LABELS
from jifen.kernel.errors import InvalidInput, JifenError, NotFound

_PARTS = frozenset({"o", "r", "p"})
"""What a cursor says: offset, direction, position."""


class CursorWrong(NotFound):
    code = "cursor_wrong"
    message = "翻页标记（cursor）不对，请从第一页重新开始。"
    default_field = "cursor"


class QueryWrong(InvalidInput):
    code = "query_wrong"
    message = "查询条件里有不能用的内容，请检查网址里的参数。"


class Cursor(CursorPagination):
    """Newest first; a view's ``cursor_ordering`` (a unique order) says otherwise."""

    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"
    ordering = "-id"

    def get_ordering(self, request: Any, queryset: Any, view: Any) -> tuple[str, ...]:
        wanted = getattr(view, "cursor_ordering", None) or self.ordering
        return (wanted,) if isinstance(wanted, str) else tuple(wanted)

    def paginate_queryset(self, queryset: Any, request: Any, view: Any = None) -> list[Any] | None:
        """Raises:
        CursorWrong: it is no cursor (DRF would show the first page), or it points to no place in this order.
        QueryWrong: there is none; another word of the address cannot be looked for.
        """
        cursor = request.query_params.get(self.cursor_query_param) or ""
        try:
            _check(cursor)
            return super().paginate_queryset(queryset, request, view)
        except (Refused, ValueError, TypeError, ValidationError, DataError) as wrong:
            raise _refusal(request, cursor) from wrong


def _check(cursor: str) -> None:
    text = b64decode(cursor, validate=True).decode("ascii")
    if not set(parse_qs(text, keep_blank_values=True, strict_parsing=True)) <= _PARTS:
        raise CursorWrong


def _refusal(request: Any, cursor: str) -> JifenError:
    broken = next((name for name, value in request.query_params.items() if "\0" in value), None)
    if broken:
        return QueryWrong(f"“{LABELS.get(broken, broken)}”里有不能用的字符，请删去后重试。", field=broken)
    return CursorWrong() if cursor else QueryWrong()
