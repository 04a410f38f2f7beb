"""Where the district's figures are, on the public site."""

from jifen.api.routing import public_router
from reporting.district.api import views

public_router.add("overview/", views.OverviewEndpoint, name="overview")
public_router.register("district-towns", views.DistrictTowns, basename="district-town")
