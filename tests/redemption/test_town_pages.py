"""The town's own pages: a resident's code and shops, the office's and the village's exchange."""

from collections.abc import Callable
from typing import Any

import pytest

from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM
from jifen.kernel.tenancy import outside
from redemption.models import Fund, Membership, Offering, RedemptionPlan, Settlement
from redemption.services import memberships, settlements, shops, vouchers
from tenants.community import codes
from tests.redemption.market import Market, accepted_shop, all_year

Clients = Callable[..., Any]


@pytest.fixture
def office(market: Market, client_for: Clients) -> Any:
    return client_for(market.cast.officer())


@pytest.fixture
def steward(market: Market, client_for: Clients) -> Any:
    return client_for(market.cast.steward(market.village))


@pytest.fixture
def resident(market: Market, client_for: Clients) -> Any:
    return client_for(market.cast.villager(market.household))


def drawn(market: Market) -> Settlement:
    today = clock.today()
    return settlements.draw_all(from_date=today, to_date=today, by=SYSTEM)[0]


def applicant(market: Market) -> Membership:
    with outside():
        shop = shops.register(
            name="农资店", kind="farm", address="镇上", contact="孙", phone="13800000000", user=market.keeper, by=SYSTEM
        )
        return memberships.apply(shop=shop, town=market.town, by=SYSTEM)


def test_a_resident_shows_her_code(market: Market, resident: Any) -> None:
    page = resident.get("/code/").text
    assert market.household.number in page
    assert codes.check_digits(market.household) in page
    assert "<svg" in page


def test_a_resident_sees_what_she_can_get_where(market: Market, resident: Any) -> None:
    page = resident.get("/shops/").text
    assert "便民超市" in page
    assert "洗衣液" in page
    assert "正在兑换" in page


def test_a_resident_reads_her_exchanges_and_vouchers(market: Market, resident: Any) -> None:
    row = market.bought()
    page = resident.get("/redemptions/").text
    assert "洗衣液 × 1瓶" in page and f"{clock.today().year}年" in page
    assert resident.get(f"/redemptions/{row.pk}/voucher/").status_code == 404
    vouchers.archive(redemption=row)
    assert resident.get(f"/redemptions/{row.pk}/voucher/").status_code == 302


def test_a_resident_is_told_that_she_has_too_little_to_begin(market: Market, resident: Any) -> None:
    assert "起兑分值" not in resident.get("/shops/").text
    all_year(market.village, threshold=60)
    for page in ("/shops/", "/code/"):
        assert "可兑换积分为50分，没有达到60分的起兑分值" in resident.get(page).text


def test_a_resident_prints_her_passbook(market: Market, resident: Any) -> None:
    answer = resident.get("/passbook/print/")
    assert answer.headers["Content-Type"] == "application/pdf"


def test_a_neighbours_voucher_does_not_exist(market: Market, client_for: Clients) -> None:
    row = market.bought()
    vouchers.archive(redemption=row)
    neighbour = client_for(market.cast.villager(market.cast.household(name="李四")))
    answer = neighbour.get(f"/redemptions/{row.pk}/voucher/")
    assert answer.status_code == 404 and "凭证还在生成" not in answer.text


@pytest.mark.parametrize("area", ["office", "village"])
@pytest.mark.parametrize(
    "path", ["", "network/", "shelf/", "plans/", "plans/new/", "funds/new/", "settlements/", "cards/"]
)
def test_every_page_opens(market: Market, office: Any, area: str, path: str) -> None:
    assert office.get(f"/{area}/exchange/{path}").status_code == 200


def test_exchanges_are_found_by_household_and_state(market: Market, office: Any) -> None:
    row = market.bought()
    assert str(row.offering.name) in office.get(f"/office/exchange/?word={market.household.number}").text
    assert "还没有兑换记录" in office.get("/office/exchange/?state=released").text


