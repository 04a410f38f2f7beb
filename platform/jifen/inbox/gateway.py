"""The Apprise library, which speaks to group chats, mailboxes and gateways for text messages.

An address of a free kind names any host: it must lie outside of the network in which the platform runs. That is asked
again whenever something is sent, and no answer leads on to another address.
"""

import socket
from ipaddress import ip_address
from typing import Any

import apprise
from django.conf import settings

FREE = frozenset({"json", "jsons", "form", "forms", "xml", "xmls", "smpp", "smpps"})
"""Kinds whose address names the host: what a gateway for text messages takes."""
TITLE = "乡村治理积分"


def allowed() -> tuple[str, ...]:
    """The kinds of address a town may use (``NOTIFY_SCHEMES``)."""
    return tuple(settings.NOTIFY_SCHEMES)


def accepts(address: str) -> bool:
    """Whether ``address`` is of an allowed kind and complete."""
    return _scheme(address) in allowed() and _sender(address) is not None


def reaches_outside(address: str) -> bool:
    """Whether an accepted address of a free kind leads out of the platform's own network, or to a host that the
    installation names (``NOTIFY_HOSTS``)."""
    host = str(getattr(_sender(address), "host", "") or "").lower()
    return _scheme(address) not in FREE or host in settings.NOTIFY_HOSTS or _is_outside(host)


def send(address: str, text: str) -> bool:
    """Whether the other side took ``text``."""
    sender = _sender(address)
    if sender is None or not reaches_outside(address):
        return False
    return bool(sender.notify(body=text, title=TITLE))


def _scheme(address: str) -> str:
    return address.split("://", 1)[0].lower()


def _sender(address: str) -> Any:
    """Apprise's part that speaks to ``address``; None when it is incomplete. An address may not switch off what
    protects it."""
    sender: Any = apprise.Apprise.instantiate(address, suppress_exceptions=True)
    if sender is not None:
        sender.redirects, sender.verify_certificate = False, True
    return sender


def _is_outside(host: str) -> bool:
    """All that the name stands for is on the public net."""
    try:
        found = {info[4][0] for info in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError):
        return False
    addresses = [ip_address(one) for one in found]
    return bool(addresses) and all(one.is_global and not one.is_multicast for one in addresses)
