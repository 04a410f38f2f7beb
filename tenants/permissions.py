"""What the provider may do with towns."""

from jifen.kernel.permissions import Permission, allot


class TenantsPermission(Permission):
    OPEN_TOWN = "tenants.open_town"
    WATCH_TOWNS = "tenants.watch_towns"


def allot_all() -> None:
    allot("provider", TenantsPermission.OPEN_TOWN, TenantsPermission.WATCH_TOWNS)
