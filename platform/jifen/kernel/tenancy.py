"""Which town is being served.

Inside a town ``connection.schema_name`` is the town's schema and the search path is the town's, then public. A request
enters its town by the Host header (``TownMiddleware``), a task by its base class (``jifen.kernel.tasks``), everything
else by ``entered``.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import set_urlconf
from django_tenants.utils import get_tenant_domain_model, get_tenant_model, schema_context

from jifen.kernel.database import connection
from jifen.kernel.errors import JifenError, NotFound, Unavailable
from jifen.kernel.refusals import refuse

PUBLIC = "public"


class OutsideTown(JifenError):
    """Town work was asked for where no town has been entered."""

    code = "outside_town"
    message = "没有进入任何镇，不能办理镇内事务。"


class TownUnknown(NotFound):
    code = "town_unknown"
    message = "这个网址没有对应的乡镇，请核对网址。"


class TownNotServed(Unavailable):
    code = "town_not_served"
    message = "这个镇的服务暂未开放，请稍后再来或联系镇里的管理员。"


def current_schema() -> str:
    """The town's schema, or ``public``."""
    return str(connection.schema_name)


def require_town() -> str:
    """The schema of the town being served.

    Raises:
        OutsideTown: when the public schema is current.
    """
    if current_schema() == PUBLIC:
        raise OutsideTown
    return current_schema()


@contextmanager
def entered(schema: str) -> Iterator[None]:
    """Serve the town ``schema`` inside the block."""
    with schema_context(schema):
        yield


@contextmanager
def outside() -> Iterator[None]:
    """Serve the public schema inside the block."""
    with schema_context(PUBLIC):
        yield


class TownMiddleware:
    """Chooses the town by Host: ``BASE_DOMAIN`` itself is the public site, any other name must be a ready town's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        connection.set_schema_to_public()
        host = request.get_host().rsplit(":", 1)[0].lower()
        if host in (settings.BASE_DOMAIN, "127.0.0.1", "localhost"):
            return self._serve(request, None, settings.PUBLIC_SCHEMA_URLCONF)
        town = self._town(host)
        if town is None:
            return self._refuse(request, TownUnknown())
        if town.state != "ready":
            return self._refuse(request, TownNotServed())
        connection.set_tenant(town)
        return self._serve(request, town, settings.ROOT_URLCONF)

    def _serve(self, request: HttpRequest, town: Any, urlconf: str) -> HttpResponseBase:
        request.town = town  # type: ignore[attr-defined]
        request.tenant = town  # type: ignore[attr-defined]
        request.urlconf = urlconf
        set_urlconf(urlconf)
        try:
            return self.get_response(request)
        finally:
            connection.set_schema_to_public()

    def _refuse(self, request: HttpRequest, error: JifenError) -> HttpResponseBase:
        request.town = None  # type: ignore[attr-defined]
        request.urlconf = settings.PUBLIC_SCHEMA_URLCONF
        return refuse(request, error)

    @staticmethod
    def _town(host: str) -> Any:
        domain = get_tenant_domain_model().objects.select_related("tenant").filter(domain=host).first()
        return domain.tenant if domain else None


def town_named(schema: str) -> Any:
    """The ``Town`` row of ``schema``.

    Raises:
        TownUnknown: there is none.
    """
    with outside():
        town = get_tenant_model().objects.filter(schema_name=schema).first()
    if town is None:
        raise TownUnknown
    return town
