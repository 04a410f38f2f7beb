"""Who is asked at a step: what the flow means today, without those who stand back, with those who stand in."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Any

from django.db.models import Q

from jifen.accounts import selectors as accounts
from jifen.accounts.models import SiteRole, User
from jifen.approvals import directory, registry, seating
from jifen.approvals.definition import Step, Who
from jifen.approvals.models import Delegation, Item
from jifen.approvals.permissions import ApprovalsPermission
from jifen.approvals.seating import Plan
from jifen.approvals.selectors.items import current_step
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM, Actor
from jifen.kernel.permissions import grants_of
from jifen.kernel.tenancy import current_schema

OFFICE_ROLES = [(str(role.value), str(role.label)) for role in SiteRole if role != SiteRole.PROVIDER]
"""The town's own, with their words."""


def plan(item: Item, step: Step) -> Plan:
    """Recused people's seats go to substitutes, absent people's to delegates; nobody left may mean the office."""
    meant = seating.meaning(step, lambda who: resolve(item, who))
    instead = _fit(item, step, delegations(item.subject_kind)) if meant.asked else {}
    found = seating.seated(meant, barred(item, meant.concerned(instead)), instead)
    if found.seats or step.empty != "office":
        return found
    return replace(found, seats=seating.of_office(_office(item)))


def resolve(item: Item, who: Who) -> list[int]:
    """The active accounts that ``who`` means for the item, in the order they were named, else by age of the account."""
    ids = list(who.named()) or sorted(_found(item, who))
    active = set(User.objects.filter(pk__in=ids, is_active=True).values_list("pk", flat=True))
    return [one for one in ids if one in active]


def barred(item: Item, users: Collection[int]) -> set[int]:
    """Which of the accounts must stand back (I11)."""
    return registry.subject(item.subject_kind).bars(item, set(users)) if users else set()


def passed_by(item: Item, users: Collection[int]) -> set[int]:
    """Which of the accounts nobody may bring in, in any way."""
    return registry.subject(item.subject_kind).goes_past(item, set(users)) if users else set()


def entitled(item: Item, step: Step, users: Collection[int]) -> set[int]:
    """Which of the accounts may be brought in at the step: whom the flow means, and whom the kind lets decide.

    Nobody else: a supervisor or a villager without a post decides nothing unless the flow names her.
    """
    wanted = set(users)
    if not wanted:
        return set()
    named = {user for who in item.flow.definition.deciders() for user in who.named()}
    meant = {user for who in step.who for one in (who, who.substitute) if one for user in resolve(item, one)}
    may = registry.subject(item.subject_kind).may_decide(item, wanted, in_town=_is_of_town(item, step))
    return wanted & (named | meant | may)


def office() -> list[int]:
    """The accounts of the town's office."""
    return list(accounts.holders(SiteRole.TOWN_OFFICER).order_by("pk").values_list("pk", flat=True))


def above(item: Item, to: Who | None) -> list[int]:
    """To whom a step that is over its time goes: ``to``, the town's office where the step names nobody."""
    return list(resolve(item, to)) if to else office()


def can_stand_in(giver: int, users: Collection[int]) -> set[int]:
    """Which of the accounts may do ``giver``'s work: those who decide in a village of hers, and the town's office."""
    held = registry.posts({giver, *users})
    villages = {None, *(village for user, village in held if user == giver)}
    return {user for user, village in held if village in villages and user != giver} & set(users)


def stand_ins(giver: int) -> set[int]:
    """Everybody who may do ``giver``'s work for a time."""
    anywhere = registry.Place(None)
    posted = [registry.holders(Who(role=role, level="town"), anywhere) for role in directory.roles()]
    return can_stand_in(giver, set().union(*posted))


def may_decide(item: Item, actor: Actor) -> bool:
    """Whether ``actor`` is asked at the current step and need not stand back."""
    return actor.id in seats(item)


