"""What happens at a shop's counter, and what the resident brings to it."""

import re
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from tests.e2e.site import Site, shoot


@dataclass(frozen=True)
class Card:
    """A household's number and the four digits behind it."""

    number: str
    digits: str

    @property
    def code(self) -> str:
        return f"{self.number}-{self.digits}"

    @property
    def wrong_code(self) -> str:
        return f"{self.number}-{(int(self.digits) + 1) % 10_000:04d}"


def card_of_the_resident(site: Site, page: Page) -> Card:
    """As she reads it out from her phone."""
    site.sign_in(page, "resident", "/code/", "shuren")
    number = page.locator(".code-number").inner_text().strip()
    digits = page.locator(".code-check strong").inner_text().strip()
    page.context.clear_cookies()
    return Card(number, digits)


def ask(page: Page, code: str) -> None:
    page.fill("input[name=code]", code)
    page.click("text=查询这一户")


def redeem_the_cheapest(page: Page) -> None:
    """From the choice of goods to the receipt."""
    prices = page.locator(".offerings label:has(input)").all_inner_texts()
    found = [float(price) for text in prices for price in re.findall(r"([\d.]+)分/", text)]
    page.locator(".offerings input").nth(found.index(min(found))).check()
    shoot(page, "shop-2-choice")
    page.click("text=下一步，核对")
    expect(page.get_by_role("heading", name="请核对后确认")).to_be_visible()
    shoot(page, "shop-3-check")
    page.click("text=东西已交给农户，确认兑换")
    expect(page.get_by_role("heading", name="兑换成功")).to_be_visible()
