"""A digest on its way out of the platform.

    put ──► the town's backlog ──► deliver: sent outside any transaction ──► written down ──► put again, later

The delivery and its piece of work are written together, so that a message the broker loses is fed again. A worker that
dies between sending and writing it down sends once more: a group chat may hear a digest twice, and never not at all.
"""

from datetime import timedelta

from django.db import transaction

from jifen.audit import services as audit
from jifen.clocks import backlog
from jifen.inbox import errors, gateway, selectors
from jifen.inbox.models import Delivery, DeliveryState
from jifen.kernel import clock
from jifen.kernel.actors import Actor

MOST_TRIES = 7
"""Over about ten minutes, further and further apart; then it is given up and waits for somebody."""
PATIENCE = timedelta(seconds=10)
REFUSED = "对方没有收下。"


def put(*, delivery_id: int, wait: timedelta = timedelta()) -> None:
    """Into the town's backlog, in the transaction that writes the delivery down."""
    backlog.put(task=selectors.DELIVER, args=[delivery_id], wait=wait)


def deliver(*, delivery_id: int) -> None:
    """Try once; what is sent or given up is left alone. Not to be called in a transaction: it speaks to the network."""
    delivery = Delivery.objects.select_related("channel").filter(pk=delivery_id, state=DeliveryState.WAITING).first()
    if delivery is None:
        return
    if gateway.send(delivery.channel.address, delivery.text):
        _note(delivery, state=DeliveryState.SENT, sent_at=clock.now(), problem="")
    else:
        _put_off(delivery)


@transaction.atomic
def try_again(*, delivery: Delivery, by: Actor) -> None:
    """Send what was given up, or what waits and is on no way out.

    Raises:
        DeliveryNotFailed: it is sent or being sent; nothing changes.
    """
    locked = Delivery.objects.select_for_update(of=("self",)).get(pk=delivery.pk)
    if locked.state != DeliveryState.FAILED and not selectors.stuck().filter(pk=locked.pk).exists():
        raise errors.DeliveryNotFailed
    Delivery.objects.filter(pk=locked.pk).update(state=DeliveryState.WAITING, attempts=0, problem="")
    audit.record(by=by, action="inbox.try_again", subject=locked)
    put(delivery_id=locked.pk)


@transaction.atomic
def _put_off(delivery: Delivery) -> None:
    over = delivery.attempts + 1 >= MOST_TRIES
    state = DeliveryState.FAILED if over else DeliveryState.WAITING
    if _note(delivery, state=state, problem=REFUSED) and not over:
        put(delivery_id=delivery.pk, wait=PATIENCE * 2**delivery.attempts)


def _note(delivery: Delivery, **outcome: object) -> bool:
    """Whether this try counts: another may have been written down meanwhile."""
    same = Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.WAITING, attempts=delivery.attempts)
    return bool(same.update(attempts=delivery.attempts + 1, **outcome))
