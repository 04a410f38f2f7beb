"""Where a notice's public page is found, for codes on paper."""

from django.conf import settings

from jifen.kernel.tenancy import current_schema
from reporting.models import Notice, Objection
from tenants.models import Domain


def notice(notice: Notice) -> str:
    """``https://TOWN.BASE_DOMAIN/n/TOKEN/``; in the embedded mode plain and with its port."""
    return f"{_site()}/n/{notice.token}/"


def objection(objection: Objection) -> str:
    """The page behind the code on a receipt."""
    return f"{_site()}/o/{objection.token}/"


def receipt(objection: Objection) -> str:
    """The receipt itself, on the site being looked at."""
    return f"/o/{objection.token}/receipt/"


def _site() -> str:
    domain = Domain.objects.filter(tenant__schema_name=current_schema()).order_by("-is_primary").first()
    host = domain.domain if domain else settings.BASE_DOMAIN
    return f"http://{host}:{settings.PUBLIC_PORT}" if settings.EMBEDDED else f"https://{host}"
