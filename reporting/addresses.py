"""Where a notice's public page is found, for codes on paper."""

from django.conf import settings

from jifen.kernel.tenancy import current_schema
from reporting.models import Notice
from tenants.models import Domain


def notice(notice: Notice) -> str:
    """``https://TOWN.BASE_DOMAIN/n/TOKEN/``; in the embedded mode plain and with its port."""
    domain = Domain.objects.filter(tenant__schema_name=current_schema()).order_by("-is_primary").first()
    host = domain.domain if domain else settings.BASE_DOMAIN
    site = f"http://{host}:{settings.PUBLIC_PORT}" if settings.EMBEDDED else f"https://{host}"
    return f"{site}/n/{notice.token}/"
