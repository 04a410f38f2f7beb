"""Exceptions, shops and payments on pages and for programs, of the town and of a shop (I13)."""

import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from jifen.approvals import selectors, services
from jifen.approvals.models import Item
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM
from jifen.kernel.tenancy import entered, outside
from redemption.models import Membership, Redemption, RedemptionException, Settlement
from redemption.services import exceptions, settlements
from tenants.community import codes
from tenants.models import Town
from tests.redemption.market import Market
from tests.redemption.test_exceptions import COMMITTEE, asked, closed, granted
from tests.redemption.test_shop_pages import Browser, counter
from tests.redemption.test_staff_api import applicant

Faces = Callable[..., Any]
ADMIN = {"name": "主任批准", "who": {"role": "town_admin"}}
URL = "/api/v1/redemption-exceptions/"


@pytest.fixture
def office(market: Market, client_for: Faces) -> Any:
    return client_for(market.cast.officer())


@pytest.fixture
def browser(market: Market, client_for: Faces) -> Iterator[Browser]:
    with outside():
        client = client_for(market.keeper)
    yield Browser(client)


@pytest.fixture
def shop(market: Market, api_client: Faces) -> Iterator[Any]:
    with outside():
        client = api_client(market.keeper)

    def call(method: str, path: str, body: Any = None) -> Any:
        with outside():
            return getattr(client, method)(f"/api/v1/towns/{market.town.code}/{path}", body)

    yield call


def wish(market: Market, **terms: Any) -> dict[str, Any]:
    return {
        "offering": market.offering.pk, "quantity": 1, "kind": "window", "reason": "老人要手术",
        "use_by": (clock.today() + timedelta(days=3)).isoformat(), **terms,
    }  # fmt: skip


def flow(kind: str) -> None:
    services.install(subject_kind=kind, steps=[ADMIN], by=SYSTEM)


# A shop


def test_a_shop_asks_at_the_counter_and_redeems_when_it_is_granted(market: Market, browser: Browser) -> None:
    closed(market)
    code = codes.text(market.household)
    assert "申请特例" in browser.post(counter(market, "customer/"), code=code).text
    assert "哪一种特例" in browser.post(counter(market, "exceptions/ask/"), code=code).text
    assert browser.post(counter(market, "exceptions/ask/"), code=code, **wish(market)).status_code == 302
    row = RedemptionException.objects.get()
    assert "待批准" in browser.get(counter(market, "exceptions/")).text
    exceptions.decide(exception=row, approve=True, note="", by=SYSTEM)
    assert "按特例兑换" in browser.post(counter(market, "customer/"), code=code).text
    assert "办理兑换" in browser.get(counter(market, "exceptions/")).text
    page = browser.post(counter(market, f"exceptions/{row.pk}/"), code=code).text
    assert code in page and "老人要手术" in page
    used = browser.post(counter(market, f"exceptions/{row.pk}/use/"), code=code, key=str(uuid.uuid4()))
    assert used.url == counter(market, f"{Redemption.objects.get(exception=row).pk}/")


def test_what_is_wrong_stands_at_the_form(market: Market, browser: Browser) -> None:
    code, terms = codes.text(market.household), wish(market, use_by="2020-01-01")
    answer = browser.post(counter(market, "exceptions/ask/"), code=code, **terms)
    assert answer.status_code == 422 and "最迟兑换的日期要在今天" in answer.text
    row = asked(market)
    answer = browser.post(counter(market, f"exceptions/{row.pk}/use/"), code=code, key="k")
    assert answer.status_code == 422 and "现在是“待批准”" in answer.text


def test_another_shops_exception_does_not_exist(market: Market, browser: Browser) -> None:
    row = granted(market)
    other = Membership.objects.create(
        shop_id=10**6, shop_name="农资店", state="active", agreement="2号", applied_at=clock.now(),
        decided_at=clock.now(), **SYSTEM.columns(),
    )  # fmt: skip
    theirs = {name: getattr(row, name) for name in ("household", "offering", "quantity", "points", "kind", "reason")}
    far = RedemptionException.objects.create(
        **theirs, membership=other, use_by=row.use_by, asked_at=clock.now(), **SYSTEM.columns()
    )
    assert browser.post(counter(market, f"exceptions/{far.pk}/"), code="").status_code == 404


