"""What people of each role may do with notices and objections."""

from jifen.kernel.permissions import allot
from reporting.permissions import ReportingPermission as May

TOWN_ROLES = ("town_admin", "town_officer")


def allot_permissions() -> None:
    """Called once when the app is ready."""
    for role in TOWN_ROLES:
        allot(role, May.PUBLISH, May.READ, May.ANSWER, May.ENTER)
    allot("town_admin", May.HANDLING)
    allot("steward", May.PUBLISH, May.READ, May.ENTER)
    allot("committee", May.READ, May.ANSWER)
    allot("supervisor", May.READ, May.OBJECT, May.OBJECT_FOR)
    allot("group_leader", May.READ)
    allot("volunteer", May.READ)
    allot("resident", May.OBJECT)
