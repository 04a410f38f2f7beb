"""Whom a flow can name, and about whom it can be tried: what approvals asks of this room."""

from collections.abc import Collection, Mapping, Sequence

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Replace

from jifen.approvals.definition import Who
from jifen.approvals.directory import Choices, Person
from jifen.kernel import clock
from tenants.community import selectors
from tenants.community.grants import WATCHING
from tenants.community.models import Group, Household, HouseholdMember, Relative, Resident, Role, Village

MOST = 20


class Register:
    """Answers from the town being served."""

    def roles(self) -> Choices:
        return [(role.value, str(role.label)) for role in Role]

    def watchers(self) -> Collection[str]:
        return [role.value for role in WATCHING]

    def seats(self) -> Sequence[str]:
        rows = selectors.roles_on(clock.today()).exclude(seat="").order_by("seat")
        return list(rows.values_list("seat", flat=True).distinct())

    def villages(self) -> Sequence[tuple[int, str]]:
        return list(Village.objects.order_by("code").values_list("pk", "name"))

    def by_group(self, who: Who) -> Mapping[int, Mapping[str, set[int]]]:
        held = {"seat": who.seat} if who.seat else {"role": who.role or Role.GROUP_LEADER}
        found: dict[int, dict[str, set[int]]] = {}
        places = {}
        for group in Group.objects.order_by("village", "number"):
            places[group.pk] = found.setdefault(group.village_id, {}).setdefault(group.name, set())
        rows = selectors.roles_on(clock.today()).filter(group__isnull=False, user__is_active=True, **held)
        for group_id, user_id in rows.values_list("group_id", "user_id"):
            places[group_id].add(user_id)
        return found

    def people(self, village_id: int, words: str) -> Sequence[Person]:
        letters = words.strip().lower().replace(" ", "")
        rows = HouseholdMember.objects.filter(selectors.in_force(clock.today()), household__village=village_id)
        rows = rows.annotate(letters=Replace("resident__name_pinyin", Value(" "), Value("")))
        if letters:
            rows = rows.filter(Q(resident__name__contains=words.strip()) | Q(letters__startswith=letters))
        rows = rows.select_related("resident", "household__group").order_by("household__number", "pk")[:MOST]
        return [_person(row) for row in rows]

    def accounts(self, person: Person) -> Mapping[str, set[int]]:
        home = Household.objects.filter(members__in=_here(person.id)).select_related("head").first()
        own = Resident.objects.filter(pk=person.id).exclude(user=None)
        return {
            "person": set(own.values_list("user_id", flat=True)),
            "head": selectors.head_account(home) if home else set(),
        }

    def related(self, person: Person) -> set[int]:
        return {user for found in _related({person.id}).values() for user in found}

    def kin(self, users: Collection[int]) -> Mapping[int, set[int]]:
        of = dict(Resident.objects.filter(user__in=users).values_list("pk", "user_id"))
        return {of[resident] or 0: found for resident, found in _related(set(of)).items()}


def _here(resident: int) -> QuerySet[HouseholdMember]:
    return HouseholdMember.objects.filter(selectors.in_force(clock.today()), resident=resident)


def _related(residents: set[int]) -> dict[int, set[int]]:
    """For each villager the accounts of the household and of relatives of anybody in it."""
    today = HouseholdMember.objects.filter(selectors.in_force(clock.today()))
    homes = dict(today.filter(resident__in=residents).values_list("resident_id", "household_id"))
    members: dict[int, set[int]] = {}
    for household, resident in today.filter(household__in=homes.values()).values_list("household_id", "resident_id"):
        members.setdefault(household, set()).add(resident)
    found = {one: members.get(homes.get(one, 0), {one}) for one in residents}
    near = _with_relatives({one for people in found.values() for one in people})
    wide = {one: {other for member in people for other in near[member]} for one, people in found.items()}
    accounts = Resident.objects.filter(pk__in={one for people in wide.values() for one in people})
    users = dict(accounts.exclude(user=None).values_list("pk", "user_id"))
    return {one: {users[other] for other in people if other in users} for one, people in wide.items()}


def _with_relatives(people: set[int]) -> dict[int, set[int]]:
    near = {one: {one} for one in people}
    pairs = Relative.objects.filter(Q(resident__in=people) | Q(other__in=people)).values_list("resident_id", "other_id")
    for one, other in pairs:
        for here, there in ((one, other), (other, one)):
            near.setdefault(here, {here}).add(there)
    return near


def _person(row: HouseholdMember) -> Person:
    household = row.household
    place = f"{household.group.name} {household.number}户"
    return Person(row.resident_id, row.resident.name, place, household.village_id, household.group_id)
