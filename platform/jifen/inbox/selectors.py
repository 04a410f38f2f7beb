"""What a person has been told, and what went out."""

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from jifen.clocks.models import Work, WorkState
from jifen.inbox.errors import ChannelUnknown, DeliveryUnknown, MessageUnknown
from jifen.inbox.models import Channel, Delivery, DeliveryState, Message
from jifen.kernel.database import connection
from jifen.kernel.tenancy import PUBLIC, require_town

DELIVER = "inbox.deliver"
"""The task that sends a delivery (its id)."""


def messages_of(user: Any) -> QuerySet[Message]:
    """Newest first."""
    return Message.objects.filter(user=user)


def message_of(user: Any, pk: int) -> Message:
    """Raises:
    MessageUnknown: there is none, or it is somebody else's.
    """
    found = messages_of(user).filter(pk=pk).first()
    if found is None:
        raise MessageUnknown
    return found


def waiting() -> QuerySet[Message]:
    """Everybody's messages that are neither read nor past."""
    return Message.objects.filter(read_at=None, past_at=None)


def unread(user: Any) -> int:
    """How many messages of ``user`` wait to be read; none outside a town."""
    return 0 if connection.schema_name == PUBLIC else waiting().filter(user=user).count()


def channels() -> QuerySet[Channel]:
    """With what became of the last digest (``last_state``)."""
    last = Delivery.objects.filter(channel=OuterRef("pk")).order_by("-until").values("state")[:1]
    return Channel.objects.annotate(last_state=Subquery(last))


def channel(pk: int) -> Channel:
    """Raises:
    ChannelUnknown
    """
    found = channels().filter(pk=pk).first()
    if found is None:
        raise ChannelUnknown
    return found


def deliveries(channel: Channel) -> QuerySet[Delivery]:
    """Newest first."""
    return Delivery.objects.filter(channel=channel)


def delivery(pk: int) -> Delivery:
    """Raises:
    DeliveryUnknown
    """
    found = Delivery.objects.filter(pk=pk).first()
    if found is None:
        raise DeliveryUnknown
    return found


def stuck() -> QuerySet[Delivery]:
    """What waits to be sent and is in no backlog: nobody will send it."""
    work = Work.objects.filter(town=require_town(), task=DELIVER).exclude(state=WorkState.FAILED)
    on_the_way = [args[0] for args in work.values_list("args", flat=True)]
    return Delivery.objects.filter(state=DeliveryState.WAITING).exclude(pk__in=on_the_way)
