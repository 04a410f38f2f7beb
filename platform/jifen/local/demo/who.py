"""Who is who in a town; nobody's role or joining changes while the demo is built."""

from functools import cache

from jifen.accounts.models import User
from jifen.approvals import selectors as approvals
from jifen.approvals.models import Assignment, AssignmentState, Item
from jifen.kernel.actors import SYSTEM, Actor
from jifen.kernel.tenancy import current_schema
from tenants.community.models import Household, Resident, Role, Village, VillageRole
from tenants.community.services import people

LEADER_SEAT = "村民小组组长"


def steward(village: Village) -> Actor:
    """The village's first steward."""
    return _holders(current_schema(), village.pk, Role.STEWARD, "")[0]


def committee(village: Village) -> list[Actor]:
    return _holders(current_schema(), village.pk, Role.COMMITTEE, "")


def office() -> Actor:
    """The town's officer, whose account the newcomer signs in with."""
    return Actor.of(User.objects.get(username="office"))


def group_leader(village: Village) -> Resident:
    """Who sits in the committee for the groups."""
    leader = _holders(current_schema(), village.pk, Role.COMMITTEE, LEADER_SEAT)[0]
    return Resident.objects.get(user=leader.id)


def joined(village_id: int) -> list[Household]:
    return _joined(current_schema(), village_id)


def steward_home(village: Village) -> Household:
    """Of her deeds somebody else has to decide (I11)."""
    return next(home for home in joined(village.pk) if home.head_id == steward(village).resident_id)


def account(resident: Resident) -> Actor:
    """The villager's own; she is given one when she first needs it."""
    fresh = Resident.objects.select_related("user").get(pk=resident.pk)
    own = fresh.user or people.give_account(resident=fresh, username=f"r{fresh.pk}", password=None, by=SYSTEM)
    return Actor(current_schema(), own.pk, own.display_name, fresh.pk)


def asked(item: Item) -> Actor:
    """The first of those whose word an item still waits for."""
    said = Assignment.objects.filter(stage__item=item, stage__state="active", state=AssignmentState.DONE)
    waiting = approvals.seats(item) - set(said.values_list("user_id", flat=True))
    return Actor.of(User.objects.get(pk=min(waiting)))


@cache
def _holders(_schema: str, village_id: int, role: str, seat: str) -> list[Actor]:
    """A driver serves any town, so what it keeps is kept by town."""
    found = VillageRole.objects.filter(village=village_id, role=role).select_related("user__resident").order_by("pk")
    return [Actor.of(row.user) for row in (found.filter(seat=seat) if seat else found)]


@cache
def _joined(_schema: str, village_id: int) -> list[Household]:
    rows = Household.objects.filter(applications__state="joined", village=village_id)
    return list(rows.select_related("head", "village").order_by("number"))
