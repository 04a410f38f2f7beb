"""The committee decides its month together."""

from playwright.sync_api import Page, expect

from tests.e2e.site import Site, agree, shoot

MEMBERS = ("committee", "committee2", "committee3", "committee4")


def test_the_committee_adjusts_one_approves_the_rest_signs_and_closes(site: Site, desk: Page) -> None:
    site.sign_in(desk, "committee", "/village/sheets/", "shuren")
    shoot(desk, "committee-1-sheets")
    desk.locator("tbody tr a").first.click()
    shoot(desk, "committee-2-sheet")
    _adjust_one(desk)
    address = desk.url.removeprefix(site.url("", "shuren"))
    for deed in (_approve_the_rest, _sign):
        for member in MEMBERS:
            site.change_person(desk, member, address, "shuren")
            deed(desk)
    expect(desk.locator(".seal")).to_have_count(len(MEMBERS))
    shoot(desk, "committee-4-signed")
    _close(desk)


def _adjust_one(page: Page) -> None:
    line = page.locator("article.line", has=page.locator("summary", has_text="调整或不通过")).first
    mark = line.get_attribute("id")
    line.locator("summary").click()
    line.locator("input[name=reason]").fill("按实际完成情况认定")
    points = line.locator("input[name=points]")
    least, most = float(points.get_attribute("min") or 0), float(points.get_attribute("max") or 0)
    points.fill(str(int((least + most) / 2)))
    shoot(page, "committee-3-adjust")
    line.locator("button[value=adjusted]").click()
    expect(page.locator(f"#{mark} .badge", has_text="调整")).to_be_visible()
    expect(page.locator(f"#{mark}")).to_contain_text("按实际完成情况认定")


def _approve_the_rest(page: Page) -> None:
    """All in one act; what one member is barred from stays for the next."""
    button = page.get_by_role("button", name="其余全部通过")
    if button.count():
        button.click()
        agree(page)
        expect(page.locator("#messages")).to_contain_text("已通过")


def _sign(page: Page) -> None:
    page.get_by_role("button", name="签字", exact=True).click()
    expect(page.locator("#messages")).to_contain_text("已签字")


def _close(page: Page) -> None:
    page.get_by_role("button", name="审定并上报").click()
    agree(page)
    expect(page.locator("#messages")).to_contain_text("已报镇里")
    shoot(page, "committee-5-closed")
