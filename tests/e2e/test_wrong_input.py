"""Wrong input is answered in plain Chinese where it was made, and changes nothing."""

import io
from pathlib import Path
from urllib.parse import urljoin

from openpyxl import Workbook
from playwright.sync_api import Page, expect

from tests.e2e.site import Site, shoot


def test_a_deed_in_the_future_is_refused_at_its_date(site: Site, phone: Page) -> None:
    _to_the_deed(site, phone, proof=False)
    phone.fill("input[name=happened_on]", "2030-01-01")
    phone.click("text=保存登记")
    wrong = phone.locator(".field-wrong", has=phone.locator("input[name=happened_on]"))
    expect(wrong.locator(".wrong")).to_contain_text("日期")
    expect(wrong.locator("input")).to_have_value("2030-01-01")
    shoot(phone, "wrong-1-future")


def test_a_file_that_is_no_picture_is_refused_beside_the_photos(site: Site, phone: Page, tmp_path: Path) -> None:
    false = tmp_path / "假照片.jpg"
    false.write_bytes(b"this is no picture at all")
    _to_the_deed(site, phone)
    phone.set_input_files("#evidence-input", false)
    expect(phone.locator("[data-upload-status]")).to_contain_text("不是图片")
    expect(phone.locator("input[name=evidence]")).to_have_count(0)
    shoot(phone, "wrong-2-no-picture")


def test_an_empty_workbook_is_refused_at_its_field(site: Site, desk: Page, tmp_path: Path) -> None:
    book = io.BytesIO()
    Workbook().save(book)
    empty = tmp_path / "空名册.xlsx"
    empty.write_bytes(book.getvalue())
    site.sign_in(desk, "office", "/office/roster/", "shuren")
    desk.set_input_files("input[name=file]", empty)
    desk.click("main form[enctype] button[type=submit]")
    expect(desk.locator(".field-wrong", has=desk.locator("input[name=file]")).locator(".wrong")).to_contain_text("空")
    shoot(desk, "wrong-3-empty-workbook")


def test_a_wrong_password_says_what_to_do(site: Site, phone: Page) -> None:
    phone.goto(site.url("/", "shuren"))
    phone.fill("input[name=username]", "resident")
    phone.fill("input[name=password]", "not-this-one")
    phone.click("main form button[type=submit]")
    expect(phone.locator("[role=alert]").first).to_contain_text("账号或密码不对")
    shoot(phone, "wrong-4-password")


def test_a_missing_photo_is_asked_for_and_the_form_can_be_sent_again(site: Site, phone: Page) -> None:
    _to_the_deed(site, phone, proof=True)
    for _ in range(2):
        phone.get_by_role("button", name="保存登记").click()
        expect(phone.locator("[data-upload-status]")).to_contain_text("须提供证明")


def _to_the_deed(site: Site, page: Page, *, proof: bool | None = None) -> None:
    """The form of a household's deed; ``proof``: of one that has to have a photo, or of one that need not."""
    site.sign_in(page, "steward", "/village/record/", "shuren")
    page.fill("#q", "010")
    page.locator("#found a").first.click()
    shelf = page.locator("#shelves a.rule")
    expect(shelf.first).to_be_visible()
    for address in [urljoin(page.url, one.get_attribute("href") or "") for one in shelf.all()]:
        page.goto(address)
        expect(page.get_by_role("heading", name="怎么回事")).to_be_visible()
        if proof is None or (page.locator("[data-required]").count() > 0) is proof:
            return
