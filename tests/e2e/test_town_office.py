"""The town office looks at its rules and answers a village's month."""

from playwright.sync_api import Page, expect

from tests.e2e.site import Site, shoot


def test_the_town_office_sees_which_values_are_examples(site: Site, desk: Page) -> None:
    site.sign_in(desk, "office", "/office/rules/", "qingxi")
    expect(desk.locator(".book-rule .example", has_text="示例分值").first).to_be_visible()
    expect(desk.locator(".book-rule small").first).to_contain_text("出处")
    shoot(desk, "office-1-rulebook")


def test_the_town_office_receives_a_villages_month(site: Site, desk: Page) -> None:
    site.sign_in(desk, "office", "/office/", "shuren")
    shoot(desk, "office-2-home")
    desk.goto(site.url("/office/months/", "shuren"))
    waiting = desk.locator("td .line-acts form")
    arrived = waiting.count()
    assert arrived
    shoot(desk, "office-3-months")
    desk.locator("td .line-acts form button.btn-primary").first.click()
    expect(desk.locator("#messages")).to_contain_text("已办结1个村")
    expect(waiting).to_have_count(arrived - 1)
    shoot(desk, "office-4-received")


def test_a_received_month_is_posted_soon(site: Site, desk: Page) -> None:
    site.sign_in(desk, "office", "/office/months/", "qingxi")
    desk.locator("td .line-acts form button.btn-primary").first.click()
    for _ in range(60):
        if desk.locator(".badge", has_text="已记账").count():
            break
        desk.wait_for_timeout(500)
        desk.goto(site.url("/office/months/", "qingxi"))
    expect(desk.locator(".badge", has_text="已记账").first).to_be_visible()
