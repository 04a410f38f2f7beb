"""Somebody is away for a time, or leaves her post for good."""

from dataclasses import dataclass
from datetime import datetime

import structlog
from django.db import transaction
from django.db.models import Q

from jifen.accounts.models import User
from jifen.approvals import errors, registry
from jifen.approvals.models import (
    OPEN_WORK,
    UNDER_WAY,
    Assignment,
    AssignmentState,
    Delegation,
    Item,
    ItemState,
    Origin,
    StageState,
    WordKind,
)
from jifen.approvals.selectors import hers
from jifen.approvals.selectors.items import active_stages
from jifen.approvals.selectors.people import administers, can_stand_in, delegations
from jifen.approvals.services import adding, running, staffing
from jifen.approvals.services.deciding import staff_all
from jifen.approvals.services.words import say
from jifen.audit import services as audit
from jifen.kernel import clock, locking
from jifen.kernel.actors import Actor
from jifen.kernel.errors import JifenError
from jifen.kernel.tenancy import current_schema

log = structlog.get_logger(__name__)


@transaction.atomic
def delegate(
    *,
    giver: int,
    receiver: int,
    from_at: datetime,
    until_at: datetime,
    subject_kind: str = "",
    by: Actor,
) -> Delegation:
    """``giver``'s work from ``from_at`` until ``until_at`` goes to ``receiver``; hers to give, or an administrator's.

    What is open already goes, too; what is not done by the end comes back.

    Raises:
        NotInvolved, PersonUnknown, ReceiverHasNoSay, DelegationKindUnknown, DelegationVain, DelegationDates,
            DelegationToSelf, DelegationTwice: nothing is written.
    """
    _check_giver(giver, by)
    person = staffing.account(receiver)
    if person is None:
        raise errors.PersonUnknown(field="receiver")
    _check_kind(subject_kind)
    if until_at <= from_at or until_at <= clock.now():
        raise errors.DelegationDates
    locking.advisory("approvals.delegation")
    _check_others(giver, receiver, from_at, until_at, subject_kind)
    if not can_stand_in(giver, {receiver}):
        raise errors.ReceiverHasNoSay(name=person.display_name)
    row = Delegation.objects.create(
        **by.columns(),
        giver_id=giver,
        receiver_id=receiver,
        subject_kind=subject_kind,
        from_at=from_at,
        until_at=until_at,
    )
    audit.record(by=by, action="approval.delegate", subject=row, giver=giver, receiver=receiver, kind=subject_kind)
    running.schedule(from_at)
    running.schedule(until_at)
    restaff(_work_between(row), by)
    return row


@transaction.atomic
def revoke(*, delegation: Delegation, by: Actor) -> None:
    """End it before its time.

    Raises:
        NotInvolved. DelegationOver: it has ended.
    """
    _check_giver(delegation.giver_id, by)
    now = clock.now()
    if not Delegation.objects.filter(pk=delegation.pk, revoked_at=None, until_at__gt=now).update(revoked_at=now):
        raise errors.DelegationOver
    audit.record(by=by, action="approval.revoke", subject=delegation)
    restaff(_work_between(delegation), by)


@dataclass(frozen=True, slots=True)
class HandedOver:
    """The items whose work, or whose start, the receiver has now; those that stayed, and why."""

    moved: tuple[Item, ...]
    started: tuple[Item, ...]
    stayed: tuple[tuple[Item, str], ...]


@transaction.atomic
def hand_over(*, giver: int, receiver: int, reason: str = "", by: Actor) -> HandedOver:
    """Everything open of somebody who leaves goes to her successor in one act.

    What the successor must stand back from, or has no say in, stays and is told. Delegations of and to the giver end:
    what others did for her goes to her successor, and what she did for others is theirs again.

    Raises:
        NotInvolved, PersonUnknown, DelegationToSelf: nothing is written.
    """
    _check_giver(giver, by)
    person = staffing.account(receiver)
    if person is None:
        raise errors.PersonUnknown(field="receiver")
    if giver == receiver:
        raise errors.DelegationToSelf("移交人和接收人不能是同一人。")
    delegated = _end_delegations(giver)
    moved, stayed = _hand_over_work(giver, person, reason, by)
    restaff(delegated, by)
    started = _hand_over_started(giver, person)
    audit.record(
        by=by,
        action="approval.hand_over",
        giver=giver,
        receiver=receiver,
        items=len(moved),
        started=len(started),
        stayed=len(stayed),
    )
    return HandedOver(tuple(moved), tuple(started), tuple(stayed))


def restaff(items: list[Item], by: Actor) -> None:
    """Look again who is asked at each item, in lock order; at one that rests, too: whoever is asked may wake it."""
    for item in items:
        locked = Item.objects.select_for_update().get(pk=item.pk)
        if locked.state in (ItemState.OPEN, ItemState.SUSPENDED):
            free_claims(locked, by)
            staff_all(locked)
            running.run(locked, by)


