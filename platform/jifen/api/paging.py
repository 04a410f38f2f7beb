"""Cursor paging: ``?cursor=…&page_size=…``; the answer carries ``next``, ``previous`` and ``results``."""

from typing import Any

from django.core.exceptions import ValidationError
from rest_framework.pagination import CursorPagination

from jifen.kernel.errors import InvalidInput


class CursorWrong(InvalidInput):
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
        CursorWrong: the cursor points to no place in this order; DRF lets its text through to the query.
        """
        try:
            return super().paginate_queryset(queryset, request, view)
        except (ValueError, TypeError, ValidationError) as wrong:
            raise CursorWrong from wrong
