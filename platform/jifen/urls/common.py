"""What both sites have: accounts, health, the API with its description."""

from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularAPIView

from jifen.accounts.web.urls import both_sites
from jifen.api.routing import Router, load
from jifen.kernel.permissions import Access
from jifen.urls import docs
from jifen.urls.health import Health


class SchemaView(SpectacularAPIView):
    """OpenAPI 3.1 of the site it is mounted on."""

    permissions = {"get": Access.ANYONE}


def common(router: Router, urlconf: str) -> list[URLPattern | URLResolver]:
    """The shared addresses, with the collections of ``router`` under ``/api/v1/``."""
    load()
    api = [
        *router.urls,
        path("schema/", SchemaView.as_view(urlconf=urlconf), name="schema"),
        path("docs/", docs.view(urlconf), name="docs"),
    ]
    return [
        *both_sites,
        path("health/", Health.as_view(), name="health"),
        path("api/v1/", include((api, "api"))),
    ]