def free_claims(item: Item, by: Actor) -> None:
    """What somebody has claimed whose work another does now is everybody's again."""
    rows = Assignment.objects.filter(stage__item=item, stage__state=StageState.ACTIVE, state=AssignmentState.CLAIMED)
    claims = list(rows.select_related("stage"))
    away = delegations(item.subject_kind) if claims else {}
    for row in claims:
        if row.user_id in away:
            adding.put_back(item, row, by, "已请人代理，认领放回")


def open_work(user_ids: list[int]) -> list[Item]:
    """Items under way, resting ones too, at which one of the accounts has work, or is meant, in lock order."""
    rows = Assignment.objects.filter(
        Q(user__in=user_ids) | Q(holder_id__in=user_ids), stage__state=StageState.ACTIVE, state__in=OPEN_WORK
    )
    items = Item.objects.filter(stages__assignments__in=rows, state__in=UNDER_WAY)
    return list(items.select_related("flow").distinct().order_by("pk"))


def _work_between(row: Delegation) -> list[Item]:
    return open_work([row.giver_id, row.receiver_id])


def _end_delegations(user_id: int) -> list[Item]:
    """Of and to the account, those that are not over; the items at which anybody concerned has work."""
    rows = Delegation.objects.filter(Q(giver=user_id) | Q(receiver=user_id), revoked_at=None, until_at__gt=clock.now())
    people = {one for row in rows for one in (row.giver_id, row.receiver_id)}
    rows.update(revoked_at=clock.now())
    return open_work(sorted(people)) if people else []


def _hand_over_work(giver: int, receiver: User, reason: str, by: Actor) -> tuple[list[Item], list[tuple[Item, str]]]:
    moved, stayed = [], []
    for known in hers.with_work(giver):
        item = running.held(known, *UNDER_WAY)
        try:
            gone = _hand_over_one(item, giver, receiver, reason, by)
        except JifenError as refusal:
            stayed.append((item, refusal.message))
            _look_again(item, by)
        else:
            moved += [item] if gone else []
    return moved, stayed


@transaction.atomic
def _hand_over_one(item: Item, giver: int, receiver: User, reason: str, by: Actor) -> bool:
    found = list(hers.work_of(giver).filter(stage__item=item).select_related("stage"))
    for row in found:
        if row.user_id == receiver.pk:  # did it in the giver's place
            Assignment.objects.filter(pk=row.pk).update(origin=Origin.HANDED_OVER)
        else:
            adding.newcomer(item, row.stage, receiver.pk)
            adding.pass_on(row.stage, row, receiver, Origin.HANDED_OVER)
        say(item, WordKind.HAND_OVER, by, stage=row.stage, speaker=giver, to=receiver.pk, text=reason)
    for stage, step in active_stages(item):
        staffing.turn(stage, step)
    running.run(item, by)
    return bool(found)


def _look_again(item: Item, by: Actor) -> None:
    """What stayed is no more the giver's than her post was, if that has ended; the rest the morning's look tells."""
    try:
        with transaction.atomic():
            restaff([item], by)
    except JifenError as refusal:
        log.warning("approvals.hand_over_not_restaffed", item=item.pk, code=refusal.code)


def _hand_over_started(giver: int, receiver: User) -> list[Item]:
    """Not what she started as a villager, or unknown to those who decide."""
    items = [one for one in hers.begun_by(giver).select_for_update(of=("self",)) if hers.is_of_post(one)]
    Item.objects.filter(pk__in=[one.pk for one in items]).update(
        starter_id=receiver.pk, starter_name=receiver.display_name
    )
    return items


def _check_giver(giver: int, by: Actor) -> None:
    own = (by.realm, by.id) == (current_schema(), giver)
    if not own and not administers(by):
        raise errors.NotInvolved


def _check_kind(subject_kind: str) -> None:
    kind = next((one for one in registry.kinds() if one.kind == subject_kind), None)
    if kind is None and subject_kind:
        raise errors.DelegationKindUnknown(kind=subject_kind)
    if kind is not None and kind.in_place_of_delegation:
        raise errors.DelegationVain(kind=kind.name, instead=kind.in_place_of_delegation)


def _check_others(giver: int, receiver: int, from_at: datetime, until_at: datetime, subject_kind: str) -> None:
    at_once = Delegation.objects.filter(revoked_at=None, from_at__lt=until_at, until_at__gt=from_at)
    if at_once.filter(giver=giver, subject_kind=subject_kind).exists():
        raise errors.DelegationTwice
    given = dict(at_once.order_by("id").values_list("giver_id", "receiver_id"))
    reached, hops = receiver, 0
    while reached != giver and reached in given and hops <= len(given):
        reached, hops = given[reached], hops + 1
    if reached == giver:
        raise errors.DelegationToSelf
