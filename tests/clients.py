"""Clients that talk to the site of the schema that is being served, and leave it as it was."""

import uuid
from typing import Any

from django.conf import settings
from django.test import Client
from rest_framework.test import APIClient

from jifen.kernel.database import connection
from jifen.kernel.tenancy import PUBLIC, outside
from tenants.models import Domain


def host() -> str:
    """The host name of the town being served, or of the public site."""
    schema = connection.schema_name
    if schema == PUBLIC:
        return str(settings.BASE_DOMAIN)
    with outside():
        return str(Domain.objects.get(tenant__schema_name=schema).domain)


class _KeepsTown:
    """A request ends outside every town; the test goes on inside the one it was in."""

    def request(self, **environ: Any) -> Any:
        before = connection.tenant
        try:
            return super().request(**environ)  # type: ignore[misc]
        finally:
            connection.set_tenant(before)


class PageClient(_KeepsTown, Client):
    """Asks for pages."""


class ApiClient(_KeepsTown, APIClient):
    """Sends JSON, with an ``Idempotency-Key`` of its own on every unsafe call unless one is given."""

    def request(self, **environ: Any) -> Any:
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD", "OPTIONS"):
            environ.setdefault("HTTP_IDEMPOTENCY_KEY", str(uuid.uuid4()))
        return super().request(**environ)


def page_client(user: Any = None) -> PageClient:
    client = PageClient(SERVER_NAME=host())
    if user is not None:
        client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client


def api_client(user: Any = None) -> ApiClient:
    client = ApiClient(SERVER_NAME=host())
    if user is not None:
        client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client
