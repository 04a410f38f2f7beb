"""The steward records a deed on a phone, with a photo that goes straight to the object store."""

import time
from pathlib import Path

from playwright.sync_api import Page, expect

from jifen.local.demo.photos import photo
from tests.e2e.site import Site, shoot

LONGEST = 30.0
"""Seconds from the first page to the saved deed."""


def test_the_steward_records_a_deed_with_a_photo_in_half_a_minute(site: Site, phone: Page, tmp_path: Path) -> None:
    picture = tmp_path / "现场.jpg"
    picture.write_bytes(photo("steward at work"))
    site.sign_in(phone, "steward", "/village/", "shuren")
    shoot(phone, "steward-1-home")
    began = time.monotonic()
    _record(phone, picture)
    took = time.monotonic() - began
    print(f"\na deed with a photo was recorded in {took:.1f} s")
    shoot(phone, "steward-5-saved")
    _is_listed(site, phone)
    assert took < LONGEST


def _record(page: Page, picture: Path) -> None:
    """Whose, which rule, what happened: three short steps."""
    page.click("text=登记一件事")
    page.fill("#q", "010")
    page.locator("#found a").first.click()
    page.locator("#shelves a.rule").first.click()
    page.set_input_files("#evidence-input", picture)
    expect(page.locator("[data-upload-status]")).to_have_text("已上传 1 份")
    page.click("text=保存登记")
    expect(page.locator(".saved")).to_contain_text("已登记")


def _is_listed(site: Site, page: Page) -> None:
    rule = page.locator(".saved-words > span").inner_text().split("·")[1].strip()
    page.click(".saved >> text=查看")
    expect(page.locator("h1")).to_contain_text(rule)
    expect(page.locator(".photos img")).to_have_js_property("complete", True)
    assert page.locator(".photos img").evaluate("one => one.naturalWidth") > 100
    shoot(page, "steward-6-deed")
    page.goto(site.url("/village/declarations/", "shuren"))
    expect(page.locator("tbody tr").first).to_contain_text(rule)
    shoot(page, "steward-7-list")
