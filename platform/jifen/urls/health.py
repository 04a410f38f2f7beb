"""``/health/``: whether the database, the cache and the object store answer. 200 or 500, as JSON."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from health_check.base import HealthCheck
from health_check.exceptions import ServiceUnavailable
from health_check.views import HealthCheckView

from jifen.files import storage
from jifen.kernel.permissions import Access


@dataclass
class ObjectStore(HealthCheck):  # type: ignore[misc]
    """The bucket can be reached with our keys."""

    def run(self) -> None:
        if not storage.is_reachable():
            raise ServiceUnavailable("bucket unreachable")


class Health(HealthCheckView):  # type: ignore[misc]
    permission = Access.ANYONE
    checks = ("health_check.checks.Database", "health_check.checks.Cache", ObjectStore)

    async def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        request.GET = QueryDict("format=json")
        answer: HttpResponse = await super().get(request, *args, **kwargs)
        return answer
