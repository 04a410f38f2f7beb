"""Tell the public schema something, and apply what was told.

A message is written in the transaction of the fact it reports and deleted in the transaction that changes the figures,
so that figures plus waiting messages always equal the towns' own sums (I15).
"""

from collections.abc import Callable, Sequence
from itertools import groupby

import structlog
from django.db import transaction

from jifen.kernel.errors import JifenError
from jifen.kernel.tenancy import current_schema, outside
from jifen.outbox.models import Message

log = structlog.get_logger(__name__)

Handler = Callable[[list[Message]], None]
_handlers: dict[str, Handler] = {}


class HandlerTaken(JifenError):
    """Two rooms want the same kind of message: a mistake in the programme."""

    code = "outbox_handler_taken"
    message = "消息种类“{kind}”已经有处理程序。"


def register(kind: str, handler: Handler) -> None:
    """Name who applies messages of ``kind``; called once when a room's app is ready.

    ``handler`` gets them oldest first, in the public schema, and must change figures by sets.

    Raises:
        HandlerTaken: another handler is registered for ``kind``.
    """
    if _handlers.get(kind, handler) is not handler:
        raise HandlerTaken(kind=kind)
    _handlers[kind] = handler


def tell(*, kind: str, payload: dict[str, object]) -> None:
    """Write one message of the town being served, in the current transaction; figures and ids only."""
    Message.objects.create(town=current_schema(), kind=kind, payload=payload)


def drain(*, limit: int = 500) -> int:
    """Apply up to ``limit`` waiting messages and delete them in the same transaction; returns how many.

    Several drains may run at once: none waits for another's rows. A kind whose handler fails stays waiting.
    """
    with outside(), transaction.atomic():
        waiting = Message.objects.select_for_update(skip_locked=True).filter(kind__in=list(_handlers))
        messages = sorted(waiting.order_by("id")[:limit], key=lambda message: (message.kind, message.pk))
        groups = [list(group) for _, group in groupby(messages, key=lambda message: message.kind)]
        return sum(_apply(group) for group in groups)


def _apply(messages: Sequence[Message]) -> int:
    kind = messages[0].kind
    try:
        with transaction.atomic():
            _handlers[kind](list(messages))
            Message.objects.filter(pk__in=[message.pk for message in messages]).delete()
    except Exception:
        log.exception("outbox.failed", kind=kind, messages=len(messages))
        return 0
    return len(messages)
