"""The names and the people of the town being served, as wording, warnings and test drives ask for them."""

from collections.abc import Callable, Collection
from functools import cache

from jifen.accounts.models import SiteRole, User
from jifen.approvals import directory, registry, warnings
from jifen.approvals.definition import Definition, Who
from jifen.approvals.warnings import Concern, Crew
from jifen.approvals.wording import Names

LATER = ("superior", "field")
"""Ways of naming people that only an item can answer."""


def names(users: Collection[int] = ()) -> Names:
    """How roles are called here, and the accounts of ``users``."""
    roles = {str(role.value): str(role.label) for role in SiteRole} | dict(directory.here().roles())
    rows = User.objects.filter(pk__in=users, is_active=True) if users else User.objects.none()
    return Names(roles=roles, users=dict(rows.values_list("pk", "display_name")))


def named_in(definition: Definition) -> set[int]:
    """The accounts that a flow names outright."""
    parts = [who for step in definition.all_steps() for who in (*step.who, *step.copy_to)]
    parts += [step.limit.to for step in definition.all_steps() if step.limit and step.limit.to]
    return {user for who in parts for one in (who, who.substitute) if one for user in one.named()}


def names_of(definition: Definition) -> Names:
    return names(named_in(definition))


def people_at(village_id: int | None, group_id: int | None = None) -> Callable[[Who], set[int]]:
    """Which active accounts a ``Who`` means there; nobody where only an item can tell."""
    place = registry.Place(village_id, group_id)

    @cache
    def people(who: Who) -> set[int]:
        if who.way in LATER:
            return set()
        ids = set(who.named()) or registry.holders(who, place)
        return set(User.objects.filter(pk__in=ids, is_active=True).values_list("pk", flat=True)) if ids else set()

    return people


def crews(definition: Definition) -> list[Crew]:
    """Every village with those whom the flow would ask there."""
    places = [(name, people_at(village_id)) for village_id, name in directory.here().villages()]
    asked = {
        user for _, people in places for step in definition.all_steps() for who in step.who for user in people(who)
    }
    kin = directory.here().kin(asked)
    return [Crew(name, people, lambda user: kin.get(user, {user})) for name, people in places]


def concerns(definition: Definition, kind: registry.SubjectKind) -> list[Concern]:
    """What a flow of the kind would stumble over in this town."""
    names = names_of(definition)
    found = warnings.found(definition, facts=kind.facts, crews=crews(definition), names=names)
    return [*found, *kind.concerns(definition)]


def office() -> set[int]:
    """The accounts of the town's officers, or else of its administrators."""
    for role in (SiteRole.TOWN_OFFICER, SiteRole.TOWN_ADMIN):
        if found := people_at(None)(Who(role=role.value, level="town")):
            return found
    return set()
