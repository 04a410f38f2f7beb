"""The district watches its towns on a wall screen."""

import re

from playwright.sync_api import Page, expect

from jifen.local.demo.plan import YEAR
from tests.e2e.counter import ask, card_of_the_resident, redeem_the_cheapest
from tests.e2e.site import Site, shoot

TOWNS = ("川沙新镇", "树人镇", "清溪镇")
PERSONAL = re.compile(r"[\u4e00-\u9fff][*＊某]|户号|户主|身份证|\d{11}")
MORE = """() => { const cards = document.querySelector('.town-cards');
cards.append(cards.firstElementChild.cloneNode(true)); cards.classList.add('town-cards-many') }"""
"""One town more on the wall, as the page shows them from the fourth on."""
LINES = "one => { const r = document.createRange(); r.selectNodeContents(one); return r.getClientRects().length }"
LIVE = 10_000
"""Milliseconds from the redemption to the figure on the wall, on a loaded machine."""


def test_the_district_sees_three_towns_on_one_screen(site: Site, wall: Page) -> None:
    site.sign_in(wall, "district", f"/district/?year={YEAR}")
    for name in TOWNS:
        expect(wall.locator(".town-card", has_text=name)).to_be_visible()
    expect(wall.locator(".chart-canvas canvas, .chart-canvas svg").first).to_be_visible()
    wall.wait_for_timeout(1500)  # the charts grow into place
    shoot(wall, "overview")
    assert wall.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert wall.evaluate("document.documentElement.scrollHeight <= innerHeight")


def test_four_to_six_towns_fit_a_small_screen_with_every_figure(site: Site, wall: Page) -> None:
    wall.set_viewport_size({"width": 1280, "height": 800})
    site.sign_in(wall, "district", f"/district/?year={YEAR}")
    wall.evaluate("document.getElementById('live').removeAttribute('hx-trigger')")
    for number in range(len(TOWNS) + 1, 7):
        wall.evaluate(MORE)
        assert wall.locator(".town-card").count() == number
        assert wall.locator(".town-card-figures > span:visible").count() == 6 * number
        for panel in wall.locator(".panel-body").all():
            assert panel.evaluate("one => one.scrollHeight <= one.clientHeight")
        for card in wall.locator(".town-card").all():
            assert card.evaluate("one => one.scrollHeight <= one.clientHeight + 1")


def test_no_word_of_the_menu_breaks_on_a_phone(site: Site, wall: Page) -> None:
    wall.set_viewport_size({"width": 390, "height": 844})
    site.sign_in(wall, "district", "/district/")
    assert wall.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for word in wall.locator(".wall-account a, .wall-account button").all():
        assert word.evaluate(LINES) == 1


def test_the_district_goes_down_to_a_village_and_sees_no_name(site: Site, wall: Page) -> None:
    site.sign_in(wall, "district", "/district/")
    for step, name in enumerate(("树人镇", "石岭岗村"), start=2):
        wall.get_by_role("link", name=name).first.click()
        expect(wall.locator("h1")).to_have_text(name)
        wall.wait_for_timeout(1000)
        shoot(wall, f"district-{step}")
        assert not PERSONAL.search(wall.locator("body").inner_text())


def test_a_redemption_shows_on_the_wall_within_seconds(site: Site, wall: Page, phone: Page) -> None:
    card = card_of_the_resident(site, phone)
    site.sign_in(phone, "shop", "/shop/")
    site.sign_in(wall, "district", "/district/")
    figure = wall.locator(".town-card", has_text="树人镇").get_by_text("次兑换").locator("b")
    before = figure.inner_text()
    ask(phone, card.code)
    redeem_the_cheapest(phone)
    expect(figure).not_to_have_text(before, timeout=LIVE)
    assert int(figure.inner_text()) == int(before) + 1
