"""What people may do in the exchange."""

from jifen.kernel.permissions import Permission, allot


class RedemptionPermission(Permission):
    MANAGE_NETWORK = "redemption.manage_network"
    MANAGE_PLAN = "redemption.manage_plan"
    READ = "redemption.read"
    READ_OWN = "redemption.read_own"
    REDEEM = "redemption.redeem"


def allot_all() -> None:
    """Who holds what: the town office, the village's people, residents, shops."""
    every = RedemptionPermission
    for role in ("town_admin", "town_officer"):
        allot(role, every.MANAGE_NETWORK, every.MANAGE_PLAN, every.READ)
    allot("steward", every.MANAGE_PLAN, every.READ)
    for role in ("committee", "supervisor"):
        allot(role, every.READ)
    allot("resident", every.READ_OWN)
    allot("shop", every.REDEEM)
