"""The Apprise library, which speaks to group chats, mailboxes and gateways."""

import apprise
from django.conf import settings


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
