"""The town office sets a flow up without code, changes it in mid-month, and everybody finds her work."""

from playwright.sync_api import Page, expect

from tests.e2e.site import Site, shoot

TOWN = "shuren"
FLOW = "/office/flows/declaration/"


def test_the_office_adds_a_step_to_its_seed_and_puts_it_in_force(site: Site, desk: Page) -> None:
    site.sign_in(desk, "office", FLOW, TOWN)
    desk.locator(".flow-templates li", has_text="两名监督员").get_by_role("button").click()
    expect(desk.locator(".flow-bar")).to_contain_text("修改还没有存成版本")
    desk.locator(".flow-add summary").last.click()
    desk.locator(".flow-add details[open]").get_by_role("link", name="加一步").click()
    desk.get_by_label("步骤名称").fill("镇里复核")
    desk.locator("[name=who_0]").select_option("role:town_officer")
    desk.locator("[name=fact_0]").select_option("points")
    desk.locator("[name=value_0]").fill("20")
    desk.locator("[name=days]").fill("5")
    desk.get_by_role("button", name="加上").click()
    expect(desk.locator("#flow")).to_contain_text("只在分值不少于20时办")
    shoot(desk, "flow-designer")
    desk.get_by_role("button", name="存为新版本").click()
    desk.get_by_role("button", name="启用").click()
    desk.locator("[data-ask=yes]").click()
    expect(desk.locator("#messages")).to_contain_text("已启用")


def test_the_test_drive_names_people_and_days(site: Site, phone: Page) -> None:
    site.sign_in(phone, "office", f"{FLOW}drive/", TOWN)
    phone.get_by_role("spinbutton", name="分值").fill("25")
    phone.get_by_role("button", name="试办").click()
    expect(phone.locator(".drive")).to_contain_text("积分管理员核实")
    shoot(phone, "flow-drive")


def test_a_villagers_deed_waits_for_the_steward_with_a_badge(site: Site, phone: Page) -> None:
    _declare(site, phone, "参加村里组织的学习")
    site.change_person(phone, "steward", "/village/work/", TOWN)
    phone.locator(".work-words").first.click()
    shoot(phone, "flow-item")
    phone.get_by_role("button", name="同意", exact=True).click()
    expect(phone.locator("#messages")).to_contain_text("已同意")


def test_a_step_added_in_mid_month_is_gone_through_by_what_is_under_way(site: Site, phone: Page, desk: Page) -> None:
    _declare(site, phone, "帮邻居修了院墙")
    site.sign_in(desk, "office", FLOW, TOWN)
    desk.locator(".flow-add summary").last.click()
    desk.locator(".flow-add details[open]").get_by_role("link", name="加一步").click()
    desk.get_by_label("步骤名称").fill("镇里再看一遍")
    desk.locator("[name=who_0]").select_option("role:town_officer")
    desk.get_by_role("button", name="加上").click()
    desk.get_by_role("button", name="存为新版本").click()
    expect(desk.locator(".landings")).to_contain_text("积分管理员核实")
    shoot(desk, "flow-preview")
    desk.get_by_label("转到这一版").check()
    desk.get_by_role("button", name="启用").click()
    desk.locator("[data-ask=yes]").click()
    expect(desk.locator("#messages")).to_contain_text("件在办事项已转到新流程")
    site.change_person(phone, "steward", "/village/work/", TOWN)
    phone.locator(".work-words").first.click()
    phone.get_by_role("button", name="同意", exact=True).click()
    desk.goto(site.url("/office/work/", TOWN))
    desk.locator(".work-words", has_text="镇里再看一遍").first.click()
    expect(desk.locator("main")).to_contain_text("镇里再看一遍")
    desk.get_by_role("button", name="同意", exact=True).click()
    expect(desk.locator("#messages")).to_contain_text("已同意")


def _declare(site: Site, page: Page, reason: str) -> None:
    site.sign_in(page, "resident", "/declare/", TOWN)
    page.locator(".shelf summary").first.click()
    page.locator('.shelf[open] a[href*="rule="]').first.click()
    page.get_by_label("地点").fill("村口")
    page.get_by_label("事由").fill(reason)
    page.get_by_role("button", name="提交申报").click()
