"""A town writes its rules without code, a village makes them its own, and a deed explains itself by them."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e import rulebooks
from tests.e2e.site import Site, shoot
from tests.files.scenes import scene

TOWN = "shuren"
JARGON = ("YAML", "CEL", "JSON", "per_unit", "fixed")
TREES = {"category": "人居环境", "matter": "绿化", "title": "村边植树", "text": "在村边、河边植树并养护成活"}
WATCH = {"category": "人居环境", "matter": "平安", "title": "夜间巡逻", "text": "参加村里组织的夜间巡逻"}


def test_from_a_template_to_a_deed_that_explains_itself(site: Site, desk: Page, phone: Page, tmp_path: Path) -> None:
    day = _town_writes(site, desk)
    _writes_a_formula(desk)
    _orders(desk)
    _two_write_at_once(desk)
    _goes_its_way(desk, day, "镇政发〔2025〕8号")
    _town_decides(site, desk)
    _village_makes_it_its_own(site, desk)
    _village_resolves(desk, day, tmp_path)
    site.change_person(desk, "office", "/office/work/", TOWN)
    rulebooks.agree(desk)
    _deed_explains_itself(site, phone)


def _town_writes(site: Site, desk: Page) -> str:
    """Twenty items: eighteen of a template, two of its own. Gives the day."""
    site.sign_in(desk, "office", "/office/rulebooks/", TOWN)
    shoot(desk, "rulebook-1-start")
    desk.locator(".starts li", has_text="18条").get_by_role("button").click()
    _adds(desk, TREES)
    desk.locator("label[for=kind-per_unit]").click()
    desk.fill("[name=per_unit-unit]", "棵")
    desk.fill("[name=per_unit-points]", "3")
    desk.locator("[name=limit-value]").first.fill("30")
    desk.locator("[name=evidence]").select_option("required")
    desk.fill("[name=photos]", "1")
    expect(desk.locator("#saved")).to_contain_text("村边植树：+3分/棵，每户每月最多30分，佐证须有（照片1份）。")
    desk.fill("#try-quantity", "12")
    expect(desk.locator("#try-answer")).to_contain_text("3分/棵 × 12棵 = 36分")
    expect(desk.locator("#try-answer")).to_contain_text("上限30分")
    shoot(desk, "rulebook-2-item")
    day = desk.locator("#try-date").input_value()
    _back(desk)
    _adds(desk, WATCH)
    desk.fill("[name=fixed-points]", "2")
    expect(desk.locator("#saved")).to_contain_text("夜间巡逻：+2分")
    _back(desk)
    expect(desk.locator(".editor-help")).to_contain_text("共20条")
    assert not [word for word in JARGON if word in desk.locator("main").inner_text()]
    shoot(desk, "rulebook-3-draft")
    return day


def _writes_a_formula(page: Page) -> None:
    """Wrong at first, then mended: the word against it goes; names and functions are completed by the keys."""
    heard: list[str] = []
    page.on("console", lambda line: heard.append(line.text) if line.type == "error" else None)
    page.locator(".item-link", has_text=WATCH["title"]).click()
    page.locator("label[for=kind-formula]").click()
    told, formula = page.locator("#cel-formula"), page.locator("#formula")
    formula.press_sequentially("mul(qua")
    expect(page.locator("#cel-list [role=option]")).to_have_text(["quantity数量"])
    expect(told.locator(".cel-wrong")).to_be_visible()
    formula.press("Tab")
    formula.press_sequentially(", 2)")
    expect(told).to_have_text("读得懂。")
    formula.fill("")
    formula.press_sequentially("xiangch")
    formula.press("ArrowDown")
    formula.press("Enter")
    formula.press_sequentially("sl")
    formula.press("Enter")
    formula.press_sequentially(", deed")
    expect(told).to_contain_text("deed_date（行为日期）、quantity（数量）")
    formula.press("Escape")
    expect(page.locator("#cel-list")).to_have_count(0)
    for _ in "deed":
        formula.press("Backspace")
    formula.press("4")
    expect(formula).to_have_value("div(quantity, 4)")
    expect(told).to_have_text("读得懂。")
    page.fill("[name=formula-words]", "每4次计1分")
    page.fill("#try-quantity", "12")
    expect(page.locator("#try-answer")).to_contain_text("+3")
    page.locator("label[for=kind-fixed]").click()
    page.fill("[name=fixed-points]", "2")
    expect(page.locator("#saved")).to_contain_text("夜间巡逻：+2分")
    _back(page)
    assert heard == []


def _adds(page: Page, words: dict[str, str]) -> None:
    page.get_by_role("button", name="加分条目").click()
    for name, text in words.items():
        page.fill(f"#item-form [name={name}]", text)


def _back(page: Page) -> None:
    """To the list, when everything is saved."""
    expect(page.locator("#saved")).to_contain_text("已保存")
    page.locator(".page-back").click()


def _orders(page: Page) -> None:
    """By the keys, then by dragging to the last place; both are kept."""
    first, second = (page.locator("[data-item]", has_text=one["title"]) for one in (TREES, WATCH))
    second.locator("a").focus()
    with page.expect_response(lambda answer: answer.url.endswith("/act/")):
        page.keyboard.press("Alt+ArrowUp")
    expect(page.locator("#moved")).to_contain_text("已移到“村边植树”前面")
    assert _place(page, WATCH) < _place(page, TREES)
    page.reload()
    assert _place(page, WATCH) < _place(page, TREES)
    with page.expect_response(lambda answer: answer.url.endswith("/act/")):
        second.drag_to(first)
    expect(page.locator("#moved")).to_contain_text("已移到最后")
    page.reload()
    assert _place(page, TREES) < _place(page, WATCH)


def _place(page: Page, item: dict[str, str]) -> int:
    titles = page.locator("[data-item] strong").all_inner_texts()
    return titles.index(item["title"])


def _two_write_at_once(page: Page) -> None:
    """The slower one sees what the other wrote, and chooses."""
    page.locator(".item-link", has_text=WATCH["title"]).click()
    other = page.context.new_page()
    other.goto(page.url)
    page.fill("[name=fixed-points]", "3")
    expect(page.locator("#saved")).to_contain_text("夜间巡逻：+3分")
    other.fill("[name=fixed-points]", "9")
    expect(other.locator("#saved")).to_contain_text("您刚才的改动没有保存")
    expect(other.locator("#saved")).to_contain_text("现在是：夜间巡逻：+3分")
    other.close()
    page.locator(".page-back").click()


def _goes_its_way(page: Page, day: str, paper: str) -> None:
    """Checked, signed, tried on the months gone by, handed in."""
    rulebooks.check(page)
    shoot(page, "rulebook-4-checked")
    _tries(page)
    rulebooks.hand_in(page, day, paper)


def _tries(page: Page) -> None:
    """What the last twelve months would have looked like, household by household."""
    page.get_by_role("button", name="开始试算").click()
    page.get_by_role("link", name=re.compile("看进度|看试算结果")).click()
    expect(page.locator(".trial-rows")).to_be_visible()
    expect(page.locator("main")).to_contain_text("前后对比")
    shoot(page, "rulebook-4-tried")
    page.locator(".trial-rows a").first.click()
    expect(page.locator("main")).to_contain_text("新细则没有这一条")
    expect(page.get_by_role("link", name="看存折")).to_be_visible()
    page.locator(".page-back").click()
    page.locator(".page-back").click()
    expect(page.locator("main")).to_contain_text("已试算")


def _town_decides(site: Site, desk: Page) -> None:
    """The administrator's word, where the town's flow asks for it."""
    desk.goto(site.url("/office/work/", TOWN))
    rulebooks.agree(desk)
    desk.goto(site.url("/office/rulebooks/", TOWN))
    expect(desk.locator("tbody tr").first).to_contain_text("镇政发〔2025〕8号")
    expect(desk.locator("tbody tr").first).to_contain_text("生效")


def _village_makes_it_its_own(site: Site, desk: Page) -> None:
    """Four points for a tree, no patrol, and an item of the village's own."""
    site.change_person(desk, "steward", "/village/rulebooks/", TOWN)
    desk.locator(".starts").get_by_role("button").first.click()
    desk.locator(".item-link", has_text="村边植树").click()
    desk.fill("[name=per_unit-points]", "4")
    expect(desk.locator("#saved")).to_contain_text("村边植树：+4分/棵")
    _back(desk)
    desk.locator(".item-link", has_text="夜间巡逻").click()
    desk.get_by_role("button", name="本村停用这一条").click()
    _adds(desk, {"category": "人居环境", "matter": "互助", "title": "晒谷互助", "text": "帮邻居抢收晒谷"})
    desk.fill("[name=fixed-points]", "2")
    expect(desk.locator("#saved")).to_contain_text("晒谷互助：+2分")
    _back(desk)
    for words in ("本村改过", "本村停用", "本村新增"):
        expect(desk.locator("#book")).to_contain_text(words)
    shoot(desk, "rulebook-6-village")


