"""What happens once in the year, through the town's flows: a family that moves in, a household without its card."""

from datetime import date, timedelta
from typing import Any

from jifen.kernel import clock
from jifen.kernel.actors import Actor
from jifen.local.demo import adopting, who
from jifen.local.demo.people import People
from jifen.local.demo.plan import START, TownPlan
from redemption.models import Offering, Redemption
from redemption.services import exceptions, redemptions
from tenants.community.models import Household, RosterChange, Village
from tenants.community.services import changes
from tenants.community.services.households import SUBJECT_KIND

MOVES_IN = date(START.year, 2, 1)
"""The month: early enough for the smallest plan."""
NUMBER = "99001"


def move_in(plan: TownPlan, village: Village) -> RosterChange:
    """The steward asks for a new household that takes part, and those whom the flow asks agree."""
    [head, *_] = People(f"{plan.host}-newcomers", plan.code[:6]).family(START)
    since = (clock.today() - timedelta(days=20)).isoformat()
    terms = {
        "number": NUMBER, "group": 1, "head_name": head.name, "head_phone": head.phone, "resident_since": since,
        "address": f"{village.name}1组", "join_on": clock.today().isoformat(), "agreement": "",
    }  # fmt: skip
    asked = changes.begin(village=village, terms=terms, reason="全家迁回本村", by=who.steward(village))
    adopting.agree_all(SUBJECT_KIND, [village])
    asked.refresh_from_db()
    return asked


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
