"""The names and the people of the town being served, as wording, warnings and test drives ask for them."""

from collections.abc import Callable, Collection, Mapping
from functools import cache
from typing import Any

from jifen.accounts.models import SiteRole, User
from jifen.approvals import directory, registry, warnings
from jifen.approvals.definition import Definition, Who
from jifen.approvals.persons import PersonField, Trial
from jifen.approvals.warnings import Concern, Crew
from jifen.approvals.wording import Names

Held = Mapping[str, Collection[int]]
"""The accounts in each group of a village, by its name."""
ByGroup = Callable[[Who], Mapping[int, Held]]
LATER = ("superior", "field")
"""Ways of naming people that only an item can answer."""


def names(users: Collection[int] = (), persons: Mapping[str, PersonField] | None = None) -> Names:
    """How roles are called here, the accounts of ``users``, and a kind's ``persons``."""
    roles = {str(role.value): str(role.label) for role in SiteRole} | dict(directory.here().roles())
    rows = User.objects.filter(pk__in=users, is_active=True) if users else User.objects.none()
    told = {code: one.name for code, one in (persons or {}).items()}
    return Names(roles=roles, users=dict(rows.values_list("pk", "display_name")), persons=told)


def named_in(definition: Definition) -> set[int]:
    """The accounts that a flow names outright."""
    parts = [who for step in definition.all_steps() for who in (*step.who, *step.copy_to)]
    parts += [step.limit.to for step in definition.all_steps() if step.limit and step.limit.to]
    return {user for who in parts for one in (who, who.substitute) if one for user in one.named()}


def names_of(definition: Definition, kind: registry.SubjectKind) -> Names:
    return names(named_in(definition), kind.persons)


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


def people_in(
    kind: registry.SubjectKind, trial: Trial, group_id: int | None = None
) -> Callable[[Who], set[int] | None]:
    """As ``people_at``, for a thing that is only tried; ``None`` where only a real item can tell."""
    place = registry.Place(trial.village_id, group_id)
    here, starter = people_at(trial.village_id, group_id), trial.people.get("starter")

    @cache
    def people(who: Who) -> set[int] | None:
        if who.way not in LATER:
            return here(who)
        if who.superior:
            found = {one for user in starter for one in registry.superiors(user, place)} if starter else None
        else:
            found = kind.would_name(trial, who.field or "") if who.field in kind.persons else set()
        if not found:
            return found
        return set(User.objects.filter(pk__in=found, is_active=True).values_list("pk", flat=True))

    return people


def barred_in(kind: registry.SubjectKind, trial: Trial, users: set[int]) -> set[int]:
    """Who would have no say in a thing that is only tried, as far as that can be told."""
    back = [code for code, one in kind.persons.items() if one.stands_back]
    return kind.would_bar(trial.facts, users) | {
        one for code in back for one in kind.would_name(trial, code) or () if one in users
    }


def crews(definition: Definition, kind: registry.SubjectKind) -> list[Crew]:
    """Every village with those whom the flow would ask there; of a kind from which nobody stands back, without kin."""
    of_groups = cache(directory.here().by_group)
    places = [(name, *_asked_at(village_id, of_groups)) for village_id, name in directory.here().villages()]
    asked = {
        user for _, people, _ in places for step in definition.all_steps() for who in step.who for user in people(who)
    }
    kin = directory.here().kin(asked) if kind.has_recusal() else {}
    return [Crew(name, people, lambda user: kin.get(user, ()), groups) for name, people, groups in places]


def _asked_at(village_id: int, of_groups: ByGroup) -> tuple[Callable[[Who], set[int]], Callable[[Who], Held]]:
    """Whom a ``Who`` means in the village, those of any of its groups included; and whom in each group."""
    here = people_at(village_id)

    def groups(who: Who) -> Held:
        return of_groups(who).get(village_id, {})

    def people(who: Who) -> set[int]:
        return {user for found in groups(who).values() for user in found} if who.is_of_group else here(who)

    return people, groups


def concerns(definition: Definition, kind: registry.SubjectKind) -> list[Concern]:
    """What a flow of the kind would stumble over in this town."""
    names = names_of(definition, kind)
    terms: dict[str, Any] = {"facts": kind.facts, "persons": kind.persons, "values": kind.known_values()}
    found = warnings.found(definition, crews=crews(definition, kind), names=names, **terms)
    return [*found, *kind.concerns(definition)]


def office() -> set[int]:
    """The accounts of the town's officers, or else of its administrators."""
    for role in (SiteRole.TOWN_OFFICER, SiteRole.TOWN_ADMIN):
        if found := people_at(None)(Who(role=role.value, level="town")):
            return found
    return set()
