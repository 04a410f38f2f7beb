"""A monthly inspection walked on a phone, house by house, with the connection lost on the way."""

from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from jifen.local.demo.photos import photo
from tests.e2e.site import Site, agree, cut_off, shoot

TOWN = "qingxi"
NET = "[data-walk-net]"
KEPT = "() => navigator.serviceWorker.controller && caches.match(location.pathname, {ignoreVary: true})"
"""The page is kept for a reload without a net."""


def test_a_lost_connection_loses_no_mark(site: Site, phone: Page, tmp_path: Path) -> None:
    _open(site, phone)
    homes = phone.locator("[data-home]")
    _mark(phone, 0)
    expect(phone.locator(NET)).to_have_text("已全部保存")
    _attach(phone, tmp_path)
    phone.wait_for_function(KEPT)
    phone.context.set_offline(True)
    for number in (1, 2):
        _mark(phone, number)
    expect(phone.locator(NET)).to_contain_text("还有 2 户存在手机里")
    shoot(phone, "rounds-2-offline")
    phone.get_by_role("button", name="提交检查结果").click()
    expect(phone.locator(NET)).to_contain_text("还有 2 户的打分没有上传")
    phone.reload()
    expect(phone.locator("[data-home].done")).to_have_count(3)
    expect(phone.locator(NET)).to_contain_text("还有 2 户存在手机里")
    phone.context.set_offline(False)
    expect(phone.locator(NET)).to_have_text("已全部保存")
    phone.reload()
    expect(phone.locator("[data-home].done")).to_have_count(3)
    _signed_out(site, phone)
    assert homes.count() > 3 and cut_off(phone) == []
    _hand_in(phone, tmp_path)


def _open(site: Site, page: Page) -> None:
    site.sign_in(page, "steward", "/village/inspections/new/", TOWN)
    page.locator("input[name=rules]").first.check()
    page.locator("input[name=rules]").nth(1).check()
    page.get_by_role("button", name="开始检查").click()
    expect(page.locator("[data-walk-count]")).to_contain_text("已查 0/")
    shoot(page, "rounds-1-walk")


def _signed_out(site: Site, page: Page) -> None:
    """What is marked meanwhile stays on the phone, says what to do, and goes up after signing in again."""
    walk = urlsplit(page.url).path
    page.context.clear_cookies()
    _mark(page, 3)
    expect(page.locator(NET)).to_contain_text("还有 1 户存在手机里。您已经退出登录，请刷新本页重新登录")
    site.sign_in(page, "steward", walk, TOWN)
    expect(page.locator(NET)).to_have_text("已全部保存")
    expect(page.locator("[data-home].done")).to_have_count(4)


def _mark(page: Page, number: int) -> None:
    """The first result that asks for no figure."""
    home = page.locator("[data-home]").nth(number)
    home.locator("[data-outcome]:not([data-scored])").first.click()
    expect(home.locator("[aria-pressed=true]")).to_have_count(1)


def _attach(page: Page, folder: Path) -> None:
    picture = folder / "检查.jpg"
    picture.write_bytes(photo("house by house"))
    page.set_input_files("#evidence-input", picture)
    expect(page.locator("[data-upload-status]")).to_have_text("已上传 1 份")


def _hand_in(page: Page, folder: Path) -> None:
    _attach(page, folder)
    page.get_by_role("button", name="提交检查结果").click()
    expect(page.locator("#ask")).to_contain_text("户没有查，提交后不能再改")
    agree(page)
    expect(page.get_by_text("已提交，等待本月审核")).to_be_visible()
    shoot(page, "rounds-3-handed-in")