def seats(item: Item) -> set[int]:
    """The accounts that decide the current step today, without the recused."""
    return {seat.user_id for seat in plan(item, current_step(item)).seats}


def is_allowed(by: Actor, permission: ApprovalsPermission, item: Item | None = None) -> bool:
    """Whether ``by`` holds the permission over the item's village, without one over the town; the system does."""
    if by.realm == SYSTEM.realm:
        return True
    user = account_of(by)
    return user is not None and holds(user, permission, item.village_id if item is not None else None)


def holds(user: Any, permission: ApprovalsPermission, village_id: int | None) -> bool:
    """Whether she holds it over the village; what belongs to no village takes it over the whole town."""
    held = grants_of(user)
    if village_id is None:
        return held.scope(permission, "village") is None
    return held.allows(permission, village=village_id)


def account_of(by: Actor) -> User | None:
    """The active account of this town that acts."""
    return User.objects.filter(pk=by.id, is_active=True).first() if by.realm == current_schema() else None


def administers(by: Actor) -> bool:
    return is_allowed(by, ApprovalsPermission.ADMINISTER)


def site_holders(who: Who, place: registry.Place) -> Iterable[int]:
    """Holders of town-wide roles."""
    if who.role in SiteRole.values:
        return accounts.holders(SiteRole(who.role)).values_list("pk", flat=True)
    return []


def site_posts(users: Collection[int]) -> Iterable[tuple[int, int | None]]:
    """The town's officers and administrators."""
    office = (SiteRole.TOWN_OFFICER, SiteRole.TOWN_ADMIN)
    rows = [accounts.holders(role).filter(pk__in=users).values_list("pk", flat=True) for role in office]
    return [(user, None) for held in rows for user in held]


def site_superiors(user_id: int, place: registry.Place) -> Iterable[int]:
    """Above the town's officers stand its administrators."""
    if accounts.holders(SiteRole.TOWN_OFFICER).filter(pk=user_id).exists():
        return accounts.holders(SiteRole.TOWN_ADMIN).values_list("pk", flat=True)
    return []


def delegations(subject_kind: str) -> dict[int, int]:
    """Giver and receiver of what is delegated now; what names the kind goes before what names none."""
    now = clock.now()
    rows = Delegation.objects.filter(revoked_at=None, from_at__lte=now, until_at__gt=now, receiver__is_active=True)
    rows = rows.filter(Q(subject_kind="") | Q(subject_kind=subject_kind)).order_by("subject_kind", "id")
    return dict(rows.values_list("giver_id", "receiver_id"))


def _fit(item: Item, step: Step, instead: dict[int, int]) -> dict[int, int]:
    """Without those who have no say at the step (any more)."""
    may = entitled(item, step, instead.values()) if instead else set()
    return {giver: receiver for giver, receiver in instead.items() if receiver in may}


def _is_of_town(item: Item, step: Step) -> bool:
    """Nobody of the item's village is asked at it."""
    if item.village_id is None:
        return True
    if any(who.seat or who.leader or (who.role and who.role not in SiteRole.values) for who in step.who):
        return False
    held = registry.posts({user for who in step.who for user in resolve(item, who)})
    by_role = any(who.role for who in step.who)
    return (by_role or bool(held)) and all(village is None for _, village in held)


def _found(item: Item, who: Who) -> set[int]:
    place = registry.Place(item.village_id, item.group_id)
    if who.superior:
        return registry.superiors(item.starter_id, place) if item.starter_realm == current_schema() else set()
    if who.field:
        return registry.subject(item.subject_kind).people(item, who.field)
    return registry.holders(who, place)


def _office(item: Item) -> list[int]:
    """The town's officers, or else its administrators, without those who stand back."""
    for role in (SiteRole.TOWN_OFFICER, SiteRole.TOWN_ADMIN):
        ids = list(accounts.holders(role).order_by("pk").values_list("pk", flat=True))
        away = barred(item, ids)
        if set(ids) - away:
            return [one for one in ids if one not in away]
    return []
