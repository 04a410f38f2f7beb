"""An objection from the resident's phone to the answer on her page; past the steward, who sees nobody's name."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.site import Site, cut_off, shoot

DOUBT = "那天我在外地打工,这笔不是我家的。"
HOUSEHOLD = "01002"
FOUND = "查了当天的签到表和照片,确实不是这一户。"


def test_an_objection_is_upheld_and_shows_on_the_residents_page(site: Site, phone: Page, desk: Page) -> None:
    number = _raise(site, phone)
    _steward_sees_no_name(site, desk, number)
    _uphold(site, desk, number)
    phone.reload()
    expect(phone.get_by_text("异议成立，积分已经更正")).to_be_visible()
    expect(phone.get_by_text(FOUND).first).to_be_visible()
    shoot(phone, "objection-4-upheld")
    assert cut_off(phone) == []


def test_the_steward_takes_an_objection_in_and_gives_a_receipt(site: Site, desk: Page) -> None:
    site.sign_in(desk, "steward", "/village/objections/enter/", "shuren")
    desk.fill("main input[name=word]", HOUSEHOLD)
    desk.click("main form button")
    shoot(desk, "objection-5-find")
    desk.locator("td.acts a").last.click()
    desk.get_by_label("电话", exact=True).check()
    desk.fill("textarea[name=text]", "电话里说:分数算少了。")
    shoot(desk, "objection-6-enter")
    desk.get_by_role("button", name="登记并出回执").click()
    expect(desk.get_by_text("内容保密")).to_be_visible()
    expect(desk.get_by_role("link", name="打印回执")).to_be_visible()
    shoot(desk, "objection-7-receipt")
    assert "分数算少了" not in desk.content()


def _raise(site: Site, page: Page) -> str:
    site.sign_in(page, "resident", "/passbook/", "shuren")
    page.locator(".entry", has_not_text=re.compile("基础|兑换|更正|举报|事由不公开")).last.click()
    page.click("text=对这笔积分有异议")
    page.fill("textarea[name=text]", DOUBT)
    shoot(page, "objection-1-new")
    page.click("text=提交异议")
    expect(page.get_by_text("正在调查核实")).to_be_visible()
    shoot(page, "objection-2-raised")
    assert cut_off(page) == []
    return page.locator(".page-eyebrow, .eyebrow").first.inner_text()


def _steward_sees_no_name(site: Site, page: Page, number: str) -> None:
    site.sign_in(page, "steward", "/village/objections/?state=open", "shuren")
    page.get_by_role("link", name=number).click()
    expect(page.get_by_text("内容保密")).to_be_visible()
    assert DOUBT not in page.content()


def _uphold(site: Site, page: Page, number: str) -> None:
    site.change_person(page, "office", "/office/objections/", "shuren")
    shoot(page, "objection-3-desk")
    page.locator("tr", has_text=number).locator("a").first.click()
    page.get_by_label("异议成立，取消这笔").check()
    page.fill("textarea[name=finding]", FOUND)
    shoot(page, "objection-3-answer")
    page.get_by_role("button", name="提交答复").click()
    expect(page.get_by_text("答复已经记下")).to_be_visible()
