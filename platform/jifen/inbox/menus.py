"""Messages stand in every menu of a town; channels in the office's."""

from jifen.inbox import selectors
from jifen.inbox.permissions import InboxPermission as May
from jifen.web import nav

ORDERS = {"office": 8, "village": 8, "": 80}


def register() -> None:
    for area, order in ORDERS.items():
        view = f"inbox:{area or 'own'}_messages"
        nav.register(area, nav.Entry("消息", view, "bell", order, waiting=selectors.unread))
    nav.register("office", nav.Entry("提醒渠道", "inbox:office_channels", "send", 85, May.MANAGE_CHANNELS))
