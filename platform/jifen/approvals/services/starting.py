"""How an item begins, and how it ends without a decision."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction

from jifen.approvals import errors, machine, registry
from jifen.approvals.models import UNDER_WAY, Item, ItemState, WordKind
from jifen.approvals.selectors.items import facts_of, open_item
from jifen.approvals.selectors.people import administers, barred
from jifen.approvals.selectors.veils import starter
from jifen.approvals.services import running, telling
from jifen.approvals.services.flows import active_flow
from jifen.approvals.services.words import say
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM, Actor
from jifen.kernel.tenancy import current_schema

_END = "只有发起人可以撤回。要结束这件事，请用“终止”，并写明理由。"


@transaction.atomic
def start(
    *,
    subject_kind: str,
    subject_id: int,
    village_id: int | None,
    group_id: int | None = None,
    facts: Mapping[str, Any],
    by: Actor,
) -> Item | None:
    """Put a subject on its way; ``None`` when no step applies and it needs nobody's word.

    The item may be decided when this returns: a step without people can be skipped by its rule.

    Raises:
        FlowMissing: the town has no flow for this kind.
        AlreadyStarted: it is under way.
    """
    kind = registry.subject(subject_kind)
    item = Item(flow=active_flow(subject_kind), subject_kind=subject_kind, subject_id=subject_id, village_id=village_id)
    item.group_id, item.facts, item.started_at = group_id, registry.stored(facts, kind), clock.now()
    item.starter_realm, item.starter_id, item.starter_name = by.realm, by.id, by.name
    if not machine.walk(item.flow.definition, (), {}, facts_of(item)).waiting:
        return None
    _insert(item)
    say(item, WordKind.START, by, data={"of": subject_id})
    running.schedule_look(item.started_at)
    running.run(item, by)
    return item


def hold_returned(*, subject_kind: str, subject_id: int, by: Actor) -> Item | None:
    """The subject's item that was sent back to ``by``, held until the transaction ends; ``None`` if there is none.

    An item is held before its subject's own row: whoever decides or ends it goes the same way.
    """
    rows = Item.objects.select_for_update().filter(subject_kind=subject_kind, subject_id=subject_id)
    item = rows.filter(state=ItemState.RETURNED).first()
    return item if item is not None and item.is_started_by(by) else None


@transaction.atomic
def resubmit(*, item: Item, facts: Mapping[str, Any] | None = None, text: str = "", by: Actor) -> Item:
    """The starter hands in again what was sent back to her, with new facts if they changed.

    Raises:
        Finished, NotOpen: it was not sent back. NotStarter.
    """
    item = running.held(item, ItemState.RETURNED)
    if not item.is_started_by(by):
        raise errors.NotStarter
    if facts is not None:
        item.facts = registry.stored(facts, registry.subject(item.subject_kind))
    item.state = ItemState.OPEN
    item.save(update_fields=["state", "facts"])
    say(item, WordKind.RESUBMIT, by, text=text)
    running.run(item, starter(item, by))
    return item


@transaction.atomic
def withdraw(*, item: Item, reason: str = "", by: Actor) -> Item:
    """Take an item back: its starter, or whom the subject's room lets. An administrator ends it (``terminate``).

    Raises:
        Finished: it is decided. NotStarter, ActForbidden.
    """
    item = running.held(item, *UNDER_WAY)
    registry.allow(item, "withdraw")
    if not (item.is_started_by(by) or registry.subject(item.subject_kind).may_withdraw(item, by)):
        raise errors.NotStarter(_END if administers(by) else "")
    say(item, WordKind.WITHDRAW, by, text=reason)
    running.finish(item, ItemState.WITHDRAWN, starter(item, by))
    return item


@transaction.atomic
def terminate(*, item: Item, reason: str, by: Actor) -> Item:
    """End an item for good, by an administrator whom it does not concern.

    Raises:
        Finished, ReasonMissing, AdministratorOnly, Recused, ActForbidden.
    """
    item = administered(item, reason, by, *UNDER_WAY)
    registry.allow(item, "terminate")
    say(item, WordKind.TERMINATE, by, text=reason)
    running.finish(item, ItemState.TERMINATED, by)
    return item


@transaction.atomic
def end_with(*, subject_kind: str, subject_id: int, reason: str) -> Item | None:
    """The subject is over by another way: what is under way of it ends, by the system, and nobody is asked any more.

    Whoever ended the subject has done what follows from it; its room is not told. ``None``: nothing was under way.
    """
    found = open_item(subject_kind, subject_id)
    item = Item.objects.select_for_update().get(pk=found.pk) if found else None
    if item is None or item.state not in UNDER_WAY:
        return None
    asked = telling.at_work(item)
    say(item, WordKind.TERMINATE, SYSTEM, text=reason)
    running.leave(item)
    running.set_state(item, ItemState.TERMINATED)
    telling.over(item, asked)
    telling.result(item, SYSTEM)
    return item


def administered(item: Item, reason: str, by: Actor, *states: ItemState) -> Item:
    """The locked item, for an administrator who says why and whom it does not concern.

    Raises:
        ReasonMissing, AdministratorOnly, Finished, NotOpen, Recused.
    """
    if not reason.strip():
        raise errors.ReasonMissing("请写明理由。")
    if not administers(by):
        raise errors.AdministratorOnly
    item = running.held(item, *states)
    if by.realm == current_schema() and barred(item, {by.id}):
        raise errors.Recused
    return item


def _insert(item: Item) -> None:
    try:
        with transaction.atomic():
            item.save(force_insert=True)
    except IntegrityError as clash:
        raise errors.AlreadyStarted from clash
