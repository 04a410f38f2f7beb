"""The Apprise library, which speaks to group chats, mailboxes and gateways."""

from collections.abc import Callable

import apprise
from django.conf import settings

_senders: list[Callable[[int], object]] = []


def register_sender(sender: Callable[[int], object]) -> None:
    """``jifen.inbox.tasks`` says how a delivery (its id) is given to a worker."""
    _senders[:] = [sender]


def hand_over(delivery_id: int) -> None:
    for sender in _senders:
        sender(delivery_id)


def allowed() -> tuple[str, ...]:
    """The kinds of address a town may use (``NOTIFY_SCHEMES``)."""
    return tuple(settings.NOTIFY_SCHEMES)


def accepts(address: str) -> bool:
    """Whether ``address`` is of an allowed kind and complete."""
    scheme = address.split("://", 1)[0].lower()
    return scheme in allowed() and apprise.Apprise.instantiate(address, suppress_exceptions=True) is not None


def send(address: str, text: str) -> bool:
    """Whether the other side took ``text``."""
    sender = apprise.Apprise()
    return bool(sender.add(address) and sender.notify(body=text, title="乡村治理积分"))
