"""The room's lines in the menus."""

from jifen.web import nav
from reporting.permissions import ReportingPermission as May


def register() -> None:
    """Called once when the app is ready."""
    nav.register("", nav.Entry("公示", "reporting:notices", "speakerphone", 40))
    nav.register(
        "village", nav.Entry("提异议", "reporting:find-entry", "hand-stop", 59, May.OBJECT_FOR, group=nav.QUARTERLY)
    )
    nav.register(
        "village", nav.Entry("代收异议", "reporting:village-enter", "hand-stop", 58, May.ENTER, group=nav.QUARTERLY)
    )
    nav.register(
        "office", nav.Entry("直达异议", "reporting:office-enter", "hand-stop", 59, May.ENTER, group=nav.QUARTERLY)
    )
    for area in ("village", "office"):
        nav.register(
            area,
            nav.Entry("公示", f"reporting:{area}-notices", "speakerphone", 50, May.READ, group=nav.QUARTERLY),
            nav.Entry("异议", f"reporting:{area}-objections", "message-report", 60, May.READ, group=nav.QUARTERLY),
            nav.Entry("评优", f"reporting:{area}-honours", "award", 70, May.READ, group=nav.YEARLY),
        )
