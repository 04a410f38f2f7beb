"""Cursor paging: ``?cursor=…&page_size=…``; the answer carries ``next``, ``previous`` and ``results``."""

import binascii
from base64 import b64decode
from typing import Any
from urllib.parse import parse_qs

from django.core.exceptions import ValidationError
from django.db import DataError
from rest_framework.exceptions import NotFound as Refused
from rest_framework.pagination import CursorPagination

from jifen.kernel.errors import NotFound

_PARTS = frozenset({"o", "r", "p"})
"""What a cursor says: offset, direction, position."""


class CursorWrong(NotFound):
    code = "cursor_wrong"
    message = "翻页标记(cursor)不对,请从第一页重新开始。"
    default_field = "cursor"


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
        """
        try:
            _check(request.query_params.get(self.cursor_query_param) or "")
            return super().paginate_queryset(queryset, request, view)
        except (Refused, ValueError, TypeError, ValidationError, DataError) as wrong:
            raise CursorWrong from wrong


def _check(cursor: str) -> None:
    try:
        parts = parse_qs(b64decode(cursor, validate=True).decode("ascii"), keep_blank_values=True, strict_parsing=True)
    except binascii.Error as wrong:
        raise CursorWrong from wrong
    if not set(parts) <= _PARTS:
        raise CursorWrong
