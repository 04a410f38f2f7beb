"""Who did a deed and who is around: what rules need that count by role, by heads or for others than the household."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from scoring.rules.facts import People
from tenants.community import selectors as community
from tenants.community.models import Household, HouseholdMember, Resident, VillageRole

PARTY_MEMBER, PARTY_HOUSEHOLD, HEAD = "party_member", "party_household", "head"
"""Roles besides those in the village: 党员, 党员家庭, 户主."""


class Doer(NamedTuple):
    """Whose deed it is: a household, or one of its people."""

    household: Household
    resident: Resident | None


def people_on(doers: Iterable[Doer], day: date) -> list[People]:
    """For each doer the roles, members and cell as they stood on ``day``; a few queries however many there are."""
    asked = list(doers)
    members = _members({one.household.pk for one in asked}, day)
    roles = _roles({one.resident.user_id for one in asked if one.resident and one.resident.user_id}, day)
    return [People(_roles_of(one, roles), tuple(str(pk) for pk in members[one.household.pk]), ()) for one in asked]


def _members(households: set[int], day: date) -> dict[int, list[int]]:
    rows = HouseholdMember.objects.filter(community.in_force(day), household__in=households)
    found: defaultdict[int, list[int]] = defaultdict(list)
    for household, resident in rows.order_by("pk").values_list("household_id", "resident_id"):
        found[household].append(resident)
    return found


def _roles(users: set[int], day: date) -> dict[int, set[str]]:
    rows = VillageRole.objects.filter(community.in_force(day), user__in=users)
    found: defaultdict[int, set[str]] = defaultdict(set)
    for user, role in rows.values_list("user_id", "role"):
        found[user].add(role)
    return found


def _roles_of(one: Doer, roles: dict[int, set[str]]) -> frozenset[str]:
    found = {PARTY_HOUSEHOLD} if one.household.is_party else set()
    if one.resident is not None:
        found |= roles.get(one.resident.user_id or 0, set())
        found |= {PARTY_MEMBER} if one.resident.is_party_member else set()
        found |= {HEAD} if one.household.head_id == one.resident.pk else set()
    return frozenset(found)
