"""What the provider may do with the clocks."""

from jifen.kernel.permissions import Permission, allot


class ClocksPermission(Permission):
    WATCH_WORK = "clocks.watch_work"
    SHARE_WORK = "clocks.share_work"
    KEEP_HOLIDAYS = "clocks.keep_holidays"


def allot_all() -> None:
    allot("provider", *ClocksPermission)
