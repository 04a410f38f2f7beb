"""Menus of the village and the town office."""

from jifen.approvals.permissions import ApprovalsPermission as May
from jifen.approvals.web import work
from jifen.web import nav


def register() -> None:
    for area in ("village", "office"):
        nav.register(area, nav.Entry("我的待办", f"approvals:{area}_work", "inbox", 2, waiting=work.waiting))
    nav.register("office", nav.Entry("审批流程", "approvals:flows", "adjustments", 60, May.READ, group=nav.SETTINGS))
