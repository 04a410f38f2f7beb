"""A town's own site (``TOWN.host``)."""

from django.urls import URLPattern, URLResolver, include, path

from jifen.api.routing import town_router
from jifen.approvals.web import urls as approvals
from jifen.flows.web import calendar
from jifen.flows.web import urls as flows
from jifen.inbox.web import urls as inbox
from jifen.urls.common import common
from redemption.web import urls as redemption
from reporting.web import urls as reporting
from scoring.web import urls as scoring
from tenants.community.web import urls as community

urlpatterns: list[URLPattern | URLResolver] = [
    *common(town_router, "jifen.urls.town"),
    path("", include((flows.town, "flows"))),
    path("", include((calendar.town, "calendar"))),
    path("", include((inbox.town, "inbox"))),
    path("", include((approvals.town, "approvals"))),
    path("", include((community.town, "community"))),
    path("", include((redemption.town, "redemption"))),
    path("", include((scoring.town, "scoring"))),
    path("", include((reporting.town, "reporting"))),
]

handler400 = "jifen.web.errors.bad_request"
handler403 = "jifen.web.errors.permission_denied"
handler404 = "jifen.web.errors.page_not_found"
handler500 = "jifen.web.errors.server_error"
