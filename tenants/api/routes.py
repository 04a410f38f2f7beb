"""Mounted on the public site."""

from jifen.api.routing import public_router
from tenants.api.views import TownViewSet

public_router.register("towns", TownViewSet, basename="town")
