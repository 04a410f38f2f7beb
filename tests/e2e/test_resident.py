"""A resident reads her passbook on a phone, in large letters."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.site import Site, cut_off, shoot, too_small

ELDERLY_TARGET = 60


def test_the_resident_reads_why_an_entry_stands_in_her_passbook(site: Site, phone: Page) -> None:
    _at_home(site, phone)
    shoot(phone, "resident-1-home")
    phone.click("nav >> text=存折")
    expect(phone.locator("h1")).to_have_text("我家的存折")
    shoot(phone, "resident-2-passbook")
    _open_a_deed(phone)
    for title in ("为什么这样计分", "谁审定的", "佐证"):
        expect(phone.get_by_role("heading", name=title)).to_be_visible()
    expect(phone.locator(".why-sum")).not_to_be_empty()
    shoot(phone, "resident-3-why")


def test_the_resident_shows_her_code(site: Site, phone: Page) -> None:
    _at_home(site, phone)
    phone.goto(site.url("/code/", "shuren"))
    expect(phone.locator(".code-box svg")).to_be_visible()
    assert re.fullmatch(r"\d{4}", phone.locator(".code-check strong").inner_text())
    assert phone.locator(".code-box svg").bounding_box()["width"] > 200  # type: ignore[index]
    shoot(phone, "resident-4-code")


def test_the_resident_raises_an_objection_and_finds_it_again(site: Site, phone: Page) -> None:
    _at_home(site, phone)
    phone.goto(site.url("/passbook/", "shuren"))
    _open_a_deed(phone)
    phone.click("text=对这笔积分有异议")
    phone.fill("textarea[name=text]", "那天下雨活动取消了,请再核实一下。")
    shoot(phone, "resident-5-objection")
    phone.click("text=提交异议")
    expect(phone.get_by_text("正在调查核实")).to_be_visible()
    shoot(phone, "resident-6-raised")
    phone.goto(site.url("/objections/", "shuren"))
    expect(phone.locator(".entry").first).to_contain_text("那天下雨活动取消了")


def test_large_letters_keep_every_target_big_and_nothing_cut_off_at_320_px(site: Site, phone: Page) -> None:
    _at_home(site, phone)
    phone.set_viewport_size({"width": 320, "height": 640})
    for path in ("/", "/passbook/", "/code/", "/shops/", "/redemptions/", "/declare/", "/notices/", "/objections/"):
        phone.goto(site.url(path, "shuren"))
        assert phone.locator("html.large").count() == 1
        shoot(phone, f"small-resident{path.rstrip('/').replace('/', '-') or '-home'}")
        assert cut_off(phone) == [], path
        assert too_small(phone, ELDERLY_TARGET) == [], path


def _at_home(site: Site, page: Page) -> None:
    """Signed in, in the elderly mode."""
    site.sign_in(page, "resident", "/", "shuren")
    page.click("[data-large]")
    expect(page.locator("html")).to_have_class(re.compile("large"))


def _open_a_deed(page: Page) -> None:
    """An entry that comes from a deed whose reason may be shown."""
    page.locator(".entry", has_not_text=re.compile("基础|兑换|更正|举报|事由不公开")).first.click()
    expect(page.get_by_role("heading", name="为什么这样计分")).to_be_visible()
