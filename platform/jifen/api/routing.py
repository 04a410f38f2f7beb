"""The two routers of ``/api/v1/``. A room registers its views in its module ``api/routes.py``:

town_router.register("households", HouseholdViewSet, basename="household")
town_router.add("overview/", OverviewEndpoint, name="overview")
"""

from functools import cache

from django.urls import URLPattern, URLResolver, path
from django.utils.module_loading import autodiscover_modules
from rest_framework.routers import SimpleRouter
from rest_framework.views import APIView


class Router(SimpleRouter):
    """Collections by ``register``, single addresses by ``add``. Names live in the namespace ``api``."""

    def __init__(self) -> None:
        super().__init__()
        self._single: list[URLPattern] = []

    def add(self, route: str, view: type[APIView], *, name: str) -> None:
        self._single.append(path(route, view.as_view(), name=name))

    def get_urls(self) -> list[URLResolver | URLPattern]:
        return [*self._single, *super().get_urls()]


town_router = Router()
public_router = Router()


@cache
def load() -> None:
    """Import the rooms' ``api.routes``."""
    autodiscover_modules("api.routes")