def test_one_exchange_shows_its_way(market: Market, office: Any) -> None:
    row = market.hold(is_proxy=True, collected_by="钱邻居", signed_on_paper=True)
    assert "纸质签名留存在兑换点" in office.get(f"/office/exchange/{row.pk}/").text
    assert office.get(f"/office/exchange/{row.pk}/voucher/").status_code == 404
    assert office.get("/office/exchange/999999/").status_code == 404


def test_the_office_takes_goods_back(market: Market, office: Any) -> None:
    row = market.bought()
    page = office.post(f"/office/exchange/{row.pk}/", {"reason": "破损"}, follow=True).text
    assert "已退回" in page


def test_a_steward_takes_no_goods_back(market: Market, steward: Any) -> None:
    row = market.bought()
    assert steward.post(f"/village/exchange/{row.pk}/", {"reason": "破损"}).status_code == 403
    row.refresh_from_db()
    assert row.state == "captured"


def test_the_office_takes_a_shop_in(market: Market, office: Any) -> None:
    row = applicant(market)
    address = f"/office/exchange/network/{row.pk}/"
    assert "农资店" in office.get("/office/exchange/network/").text
    wrong = office.post(address, {"deed": "accept", "agreement": "", "yuan_per_point": "1"})
    assert wrong.status_code == 422
    office.post(address, {"deed": "accept", "agreement": "2号", "yuan_per_point": "1.05"})
    row.refresh_from_db()
    assert (row.state, row.fen_per_point) == ("active", 105)


def test_the_office_refuses_and_ends(market: Market, office: Any) -> None:
    row = applicant(market)
    office.post(f"/office/exchange/network/{row.pk}/", {"deed": "refuse", "reason": "资料不全"})
    office.post(f"/office/exchange/network/{market.membership.pk}/", {"deed": "end", "reason": "歇业"})
    assert set(Membership.objects.values_list("state", flat=True)) == {"refused", "ended"}
    again = office.post(f"/office/exchange/network/{row.pk}/", {"deed": "end", "reason": "歇业"})
    assert (again.status_code, "不能这样办理" in again.text) == (422, True)


def test_goods_are_put_on_the_shelf_and_changed(market: Market, office: Any) -> None:
    wish = {"membership": market.membership.pk, "name": "米", "kind": "goods", "unit": "袋", "price": "30", "stock": ""}
    office.post("/office/exchange/shelf/", wish)
    assert office.post("/office/exchange/shelf/", wish).status_code == 422
    row = Offering.objects.get(name="米")
    address = f"/office/exchange/shelf/{row.pk}/"
    assert office.post(address, {"price": "0"}).status_code == 422
    office.post(address, {"price": "28", "stock": "3", "is_active": "on"})
    row.refresh_from_db()
    assert (row.price, row.stock) == (28, 3)


def test_a_steward_keeps_her_villages_shelf_only(market: Market, steward: Any) -> None:
    assert steward.get(f"/village/exchange/shelf/{market.offering.pk}/").status_code == 404
    _, _, own = accepted_shop("村积分超市")
    Membership.objects.filter(pk=own.pk).update(village=market.village)
    wish = {"membership": own.pk, "name": "盐", "kind": "goods", "unit": "袋", "price": "2"}
    assert steward.post("/village/exchange/shelf/", wish).status_code == 302


def plan(market: Market, **fields: Any) -> dict[str, Any]:
    year = clock.today().year
    days = f"{year}-03-25 至 {year}-03-31\n{year}-06-30"
    wish = {"title": "方案", "resolution": "会议", "effective_from": f"{year}-01-01", "windows": days}
    return {"village": market.village.pk, **wish, **fields}


def test_a_steward_writes_her_villages_plan(market: Market, steward: Any) -> None:
    assert steward.post("/village/exchange/plans/new/", plan(market)).status_code == 302
    assert RedemptionPlan.objects.get(village=market.village).windows.count() == 2
    again = steward.post("/village/exchange/plans/new/", plan(market))
    assert (again.status_code, "换一个生效日期" in again.text) == (422, True)


