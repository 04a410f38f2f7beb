"""Wrong input is answered in plain Chinese where it was made, and changes nothing."""

import io
from pathlib import Path
from urllib.parse import urljoin

import pytest
from openpyxl import Workbook
from playwright.sync_api import Page, expect

from tests.e2e.site import Site, shoot
from tests.files.scenes import scene


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


def test_what_did_not_arrive_is_never_left_out_in_silence(site: Site, phone: Page, tmp_path: Path) -> None:
    false = tmp_path / "假照片.jpg"
    false.write_bytes(b"this is no picture at all")
    _to_the_deed(site, phone, proof=False)
    phone.set_input_files("#evidence-input", false)
    expect(phone.locator("[data-upload-status]")).to_contain_text("不是图片")
    phone.get_by_role("button", name="保存登记").click()
    expect(phone.locator("[data-upload-status]")).to_contain_text("有 1 份没有上传成功")
    shoot(phone, "wrong-5-not-left-out")
    phone.click("[data-upload-away]")
    phone.get_by_role("button", name="保存登记").click()
    expect(phone.get_by_text("已登记", exact=False).first).to_be_visible()


@pytest.mark.parametrize(
    ("username", "path", "button"),
    [("steward", "/village/record/", "保存登记"), ("resident", "/declare/", "提交申报")],
)
def test_a_refused_form_keeps_its_photos(
    site: Site, phone: Page, tmp_path: Path, username: str, path: str, button: str
) -> None:
    picture = tmp_path / "现场.jpg"
    picture.write_bytes(scene(7))
    if username == "steward":
        _to_the_deed(site, phone)
    else:
        site.sign_in(phone, username, path, "shuren")
        phone.goto(urljoin(phone.url, phone.locator("a.rule").first.get_attribute("href") or ""))
    phone.set_input_files("#evidence-input", picture)
    expect(phone.locator("[data-upload-status]")).to_contain_text("已上传 1 份")
    phone.fill("textarea[name=reason]", "")
    phone.get_by_role("button", name=button).click()
    expect(phone.locator(".field-wrong textarea[name=reason]")).to_be_visible()
    expect(phone.locator("input[name=evidence]")).to_have_count(1)
    shown = phone.locator(".upload-one img")
    expect(shown).to_be_visible()
    assert shown.evaluate("one => one.complete && one.naturalWidth") > 0
    shoot(phone, f"wrong-6-kept-{username}")
    phone.click("[data-upload-away]")
    expect(phone.locator("[data-upload-status]")).to_contain_text("还没有选")
    expect(phone.locator("input[name=evidence]")).to_have_count(0)


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
