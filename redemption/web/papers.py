"""A PDF or a table as the answer of a page."""

import csv
import io
from collections.abc import Iterable, Sequence

from django.http import HttpResponse
from django.utils.http import content_disposition_header


def pdf_answer(body: bytes, name: str) -> HttpResponse:
    return _answer(body, "application/pdf", name)


def csv_answer(head: Sequence[str], rows: Iterable[Sequence[object]], name: str) -> HttpResponse:
    """With a byte order mark, so that office programs read the Chinese."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(head)
    writer.writerows(rows)
    return _answer(out.getvalue().encode("utf-8-sig"), "text/csv", name)


def _answer(body: bytes, content_type: str, name: str) -> HttpResponse:
    answer = HttpResponse(body, content_type=content_type)
    answer.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return answer
