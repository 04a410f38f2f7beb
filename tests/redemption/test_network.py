"""Shops, memberships, shelves, plans and money."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM
from jifen.kernel.errors import NotFound
from jifen.kernel.permissions import grants_of
from jifen.kernel.tenancy import outside
from redemption import errors, policies, selectors
from redemption.models import Membership
from redemption.network import selectors as network
from redemption.network.models import Listing, Shop
from redemption.permissions import RedemptionPermission
from redemption.services import funds, grants, memberships, offerings, plans, shops
from scoring.rules import library
from tenants.models import Town
from tests.redemption.market import Market, accepted_shop, all_year


def applied(market: Market, name: str = "农资店") -> Membership:
    with outside():
        shop = shops.register(
            name=name, kind="farm", address="镇上", contact="孙店长", phone="13800000000", user=market.keeper, by=SYSTEM
        )
        return memberships.apply(shop=shop, town=market.town, by=SYSTEM)


def test_a_shop_signs_up_and_waits_for_the_town(market: Market) -> None:
    with outside():
        user, row = shops.sign_up(
            username="newshop", password="wo-de-dian-2025", name="理发店", kind="service", address="村口",
            contact="钱师傅", phone="13900000000", town=market.town,
        )  # fmt: skip
        assert [listing.state for listing in network.listings_of(user)] == ["applied"]
    assert (row.state, row.shop_name) == ("applied", "理发店")


def test_a_shop_says_who_and_where_it_is(market: Market) -> None:
    with outside(), pytest.raises(errors.ShopWrong):
        shops.register(name=" ", kind="farm", address="镇上", contact="孙", phone="1", user=market.keeper, by=SYSTEM)
    assert Shop.objects.count() == 1


def test_the_town_takes_a_shop_in_by_agreement(market: Market) -> None:
    with pytest.raises(errors.AgreementMissing):
        memberships.accept(membership=applied(market), agreement="", fen_per_point=100, by=SYSTEM)


def test_an_answered_application_is_not_answered_again(market: Market) -> None:
    row = memberships.refuse(membership=applied(market), reason="资料不全", by=SYSTEM)
    with pytest.raises(errors.WrongState):
        memberships.accept(membership=row, agreement="2号", fen_per_point=100, by=SYSTEM)


def test_a_refusal_says_why(market: Market) -> None:
    with pytest.raises(errors.ReasonMissing):
        memberships.refuse(membership=applied(market), reason="", by=SYSTEM)


def test_only_an_active_membership_ends(market: Market) -> None:
    with pytest.raises(errors.WrongState):
        memberships.end(membership=applied(market), reason="不做了", by=SYSTEM)


def test_a_member_does_not_apply_again(market: Market) -> None:
    shop = Shop.objects.get(pk=market.membership.shop_id)
    with outside(), pytest.raises(errors.AlreadyMember):
        memberships.apply(shop=shop, town=market.town, by=SYSTEM)


def test_a_shop_that_left_may_ask_again(market: Market) -> None:
    memberships.end(membership=market.membership, reason="歇业", by=SYSTEM)
    shop = Shop.objects.get(pk=market.membership.shop_id)
    with outside():
        row = memberships.apply(shop=shop, town=market.town, by=SYSTEM)
    assert (row.pk, row.state) == (market.membership.pk, "applied")
    assert Listing.objects.get(shop=shop).state == "applied"


def test_a_shops_account_may_redeem_on_the_public_site_alone(market: Market) -> None:
    with outside():
        assert grants_of(market.keeper).allows(RedemptionPermission.REDEEM)
    del market.keeper._jifen_grants  # type: ignore[attr-defined]
    assert not grants_of(market.keeper).allows(RedemptionPermission.REDEEM)


def test_a_shop_acts_in_the_town_that_took_it_in(market: Market) -> None:
    with outside():
        assert grants.acting_shop(market.keeper, market.town).pk == market.membership.pk


def test_a_shop_does_not_act_in_another_town(market: Market, other_town: Town) -> None:
    with outside(), pytest.raises(NotFound):
        grants.acting_shop(market.keeper, other_town)


def test_a_shop_that_left_acts_nowhere(market: Market) -> None:
    memberships.end(membership=market.membership, reason="歇业", by=SYSTEM)
    with outside(), pytest.raises(errors.NotInNetwork):
        grants.acting_shop(market.keeper, market.town)


def test_a_townsperson_with_the_same_number_is_no_shop(market: Market) -> None:
    with pytest.raises(errors.NotInNetwork):
        grants.acting_shop(market.keeper, market.town)


def test_an_unknown_town_answers_as_a_foreign_one(market: Market) -> None:
    with outside(), pytest.raises(errors.NotInNetwork), grants.acting(market.keeper, "999999999"):
        pass


def test_an_offering_has_a_name_a_unit_and_a_price(market: Market) -> None:
    good: dict[str, Any] = {
        "membership": market.membership,
        "name": "盐",
        "kind": "goods",
        "unit": "袋",
        "price": Decimal(2),
        "stock": 1,
    }
    for wrong, error in (
        ({"name": " "}, errors.OfferingWrong),
        ({"kind": "?"}, errors.OfferingWrong),
        ({"stock": -1}, errors.StockWrong),
        ({"price": Decimal(0)}, errors.PriceWrong),
        ({"price": Decimal("1.001")}, errors.PriceWrong),
    ):
        with pytest.raises(error):
            offerings.add(**{**good, **wrong}, by=SYSTEM)
    assert market.membership.offerings.count() == 1


def test_a_shop_offers_a_thing_once(market: Market) -> None:
    with pytest.raises(errors.OfferingExists):
        offerings.add(
            membership=market.membership, name="洗衣液", kind="goods", unit="瓶", price=Decimal(9), stock=1, by=SYSTEM
        )


def test_a_household_sees_its_own_villages_shop_first(market: Market) -> None:
    _, _, own = accepted_shop("最后一家超市")
    own.village = market.village
    own.save()
    offerings.add(membership=own, name="米", kind="goods", unit="袋", price=Decimal(30), stock=1, by=SYSTEM)
    assert [row.name for row in selectors.offerings_for(market.village)] == ["米", "洗衣液"]


def test_a_shop_for_the_whole_town_stands_first_where_its_address_is(market: Market) -> None:
    _, _, near = accepted_shop("最后一家超市")
    near.shop_address = f"{market.village.name}便民服务中心旁"
    near.save()
    offerings.add(membership=near, name="米", kind="goods", unit="袋", price=Decimal(30), stock=1, by=SYSTEM)
    assert [row.name for row in selectors.offerings_for(market.village)] == ["米", "洗衣液"]
    far = market.cast.village("连民村")
    assert [row.name for row in selectors.offerings_for(far)] == ["洗衣液", "米"]


def test_a_household_sees_the_shops_that_serve_its_village(market: Market) -> None:
    _, _, far = accepted_shop("连民村超市")
    far.village = market.cast.village("连民村")
    far.save()
    offerings.add(membership=far, name="米", kind="goods", unit="袋", price=Decimal(30), stock=1, by=SYSTEM)
    assert [row.name for row in selectors.offerings_for(market.village)] == ["洗衣液"]


def test_a_villages_own_plan_goes_before_the_towns(market: Market) -> None:
    own = all_year(market.village, threshold=3)
    assert selectors.plan_for(market.village, clock.today()) == own
    assert selectors.plan_for(market.cast.village("连民村"), clock.today()) == market.plan


@pytest.mark.parametrize(
    ("terms", "error"),
    [
        ({"title": ""}, errors.PlanWrong),
        ({"windows": []}, errors.NoWindows),
        ({"windows": [(date(2025, 3, 2), date(2025, 3, 1))]}, errors.WindowsWrong),
        (
            {"windows": [(date(2025, 3, 1), date(2025, 3, 9)), (date(2025, 3, 9), date(2025, 3, 10))]},
            errors.WindowsWrong,
        ),
    ],
)
def test_a_plan_names_its_ground_and_days(market: Market, terms: dict[str, object], error: type[Exception]) -> None:
    with pytest.raises(error):
        all_year(market.village, **terms)  # type: ignore[arg-type]
    assert not market.village.redemption_plans.exists()


def test_one_plan_a_day(market: Market) -> None:
    with pytest.raises(errors.PlanExists):
        all_year()


def test_seed_001_exchanges_at_least_once_before_october(market: Market) -> None:
    data = library.load("seed_001").policy.model_dump(mode="json")
    year = clock.today().year
    section = {key: data[key] for key in ("redemption", "funds")}
    policies.install(section=section, effective_from=date(year, 1, 1), by=SYSTEM)
    with pytest.raises(errors.TooLateInYear) as refused:
        all_year(market.village, windows=[(date(year, 11, 1), date(year, 11, 9))])
    assert "10月" in refused.value.message
    assert plans.standard_windows(year) == [(date(year, 9, 1), date(year, 9, 30))]


def test_a_town_that_pays_pays_for_every_village(market: Market) -> None:
    data = library.load("seed_003").policy.model_dump(mode="json")
    section = {key: data[key] for key in ("redemption", "funds")}
    policies.install(section=section, effective_from=date(clock.today().year, 1, 1), by=SYSTEM)
    funds.register(village=market.village, kind="collective", name="村", budget_fen=1, by=SYSTEM)
    assert funds.paying_for(market.village) == market.fund


def test_a_wrong_policy_is_refused_by_its_place(town: Town) -> None:
    with pytest.raises(errors.PolicyWrong) as refused:
        policies.install(section={"redemption": {}, "funds": {}}, effective_from=date(2025, 1, 1), by=SYSTEM)
    assert "redemption.windows" in refused.value.message


def test_a_town_without_a_choice_exchanges_by_its_plans(town: Town) -> None:
    assert policies.on(date(2025, 1, 1)).threshold == Decimal(0)
