"""Mounted on the public site."""

from jifen.api.routing import public_router
from scoring.library.api import views

public_router.register("district-templates", views.DistrictTemplates, basename="district-template")
