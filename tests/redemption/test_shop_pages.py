"""A shop's pages: sign-up, code, choice, confirmation, receipt; another town's counter does not exist (I13)."""

import re
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM
from jifen.kernel.tenancy import outside
from redemption.models import Membership, Redemption
from redemption.services import memberships, redemptions, settlements, vouchers
from tenants.community import codes
from tenants.models import Town
from tests.redemption.market import Market


class Browser:
    """The keeper's browser on the public site, while the test itself stays in the town."""

    def __init__(self, client: Any) -> None:
        self.client = client

    def get(self, path: str) -> Any:
        with outside():
            return self.client.get(path)

    def post(self, path: str, **fields: Any) -> Any:
        with outside():
            return self.client.post(path, fields)


@pytest.fixture
def browser(market: Market, client_for: Callable[..., Any]) -> Iterator[Browser]:
    with outside():
        client = client_for(market.keeper)
    yield Browser(client)


def counter(market: Market, path: str = "") -> str:
    return f"/shop/{market.town.code}/{path}"


def choice(market: Market, **fields: Any) -> dict[str, Any]:
    wish = {
        "code": codes.text(market.household),
        "key": str(uuid.uuid4()),
        "offering": market.offering.pk,
        "quantity": 1,
    }
    return {**wish, **fields}


@pytest.mark.parametrize("path", ["", "today/"])
def test_the_counters_phone_is_shared_so_every_page_signs_out(market: Market, browser: Browser, path: str) -> None:
    assert 'action="/logout/"' in browser.get(counter(market, path)).text
    assert browser.post("/logout/").status_code == 302
    assert browser.get(counter(market)).status_code == 302


def test_a_shop_of_one_town_starts_at_its_counter(market: Market, browser: Browser) -> None:
    answer = browser.get("/shop/")
    assert (answer.status_code, answer.url) == (302, counter(market))
    assert "扫积分码" in browser.get(counter(market)).text


def test_the_code_shows_masked_name_and_points_only(market: Market, browser: Browser) -> None:
    page = browser.post(counter(market, "customer/"), code=codes.text(market.household)).text
    assert "张*" in page
    assert "张三" not in page
    assert ">50<" in page
    assert "洗衣液 20分/瓶（剩10）" in page


def test_a_wrong_code_is_said_at_the_field(market: Market, browser: Browser) -> None:
    answer = browser.post(counter(market, "customer/"), code="JF-1-1")
    assert answer.status_code == 422
    assert "没有找到这一户" in answer.text


def test_a_household_redeems_in_four_steps(market: Market, browser: Browser) -> None:
    answer = browser.post(counter(market, "hold/"), **choice(market))
    row = Redemption.objects.get()
    assert answer.url == counter(market, f"{row.pk}/")
    assert "请核对后确认" in browser.get(answer.url).text
    browser.post(counter(market, f"{row.pk}/finish/"), deed="capture")
    assert "兑换成功" in browser.get(answer.url).text


def test_sending_the_form_twice_is_one_redemption(market: Market, browser: Browser) -> None:
    fields = choice(market)
    first = browser.post(counter(market, "hold/"), **fields)
    assert browser.post(counter(market, "hold/"), **fields).url == first.url


def test_a_refusal_comes_back_with_the_form(market: Market, browser: Browser) -> None:
    answer = browser.post(counter(market, "hold/"), **choice(market, quantity=3))
    assert answer.status_code == 422
    assert "可兑换积分不够" in answer.text
    assert not Redemption.objects.exists()


def test_a_proxy_without_signature_is_asked_for_one(market: Market, browser: Browser) -> None:
    answer = browser.post(counter(market, "hold/"), **choice(market, is_proxy="on", collected_by="钱邻居"))
    assert "代领要有领取人签名" in answer.text


def test_what_a_proxy_must_give_is_never_called_optional(market: Market, browser: Browser) -> None:
    page = browser.post(counter(market, "customer/"), code=codes.text(market.household)).text
    answer = browser.post(counter(market, "hold/"), **choice(market, is_proxy="on")).text
    for text in (page, answer):
        assert "代领人姓名" in text and "选填" not in text
    assert not Redemption.objects.exists()


def test_a_signature_that_is_no_picture_is_said_at_its_field(market: Market, browser: Browser) -> None:
    sent = SimpleUploadedFile("签名.jpg", b"no picture", content_type="image/jpeg")
    fields = choice(market, is_proxy="on", collected_by="钱邻居", signature=sent)
    page = browser.post(counter(market, "hold/"), **fields).text
    assert re.search(r'id="id_signature_error".{0,200}data-code="file_not_picture"', page, re.DOTALL)
    assert "代领人签名照片：这不是图片" in page
    assert not Redemption.objects.exists()


