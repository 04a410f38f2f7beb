"""The public site: provider, district, shops."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from jifen.api.routing import public_router
from jifen.clocks.web import urls as clocks
from jifen.flows.web import district_calendar, opening
from jifen.flows.web import urls as flows
from jifen.urls.common import common
from jifen.web.views import styleguide
from redemption.web import urls as redemption
from reporting.district.web import urls as district
from scoring.library.web import urls as library
from tenants.web import urls as tenants

urlpatterns: list[URLPattern | URLResolver] = [
    *common(public_router, "jifen.urls.public"),
    path("", include((flows.public_site, "flows"))),
    path("", include((tenants.public_site, "tenants"))),
    path("", include((opening.public_site, "opening"))),
    path("", include((clocks.public_site, "clocks"))),
    path("", include((district_calendar.public_site, "calendar"))),
    path("", include((redemption.public_site, "redemption"))),
    path("", include((district.public_site, "district"))),
    path("", include((library.public_site, "library"))),
]
if settings.EMBEDDED:
    urlpatterns.append(path("styleguide/", styleguide, name="styleguide"))

handler400 = "jifen.web.errors.bad_request"
handler403 = "jifen.web.errors.permission_denied"
handler404 = "jifen.web.errors.page_not_found"
handler500 = "jifen.web.errors.server_error"
