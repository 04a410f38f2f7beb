"""A shop exchanges points for goods, on a phone, by the number on the household's card."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.counter import ask, card_of_the_resident, redeem_the_cheapest
from tests.e2e.site import Site, cut_off, shoot


def test_the_shop_exchanges_by_number_and_gets_the_voucher(site: Site, phone: Page) -> None:
    card = card_of_the_resident(site, phone)
    site.sign_in(phone, "shop", "/shop/")
    shoot(phone, "shop-1-counter")
    ask(phone, card.code)
    redeem_the_cheapest(phone)
    shoot(phone, "shop-4-done")
    expect(phone.get_by_text("下载兑换凭证")).to_be_visible()
    link = phone.get_by_text("下载兑换凭证").get_attribute("href") or ""
    voucher = phone.request.get(site.url(link))
    assert voucher.ok and voucher.body().startswith(b"%PDF")


def test_a_wrong_code_is_answered_in_plain_words_at_its_field(site: Site, phone: Page) -> None:
    card = card_of_the_resident(site, phone)
    site.sign_in(phone, "shop", "/shop/")
    ask(phone, card.wrong_code)
    expect(phone.locator(".field-wrong .wrong")).to_contain_text(re.compile("积分码|校验码"))
    expect(phone.locator("input[name=code]")).to_have_value(card.wrong_code)
    shoot(phone, "shop-5-wrong-code")


def test_nothing_of_the_shop_is_cut_off_at_320_px(site: Site, phone: Page) -> None:
    site.sign_in(phone, "shop", "/shop/")
    counter = phone.url
    phone.set_viewport_size({"width": 320, "height": 640})
    for path in (counter, f"{counter}today/", f"{counter}bills/", site.url("/shop/towns/")):
        phone.goto(path)
        shoot(phone, f"small-shop-{path.rstrip('/').split('/')[-1]}")
        assert cut_off(phone) == [], path
