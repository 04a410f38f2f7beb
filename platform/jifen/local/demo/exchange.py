"""An exchange window: households bring passbook, card or code to a shop and go home with goods."""

import random
import uuid
from contextlib import suppress
from datetime import date
from decimal import Decimal

from jifen.accounts.models import User
from jifen.kernel.actors import Actor
from jifen.kernel.tenancy import outside
from jifen.local.demo import exceptional
from jifen.local.demo.plan import TownPlan
from redemption import policies
from redemption.errors import BelowThreshold
from redemption.models import Membership, Offering
from redemption.network.models import ShopUser
from redemption.services import redemptions
from scoring import selectors as scoring
from scoring.errors import InsufficientPoints
from tenants.community import codes
from tenants.community.models import Household

DEAREST = Decimal(8)
"""Points; nobody of the demo buys anything dearer."""
EACH_WINDOW = {"chuansha": 92, "shuren": 64, "qingxi": 54}


def exchange(plan: TownPlan, month: date) -> None:
    source = random.Random(f"{plan.host}-exchange-{month}")
    least = max(DEAREST, policies.on(month).threshold)
    able = scoring.households_able_to_redeem(year=month.year, least=least)
    members = list(Membership.objects.filter(state="active").order_by("pk"))
    keepers = {membership.pk: keeper(membership) for membership in members}
    if able:
        _without_card(able.pop(0), members, source)
    for household in source.sample(able, k=min(EACH_WINDOW[plan.host], len(able))):
        membership = source.choice(members)
        with suppress(BelowThreshold, InsufficientPoints):  # a deduction that nobody explained has just been posted
            _one(household, membership, keepers[membership.pk], source)


def _without_card(household: Household, members: list[Membership], source: random.Random) -> None:
    membership = next(one for one in members if one.village_id in (None, household.village_id))
    offering = Offering.objects.filter(membership=membership, is_active=True, price__lte=DEAREST).earliest("pk")
    key = str(uuid.UUID(int=source.getrandbits(128)))
    exceptional.without_card(household, offering, key, keeper(membership))


def keeper(membership: Membership) -> Actor:
    """Who stands at the shop's counter."""
    with outside():
        user: User = ShopUser.objects.select_related("user").filter(shop_id=membership.shop_id).earliest("pk").user
        return Actor.of(user)


def _one(household: Household, membership: Membership, by: Actor, source: random.Random) -> None:
    offering = source.choice(
        list(Offering.objects.filter(membership=membership, is_active=True, price__lte=DEAREST).order_by("pk"))
    )
    proxy = source.random() < 0.12
    held = redemptions.hold(
        household_code=codes.text(household),
        offering=offering,
        quantity=1,
        collected_by="邻居代领" if proxy else household.head.name if household.head else "本人",
        is_proxy=proxy,
        signature=None,
        signed_on_paper=proxy,
        idempotency_key=str(uuid.UUID(int=source.getrandbits(128))),
        by=by,
    )
    if source.random() < 0.04:
        redemptions.release(redemption=held, reason="本人改主意", by=by)
    else:
        redemptions.capture(redemption=held, by=by)