@pytest.mark.parametrize("days", ["三月底", "2025-02-30", ""])
def test_a_line_that_is_no_date_is_named(market: Market, steward: Any, days: str) -> None:
    answer = steward.post("/village/exchange/plans/new/", plan(market, windows=days))
    assert answer.status_code == 422
    assert days in answer.text


def test_money_is_registered(market: Market, office: Any) -> None:
    office.post("/office/exchange/funds/new/", {"kind": "donation", "name": "乡贤捐赠", "budget": "500.50"})
    assert Fund.objects.get(name="乡贤捐赠").budget_fen == 50050


def test_statements_are_drawn_agreed_and_paid(market: Market, office: Any) -> None:
    market.bought()
    today = clock.today().isoformat()
    office.post("/office/exchange/settlements/", {"from_date": today, "to_date": today})
    bill = Settlement.objects.get()
    address = f"/office/exchange/settlements/{bill.pk}/"
    office.post(address, {"deed": "agree"})
    office.post(address, {"deed": "pay", "note": "转账1"})
    bill.refresh_from_db()
    assert (bill.state, "转账1" in office.get(address).text) == ("paid", True)


def test_nothing_to_settle_is_said(market: Market, office: Any) -> None:
    today = clock.today().isoformat()
    answer = office.post("/office/exchange/settlements/", {"from_date": today, "to_date": today})
    assert (answer.status_code, "不用出结算单" in answer.text) == (422, True)


def test_a_statement_is_exported_for_a_spreadsheet(market: Market, office: Any) -> None:
    market.bought()
    text = office.get(f"/office/exchange/settlements/{drawn(market).pk}/table/").content.decode("utf-8-sig")
    assert text.splitlines()[-1] == "合计,,,,1,20.00,21.00,"


def test_a_statement_is_printed_to_sign(market: Market, office: Any) -> None:
    market.bought()
    assert office.get(f"/office/exchange/settlements/{drawn(market).pk}/paper/").content.startswith(b"%PDF")


def test_another_villages_statement_does_not_exist(market: Market, steward: Any) -> None:
    market.bought()
    assert steward.get(f"/village/exchange/settlements/{drawn(market).pk}/").status_code == 404


def test_cards_and_passbooks_are_printed(market: Market, steward: Any) -> None:
    number, village = market.household.number, market.village.pk
    for path in (f"sheet/?number={number}", f"sheet/?village={village}", f"passbook/?number={number}"):
        assert steward.get(f"/village/exchange/cards/{path}").content.startswith(b"%PDF")
    assert steward.get("/village/exchange/cards/sheet/").status_code == 404


def test_another_villages_cards_are_not_printed(market: Market, steward: Any) -> None:
    far = market.cast.household(market.cast.village("连民村"))
    assert steward.get(f"/village/exchange/cards/sheet/?number={far.number}").status_code == 404


@pytest.mark.parametrize(("by_town", "said"), [(True, "由镇里付款"), (False, "没有经费不能兑换")])
def test_a_steward_reads_who_pays_when_her_village_has_no_fund(
    market: Market, steward: Any, by_town: bool, said: str
) -> None:
    other = market.cast.village("白江洞村")
    Fund.objects.update(village=None if by_town else other)
    assert said in steward.get("/village/exchange/plans/").text


def test_what_is_settled_is_not_counted_as_owed(market: Market, office: Any) -> None:
    settled = market.bought()
    drawn(market)
    owed = market.bought()
    page = office.get("/office/exchange/").content.decode()
    tile = page[page.index("待结算") :][:400]
    assert "?state=unsettled#rows" in page and f"{owed.fen / 100:.2f}" in tile and f"{owed.fen / 50:.2f}" not in tile
    rows = office.get("/office/exchange/?state=unsettled").context["rows"]
    assert settled.pk != owed.pk and [row.pk for row in rows] == [owed.pk]
