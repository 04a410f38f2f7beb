"""The committee decides its month together."""

from datetime import date, timedelta

from playwright.sync_api import Page, expect

from tests.e2e.site import Site, agree, shoot

RECUSING = "chuansha"
MEMBERS = ("committee", "committee2", "committee3", "committee4")


def test_the_committee_adjusts_one_approves_the_rest_signs_and_closes(site: Site, desk: Page) -> None:
    site.sign_in(desk, "committee", "/village/sheets/", "shuren")
    shoot(desk, "committee-1-sheets")
    desk.locator("tbody tr a").first.click()
    shoot(desk, "committee-2-sheet")
    _adjust_one(desk)
    address = desk.url.removeprefix(site.url("", "shuren"))
    for deed in (_decide_what_waits, _sign):
        for member in MEMBERS:
            site.change_person(desk, member, address, "shuren")
            deed(desk)
    expect(desk.locator(".seal")).to_have_count(len(MEMBERS))
    shoot(desk, "committee-4-signed")
    _close(desk)


def test_a_committee_runs_a_sheet_with_one_recused_member(site: Site, desk: Page) -> None:
    names = [_name(site, desk, member) for member in MEMBERS]
    recused = _record_for_one_of(site, desk, names)
    site.change_person(desk, MEMBERS[0], "/village/sheets/", RECUSING)
    desk.locator("tbody tr", has_text="审核中").last.locator("a").first.click()
    address = desk.url.removeprefix(site.url("", RECUSING))
    hers_first = sorted(zip(names, MEMBERS, strict=True), key=lambda one: one[0] != recused)
    stood_back = {name: _runs_it(site, desk, member, address) for name, member in hers_first}
    assert [name for name, stands in stood_back.items() if stands] == [recused]
    expect(desk.locator(".recusals")).to_contain_text(f"{recused}（")
    shoot(desk, "committee-6-recused")
    for member in MEMBERS:
        site.change_person(desk, member, address, RECUSING)
        _sign(desk)
    _close(desk)


def _name(site: Site, page: Page, member: str) -> str:
    site.change_person(page, member, "/village/sheets/", RECUSING)
    return page.locator(".staff-person span").inner_text()


def _record_for_one_of(site: Site, page: Page, names: list[str]) -> str:
    """A deed of last month for the household of one of them; her name."""
    site.change_person(page, "steward", "/village/batch/", RECUSING)
    rule = page.locator("#pick option").nth(1).get_attribute("value")
    page.goto(site.url(f"/village/batch/?rule={rule}", RECUSING))
    labels = page.locator(".ticks label")
    found = next(name for name in names if labels.filter(has_text=name).count())
    labels.filter(has_text=found).first.locator("input").check()
    day = date.fromisoformat(page.locator("input[name=happened_on]").input_value())
    page.fill("input[name=happened_on]", (day.replace(day=1) - timedelta(days=1)).isoformat())
    page.fill("input[name=title]", "邻里互助")
    page.fill("input[name=place]", "村口")
    page.click("text=保存登记")
    expect(page.locator("#messages")).to_contain_text("已登记1户")
    return found


def _runs_it(site: Site, page: Page, member: str, address: str) -> bool:
    """A member takes in what has come and decides on what she may; whether something is left that she may not."""
    site.change_person(page, member, address, RECUSING)
    if page.get_by_role("button", name="并入").count():
        page.get_by_role("button", name="并入").click()
    before = page.locator("#sheet-bar .sheet-counts").inner_text()
    if before.startswith("0"):
        return False
    _decide_what_waits(page)
    return page.get_by_text("件您须回避，请其他委员审定").count() > 0


def _adjust_one(page: Page) -> None:
    """The first that waits and leaves something to the committee."""
    line = page.locator("details.line[data-waits]", has=page.locator("[data-key='2']")).first
    mark = line.get_attribute("id")
    if line.get_attribute("open") is None:
        line.locator("> summary").click()
    line.locator("[data-key='2']").click()
    points = line.locator("input[name=points]")
    least, most = float(points.get_attribute("min") or 0), float(points.get_attribute("max") or 0)
    points.fill(str(int((least + most) / 2)))
    shoot(page, "committee-3-adjust")
    line.locator("button[value=adjusted]").click()
    expect(page.locator(f"#{mark} > summary .badge", has_text="调整")).to_be_visible()


def _decide_what_waits(page: Page) -> None:
    """The exceptions one by one, the rest in one act; what one member is barred from stays for the next."""
    waiting = page.locator("details.line[data-waits]")
    for left in range(waiting.count(), 0, -1):
        expect(page.locator("details.line[data-waits][open]")).to_have_count(1)
        page.keyboard.press("1")
        expect(waiting).to_have_count(left - 1)
    button = page.locator("#sheet-bar [data-all=a]")
    if button.count():
        button.click()
        agree(page)
        expect(page.locator("#messages")).to_contain_text("已通过")


def _sign(page: Page) -> None:
    page.locator("#sheet-bar [data-all=s]").click()
    expect(page.locator("#messages")).to_contain_text("已签字")


def _close(page: Page) -> None:
    page.get_by_role("button", name="审定并上报").click()
    agree(page)
    expect(page.locator("#messages")).to_contain_text("已报镇里")
    shoot(page, "committee-5-closed")