def _village_resolves(desk: Page, day: str, folder: Path) -> None:
    rulebooks.check(desk)
    rulebooks.go_without_a_trial(desk)
    minutes = folder / "minutes.jpg"
    minutes.write_bytes(scene(1))
    votes = {"members": 30, "present": 28, "votes_for": 25, "votes_against": 2, "votes_abstained": 1}
    for name, number in votes.items():
        desk.fill(f"[name={name}]", str(number))
    desk.fill("[name=place]", "村委会会议室")
    desk.set_input_files("[name=minutes]", minutes)
    shoot(desk, "rulebook-7-meeting")
    desk.get_by_role("button", name="记下表决").click()
    expect(desk.locator("#messages")).to_contain_text("通过")
    desk.fill("[name=effective_from]", day)
    desk.get_by_role("button", name="报出").click()
    expect(desk.locator("#messages")).to_contain_text("已报出")


def _deed_explains_itself(site: Site, phone: Page) -> None:
    site.sign_in(phone, "resident", "/rules/?q=植树", TOWN)
    phone.locator(".own-rule summary", has_text="村边植树").click()
    expect(phone.locator(".own-rule[open]")).to_contain_text("每户每月最多30分")
    shoot(phone, "rulebook-8-resident")
    assert phone.locator(".own-rule", has_text="夜间巡逻").count() == 0
    phone.locator(".own-rule[open]").get_by_role("link", name="我做了，去申报").click()
    phone.get_by_label("数量").fill("5")
    phone.get_by_label("地点").fill("河边")
    phone.get_by_label("事由").fill("清明植树")
    phone.locator(".upload-input").set_input_files({"name": "tree.jpg", "mimeType": "image/jpeg", "buffer": scene(2)})
    expect(phone.locator("[data-upload-status]")).to_contain_text("已上传")
    phone.get_by_role("button", name="提交申报").click()
    phone.locator(".entry", has_text="村边植树").first.click()
    expect(phone.locator("main")).to_contain_text("4分/棵 × 5棵 = 20分")
    shoot(phone, "rulebook-9-explained")
