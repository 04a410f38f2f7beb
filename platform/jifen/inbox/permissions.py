"""Everybody reads her own messages; the town's administrator sets up the channels."""

from jifen.kernel.permissions import Permission, allot


class InboxPermission(Permission):
    MANAGE_CHANNELS = "inbox.manage_channels"


def allot_all() -> None:
    allot("town_admin", InboxPermission.MANAGE_CHANNELS)
