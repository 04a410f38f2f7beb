"""Who has which role in which village, and whose household an account belongs to."""

from collections.abc import Iterable, Mapping
from typing import Any

from jifen.kernel import clock
from jifen.kernel.database import connection
from jifen.kernel.permissions import Grant, allotted_to
from jifen.kernel.tenancy import PUBLIC
from tenants.community import selectors


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


def holders(who: Mapping[str, Any], village_id: int | None) -> Iterable[int]:
    """The accounts that ``who`` (a role, a seat) means in a village today: what approvals asks."""
    roles = selectors.roles_on(clock.today()).filter(village=village_id)
    if "role" in who:
        roles = roles.filter(role=who["role"])
    if "seat" in who:
        roles = roles.filter(seat=who["seat"])
    return roles.values_list("user_id", flat=True) if {"role", "seat"} & set(who) else []