def test_a_shops_program_asks_lists_uses_and_withdraws(market: Market, shop: Any) -> None:
    code = codes.text(market.household)
    made = shop("post", "redemption-exceptions/", wish(market, household_code=code))
    assert (made.status_code, made.json()["state"], made.json()["household"]) == (201, "asked", market.household.number)
    assert [row["id"] for row in shop("get", "redemption-exceptions/").json()] == [made.json()["id"]]
    exceptions.decide(exception=RedemptionException.objects.get(), approve=True, note="", by=SYSTEM)
    body = {"household_code": code, "offering": market.offering.pk, "exception": made.json()["id"]}
    assert shop("post", "redemptions/", body).json()["exception"] == made.json()["id"]
    again = shop("post", "redemption-exceptions/", wish(market, household_code=code)).json()
    assert shop("post", f"redemption-exceptions/{again['id']}/withdraw/").json()["state"] == "withdrawn"


def test_a_missing_card_is_for_the_village_to_ask(market: Market, shop: Any) -> None:
    body = wish(market, household_code=codes.text(market.household), kind="card")
    answer = shop("post", "redemption-exceptions/", body)
    assert (answer.status_code, answer.json()["code"]) == (422, "card_by_village")
    assert not RedemptionException.objects.exists()


# The village and the office


def test_a_steward_asks_and_the_office_answers(market: Market, client_for: Faces, office: Any) -> None:
    steward = client_for(market.cast.steward(market.village))
    made = steward.post(
        "/village/exchange/exceptions/new/", wish(market, household=market.household.number, kind="card")
    )
    row = RedemptionException.objects.get()
    assert made.url == f"/village/exchange/exceptions/{row.pk}/"
    assert "撤回申请" in steward.get(made.url).text
    steward.post(made.url, {"deed": "approve"})
    row.refresh_from_db()
    assert row.state == "asked"
    page = f"/office/exchange/exceptions/{row.pk}/"
    assert "只能兑换这一次" in office.get(page).text
    office.post(page, {"deed": "approve", "note": ""})
    row.refresh_from_db()
    assert row.state == "approved"
    assert "没带积分码" in office.get("/office/exchange/exceptions/?state=approved").text


def test_a_steward_asks_for_her_own_village_only(market: Market, client_for: Faces, api_client: Faces) -> None:
    far = market.cast.steward(market.cast.village("连民村"), name="钱管理")
    terms = wish(market, household=market.household.number)
    assert client_for(far).post("/village/exchange/exceptions/new/", terms).status_code == 422
    assert api_client(far).post(URL, terms).status_code == 404
    row = asked(market)
    assert client_for(far).get(f"/village/exchange/exceptions/{row.pk}/").status_code == 404
    assert api_client(far).get(f"{URL}{row.pk}/").status_code == 404
    assert api_client(far).get(URL).json()["results"] == []


def test_another_towns_exception_does_not_exist(market: Market, api_client: Faces, other_town: Town) -> None:
    row = asked(market)
    with entered(other_town.schema_name):
        program = api_client(market.cast.admin())
        assert program.get(f"{URL}{row.pk}/").status_code == 404
        assert program.post(f"{URL}{row.pk}/decide/", {"approve": True}).status_code == 404


def test_programs_ask_answer_and_withdraw(market: Market, api_client: Faces) -> None:
    steward, chen = api_client(market.cast.steward(market.village)), api_client(market.cast.officer())
    made = steward.post(URL, wish(market, household=market.household.number)).json()
    address = f"{URL}{made['id']}/"
    assert steward.post(f"{address}decide/", {"approve": True}).status_code == 403
    assert chen.post(f"{address}withdraw/").json()["code"] == "exception_not_asker"
    assert chen.post(f"{address}decide/", {"approve": False}).json()["code"] == "reason_missing"
    assert chen.post(f"{address}decide/", {"approve": True}).json()["state"] == "approved"


def test_where_a_flow_decides_the_pages_lead_to_it(market: Market, office: Any, api_client: Faces) -> None:
    zhou = market.cast.admin()
    flow("redemption_exception")
    row = asked(market)
    item = selectors.open_item("redemption_exception", row.pk)
    assert item is not None
    page = office.get(f"/office/exchange/exceptions/{row.pk}/").text
    assert f"/office/work/{item.pk}/" in page and "主任批准" in page and "不同意" not in page
    answer = api_client(zhou).post(f"{URL}{row.pk}/decide/", {"approve": True})
    assert (answer.status_code, answer.json()["code"]) == (409, "approval_decides")
    assert api_client(zhou).get(f"{URL}{row.pk}/").json()["item"] == item.pk


