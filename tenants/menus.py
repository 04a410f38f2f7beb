"""The provider's menu."""

from jifen.web import nav
from tenants.permissions import TenantsPermission as May


def register() -> None:
    nav.register(
        "provider",
        nav.Entry("乡镇", "tenants:towns", "building", 10, May.WATCH_TOWNS),
        nav.Entry("开通新镇", "opening:open_town", "plus", 20, May.OPEN_TOWN),
    )
