"""The editor of rulebooks: a draft as a list, an item as a sentence, and what two people see of each other."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from scoring.models import Draft, DraftItem, RulebookVersion
from scoring.rules import workbook
from scoring.selectors import drafts as seen
from scoring.selectors import rulebooks as books
from scoring.services import drafts
from tests.files.scenes import scene
from tests.scoring.desk import NOW
from tests.scoring.page_forms import form_on
from tests.scoring.rulebooks import AFTER, LATER, Office
from tests.scoring.rules.annexes import HEAD, sheet

Browser = Callable[..., Any]
HX = {"HTTP_HX_REQUEST": "true"}


def admin(office: Office, client_for: Browser) -> Any:
    return client_for(office.desk.cast.admin())


def at(name: str, draft: Draft, *more: str, area: str = "office") -> str:
    return reverse(f"scoring:{area}_{name}", args=[draft.pk, *more])


def text(answer: Any) -> str:
    return str(answer.content.decode())


def item(draft: Draft, code: str = "tidy") -> DraftItem:
    return draft.items.get(code=code)


def _town() -> RulebookVersion:
    found = books.current(None, NOW)
    assert found is not None
    return found


def sent(draft: Draft, code: str = "tidy", **more: Any) -> dict[str, Any]:
    """The form of an item as the page sends it, with other blanks."""
    held = item(draft, code)
    body = held.body
    told = {name: body[name] for name in ("category", "matter", "title", "text", "sign")}
    return told | {"revision": held.revision, "read": json.dumps(body), "kind": "fixed", "fixed-points": "2"} | more


def test_the_town_begins_with_a_template(office: Office, client_for: Browser) -> None:
    browser = admin(office, client_for)
    page = text(browser.get(reverse("scoring:office_rulebooks")))
    assert "用这份开始" in page and "从 Excel 导入" in page
    answer = browser.post(reverse("scoring:office_open"), {"start": "template:seed_002"}, follow=True)
    assert Draft.objects.get().items.count() > 20 and "扣分" in text(answer)


def test_a_draft_lists_items_and_says_what_it_changes(office: Office, client_for: Browser) -> None:
    draft = office.town_draft()
    office.price(draft, points=5)
    page = text(admin(office, client_for).get(at("draft", draft)))
    assert "庭院整洁" in page and "乱扔垃圾" in page and "分值原来+2分，现在+5分" in page


def test_a_draft_is_searched(office: Office, client_for: Browser) -> None:
    draft = office.town_draft()
    assert "植树" in text(admin(office, client_for).get(at("draft", draft), {"q": "zhish"})).split('id="book"')[1]
    page = text(admin(office, client_for).get(at("draft", draft), {"q": "植树"}))
    assert "植树" in page and "庭院整洁" not in page


def test_an_item_is_saved_while_it_is_written(office: Office, client_for: Browser) -> None:
    draft = office.town_draft()
    told = sent(draft, kind="per_unit", **{"per_unit-points": "3", "per_unit-unit": "棵", "per_unit-each": "1"})
    told |= {"limit-at": "", "limit-scope": "household", "limit-period": "month", "limit-value": "30",
             "limit-kind": "points", "evidence": "required", "photos": "1"}  # fmt: skip
    page = text(admin(office, client_for).post(at("item", draft, "tidy"), told, **HX))
    assert "庭院整洁：+3分/棵，每户每月最多30分，佐证须有（照片1份）。" in page and "已保存" in page
    body = item(draft).body
    assert body["amount"]["unit"] == "棵" and body["proofs"] == [{"kind": "photo", "least": 1}]
    assert f'name="revision" id="revision" value="{item(draft).revision}"' in page


def test_what_is_missing_is_told_in_words(office: Office, client_for: Browser) -> None:
    draft = office.town_draft()
    page = text(admin(office, client_for).post(at("item", draft, "tidy"), sent(draft, **{"fixed-points": ""}), **HX))
    assert "还有1处没有填" in page and "还没有填：几分" in page and "amount" not in page.split('name="revision"')[0]


def test_an_effect_without_words_is_asked_for_and_not_dropped(office: Office, client_for: Browser) -> None:
    draft = office.town_draft()
    told = sent(
        draft,
        **{
            "has-part": "effects",
            "part": "effects",
            "effect-at": "",
            "effect-kind": "zero_year",
            "effect-until": "year_end",
        },
    )
    page = text(admin(office, client_for).post(at("item", draft, "tidy"), told, **HX))
    assert "还没有填：对村民说的话" in page and item(draft).body["effect"]["kind"] == "zero_year"


def test_a_new_item_is_not_told_off_before_anything_is_written(office: Office, client_for: Browser) -> None:
    draft, browser = office.town_draft(), admin(office, client_for)
    browser.post(at("draft_add", draft), {"sign": "positive"})
    page = text(browser.get(at("item", draft, "item-1")))
    assert "还没有填：大类、事项、名称、行为、分值" in page
    assert "saved-wait" not in page and "saved-problem" not in page
    made = {"title": "植树", "sign": "positive", "kind": "fixed", "fixed-points": "x", "revision": "1"}
    page = text(browser.post(at("item", draft, "item-1"), made, **HX))
    assert "还有3处没有填，1处要改" in page and "saved-wait" in page and "“x”不是数字" in page


@pytest.mark.parametrize(
    ("blanks", "told"),
    [
        ({"fixed-points": "-5"}, "几分要填0以上的数，扣分的也写正数"),
        ({"fixed-points": "0"}, "有分的，分值要填大于0的数"),
        ({"fixed-points": "abc"}, "几分：“abc”不是数字，要写数字，例如 2 或 2.5"),
        ({"kind": "per_unit", "per_unit-unit": "棵", "per_unit-points": "1", "per_unit-each": "0"}, "每几个要大于0"),
        ({"kind": "per_unit", "per_unit-unit": "棵", "per_unit-points": "1", "per_unit-most": "x"}, "一次最多报多少："),
        ({"limit-scope": "household", "limit-period": "month", "limit-kind": "points", "limit-value": "-1"},
         "第1行的上限的数要大于0"),
    ],
)  # fmt: skip
def test_a_wrong_blank_is_named_with_what_to_write(
    office: Office, client_for: Browser, blanks: dict[str, str], told: str
) -> None:
    draft = office.town_draft()
    page = text(admin(office, client_for).post(at("item", draft, "tidy"), sent(draft, **blanks), **HX))
    assert told in page


def test_half_a_row_is_refused_and_the_rest_is_kept(office: Office, client_for: Browser) -> None:
    draft, browser = office.town_draft(), admin(office, client_for)
    half = {"has-conditions": "1", "compare-field": "tables", "compare-value": "", "title": "红事从简"}
    page = text(browser.post(at("item", draft, "wedding"), sent(draft, "wedding", **half), **HX))
    assert "条件选了“桌数”，还没有写和多少比，这一行还没有保存" in page and "data-refused" in page
    assert "别的都已保存" in page and "刚才的改动没有保存" not in page
    assert item(draft, "wedding").body["title"] == "红事从简"
    whole = sent(draft, "wedding", **half | {"compare-value": "12"})
    assert "data-refused" not in text(browser.post(at("item", draft, "wedding"), whole, **HX))
    assert item(draft, "wedding").body["conditions"][0]["when"] == "tables <= 12"


def test_the_slower_of_two_sees_the_others_change(office: Office, client_for: Browser) -> None:
    draft = office.town_draft()
    mine = sent(draft, **{"fixed-points": "9"})
    office.price(draft, points=4)
    page = text(admin(office, client_for).post(at("item", draft, "tidy"), mine, **HX))
    assert "已经改过这一条" in page and "+4分" in page and "仍用我填的" in page
    assert item(draft).body["amount"]["points"] == "4"


def test_the_slower_of_two_reads_every_field_that_the_other_changed(office: Office, client_for: Browser) -> None:
    draft = office.town_draft()
    browser, mine = admin(office, client_for), sent(draft, **{"fixed-points": "9"})
    theirs = sent(draft, text="门前屋后都扫净", number="七之二", evidence="required")
    browser.post(at("item", draft, "tidy"), theirs, **HX)
    page = text(browser.post(at("item", draft, "tidy"), mine, **HX))
    told = re.sub(r"<[^>]+>", "", page.split('class="theirs"')[1].split("</dl>")[0])
    assert "行为" in told and "→ 门前屋后都扫净" in told and "编号" in told and "→ 七之二" in told
    assert "佐证可有可无 → 必须有" in told and "分值" not in told
    mine["revision"] = form_on(f'<form id="item-form">{page}</form>')["revision"]
    browser.post(at("item", draft, "tidy"), mine, **HX)
    assert item(draft).body["amount"]["points"] == "9"


def acts_in(page: str) -> set[str]:
    """The revisions that the buttons under an item send."""
    return set(re.findall(r'class="act-revision"[^>]*value="(\d*)"', page))


@pytest.mark.parametrize(("act", "name"), [("off", "先停用"), ("remove", "删掉")])
def test_who_saved_an_item_may_switch_it_off_or_delete_it(
    office: Office, client_for: Browser, act: str, name: str
) -> None:
    draft, browser = office.town_draft(), admin(office, client_for)
    assert name in text(browser.get(at("item", draft, "tidy")))
    page = text(browser.post(at("item", draft, "tidy"), sent(draft, **{"fixed-points": "9"}), **HX))
    (revision,) = acts_in(page)
    browser.post(at("item_act", draft, "tidy"), {"act": act, "revision": revision})
    assert item(draft).is_removed == (act == "remove") and item(draft).body.get("active") == (act == "remove")


def test_a_village_switches_off_what_it_had_changed_and_changed_back(office: Office, client_for: Browser) -> None:
    draft, browser = office.village_draft(), client_for(office.desk.steward)
    here = at("item", draft, "tidy", area="village")
    form = form_on(text(browser.get(here)))
    page = text(browser.post(here, form | {"fixed-points": "3"}, **HX))
    assert "改回镇里的" in page and acts_in(page) == {"1"}
    page = text(browser.post(here, form | {"revision": "1", "fixed-points": "2"}, **HX))
    assert "改回镇里的" not in page and acts_in(page) == {""}
    browser.post(at("item_act", draft, "tidy", area="village"), {"act": "off", "revision": ""})
    assert item(draft).body["kind"] == "off" and not item(draft).is_removed


def test_who_leaves_under_a_save_of_her_own_is_not_in_her_own_way(office: Office, client_for: Browser) -> None:
    draft, browser = office.town_draft(), admin(office, client_for)
    mine = sent(draft, **{"fixed-points": "9"})
    browser.post(at("item", draft, "tidy"), mine, **HX)
    browser.post(at("item", draft, "tidy"), mine | {"fixed-points": "8", "leaving": "1", "under": "1"}, **HX)
    assert item(draft).body["amount"]["points"] == "8"


def test_who_left_before_her_change_was_refused_is_told_on_the_next_page(office: Office, client_for: Browser) -> None:
    draft, browser = office.town_draft(), admin(office, client_for)
    mine = sent(draft, **{"fixed-points": "9"})
    drafts.save_item(draft=draft, code="tidy", revision=1, body=item(draft).body | {"text": "扫"}, by=office.wang)
    browser.post(at("item", draft, "tidy"), mine | {"leaving": "1", "under": "1"}, **HX)
    assert "“庭院整洁”刚才的改动没有保存：" in text(browser.get(at("draft", draft)))
    assert item(draft).body["amount"]["points"] == "2"


@pytest.mark.parametrize("code", ["tidy", "help", "trees", "host", "prize", "wedding", "litter", "illegal"])
def test_saving_an_item_without_a_change_changes_nothing(office: Office, client_for: Browser, code: str) -> None:
    draft = office.town_draft()
    browser = admin(office, client_for)
    before = seen.whole(draft)
    form = form_on(text(browser.get(at("item", draft, code))))
    browser.post(at("item", draft, code), form, **HX)
    assert seen.whole(Draft.objects.get()) == before


def test_an_item_is_tried_without_the_ledger(office: Office, client_for: Browser) -> None:
    draft = office.town_draft()
    page = text(admin(office, client_for).get(at("item_try", draft, "help"), {"times": "3"}))
    assert "第3次" in page and "合计" in page and "+12" in page


def test_an_item_is_tried_on_a_real_deed(office: Office, client_for: Browser) -> None:
    first, deed = office.desk.record("tidy"), office.desk.record("tidy")
    draft = office.town_draft()
    office.price(draft, points=5)
    browser = admin(office, client_for)
    listed = text(browser.get(at("item_try", draft, "tidy")))
    assert f'<option value="{deed.pk}">' in listed and "张*家" in listed and "张三" not in listed
    page = text(browser.get(at("item_try", draft, "tidy"), {"deed": str(deed.pk)}))
    told = re.sub(r"<[^>]+>", " ", page.split('id="try-answer"')[1])
    assert "照这份修订稿 +5" in re.sub(r"\s+", " ", told) and "还没有记账" in told
    assert "+2" in told and first.points == 2


def test_a_new_item_says_that_it_has_no_real_deed(office: Office, client_for: Browser) -> None:
    draft = office.village_draft()
    office.add(draft)
    browser = client_for(office.desk.steward)
    assert "这一条是新加的" in text(browser.get(at("item_try", draft, "own-1", area="village")))
    assert "还没有人登记过这一条" in text(browser.get(at("item_try", draft, "trees", area="village")))


def test_a_condition_is_checked_while_it_is_typed(office: Office, client_for: Browser) -> None:
    draft = office.town_draft()
    browser, address = admin(office, client_for), at("item_check", draft, "wedding")
    assert "读得懂" in text(browser.get(address, {"condition-when": "tables <= 15"}))
    assert "cel-wrong" in text(browser.get(address, {"condition-when": "tables <= "}))
    unknown = text(browser.get(address, {"formula-formula": "mul(table, 2)"}))
    assert "tables（桌数）" in unknown and "quantity（数量）" in unknown
    assert "读得懂" in text(browser.get(address, {"formula-formula": "mul(tables, 2)"}))
    assert "读得懂" in text(browser.get(address, {"condition-when": "桌数 不超过 15 并且 是否简办"}))
    assert "例如 mul(tables, 3)" in text(browser.get(address, {"formula-formula": "tables <= 2"}))


def test_a_condition_names_what_is_asked_before_that_is_saved(office: Office, client_for: Browser) -> None:
    address = at("item_check", office.town_draft(), "tidy")
    asked = {"input-name": "", "input-label": "彩礼", "input-kind": "money", "input-required": "yes"}
    page = text(admin(office, client_for).get(address, asked | {"condition-when": "彩礼 ≤ 80000"}))
    assert "读得懂" in page


def test_words_of_a_formula_are_offered_with_their_meaning(office: Office, client_for: Browser) -> None:
    page = text(admin(office, client_for).get(at("item", office.town_draft(), "wedding")))
    offers = {one["put"]: one for one in json.loads(page.split('id="cel-offers"')[1].split(">", 1)[1].split("<")[0])}
    assert offers["tables"]["told"] == "桌数" and "zs" in offers["tables"]["keys"].split()
    assert offers["days("]["told"] == "从前一天到后一天相隔几天"


@pytest.mark.parametrize("name", ["", "晒谷互助"])
def test_a_deleted_item_of_the_towns_is_put_back(office: Office, client_for: Browser, name: str) -> None:
    draft, browser = office.town_draft(), admin(office, client_for)
    browser.post(at("draft_add", draft), {"sign": "negative"})
    made = item(draft, "item-1")
    browser.post(at("item", draft, made.code), {"title": name, "revision": made.revision}, **HX)
    _goes_and_comes_back(browser, draft, made.code, name or "还没有名称", "office")


@pytest.mark.parametrize("code", ["tidy", "own-1", "own-2"])
def test_a_deleted_item_of_a_villages_is_put_back(office: Office, client_for: Browser, code: str) -> None:
    draft, browser = office.village_draft(), client_for(office.desk.steward)
    office.amend(draft)
    office.add(draft)
    browser.post(at("draft_add", draft, area="village"), {"sign": "negative"})
    titles = {"tidy": "庭院整洁", "own-1": "晒谷互助", "own-2": "还没有名称"}
    _goes_and_comes_back(browser, draft, code, titles[code], "village")


def test_a_deleted_item_with_everything_filled_in_keeps_its_name(office: Office, client_for: Browser) -> None:
    draft = office.town_draft()
    _goes_and_comes_back(admin(office, client_for), draft, "wedding", "红事简办", "office")


def _goes_and_comes_back(browser: Any, draft: Draft, code: str, title: str, area: str) -> None:
    here = at("draft", draft, area=area)
    for act, is_gone in (("remove", True), ("restore", False)):
        browser.post(at("item_act", draft, code, area=area), {"act": act, "revision": item(draft, code).revision})
        answer = browser.get(here)
        gone = text(answer).partition("删掉的条目")[2]
        assert answer.status_code == 200 and (f'value="{item(draft, code).revision}">{title} ' in gone) == is_gone
        assert item(draft, code).is_removed == is_gone


def test_a_steward_does_not_see_the_towns_draft(office: Office, client_for: Browser) -> None:
    draft = office.town_draft()
    assert client_for(office.desk.steward).get(at("draft", draft)).status_code == 403
    assert client_for(office.desk.steward).get(at("draft", draft, area="village")).status_code == 404


def test_a_resident_reads_how_an_item_is_earned(office: Office, client_for: Browser) -> None:
    person = office.desk.cast.villager(office.desk.zhang)
    page = text(client_for(person).get(reverse("scoring:own_rules"), {"q": "桌"}))
    assert "没有找到" in page
    assert "红事简办" in text(client_for(person).get(reverse("scoring:own_rules"), {"q": "hongshi"}))
    page = text(client_for(person).get(reverse("scoring:own_rules"), {"q": "红事"}))
    assert "红事简办" in page and "不超过15桌" in page and "我做了，去申报" in page and "植树" not in page


def test_what_a_draft_is_compared_with_is_told_by_its_name(office: Office, client_for: Browser) -> None:
    browser, draft = admin(office, client_for), office.town_draft()
    assert "和现行细则相比" in text(browser.get(at("draft", draft)))
    drafts.discard(draft=draft, by=office.zhou)
    version = office.town_version()
    page = text(browser.get(at("draft", office.town_draft())))
    assert f"和第{version.number}版相比（" in page and "起生效）" in page and "和现行细则相比" not in page


def test_a_list_from_excel_is_looked_at_before_it_is_a_draft(office: Office, client_for: Browser) -> None:
    browser = admin(office, client_for)
    file = SimpleUploadedFile("我镇清单.xlsx", workbook.write(books.whole(_town())))
    page = text(browser.post(reverse("scoring:office_import"), {"file": file}))
    assert "读出11条" in page and "现在什么都还没有保存" in page and not Draft.objects.exists()
    form = form_on(page, "keep-form")
    form["code"].remove("tidy")
    answer = browser.post(reverse("scoring:office_import_keep"), form, follow=True)
    assert "共10条" in text(answer) and Draft.objects.get().title == "我镇清单"
    assert Draft.objects.get().items.get(code="tidy").is_removed


def test_what_was_read_is_folded_by_main_class_with_what_was_not_read_first(
    office: Office, client_for: Browser
) -> None:
    rows = [["人居环境", f"日常{n}", f"清扫门前第{n}段", "加2分/次"] for n in range(3)]
    rows += [["乡风文明", "节俭", "红事简办", "看情况"], ["乡风文明", "互助", "帮助邻居", "加5分/次"]]
    rows += [["平安建设", "巡逻", f"夜里巡逻第{n}班", "若干"] for n in range(8)]
    file = SimpleUploadedFile("清单.xlsx", sheet(HEAD, *rows))
    page = text(admin(office, client_for).post(reverse("scoring:office_import"), {"file": file}))
    assert "<summary>人居环境<small>3条" in page and "<summary>乡风文明<small>1条" in page
    assert page.index("没有读懂的") < page.index("看情况") < page.index("<summary>人居环境")
    assert "另外3处" in page and "open>" not in page.split("keep-form")[1]


def test_what_was_read_stands_beside_the_words_that_it_was_read_from(office: Office, client_for: Browser) -> None:
    rows = [["人居环境", "清扫", "清扫门前，每月最多计4次", "加2分/次", "每年最多20分"]]
    file = SimpleUploadedFile("清单.xlsx", sheet([*HEAD, "上限"], *rows, title="加分清单"))
    page = text(admin(office, client_for).post(reverse("scoring:office_import"), {"file": file}))
    [row] = [part for part in page.split("<li>") if "read-origin" in part]
    assert "+2分/次" in row and "每户每月最多4次" in row and "加分清单 D2" in row
    assert "<q>加2分/次</q>" in row and "<q>每年最多20分</q>" in row and "<q>清扫门前，每月最多计4次</q>" in row


def test_a_wrong_file_is_refused_where_it_was_chosen(office: Office, client_for: Browser) -> None:
    answer = admin(office, client_for).post(
        reverse("scoring:office_import"), {"file": SimpleUploadedFile("a.xlsx", b"not a workbook")}
    )
    assert answer.status_code == 422 and not Draft.objects.exists()


def test_a_draft_goes_its_way_on_pages(office: Office, client_for: Browser) -> None:
    draft, browser = office.town_draft(), admin(office, client_for)
    office.price(draft, points=4)
    assert "开始检查" in text(browser.get(at("way", draft)))
    browser.post(at("step", draft, "check"))
    for finding in Draft.objects.get().findings.filter(is_blocking=True):
        browser.post(at("step", draft, "sign"), {"finding": finding.pk, "reason": "镇里研究过，照旧保留"})
    draft.refresh_from_db()
    browser.post(at("step", draft, "waive"), {"revision": draft.revision, "reason": "新开的镇没有往年登记"})
    form = {"effective_from": f"{LATER}", "resolution": "镇政发〔2026〕3号"}
    page = text(browser.post(at("step", draft, "submit"), form, follow=True))
    assert "已报出，现在是“审批中”" in page and "已经报出" in page
    version = RulebookVersion.objects.latest("id")
    shown = text(browser.get(reverse("scoring:office_version", args=[version.pk])))
    assert "分值原来+2分，现在+4分" in shown


@pytest.mark.parametrize("choice", ["allowed", "zero", "carried"])
def test_what_is_below_zero_is_chosen_where_the_check_asks(office: Office, client_for: Browser, choice: str) -> None:
    draft, browser = office.town_draft(), admin(office, client_for)
    browser.post(at("step", draft, "check"))
    page = text(browser.get(at("way", draft)))
    assert "没有写评比积分、可兑换积分扣成负数怎么办" in page and f'name="choice" value="{choice}"' in page
    finding = Draft.objects.get().findings.get(kind="negative_unsaid")
    wrong = text(browser.post(at("step", draft, "mend"), {"finding": finding.pk, "choice": "other"}, follow=True))
    assert "已照建议改好" not in wrong and seen.whole(Draft.objects.get()).settings.merit.negative is None
    browser.post(at("step", draft, "mend"), {"finding": finding.pk, "choice": choice})
    settings = seen.whole(Draft.objects.get()).settings
    assert (settings.merit.negative, settings.redeemable.negative) == (choice, choice)
    assert not Draft.objects.get().findings.filter(kind="negative_unsaid").exists()


def test_a_village_changes_switches_off_and_adds(office: Office, client_for: Browser) -> None:
    browser = client_for(office.desk.steward)
    browser.post(reverse("scoring:village_open"), {"start": "current"})
    draft = Draft.objects.get()
    form = form_on(text(browser.get(at("item", draft, "tidy", area="village"))))
    page = text(browser.post(at("item", draft, "tidy", area="village"), form | {"fixed-points": "3"}, **HX))
    assert "庭院整洁：+3分。" in page and item(draft).body["values"].keys() == {"amount"}
    browser.post(at("item_act", draft, "litter", area="village"), {"act": "off"})
    browser.post(at("draft_add", draft, area="village"), {"sign": "positive"})
    assert {one.body["kind"] for one in draft.items.all()} == {"amend", "off", "add"}
    page = text(browser.get(at("draft", draft, area="village")))
    assert "本村改过" in page and "本村停用" in page and "本村新增" in page


def test_a_change_taken_back_leaves_the_towns_item(office: Office, client_for: Browser) -> None:
    draft, browser = office.village_draft(), client_for(office.desk.steward)
    office.amend(draft, points=3)
    form = form_on(text(browser.get(at("item", draft, "tidy", area="village"))))
    browser.post(at("item", draft, "tidy", area="village"), form | {"fixed-points": "2"}, **HX)
    assert item(draft).is_removed
    form = form_on(text(browser.get(at("item", draft, "tidy", area="village"))))
    browser.post(at("item", draft, "tidy", area="village"), form | {"fixed-points": "4"}, **HX)
    assert not item(draft).is_removed


def test_a_meeting_resolves_with_its_minutes(office: Office, client_for: Browser) -> None:
    draft, browser = office.village_draft(), client_for(office.desk.steward)
    office.amend(draft, points=3)
    office.ready(draft)
    draft.refresh_from_db()
    form = {"meeting": "representatives", "held_on": f"{NOW}", "place": "村委会", "members": 30, "present": 28,
            "votes_for": 25, "votes_against": 2, "votes_abstained": 1, "text": "同意",
            "revision": draft.revision}  # fmt: skip
    paper = SimpleUploadedFile("记录.jpg", scene(1), "image/jpeg")
    page = text(browser.post(at("step", draft, "resolve", area="village"), form | {"minutes": paper}, follow=True))
    assert "通过" in page and seen.resolution_of(draft) is not None


def test_a_village_decides_what_both_changed(office: Office, client_for: Browser) -> None:
    office.village_version(day=LATER, points=3)
    office.town_version(day=AFTER, points=5)
    pending, browser = office.pending(), client_for(office.desk.steward)
    here = reverse("scoring:village_adaptation", args=[pending.pk])
    assert "两边都改了" in text(browser.get(here))
    assert "请逐条选择" in text(browser.post(here))
    page = text(browser.post(here, {"choice-tidy": "own"}, follow=True))
    assert "已确认" in page


def test_a_new_main_class_comes_with_its_item_and_half_a_name_does_not_stay(
    office: Office, client_for: Browser
) -> None:
    draft, browser = office.town_draft(), admin(office, client_for)
    for name in ("平", "平安建设"):
        browser.post(at("item", draft, "help"), sent(draft, "help", category=name), **HX)
    draft.refresh_from_db()
    assert [one["name"] for one in draft.head["categories"]] == ["人居环境", "平安建设"]
    assert not seen.problems(draft)


@pytest.mark.parametrize(
    ("sent", "order"), [
        ({"before": "tidy"}, ["litter", "tidy", "help"]), ({"after": "tidy"}, ["tidy", "litter", "help"]),
        ({}, ["tidy", "help"]), ({"after": "class"}, ["tidy", "help"]), ({"after": "nothing"}, ["tidy", "help"]),
    ],
)  # fmt: skip
def test_an_item_is_moved_before_or_behind_another(
    office: Office, client_for: Browser, sent: dict[str, str], order: list[str]
) -> None:
    draft = office.town_draft()
    browser = admin(office, client_for)
    browser.post(at("item_act", draft, "litter"), {"act": "move"} | sent)
    assert [one.code for one in seen.kept_items(draft)][: len(order)] == order


OVERLAP = {
    "kind": "bands", "unit": "次", "bands": [{"least": "1", "most": "5", "points": "1"}, {"least": "3", "points": "2"}],
}  # fmt: skip


def overlapping(office: Office, draft: Draft) -> None:
    held = item(draft)
    drafts.save_item(
        draft=draft, code="tidy", revision=held.revision, body={**held.body, "amount": OVERLAP}, by=office.zhou
    )


def test_finished_items_are_looked_at_while_another_is_written(office: Office, client_for: Browser) -> None:
    draft, browser = office.town_draft(), admin(office, client_for)
    overlapping(office, draft)
    drafts.add_item(draft=draft, body={"sign": "positive"}, by=office.zhou)
    listed = text(browser.get(at("draft", draft)))
    assert "1条还没有填完，没有检查。" in listed and "分段有重叠" in listed.partition("要留意的")[2]
    assert "须处理：" in (page := text(browser.get(at("item", draft, "tidy")))) and "分段有重叠" in page


def test_a_fault_of_bands_is_told_as_they_are_saved(office: Office, client_for: Browser) -> None:
    draft, browser = office.town_draft(), admin(office, client_for)
    drafts.add_item(draft=draft, body={"sign": "positive"}, by=office.zhou)
    rows: dict[str, Any] = {"bands-unit": "次", "bands-by": "quantity", "bands-bands-points": ["1", "2"]}
    rows |= {"bands-bands-least": ["1", "3"], "bands-bands-end": ["5", ""], "bands-bands-ends": ["most", "most"]}
    answer = text(browser.post(at("item", draft, "tidy"), sent(draft, kind="bands", **rows), **HX))
    assert "1处须处理" in answer and "分段有重叠" in answer.partition("</summary>")[0]


def test_a_villages_unfinished_item_hides_no_finding_about_the_others(office: Office, client_for: Browser) -> None:
    draft, browser = office.village_draft(), client_for(office.desk.steward)
    office.amend(draft, amount=OVERLAP)
    drafts.add_item(draft=draft, body={"kind": "add", "rule": {"sign": "positive"}}, by=office.wang)
    listed = text(browser.get(at("draft", draft, area="village")))
    assert "1条还没有填完，没有检查。" in listed and "分段有重叠" in listed.partition("要留意的")[2]


def test_an_item_that_names_an_unfinished_one_misses_nothing(office: Office, client_for: Browser) -> None:
    draft, browser = office.town_draft(), admin(office, client_for)
    made = drafts.add_item(draft=draft, body={"sign": "positive"}, by=office.zhou)
    held = item(draft)
    body = {**held.body, "not_with": {"rules": [made.code], "period": "day"}}
    drafts.save_item(draft=draft, code="tidy", revision=held.revision, body=body, by=office.zhou)
    assert "不在细则里" not in text(browser.get(at("item", draft, "tidy")))


def voted(office: Office, browser: Any, draft: Draft, **told: Any) -> str:
    """What the page says after a vote was written down: 28 of 30 came, 25 were for it."""
    draft.refresh_from_db()
    form = {"meeting": "representatives", "held_on": f"{NOW}", "place": "村委会", "members": 30, "present": 28,
            "votes_for": 25, "votes_against": 2, "votes_abstained": 1, "text": "同意",
            "revision": draft.revision}  # fmt: skip
    paper = SimpleUploadedFile("记录.jpg", scene(1), "image/jpeg")
    sends = form | {"minutes": paper} | told
    return text(browser.post(at("step", draft, "resolve", area="village"), sends, follow=True))


def charter(office: Office) -> Draft:
    """A draft that goes into the charter, ready to be voted on."""
    draft = office.village_draft()
    office.amend(draft, points=3)
    drafts.save_settings(draft=draft, revision=draft.head_revision, is_charter=True, by=office.wang)
    return office.ready(draft)


def test_what_goes_into_the_charter_asks_for_the_assembly_until_it_voted(office: Office, client_for: Browser) -> None:
    draft, browser = charter(office), client_for(office.desk.steward)
    chosen = '<option value="assembly" selected>'
    assert chosen in text(browser.get(at("way", draft, area="village")))
    page = voted(office, browser, draft)
    assert page.count("通过，但写进村规民约的还要村民会议表决") == 2 and chosen in page
    assert "表决已记下，通过。" in voted(office, browser, draft, meeting="assembly")
    assert seen.resolution_of(draft) is not None


@pytest.mark.parametrize(
    ("votes", "why"),
    [
        ({"members": 90, "present": 40, "votes_for": 37}, "没有通过：到会40人，应到不少于60人"),
        ({"votes_for": 12, "votes_against": 15}, "没有通过：赞成12人，应不少于15人"),
    ],
)
def test_a_vote_that_failed_stays_listed_with_what_was_missing(
    office: Office, client_for: Browser, votes: dict[str, Any], why: str
) -> None:
    draft, browser = office.village_draft(), client_for(office.desk.steward)
    office.amend(draft, points=3)
    office.ready(draft)
    assert f"表决已记下：{why}。" in voted(office, browser, draft, **votes)
    voted(office, browser, draft)
    page = text(browser.get(at("way", draft, area="village")))
    assert why in page and "村民代表会议通过：应到30人" in page and "vote-form" not in page
