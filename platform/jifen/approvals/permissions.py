"""What people may do with flows. Deciding needs no permission of this room: the flow itself says whose word it is."""

from jifen.kernel.permissions import Permission, allot


class ApprovalsPermission(Permission):
    READ = "approvals.read"
    DESIGN = "approvals.design"
    ADMINISTER = "approvals.administer"
    PAPER = "approvals.paper"


def allot_all() -> None:
    """The office reads every flow and item; its administrator designs flows and sets right what is stuck.

    The steward enters what was decided on paper.
    """
    allot("town_officer", ApprovalsPermission.READ, ApprovalsPermission.PAPER)
    allot("steward", ApprovalsPermission.PAPER)
    allot("town_admin", *ApprovalsPermission)
