"""Who has which role in which village, and whose household an account belongs to."""

from collections.abc import Collection, Iterable
from typing import Any

from jifen.accounts import selectors as accounts
from jifen.accounts.models import SiteRole, User
from jifen.approvals.definition import Who
from jifen.approvals.registry import Place
from jifen.kernel import clock
from jifen.kernel.database import connection
from jifen.kernel.permissions import Grant, allotted_to
from jifen.kernel.tenancy import PUBLIC
from tenants.community import selectors
from tenants.community.models import Role

WATCHING = (Role.SUPERVISOR,)
"""Roles that decide nothing."""


def village_grants(user: Any) -> Iterable[Grant]:
    """One grant for each role in force today, over its village."""
    if connection.schema_name == PUBLIC:
        return []
    roles = selectors.roles_on(clock.today()).filter(user=user)
    return [Grant(allotted_to(role), "village", village) for role, village in roles.values_list("role", "village_id")]


def household_grants(user: Any) -> Iterable[Grant]:
    """A villager's account reaches the household she belongs to today."""
    if connection.schema_name == PUBLIC:
        return []
    household = selectors.household_of_user(user)
    return [Grant(allotted_to("resident"), "household", household.pk)] if household else []


def holders(who: Who, place: Place) -> Iterable[int]:
    """The accounts that ``who`` (a role, a seat, the group leader) means in a village today: what approvals asks."""
    if who.way not in ("role", "seat", "leader") or who.role in SiteRole.values:
        return []
    roles = selectors.roles_on(clock.today())
    if who.leader or who.level == "group":
        roles = roles.filter(group=place.group_id, village=place.village_id)
    elif who.level == "village":
        roles = roles.filter(village=place.village_id)
    held = {"seat": who.seat} if who.seat else {"role": who.role or Role.GROUP_LEADER}
    return roles.filter(**held).values_list("user_id", flat=True)


def posts(users: Collection[int]) -> Iterable[tuple[int, int | None]]:
    """The posts of a village that decide: a supervisor watches and has no say."""
    roles = selectors.roles_on(clock.today()).filter(user__in=users).exclude(role__in=WATCHING)
    return [(user, village) for user, village in roles.values_list("user_id", "village_id")]


def superiors(user_id: int, place: Place) -> Iterable[int]:
    """Who stands above an account of a village: her group leader, the village's steward, the town's office."""
    roles = selectors.roles_on(clock.today()).filter(village=place.village_id)
    held = set(roles.filter(user=user_id).values_list("role", flat=True))
    if held & {Role.STEWARD, Role.COMMITTEE, Role.SUPERVISOR}:
        return accounts.holders(SiteRole.TOWN_OFFICER).values_list("pk", flat=True)
    if held:
        return roles.filter(role=Role.STEWARD).values_list("user_id", flat=True)
    household = selectors.household_of_user(User(pk=user_id))
    if household is None:
        return []
    return roles.filter(role=Role.GROUP_LEADER, group=household.group_id).values_list("user_id", flat=True)
