"""Whom a flow can name, and about whom it can be tried: what approvals asks of this room."""

from collections.abc import Sequence

from django.db.models import Q, Value
from django.db.models.functions import Replace

from jifen.approvals.directory import Choices, Person
from jifen.kernel import clock
from tenants.community import selectors
from tenants.community.models import HouseholdMember, Relative, Resident, Role, Village

MOST = 20


class Register:
    """Answers from the town being served."""

    def roles(self) -> Choices:
        return [(role.value, str(role.label)) for role in Role]

    def seats(self) -> Sequence[str]:
        rows = selectors.roles_on(clock.today()).exclude(seat="").order_by("seat")
        return list(rows.values_list("seat", flat=True).distinct())

    def villages(self) -> Sequence[tuple[int, str]]:
        return list(Village.objects.order_by("code").values_list("pk", "name"))

    def people(self, village_id: int, words: str) -> Sequence[Person]:
        letters = words.strip().lower().replace(" ", "")
        rows = HouseholdMember.objects.filter(selectors.in_force(clock.today()), household__village=village_id)
        rows = rows.annotate(letters=Replace("resident__name_pinyin", Value(" "), Value("")))
        if letters:
            rows = rows.filter(Q(resident__name__contains=words.strip()) | Q(letters__startswith=letters))
        rows = rows.select_related("resident", "household__group").order_by("household__number", "pk")[:MOST]
        return [_person(row) for row in rows]

    def related(self, person: Person) -> set[int]:
        today = HouseholdMember.objects.filter(selectors.in_force(clock.today()))
        home = today.filter(resident=person.id).values("household")
        own = set(today.filter(household__in=home).values_list("resident_id", flat=True))
        pairs = Relative.objects.filter(Q(resident__in=own) | Q(other__in=own)).values_list("resident_id", "other_id")
        people = own | {one for pair in pairs for one in pair}
        found = Resident.objects.filter(pk__in=people, user__isnull=False)
        return {user_id for user_id in found.values_list("user_id", flat=True) if user_id is not None}


def _person(row: HouseholdMember) -> Person:
    household = row.household
    place = f"{household.group.name} {household.number}户"
    return Person(row.resident_id, row.resident.name, place, household.village_id, household.group_id)
