"""Steps on the way of a rulebook that more than one walk takes."""

from playwright.sync_api import Page, expect

from tests.e2e.site import shoot


def check(page: Page) -> None:
    """Look it through; sign whatever asks for a signature."""
    page.get_by_role("link", name="检查和报批").click()
    page.get_by_role("button", name="开始检查").click()
    expect(page.locator("#messages")).to_contain_text("检查")
    while page.locator(".finding-open").count():
        page.locator(".finding-open summary").first.click()
        page.locator(".finding-open [name=reason]").first.fill("班子会研究过，确有依据")
        page.locator(".finding-open").first.get_by_role("button", name="签署").click()
        expect(page.locator("#messages")).to_contain_text("已签署")
    shoot(page, "rulebook-4-checked")


def go_without_a_trial(page: Page) -> None:
    page.locator("summary", has_text="不试算").click()
    page.fill("#waive", "先按新细则试行一个月")
    page.get_by_role("button", name="不试算，继续").click()
    expect(page.locator("#messages")).to_contain_text("已记下")


def hand_in(page: Page, day: str, paper: str) -> None:
    page.fill("[name=effective_from]", day)
    page.fill("[name=resolution]", paper)
    page.get_by_role("button", name="报出").click()
    expect(page.locator("#messages")).to_contain_text("已报出")


def agree(page: Page) -> None:
    """To everything about rulebooks that waits for her."""
    waiting = page.locator(".work-line", has_text="积分细则")
    if waiting.count():
        waiting.first.locator(".work-words").click()
        shoot(page, "rulebook-5-consent")
        page.get_by_role("button", name="同意", exact=True).click()
        expect(page.locator("#messages")).to_contain_text("已同意")
