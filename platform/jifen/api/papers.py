"""A paper as the answer of an endpoint: the PDF or the workbook itself where every other answer is JSON."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from drf_spectacular.types import OpenApiTypes
from rest_framework.renderers import JSONRenderer

from jifen.kernel.spreadsheets import XLSX

MEDIA_TYPE = "application/pdf"
ANSWERS = {(200, MEDIA_TYPE): OpenApiTypes.BINARY}
"""What ``extend_schema(responses=…)`` says of such an action."""


class Paper(JSONRenderer):
    """Lets a caller ask for a PDF; what is refused is told in JSON all the same."""

    media_type = MEDIA_TYPE
    format = "pdf"
    charset = None


RENDERERS = [JSONRenderer, Paper]
"""``renderer_classes`` of such an action."""


class Workbook(Paper):
    """The same for a workbook."""

    media_type = XLSX
    format = "xlsx"


WORKBOOK_ANSWERS = {(200, XLSX): OpenApiTypes.BINARY}
WORKBOOK_RENDERERS = [JSONRenderer, Workbook]


def answer(body: bytes, name: str, media_type: str = MEDIA_TYPE) -> HttpResponse:
    """The file under a name, which may be Chinese."""
    told = HttpResponse(body, content_type=media_type)
    told.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return told
