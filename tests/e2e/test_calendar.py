"""The town's year at a glance: its days are seen on a phone, changed for one village, and set back."""

from playwright.sync_api import Page, expect

from tests.e2e.site import Site, agree, cut_off, shoot

TOWN = "qingxi"


def test_the_year_at_a_glance_on_a_stewards_phone(site: Site, phone: Page) -> None:
    site.sign_in(phone, "steward", "/village/calendar/", TOWN)
    expect(phone.locator(".year-month")).to_have_count(12)
    expect(phone.locator(".year-month.is-now")).to_have_count(1)
    expect(phone.locator(".year-months")).to_contain_text("公示")
    assert cut_off(phone) == []
    shoot(phone, "calendar-1-phone")


def test_a_village_gets_a_day_of_its_own_and_gives_it_back(site: Site, desk: Page) -> None:
    site.sign_in(desk, "office", "/office/calendar/", TOWN)
    expect(desk.get_by_text("没有例外")).to_be_visible()
    desk.get_by_role("link", name="添加例外").click()
    desk.get_by_label("村", exact=True).select_option(index=1)
    desk.get_by_label("环节").select_option("notice")
    desk.locator("[name=due_kind]").select_option("day")
    desk.get_by_label("截止：几日/第几个/几天").fill("20")
    desk.get_by_label("截止：哪个月").select_option("1")
    shoot(desk, "calendar-2-exception")
    desk.get_by_role("button", name="保存").click()
    expect(desk.locator("table", has_text="取消例外")).to_be_visible()
    shoot(desk, "calendar-3-year")
    desk.get_by_role("button", name="取消例外").click()
    agree(desk)
    expect(desk.get_by_text("没有例外")).to_be_visible()
    assert cut_off(desk) == []
