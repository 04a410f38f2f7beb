"""Where a town's scheme asks for them (seed 000): a leader in each group, two volunteers of each, and their words."""

import random
from decimal import Decimal

from jifen.kernel.actors import SYSTEM
from jifen.local.demo import who
from jifen.local.demo.plan import START, TownPlan
from jifen.local.demo.tellers import Teller
from scoring.models import Rule
from tenants.community.models import Group, Household, HouseholdMember, Resident, Role, Village
from tenants.community.services import people, roles

SEED = "seed_000"
VOLUNTEERS = 2
"""每小组不少于2名."""
GROWN = START.year - 22


def staffed(plan: TownPlan) -> bool:
    return SEED in plan.templates


def appoint(village: Village) -> None:
    """Of each group the first adults who do nothing else yet, of different households as far as there are enough.

    Nobody gets a password.
    """
    rows = HouseholdMember.objects.filter(household__village=village, household__applications__state="joined")
    rows = rows.filter(resident__born_on__year__lte=GROWN, resident__user=None)
    free: dict[int, dict[int, list[Resident]]] = {}
    for row in rows.select_related("resident", "household").order_by("household__number", "pk"):
        free.setdefault(row.household.group_id, {}).setdefault(row.household_id, []).append(row.resident)
    for group in village.groups.all():
        homes = list(free.get(group.pk, {}).values())
        chosen = [home[0] for home in homes] + [resident for home in homes for resident in home[1:]]
        for place, resident in enumerate(chosen[: VOLUNTEERS + 1]):
            _appoint(resident, group, Role.VOLUNTEER if place else Role.GROUP_LEADER)


def _appoint(resident: Resident, group: Group, role: Role) -> None:
    user = people.give_account(resident=resident, username=f"r{resident.pk}", password=None, by=SYSTEM)
    roles.appoint(user=user, village=group.village, role=role, group=group, from_date=START, by=SYSTEM)


def signed(
    village: Village, rules: list[Rule], source: random.Random, least: int = 0
) -> tuple[Household, Rule, Teller] | None:
    """What a neighbour tells of, a deduction of at least so many points: the leader of the household's group signs."""
    told = [rule for rule in rules if rule.sign == "negative" and "neighbour" in rule.spec["declarers"]]
    homes = [home for home in who.joined(village.pk) if home.group_id and not _leads(home)]
    plain = [rule for rule in told if rule.spec["amount"]["kind"] == "fixed" and not rule.spec["inputs"]]
    plain = [rule for rule in plain if Decimal(rule.spec["amount"]["points"]) >= least]
    if not plain or len(homes) < VOLUNTEERS:
        return None
    home, other = source.sample(homes, k=2)
    return home, source.choice(plain), Teller("neighbour", other.head, "phone", who.steward(village))


def _leads(home: Household) -> bool:
    """The leader of the household's group belongs to it: she would stand back (I11)."""
    leaders = Resident.objects.filter(
        user__village_roles__group=home.group_id, user__village_roles__role="group_leader"
    )
    return HouseholdMember.objects.filter(household=home, resident__in=leaders).exists()
