"""A member of the committee leaves: everything goes to the successor in one act, with a list to sign."""

from playwright.sync_api import Page, expect

from tests.e2e.site import Site, agree, cut_off, shoot

TOWN = "qingxi"
FETCH = "async path => { const text = await (await fetch(path)).text(); return [text.slice(0, 5), text.length]; }"
GIVER, RECEIVER = "committee4", "resident"


def test_a_post_is_handed_over_with_its_printed_list(site: Site, desk: Page) -> None:
    site.sign_in(desk, "office", f"/office/posts/?giver={GIVER}", TOWN)
    expect(desk.get_by_text("现在担任")).to_be_visible()
    desk.get_by_label("谁接手").fill(RECEIVER)
    desk.get_by_label("监交人").fill("周监督")
    desk.locator("[name=many_0]").first.fill("1")
    desk.locator("[name=remark_0]").first.fill("公章一枚")
    desk.get_by_role("button", name="核对清单").click()
    expect(desk.get_by_text("还没有移交", exact=True)).to_be_visible()
    shoot(desk, "hand-over-1-form")
    desk.get_by_role("button", name="移交", exact=True).click()
    agree(desk)
    expect(desk.get_by_text("已移交。请打印清单")).to_be_visible()
    expect(desk.get_by_text("公章一枚")).to_be_visible()
    shoot(desk, "hand-over-2-done")
    paper = desk.get_by_role("link", name="打印移交清单").get_attribute("href")
    head, size = desk.evaluate(FETCH, paper)
    assert head == "%PDF-" and size > 5000
    assert cut_off(desk) == []
    _the_successor_finds_the_work(site, desk)


def _the_successor_finds_the_work(site: Site, page: Page) -> None:
    """What the leaver had is hers now; the leaver has nothing left to hand over."""
    page.goto(site.url(f"/office/posts/?giver={GIVER}", TOWN))
    expect(page.get_by_text("现在没有担任任何职责")).to_be_visible()
    site.change_person(page, RECEIVER, "/village/work/", TOWN)
    expect(page.locator("h1")).to_contain_text("我的待办")
    shoot(page, "hand-over-3-successor")
