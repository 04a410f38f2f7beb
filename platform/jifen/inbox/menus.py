"""Messages stand in the staff's menus (a villager finds them on her first page); channels in the office's."""

from jifen.inbox import selectors
from jifen.inbox.permissions import InboxPermission as May
from jifen.web import nav


def register() -> None:
    for area in ("office", "village"):
        nav.register(area, nav.Entry("消息", f"inbox:{area}_messages", "bell", 8, waiting=selectors.unread))
    nav.register(
        "office", nav.Entry("提醒渠道", "inbox:office_channels", "send", 85, May.MANAGE_CHANNELS, group=nav.SETTINGS)
    )
