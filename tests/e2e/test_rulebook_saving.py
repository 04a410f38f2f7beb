"""Nothing that is typed into an item of a rulebook is lost, however its page is left; nobody is in her own way."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.site import Site, agree

TOWN = "chuansha"
FORMULA = "quantity <= 15 && quantity > 1"


@pytest.fixture
def item(site: Site, desk: Page) -> Iterator[Page]:
    """A new item of a draft that starts empty, opened; the draft is given up afterwards."""
    site.sign_in(desk, "office", "/office/rulebooks/", TOWN)
    desk.locator(".starts li", has_text="空白").get_by_role("button").click()
    draft = desk.url
    desk.get_by_role("button", name="加分条目").click()
    expect(desk.locator("#item-form")).to_be_visible()
    yield desk
    desk.goto(f"{draft}way/")
    desk.get_by_role("button", name="放弃这份修订稿").click()
    agree(desk)
    expect(desk.locator(".starts")).to_be_visible()


def test_what_is_typed_last_is_kept_when_the_way_back_is_clicked_at_once(item: Page) -> None:
    here = item.url
    item.locator("#title").press_sequentially("村边植树")
    item.locator(".page-back").click()
    expect(item.locator("#book")).to_contain_text("村边植树")
    item.goto(here)
    item.locator("#title").fill("河边植树")
    item.go_back()
    expect(item.locator("#book")).to_be_visible()
    item.goto(here)
    expect(item.locator("#title")).to_have_value("河边植树")


@pytest.mark.parametrize("box", ["formula-formula", "condition-when"])
def test_a_formula_is_kept_after_it_was_checked(item: Page, box: str) -> None:
    here = item.url
    _open(item, box)
    item.locator(f"[name={box}]").first.press_sequentially(FORMULA)
    expect(item.locator(".cel-told", has_text="。").first).to_be_visible()
    item.locator(".page-back").click()
    expect(item.locator("#book")).to_be_visible()
    item.goto(here)
    expect(item.locator(f"[name={box}]").first).to_have_value(FORMULA)


def test_a_refused_save_keeps_her_on_the_page(item: Page) -> None:
    item.fill("#title", "植树")
    expect(item.locator("#saved")).to_contain_text("没有填")
    other = item.context.new_page()
    other.goto(item.url)
    item.fill("#title", "村边植树")
    item.locator(".page-back").click()
    expect(item.locator("#book")).to_contain_text("村边植树")
    other.fill("#title", "河边植树")
    other.locator(".page-back").click()
    expect(other.locator("#saved")).to_contain_text("您刚才的改动没有保存")
    expect(other.locator("#title")).to_have_value("河边植树")
    other.close()


def test_who_has_just_saved_an_item_deletes_it(item: Page) -> None:
    item.fill("#title", "村边植树")
    item.get_by_role("button", name="先停用").click()
    expect(item.locator("#book")).to_contain_text("停用")
    expect(item.locator("#messages")).not_to_contain_text("已经改过")
    item.locator(".item-link", has_text="村边植树").click()
    item.fill("#title", "河边植树")
    expect(item.locator(".saved-count")).to_contain_text("填的都留着")
    item.get_by_role("button", name="删掉").click()
    agree(item)
    expect(item.locator(".removed")).to_contain_text("删掉的条目（1）")
    item.locator(".removed summary").click()
    item.get_by_role("button", name="放回来").click()
    expect(item.locator("#book")).to_contain_text("河边植树")


def test_what_comes_of_an_item_stays_a_line_until_it_is_opened(site: Site, item: Page) -> None:
    item.set_viewport_size({"width": 390, "height": 844})
    box = item.locator("#saved")
    expect(box).to_contain_text("还没有填：大类、事项、名称、行为")
    item.fill("#title", "村边植树")
    expect(box).to_contain_text("还有4处没有填")
    assert (box.bounding_box() or {"height": 0})["height"] < 70
    box.locator("summary").click()
    expect(box.get_by_text("还没有填：大类、事项、行为、几分")).to_be_visible()
    item.fill("#title", "河边植树")
    expect(box.locator(".saved-count")).to_contain_text("填的都留着")
    expect(box.locator(".saved-fold")).to_have_attribute("open", "")


def test_a_condition_is_picked_without_a_formula(item: Page) -> None:
    here = item.url
    item.locator("summary", has_text="登记时还要填什么").click()
    item.locator("[name=input-label]").first.fill("彩礼")
    item.locator("[name=input-kind]").first.select_option("money")
    item.locator("[name=compare-field]").first.select_option(label="彩礼")
    expect(item.locator("[data-chips='']").get_by_role("button", name="彩礼", include_hidden=True)).to_have_count(1)
    item.locator("[name=compare-value]").first.fill("80000")
    expect(item.locator("[name=compare-message]").first).to_have_value("彩礼不超过80000元")
    item.locator(".compares [data-add-row]").click()
    item.locator("[name=compare-field]").nth(1).select_option(label="行为日期")
    item.locator("[name=compare-sign]").nth(1).select_option(label="不早于")
    item.locator("[name=compare-value]").nth(1).fill("2025-01-01")
    item.locator(".page-back").click()
    expect(item.locator("#book")).to_be_visible()
    item.goto(here)
    expect(item.locator("[name=compare-message]").nth(1)).to_have_value("行为日期不早于2025-01-01")
    expect(item.locator("[name=compare-field]").first).to_have_value("f1")
    expect(item.locator("[name=condition-when]")).to_have_value("")


def test_a_field_just_written_is_offered_wherever_the_item_names_one(item: Page) -> None:
    here = item.url
    item.locator("label[for=part-target]").locator("xpath=ancestor::details").locator("> summary").click()
    item.locator("label[for=part-target]").click()
    expect(item.locator("[data-without-people]")).to_be_visible()
    expect(item.locator("[name=limit-by]").first).to_be_hidden()
    item.locator("[name=attribution]").select_option(label="受益人")
    item.locator("summary", has_text="登记时还要填什么").click()
    item.locator("[name=input-label]").first.fill("受益的人")
    item.locator("[name=input-kind]").first.select_option("person")
    expect(item.locator("[data-without-people]")).to_be_hidden()
    item.locator("[name=beneficiary]").select_option(label="受益的人")
    item.locator("[name=limit-value]").first.fill("1")
    item.locator("[name=limit-by]").first.select_option(label="每个受益的人分别算")
    item.locator("[name=input-label]").first.fill("")
    item.locator("[name=input-label]").first.fill("帮到的人")
    expect(item.locator("[name=beneficiary] option:checked")).to_have_text("帮到的人")
    item.locator(".page-back").click()
    expect(item.locator("#book")).to_be_visible()
    item.goto(here)
    expect(item.locator("[name=beneficiary] option:checked")).to_have_text("帮到的人")
    expect(item.locator("[name=limit-by] option:checked").first).to_have_text("每个帮到的人分别算")


def _open(page: Page, box: str) -> None:
    if box == "formula-formula":
        page.locator("label[for=kind-formula]").click()
        return
    for words in ("登记时还要填什么", "自己写式子"):
        summary = page.locator("summary", has_text=words).first
        if summary.count():
            summary.click()
