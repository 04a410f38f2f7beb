"""Who did a deed and who is around: what rules need that count by role, by heads or for others than the household."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.db.models import BigIntegerField, Func, QuerySet

from scoring.models import Declaration
from scoring.rules.facts import CADRE, HEAD, PARTY_HOUSEHOLD, PARTY_MEMBER, People
from tenants.community import selectors as community
from tenants.community.models import Household, HouseholdMember, Resident, VillageRole

CADRE_SEATS = ("两委", "村干部")
"""Who sits on a seat that is called so is a cadre (seed 000: 村两委干部)."""


class Doer(NamedTuple):
    """Whose deed it is: a household, or one of its people."""

    household: Household
    resident: Resident | None


class Around(NamedTuple):
    """Who acted and who was there; ``head``: id of the head of the household."""

    people: People
    head: int | None


def around(doers: Iterable[Doer], day: date) -> list[Around]:
    """For each doer the roles, members and cell as they stood on ``day``; a few queries however many there are."""
    asked = list(doers)
    households = {one.household.pk for one in asked}
    members, cells = _members(households, day), community.cell_households(households, day)
    roles = _roles({one.resident.user_id for one in asked if one.resident and one.resident.user_id}, day)
    return [
        Around(
            People(_roles_of(one, roles), _ids(members[one.household.pk]), _ids(cells.get(one.household.pk, ()))),
            one.household.head_id,
        )
        for one in asked
    ]


def _ids(keys: Iterable[int]) -> tuple[str, ...]:
    return tuple(str(pk) for pk in keys)


def _members(households: set[int], day: date) -> dict[int, list[int]]:
    rows = HouseholdMember.objects.filter(community.in_force(day), household__in=households)
    found: defaultdict[int, list[int]] = defaultdict(list)
    for household, resident in rows.order_by("pk").values_list("household_id", "resident_id"):
        found[household].append(resident)
    return found


def _roles(users: set[int], day: date) -> dict[int, set[str]]:
    rows = VillageRole.objects.filter(community.in_force(day), user__in=users)
    found: defaultdict[int, set[str]] = defaultdict(set)
    for user, role, seat in rows.values_list("user_id", "role", "seat"):
        found[user] |= {role, CADRE} if any(word in seat for word in CADRE_SEATS) else {role}
    return found


def _roles_of(one: Doer, roles: dict[int, set[str]]) -> frozenset[str]:
    found = {PARTY_HOUSEHOLD} if one.household.is_party else set()
    if one.resident is not None:
        found |= roles.get(one.resident.user_id or 0, set())
        found |= {PARTY_MEMBER} if one.resident.is_party_member else set()
        found |= {HEAD} if one.household.head_id == one.resident.pk else set()
    return frozenset(found)


class PartyMissing(Exception):
    """Nobody, or more than one, is called so; the text says which."""


def party(text: str, *, village_id: int, day: date) -> str:
    """``resident:7`` or ``household:5``: who takes part in the village and is called ``text``.

    A household by its number; a person by name, or by the household's number and the name.

    Raises:
        PartyMissing
    """
    words = text.split()
    home = Household.objects.filter(number=words[0], village=village_id).first() if words else None
    if home is not None and len(words) == 1:
        return f"household:{home.pk}"
    rows = HouseholdMember.objects.filter(
        community.in_force(day), household__village=village_id, resident__name=words[-1] if words else ""
    )
    rows = rows.filter(household=home) if home is not None else rows
    found = list(rows.values_list("resident_id", flat=True)[:2])
    if len(found) == 1:
        return f"resident:{found[0]}"
    raise PartyMissing(f"村里有几位叫“{text}”的，请写户号和姓名" if found else f"村里没有找到“{text}”")


def sharing(declaration: Declaration) -> QuerySet[Household]:
    """The households beside the one it is recorded for on whose accounts a part of the deed's points may go."""
    if "people" not in declaration.facts:
        return Household.objects.none()
    home = Func("facts", "happened_on", function="scoring_sharing", output_field=BigIntegerField())
    return Household.objects.filter(pk__in=Declaration.objects.filter(pk=declaration.pk).values(home=home))
