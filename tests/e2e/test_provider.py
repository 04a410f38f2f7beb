"""The provider opens a new town; its administrator signs in."""

from playwright.sync_api import Page, expect

from tests.e2e.site import Site, agree, shoot

FORM = {
    "name": "新河镇",
    "code": "990101004",
    "host": "xinhe",
    "admin_name": "钱管理",
    "villages": "新河村\n上游村",
}
OWN_PASSWORD = "xinhe-guanli-8"


def test_the_provider_opens_a_town_and_its_administrator_sees_the_rulebook(site: Site, desk: Page) -> None:
    site.sign_in(desk, "provider", "/provider/")
    password = _open_a_town(desk)
    desk.context.clear_cookies()
    _sign_in_first_time(site, desk, password)
    expect(desk.locator(".book-rule").first).to_be_visible()
    expect(desk.locator("main")).to_contain_text("新河镇乡村治理积分制")
    shoot(desk, "provider-5-new-town-rulebook")


def test_all_that_is_taken_is_named_at_its_field(site: Site, desk: Page) -> None:
    site.sign_in(desk, "provider", "/provider/open/")
    _fill(desk, {**FORM, "name": "川沙新镇", "code": "990101001", "host": "other"})
    wrong = desk.locator(".field-wrong")
    expect(wrong).to_have_count(2)
    expect(wrong.first.locator("input[name=name]")).to_have_value("川沙新镇")
    expect(wrong.last.locator("input[name=code]")).to_have_value("990101001")
    expect(wrong.last.locator(".wrong")).to_contain_text("代码")
    shoot(desk, "provider-6-wrong-code")


def _open_a_town(page: Page) -> str:
    """Returns the administrator's first password."""
    shoot(page, "provider-1-towns")
    page.click("text=开通新镇")
    _fill(page, FORM)
    expect(page.locator("h1")).to_have_text("新河镇")
    shoot(page, "provider-2-progress")
    expect(page.get_by_text("开通完成")).to_be_visible(timeout=120_000)
    shoot(page, "provider-3-ready")
    page.click("text=显示初始密码")
    agree(page)
    shown = page.locator(".facts .num strong")
    expect(shown).to_be_visible()
    return shown.inner_text().strip()


def _fill(page: Page, form: dict[str, str]) -> None:
    page.select_option("select[name=district]", index=1)
    for name, value in form.items():
        page.fill(f"[name={name}]", value)
    page.click("main form button[type=submit]")


def _sign_in_first_time(site: Site, page: Page, password: str) -> None:
    """The first password must be changed before anything else."""
    page.goto(site.url("/office/rules/", FORM["host"]))
    page.fill("input[name=username]", "admin")
    page.fill("input[name=password]", password)
    page.click("main form button[type=submit]")
    expect(page.locator("h1")).to_have_text("修改密码")
    shoot(page, "provider-4-own-password")
    page.fill("input[name=old_password]", password)
    page.fill("input[name=password]", OWN_PASSWORD)
    page.fill("input[name=again]", OWN_PASSWORD)
    page.click("main form button[type=submit]")
    page.wait_for_url(lambda url: "/password/" not in url)
    page.goto(site.url("/office/rules/", FORM["host"]))
