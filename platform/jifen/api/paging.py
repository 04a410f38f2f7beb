"""Cursor paging: ``?cursor=…&page_size=…``; the answer carries ``next``, ``previous`` and ``results``."""

from typing import Any

from rest_framework.pagination import CursorPagination


class Cursor(CursorPagination):
    """Newest first; a view's ``cursor_ordering`` (a unique order) says otherwise."""

    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"
    ordering = "-id"

    def get_ordering(self, request: Any, queryset: Any, view: Any) -> tuple[str, ...]:
        wanted = getattr(view, "cursor_ordering", None) or self.ordering
        return (wanted,) if isinstance(wanted, str) else tuple(wanted)
