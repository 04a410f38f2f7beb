"""What people may do with villages, households and people."""

from jifen.kernel.permissions import Permission, allot

TOWN_ROLES = ("town_admin", "town_officer")
VILLAGE_ROLES = ("steward", "committee", "supervisor", "group_leader", "volunteer")


class CommunityPermission(Permission):
    READ = "community.read"
    MANAGE_ROSTER = "community.manage_roster"
    MANAGE_TOWN = "community.manage_town"
    APPOINT = "community.appoint"


def allot_all() -> None:
    """The office and the steward keep the roster; everyone with a task in a village reads it."""
    for role in (*TOWN_ROLES, *VILLAGE_ROLES):
        allot(role, CommunityPermission.READ)
    for role in (*TOWN_ROLES, "steward"):
        allot(role, CommunityPermission.MANAGE_ROSTER)
    for role in TOWN_ROLES:
        allot(role, CommunityPermission.APPOINT)
    allot("town_admin", CommunityPermission.MANAGE_TOWN)
