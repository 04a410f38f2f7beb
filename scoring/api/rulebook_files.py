"""The format of rulebook files, for editors and programs that write them."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from jifen.api.views import Endpoint
from jifen.kernel.permissions import Access
from scoring.rules import schema


class RulebookSchema(Endpoint):
    """JSON Schema (2020-12) of rulebook and scheme files; nobody has to sign in to read it."""

    permissions = {"get": Access.ANYONE}

    @extend_schema(responses={(200, "application/schema+json"): OpenApiTypes.OBJECT})
    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponse(schema.as_text(), content_type="application/schema+json; charset=utf-8")
