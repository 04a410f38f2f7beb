"""A sum of money is parted by points: the town writes it into its rules, parts it, prints it; a resident reads hers."""

import re

from playwright.sync_api import Page, expect

from tests.e2e import rulebooks
from tests.e2e.site import Site, agree, cut_off, shoot

TOWN = "qingxi"
POOL = "集体收益分红"
FETCH = "async path => { const text = await (await fetch(path)).text(); return [text.slice(0, 5), text.length]; }"


def test_a_pool_is_parted_and_a_resident_reads_her_share(site: Site, desk: Page, phone: Page) -> None:
    _writes_a_pool(site, desk)
    _previews(site, desk)
    _confirms(desk)
    _prints(desk)
    _resident_reads(site, phone)


def _writes_a_pool(site: Site, page: Page) -> None:
    """Each quarter, to the fen; what rounding leaves goes into the next."""
    site.sign_in(page, "office", "/office/rulebooks/", TOWN)
    page.locator(".starts li", has_text="从现行的细则改起").get_by_role("button").click()
    page.locator(".item-link").first.click()
    day = page.locator("#try-date").input_value()
    page.locator(".page-back").click()
    page.get_by_role("link", name="通用约定").click()
    page.locator("summary", has_text="分红").click()
    page.locator("[name=pool-name]").last.fill(POOL)
    page.locator("[name=pool-period]").last.select_option("quarter")
    page.locator("[name=pool-residue]").last.select_option("next")
    shoot(page, "dividend-1-rule")
    page.get_by_role("button", name="保存").click()
    page.locator(".page-back").click()
    rulebooks.check(page)
    rulebooks.go_without_a_trial(page)
    rulebooks.hand_in(page, day, "镇政发〔2025〕12号")
    page.goto(site.url("/office/work/", TOWN))
    rulebooks.agree(page)


def _previews(site: Site, page: Page) -> None:
    """The residue is shown before anything stands."""
    page.goto(site.url("/office/dividends/", TOWN))
    page.get_by_label("分哪一笔、哪一期").select_option(label=f"{POOL}（2025年第一季度）")
    page.get_by_label("金额（元）").fill("1000.01")
    page.get_by_role("button", name="先看各户分多少").click()
    expect(page.locator("main")).to_contain_text(re.compile(r"余0\.\d+元转入下一期"))
    expect(page.locator("tr", has_text="余额").first).to_contain_text("转入下一期")
    shoot(page, "dividend-2-preview")
    assert cut_off(page) == []


def _confirms(page: Page) -> None:
    page.get_by_role("button", name="确认分红").click()
    agree(page)
    expect(page.locator("#messages")).to_contain_text("已确认，可以打印发放表")
    expect(page.locator(".badge", has_text="待发放")).to_be_visible()
    shoot(page, "dividend-3-run")
    assert cut_off(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    shoot(page, "dividend-3-run-phone")
    assert cut_off(page) == []


def _prints(page: Page) -> None:
    """On paper and as a workbook (a zip)."""
    for name, begins in (("打印发放表", "%PDF-"), ("下载表格", "PK")):
        found = page.get_by_role("link", name=name).get_attribute("href")
        head, size = page.evaluate(FETCH, found)
        assert head.startswith(begins) and size > 2000


def _resident_reads(site: Site, phone: Page) -> None:
    """The message says how much and leads to the line of her passbook."""
    site.sign_in(phone, "resident", "/messages/", TOWN)
    told = phone.locator(".messages-list li", has_text="分红").first
    expect(told).to_contain_text(re.compile(r"您家分到[\d.]+元分红"))
    expect(told).to_contain_text(f"“{POOL}”（2025年第一季度）")
    shoot(phone, "dividend-4-message")
    told.locator("a").click()
    expect(phone).to_have_url(re.compile(r"/passbook/#dividend-\d+$"))
    line = phone.locator("li:target")
    expect(line).to_contain_text("分得")
    expect(line).to_contain_text("还没有发放")
    shoot(phone, "dividend-5-passbook")
    assert cut_off(phone) == []
