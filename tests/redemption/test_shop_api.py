"""A shop's program on the public site: what it can do, and what it never sees (I6, I13)."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from jifen.kernel.actors import SYSTEM
from jifen.kernel.tenancy import outside
from redemption.models import Redemption
from redemption.services import customers, memberships, vouchers
from tenants.community import codes
from tenants.models import Town
from tests.redemption.market import Market

Api = Callable[..., Any]


@pytest.fixture
def shop(market: Market, api_client: Api) -> Iterator[Any]:
    """The shop's program; the test goes on inside the town."""
    with outside():
        client = api_client(market.keeper)
    yield client


def at(town: Town, path: str = "") -> str:
    return f"/api/v1/towns/{town.code}/redemptions/{path}"


def wish(market: Market, **terms: Any) -> dict[str, Any]:
    return {"household_code": codes.text(market.household), "offering": market.offering.pk, "quantity": 1, **terms}


def public(act: Callable[[], Any]) -> Any:
    with outside():
        return act()


def test_a_shop_holds_and_captures(market: Market, shop: Any) -> None:
    held = public(lambda: shop.post(at(market.town), wish(market)))
    assert (held.status_code, held.json()["state"], held.json()["points"]) == (201, "held", "20.00")
    done = public(lambda: shop.post(at(market.town, f"{held.json()['id']}/capture/")))
    assert (done.status_code, done.json()["state"]) == (200, "captured")


def test_a_shop_releases(market: Market, shop: Any) -> None:
    held = public(lambda: shop.post(at(market.town), wish(market))).json()
    assert public(lambda: shop.post(at(market.town, f"{held['id']}/release/"))).json()["state"] == "released"


def test_the_same_key_is_one_redemption(market: Market, shop: Any) -> None:
    def send(**terms: Any) -> Any:
        return public(lambda: shop.post(at(market.town), wish(market, **terms), HTTP_IDEMPOTENCY_KEY="abc"))

    first, again, other = send(), send(), send(quantity=2)
    assert first.json() == again.json()
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_mismatch")
    assert Redemption.objects.count() == 1


def test_a_shop_sees_number_masked_head_and_points_only(market: Market, shop: Any) -> None:
    address = f"/api/v1/towns/{market.town.code}/customers/?code={codes.text(market.household)}"
    answer = public(lambda: shop.get(address)).json()
    assert answer == {"number": market.household.number, "head": "张*", "available": "50.00", "problem": ""}


def test_a_shop_does_not_guess_codes_for_long(market: Market, shop: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(customers, "MOST_WRONG", 3)
    address = f"/api/v1/towns/{market.town.code}/customers/?code="
    wrong = [public(lambda: shop.get(f"{address}JF-1-0000")).status_code for _ in range(4)]
    assert wrong == [404, 404, 404, 409]
    right = public(lambda: shop.get(f"{address}{codes.text(market.household)}"))
    assert right.json()["code"] == "too_many_wrong_codes"


def test_a_shop_lists_its_shelf_its_day_and_its_towns(market: Market, shop: Any) -> None:
    market.bought()
    town = market.town.code
    assert [row["name"] for row in public(lambda: shop.get(f"/api/v1/towns/{town}/offerings/")).json()] == ["洗衣液"]
    assert [row["state"] for row in public(lambda: shop.get(at(market.town))).json()] == ["captured"]
    assert [row["town_code"] for row in public(lambda: shop.get("/api/v1/shop-towns/")).json()] == [town]
    assert public(lambda: shop.get(f"/api/v1/towns/{town}/settlements/")).json() == []


def test_a_shop_reads_its_voucher(market: Market, shop: Any) -> None:
    row = market.bought()
    address = at(market.town, f"{row.pk}/voucher/")
    assert public(lambda: shop.get(address)).status_code == 404
    vouchers.archive(redemption=row)
    assert public(lambda: shop.get(address)).json()["url"].startswith("http")


def test_a_refusal_names_the_field_and_changes_nothing(market: Market, shop: Any) -> None:
    answer = public(lambda: shop.post(at(market.town), wish(market, household_code="JF-1-0000")))
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (
        404,
        "household_unknown",
        "household_code",
    )
    assert not Redemption.objects.exists()


@pytest.mark.parametrize("path", ["customers/?code=x", "offerings/", "redemptions/", "redemptions/1/", "settlements/"])
def test_without_an_active_membership_a_town_does_not_exist(market: Market, shop: Any, path: str) -> None:
    memberships.end(membership=market.membership, reason="歇业", by=SYSTEM)
    assert public(lambda: shop.get(f"/api/v1/towns/{market.town.code}/{path}")).status_code == 404


def test_another_towns_counter_does_not_exist(market: Market, shop: Any, other_town: Town) -> None:
    answer = public(lambda: shop.post(at(other_town), wish(market)))
    assert (answer.status_code, answer.json()["code"]) == (404, "not_in_network")


def test_another_shops_redemption_does_not_exist(market: Market, shop: Any) -> None:
    row = market.hold()
    Redemption.objects.filter(pk=row.pk)
    assert public(lambda: shop.post(at(market.town, f"{row.pk + 1}/capture/"))).status_code == 404
    assert public(lambda: shop.post(at(market.town, "x/capture/"))).status_code == 404


def test_a_shop_applies_to_another_town(market: Market, shop: Any, other_town: Town) -> None:
    answer = public(lambda: shop.post("/api/v1/shop-towns/", {"town_code": other_town.code}))
    assert (answer.status_code, answer.json()["state"]) == (201, "applied")
    unknown = public(lambda: shop.post("/api/v1/shop-towns/", {"town_code": "999999999"}))
    assert unknown.status_code == 404


def test_nobody_else_uses_the_counter(market: Market, api_client: Api) -> None:
    with outside():
        answer = api_client().get(at(market.town))
    assert answer.status_code == 401