def test_a_committee_member_reads_the_original_in_her_village(market: Market, client_for: Faces) -> None:
    li = client_for(market.cast.committee(market.village))
    services.install(subject_kind="redemption_exception", steps=[COMMITTEE], by=SYSTEM)
    row = asked(market)
    item = selectors.open_item("redemption_exception", row.pk)
    assert item is not None
    assert f'href="/village/exchange/exceptions/{row.pk}/"' in li.get(f"/village/work/{item.pk}/").text
    assert li.get(f"/village/exchange/exceptions/{row.pk}/").status_code == 200


# Shops and payments


def test_the_office_puts_a_shop_forward_where_a_flow_decides(market: Market, office: Any) -> None:
    market.cast.admin()
    flow("membership")
    row = applicant(market)
    page = f"/office/exchange/network/{row.pk}/"
    assert "提交审批" in office.get(page).text and "不同意" not in office.get(page).text
    terms = {"deed": "accept", "agreement": "", "yuan_per_point": "1.2", "run_by": market.household.number}
    assert office.post(page, terms).status_code == 302
    item = Item.objects.get(subject_kind="membership")
    assert f"/office/work/{item.pk}/" in office.get(page).text
    assert "提交审批" not in office.get(page).text
    refused = office.post(page, {"deed": "refuse", "reason": "太远"})
    assert refused.status_code == 422 and "按审批流程办理" in refused.text


def test_a_program_puts_a_shop_forward(market: Market, api_client: Faces) -> None:
    chen = api_client(market.cast.officer())
    market.cast.admin()
    flow("membership")
    address = f"/api/v1/memberships/{applicant(market).pk}/"
    told = chen.post(f"{address}accept/", {"agreement": "2号", "fen_per_point": 100}).json()
    assert (told["state"], told["item"]) == ("applied", Item.objects.get().pk)
    assert chen.post(f"{address}refuse/", {"reason": "远"}).json()["code"] == "approval_decides"


@pytest.fixture
def bill(market: Market) -> Settlement:
    market.bought()
    today = clock.today()
    return settlements.draw_all(from_date=today, to_date=today, by=SYSTEM)[0]


def test_a_payment_waits_on_its_page(market: Market, office: Any, bill: Settlement, client_for: Faces) -> None:
    zhou = client_for(market.cast.admin())
    flow("settlement")
    page = f"/office/exchange/settlements/{bill.pk}/"
    office.post(page, {"deed": "agree"})
    item = Item.objects.get(subject_kind="settlement")
    assert "审批同意以后登记付款" in office.get(page).text
    zhou.post(f"/office/work/{item.pk}/reject/", {"reason": "凭证没交齐", "step": "主任批准"})
    assert "凭证没交齐" in office.get(page).text and "提交审批" in office.get(page).text
    office.post(page, {"deed": "forward"})
    newest = Item.objects.filter(subject_kind="settlement").latest("pk")
    zhou.post(f"/office/work/{newest.pk}/approve/", {"step": "主任批准"})
    assert "登记付款" in office.get(page).text
    office.post(page, {"deed": "pay", "note": "转账1"})
    bill.refresh_from_db()
    assert bill.state == "paid"


def test_a_program_pays_after_the_flow(market: Market, bill: Settlement, api_client: Faces) -> None:
    chen, zhou = api_client(market.cast.officer()), api_client(market.cast.admin())
    flow("settlement")
    address = f"/api/v1/settlements/{bill.pk}/"
    item = chen.post(f"{address}agree/").json()["item"]
    assert chen.post(f"{address}pay/", {"note": "转账1"}).json()["code"] == "approval_decides"
    assert chen.post(f"{address}put-forward/").json()["code"] == "approval_decides"
    assert zhou.post(f"/api/v1/approval-items/{item}/approve/", {}, format="json").status_code == 200
    assert chen.post(f"{address}pay/", {"note": "转账1"}).json()["state"] == "paid"
