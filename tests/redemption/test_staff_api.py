"""The town's own programs: network, shelves, plans, money, statements; each village its own."""

from collections.abc import Callable
from typing import Any

import pytest

from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM
from jifen.kernel.tenancy import outside
from redemption.models import Membership
from redemption.services import funds, memberships, shops
from tests.redemption.market import Market

Api = Callable[..., Any]


@pytest.fixture
def office(market: Market, api_client: Api) -> Any:
    return api_client(market.cast.officer())


@pytest.fixture
def steward(market: Market, api_client: Api) -> Any:
    return api_client(market.cast.steward(market.village))


def applicant(market: Market) -> Membership:
    with outside():
        shop = shops.register(
            name="农资店", kind="farm", address="镇上", contact="孙", phone="13800000000", user=market.keeper, by=SYSTEM
        )
        return memberships.apply(shop=shop, town=market.town, by=SYSTEM)


def test_the_office_takes_a_shop_in_and_lets_it_go(market: Market, office: Any) -> None:
    address = f"/api/v1/memberships/{applicant(market).pk}/"
    taken = office.post(f"{address}accept/", {"agreement": "2号", "fen_per_point": 100, "village": market.village.pk})
    assert (taken.status_code, taken.json()["state"], taken.json()["village"]) == (200, "active", market.village.name)
    assert office.post(f"{address}end/", {"reason": "歇业"}).json()["state"] == "ended"


def test_the_office_refuses_with_a_reason(market: Market, office: Any) -> None:
    address = f"/api/v1/memberships/{applicant(market).pk}/refuse/"
    assert office.post(address, {}).status_code == 422
    assert office.post(address, {"reason": "资料不全"}).json()["state"] == "refused"


def test_a_steward_decides_on_no_shop(market: Market, steward: Any) -> None:
    answer = steward.post(f"/api/v1/memberships/{applicant(market).pk}/refuse/", {"reason": "x"})
    assert answer.status_code == 403
    assert len(steward.get("/api/v1/memberships/").json()["results"]) == 2


def test_the_office_puts_goods_on_a_shelf(market: Market, office: Any) -> None:
    wish = {"membership": market.membership.pk, "name": "米", "kind": "goods", "unit": "袋", "price": "30", "stock": 5}
    made = office.post("/api/v1/offerings/", wish)
    assert made.status_code == 201
    changed = office.put(f"/api/v1/offerings/{made.json()['id']}/", {"price": "28", "is_active": False})
    assert (changed.json()["price"], changed.json()["is_active"]) == ("28.00", False)


def test_a_steward_does_not_touch_the_towns_shops(market: Market, steward: Any) -> None:
    wish = {"membership": market.membership.pk, "name": "米", "kind": "goods", "unit": "袋", "price": "30"}
    assert steward.post("/api/v1/offerings/", wish).status_code == 404
    assert steward.put(f"/api/v1/offerings/{market.offering.pk}/", {"price": "1"}).status_code == 404


def plan(**terms: Any) -> dict[str, Any]:
    day = f"{clock.today().year}-01-01"
    window = {"opens_on": day, "closes_on": f"{clock.today().year}-12-31"}
    return {"title": "方案", "resolution": "会议", "effective_from": day, "windows": [window], **terms}


def test_a_steward_makes_her_villages_plan_and_no_other(market: Market, steward: Any) -> None:
    made = steward.post("/api/v1/redemption-plans/", plan(village=market.village.pk))
    assert (made.status_code, made.json()["village"]) == (201, market.village.name)
    assert steward.post("/api/v1/redemption-plans/", plan()).status_code == 403
    other = market.cast.village("连民村")
    assert steward.post("/api/v1/redemption-plans/", plan(village=other.pk)).status_code == 404


def test_the_office_makes_the_towns_plan(market: Market, office: Any) -> None:
    answer = office.post("/api/v1/redemption-plans/", plan())
    assert (answer.status_code, answer.json()["code"]) == (409, "plan_exists")
    assert office.post("/api/v1/redemption-plans/", plan(village=10**9)).status_code == 404


def test_money_is_registered_and_its_spending_shown(market: Market, office: Any) -> None:
    market.bought()
    wish = {"kind": "donation", "name": "乡贤捐赠", "budget_fen": 500}
    assert office.post("/api/v1/funds/", wish).json()["spent_fen"] == 0
    rows = {row["name"]: row["spent_fen"] for row in office.get("/api/v1/funds/").json()["results"]}
    assert rows == {"镇财政补助": 2100, "乡贤捐赠": 0}


def test_the_office_takes_goods_back(market: Market, office: Any) -> None:
    row = market.bought()
    answer = office.post(f"/api/v1/redemptions/{row.pk}/reverse/", {"reason": "破损"})
    assert answer.json()["state"] == "reversed"


def test_another_villages_redemptions_do_not_exist(market: Market, api_client: Api) -> None:
    row = market.bought()
    far = api_client(market.cast.steward(market.cast.village("连民村"), name="钱管理"))
    assert far.get("/api/v1/redemptions/").json()["results"] == []
    assert far.get(f"/api/v1/redemptions/{row.pk}/").status_code == 404


def test_a_resident_reads_her_own_redemptions(market: Market, api_client: Api) -> None:
    market.bought()
    own = api_client(market.cast.villager(market.household)).get("/api/v1/own-redemptions/").json()["results"]
    assert [row["offering"] for row in own] == ["洗衣液"]


def test_statements_are_drawn_agreed_and_paid(market: Market, office: Any) -> None:
    market.bought()
    today = clock.today().isoformat()
    [bill] = office.post("/api/v1/settlements/", {"from_date": today, "to_date": today}).json()
    address = f"/api/v1/settlements/{bill['id']}/"
    assert office.post(f"{address}agree/").json()["state"] == "agreed"
    assert office.post(f"{address}pay/", {"note": "转账1"}).json()["state"] == "paid"


def test_a_villages_people_see_what_its_money_pays(market: Market, steward: Any, office: Any) -> None:
    funds.register(village=market.village, kind="collective", name="村集体", budget_fen=1, by=SYSTEM)
    market.bought()
    today = clock.today().isoformat()
    office.post("/api/v1/settlements/", {"from_date": today, "to_date": today})
    assert [row["fund"] for row in steward.get("/api/v1/settlements/").json()["results"]] == ["村集体"]
