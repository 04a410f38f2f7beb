"""The provider's menu."""

from jifen.clocks.permissions import ClocksPermission as May
from jifen.web import nav


def register() -> None:
    nav.register(
        "provider",
        nav.Entry("后台工作", "clocks:work", "clock", 30, May.WATCH_WORK),
        nav.Entry("放假安排", "clocks:holidays", "calendar-event", 40, May.KEEP_HOLIDAYS),
    )
