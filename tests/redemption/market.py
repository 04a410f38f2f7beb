"""A market day in 石岭岗村: 便民超市 sells 洗衣液 for 20 points, 张三家 has 50 points, all year is open."""

import itertools
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from jifen.accounts import services as accounts
from jifen.accounts.models import User
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM, Actor
from jifen.kernel.tenancy import current_schema, outside
from redemption.models import Fund, Membership, Offering, Redemption, RedemptionPlan
from redemption.services import funds, memberships, offerings, plans, redemptions, shops
from scoring.services import ledger, years
from tenants.community import codes
from tenants.community.models import Household, Village
from tenants.models import Town
from tests.cast import Cast

_numbers = itertools.count(1)


@dataclass
class Market:
    """What stands ready; ``keeper`` is the shop's account on the public site."""

    cast: Cast
    town: Town
    keeper: User
    membership: Membership
    offering: Offering
    plan: RedemptionPlan
    fund: Fund
    household: Household

    @property
    def village(self) -> Village:
        return self.household.village

    @property
    def by(self) -> Actor:
        return Actor("public", self.keeper.pk, self.keeper.display_name)

    def hold(self, household: Household | None = None, **terms: Any) -> Redemption:
        """One 洗衣液 for 张三家, unless said otherwise."""
        wish: dict[str, Any] = {
            "household_code": codes.text(household or self.household), "offering": self.offering, "quantity": 1,
            "collected_by": "", "is_proxy": False, "signature": None, "idempotency_key": f"k{next(_numbers)}",
            "by": self.by, **terms,
        }  # fmt: skip
        return redemptions.hold(**wish)

    def bought(self, **terms: Any) -> Redemption:
        """Held and captured."""
        return redemptions.capture(redemption=self.hold(**terms), by=self.by)


def opened(cast: Cast, *, points: int = 50, stock: int | None = 10) -> Market:
    """The market in the town being served."""
    years.open_year(number=clock.today().year, by=SYSTEM)
    household = cast.household(name="张三")
    give(household, points)
    town, keeper, membership = accepted_shop()
    offering = offerings.add(
        membership=membership, name="洗衣液", kind="goods", unit="瓶", price=Decimal(20), stock=stock, by=SYSTEM
    )
    fund = funds.register(village=None, kind="subsidy", name="镇财政补助", budget_fen=1_000_000, by=SYSTEM)
    return Market(cast, town, keeper, membership, offering, all_year(), fund, household)


def accepted_shop(name: str = "便民超市") -> tuple[Town, User, Membership]:
    """A shop of the public site that the town has taken in."""
    schema = current_schema()
    with outside():
        town = Town.objects.get(schema_name=schema)
        keeper = accounts.create(username=f"shop{next(_numbers)}", display_name="赵店长", password=None, by=SYSTEM)
        shop = shops.register(
            name=name,
            kind="supermarket",
            address="村口1号",
            contact="赵店长",
            phone="13800001234",
            user=keeper,
            by=SYSTEM,
        )
        membership = memberships.apply(shop=shop, town=town, by=SYSTEM)
    return town, keeper, memberships.accept(membership=membership, agreement="1号", fen_per_point=105, by=SYSTEM)


def all_year(village: Village | None = None, threshold: int = 0, **terms: Any) -> RedemptionPlan:
    """A plan that is open every day of this year."""
    year = clock.today().year
    wish: dict[str, Any] = {
        "village": village, "windows": [(date(year, 1, 1), date(year, 12, 31))], "title": "兑换方案",
        "resolution": "村民代表会议", "effective_from": date(year, 1, 1), "threshold": Decimal(threshold), "by": SYSTEM,
        **terms,
    }  # fmt: skip
    return plans.make(**wish)


def give(household: Household, points: int) -> None:
    """``points`` of both measures, from a signed paper."""
    ledger.open_balance(
        household=household, merit=Decimal(points), redeemable=Decimal(points), document="签字表", by=SYSTEM
    )
