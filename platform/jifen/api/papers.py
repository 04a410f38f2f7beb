"""A paper as the answer of an endpoint: the PDF itself where every other answer is JSON."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from drf_spectacular.types import OpenApiTypes
from rest_framework.renderers import JSONRenderer

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


def answer(body: bytes, name: str) -> HttpResponse:
    """The PDF under a file name, which may be Chinese."""
    told = HttpResponse(body, content_type=MEDIA_TYPE)
    told.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return told
