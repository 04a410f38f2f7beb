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
    for deed in (_decide_what_waits, _sign):
        for member in MEMBERS:
            site.change_person(desk, member, address, "shuren")
            deed(desk)
    expect(desk.locator(".seal")).to_have_count(len(MEMBERS))
    shoot(desk, "committee-4-signed")
    _close(desk)


def _adjust_one(page: Page) -> None:
    """The first that waits and leaves something to the committee."""
    line = page.locator("details.line[data-waits]", has=page.locator("[data-key='2']")).first
    mark = line.get_attribute("id")
    if line.get_attribute("open") is None:
        line.locator("> summary").click()
    line.locator("[data-key='2']").click()
    points = line.locator("input[name=points]")
    least, most = float(points.get_attribute("min") or 0), float(points.get_attribute("max") or 0)
    points.fill(str(int((least + most) / 2)))
    shoot(page, "committee-3-adjust")
    line.locator("button[value=adjusted]").click()
    expect(page.locator(f"#{mark} > summary .badge", has_text="调整")).to_be_visible()


def _decide_what_waits(page: Page) -> None:
    """The exceptions one by one, the rest in one act; what one member is barred from stays for the next."""
    waiting = page.locator("details.line[data-waits]")
    for left in range(waiting.count(), 0, -1):
        page.keyboard.press("1")
        expect(waiting).to_have_count(left - 1)
    button = page.locator("#sheet-bar [data-all=a]")
    if button.count():
        button.click()
        agree(page)
        expect(page.locator("#messages")).to_contain_text("已通过")


def _sign(page: Page) -> None:
    page.locator("#sheet-bar [data-all=s]").click()
    expect(page.locator("#messages")).to_contain_text("已签字")


def _close(page: Page) -> None:
    page.get_by_role("button", name="审定并上报").click()
    agree(page)
    expect(page.locator("#messages")).to_contain_text("已报镇里")
    shoot(page, "committee-5-closed")