def test_an_unreadable_code_in_the_form_is_said(market: Market, browser: Browser) -> None:
    answer = browser.post(counter(market, "hold/"), **choice(market, code="JF-9-9999"))
    assert (answer.status_code, "没有找到这一户" in answer.text) == (422, True)


def test_a_shop_cancels(market: Market, browser: Browser) -> None:
    row = market.hold()
    browser.post(counter(market, f"{row.pk}/finish/"), deed="release")
    row.refresh_from_db()
    assert row.state == "released"
    assert "已取消" in browser.get(counter(market, f"{row.pk}/")).text


def test_the_receipt_leads_to_the_voucher(market: Market, browser: Browser) -> None:
    row = market.bought()
    assert browser.get(counter(market, f"{row.pk}/voucher/")).status_code == 404
    vouchers.archive(redemption=row)
    assert browser.get(counter(market, f"{row.pk}/voucher/")).status_code == 302


def test_the_day_is_added_up(market: Market, browser: Browser) -> None:
    market.bought()
    redemptions.release(redemption=market.hold(), by=SYSTEM)
    page = browser.get(counter(market, "today/")).text
    assert "已兑换 1 笔" in page


def test_a_shop_agrees_to_its_statement(market: Market, browser: Browser) -> None:
    market.bought()
    day = clock.today()
    [bill] = settlements.draw_all(from_date=day, to_date=day, by=SYSTEM)
    assert "21.00" in browser.get(counter(market, "bills/")).text
    assert browser.get(counter(market, f"bills/{bill.pk}/")).content.startswith(b"%PDF")
    browser.post(counter(market, "bills/"), settlement=bill.pk)
    bill.refresh_from_db()
    assert bill.state == "agreed"


@pytest.mark.parametrize("path", ["", "today/", "bills/", "1/", "1/voucher/"])
def test_another_towns_counter_does_not_exist(market: Market, browser: Browser, other_town: Town, path: str) -> None:
    assert browser.get(f"/shop/{other_town.code}/{path}").status_code == 404


def test_a_shop_that_left_finds_no_counter(market: Market, browser: Browser) -> None:
    memberships.end(membership=market.membership, reason="歇业", by=SYSTEM)
    assert browser.get(counter(market)).status_code == 404
    assert "已终止" in browser.get("/shop/towns/").text
    assert "还没有镇同意合作" in browser.get("/shop/").text


def test_a_shop_applies_to_another_town(market: Market, browser: Browser, other_town: Town) -> None:
    assert browser.post("/shop/towns/", town=other_town.code).status_code == 302
    again = browser.post("/shop/towns/", town=other_town.code)
    assert (again.status_code, "不用重复申请" in again.text) == (422, True)


JOIN = {
    "name": "理发店", "kind": "service", "address": "村口", "contact": "钱师傅", "phone": "13900000000",
    "username": "lifadian", "password": "wo-de-dian-2025",
}  # fmt: skip


def test_a_new_shop_signs_up_and_is_signed_in(market: Market, client_for: Callable[..., Any]) -> None:
    with outside():
        client = Browser(client_for())
    answer = client.post("/shop/join/", **JOIN, town=market.town.code)
    assert (answer.status_code, answer.url) == (302, "/shop/towns/")
    assert "待镇里审核" in client.get("/shop/towns/").text
    assert Membership.objects.get(shop_name="理发店").state == "applied"


def test_a_sign_up_with_a_taken_name_says_so(market: Market, client_for: Callable[..., Any]) -> None:
    with outside():
        client = Browser(client_for())
    answer = client.post("/shop/join/", **{**JOIN, "username": market.keeper.username}, town=market.town.code)
    assert answer.status_code == 422
    assert re.search("已有人使用", answer.text)
    assert not Membership.objects.filter(shop_name="理发店").exists()


def test_nobody_reaches_a_counter_without_signing_in(market: Market, client_for: Callable[..., Any]) -> None:
    with outside():
        client = Browser(client_for())
    assert client.get(counter(market)).url.startswith("/login/")


def test_the_password_stands_once_in_the_menu_and_its_page_leads_back_to_the_shop(
    market: Market, browser: Browser
) -> None:
    assert browser.get(counter(market)).text.count('href="/password/"') == 1
    assert '<a href="/shop/">' in browser.get("/password/").text
