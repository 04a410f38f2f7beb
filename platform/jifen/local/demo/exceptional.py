"""What happens a few times a year, through the town's flows: a family that moves in, a household without its card."""

from datetime import date, timedelta
from typing import Any

from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM, Actor
from jifen.local.demo import adopting, groups, who
from jifen.local.demo.people import People
from jifen.local.demo.plan import START, TownPlan
from redemption.models import Offering, Redemption
from redemption.services import exceptions, redemptions
from tenants.community.models import Household, HouseholdMember, Role, RosterChange, Village, VillageRole
from tenants.community.services import applications, changes, people, roles
from tenants.community.services.households import SUBJECT_KIND

MOVE_IN = tuple(date(START.year, month, 1) for month in (2, 5, 8, 11))
"""The months, the first early enough for the smallest plan."""
STAYED = 400
"""Days that a family has lived here when it joins."""
REPRESENTATIVES = "村民代表"


def move_in(plan: TownPlan, village: Village) -> RosterChange:
    """The steward asks for a household to take part, and those whom the flow asks agree: in seed 000's town a family
    that came home, elsewhere one from outside, for which the seeds ask the representatives or both committees.
    """
    returning = groups.staffed(plan)
    steward, terms = who.steward(village), _terms(plan, village, returning)
    asked = changes.begin(village=village, terms=terms, reason="全家迁入本村居住", by=steward)
    if not returning:
        represent(village)
        asked = _ask_to_join(asked, steward)
    adopting.agree_all(SUBJECT_KIND, [village])
    asked.refresh_from_db()
    return asked


def number() -> str:
    return f"99{clock.today():%m}1"


def represent(village: Village) -> None:
    """A representative of each group: its first grown villager who does nothing else yet."""
    if VillageRole.objects.filter(village=village, seat=REPRESENTATIVES).exists():
        return
    rows = HouseholdMember.objects.filter(household__village=village, household__applications__state="joined")
    free = rows.filter(resident__born_on__year__lte=groups.GROWN, resident__user=None)
    for group in village.groups.all():
        row = free.filter(household__group=group).select_related("resident").order_by("household__number", "pk").first()
        if row is not None:
            user = people.give_account(resident=row.resident, username=f"r{row.resident_id}", password=None, by=SYSTEM)
            told: dict[str, Any] = {"role": Role.GROUP_LEADER, "seat": REPRESENTATIVES, "group": group}
            roles.appoint(user=user, village=village, **told, by=SYSTEM)


def _terms(plan: TownPlan, village: Village, returning: bool) -> dict[str, Any]:
    """Who takes part by itself does so at once; an outsider's household is written down first."""
    [head, *_] = People(f"{plan.host}-newcomers-{number()}", plan.code[:6]).family(START)
    today = clock.today()
    return {
        "number": number(), "group": 1, "head_name": head.name, "head_phone": head.phone, "agreement": "",
        "resident_since": (today - timedelta(days=STAYED)).isoformat(), "address": f"{village.name}1组",
        "has_local_hukou": returning, "join_on": today.isoformat() if returning else "",
    }  # fmt: skip


def _ask_to_join(made: RosterChange, steward: Actor) -> RosterChange:
    home, today = made.household, clock.today()
    if home is None or home.head is None:
        raise RuntimeError(f"{made.number}没有入册")
    application = applications.apply(household=home, applicant=home.head, on=today, by=steward)
    terms = {"application": application.pk, "on": today.isoformat()}
    return changes.make(household=home, kind="join", terms=terms, reason="参与村级事务，申请加入", by=steward)


def without_card(household: Household, offering: Offering, key: str, by: Actor) -> Redemption:
    """Asked for by the steward, agreed to in the flow, and made by the shop (``by``)."""
    wish: dict[str, Any] = {"household": household, "offering": offering, "quantity": 1}
    week, reason = clock.today() + timedelta(days=7), "存折和积分卡都忘在家里，本人在场。"
    asked = exceptions.ask(**wish, use_by=week, kind="card", reason=reason, by=who.steward(household.village))
    adopting.agree_all(exceptions.SUBJECT_KIND)
    asked.refresh_from_db()
    name = household.head.name if household.head else "本人"
    told: dict[str, Any] = {"collected_by": name, "is_proxy": False, "signature": None, "exception": asked}
    held = redemptions.hold(household_code="", offering=offering, quantity=1, idempotency_key=key, **told, by=by)
    return redemptions.capture(redemption=held, by=by)
