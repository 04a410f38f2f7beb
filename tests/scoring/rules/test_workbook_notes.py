"""Notes beside a price, as published schemes have them: read, told to be looked at, or mere prose."""

import io
from datetime import date

import pytest
from openpyxl import load_workbook

from scoring.rules import workbook
from scoring.rules.workbook import Imported
from tests.scoring.rules.annexes import saved, sheet
from tests.scoring.rules.build import book, rule

GOVERN = (
    "超过5次后每次1分", "限前50名", "全村限20户", "限党员；两年内有效", "有效期一年", "首月免扣", "仅限本年度",
    "冬季12月至次年2月", "每户派1名代表参会", "每月一评", "就高", "年内务工6个月以上", "迟到早退不加分", "需提前报名",
    "需现场拍照上传2张", "夫妻双方均可计分", "积分归村民小组", "与第3项不重复", "半天减半", "达到10分后翻倍",
    "60岁以上老人", "党员除外", "弄虚作假的取消积分", "年底统一兑换", "以户为单位", "不参与评优", "试行期间",
    "积分当年清零", "从试行之日起", "两人以上参加的", "党员不计分", "凭村委会证明",
)  # fmt: skip
PROSE = (
    "由网格员核实", "以村级核实为准", "由组长登记，村委会审核", "由村民代表会议决定", "由乡贤会出资兑现", "经查实的",
    "见附件", "以照片为证", "参照镇里文件", "提供佐证照片", "村委会统一登记", "包括房前屋后、道路两侧", "本村户籍村民",
    "一般由村民小组长申报", "需求由村里发布", "责任单位：妇联", "由派出所提供名单", "免费提供工具", "由党员评议",
    "权限在村", "避免重名", "按期公示",
)  # fmt: skip


def read(note: str, *, title: str = "正面清单") -> Imported:
    rows = (("大类", "行为", "奖惩", "备注"), ("公益", "扫雪", "2分/次", note))
    return workbook.read(sheet(*rows, title=title), "清单.xlsx")


@pytest.mark.parametrize("note", GOVERN)
def test_a_note_that_governs_its_item_is_to_be_looked_at(note: str) -> None:
    [doubt] = read(note).doubts
    assert doubt.text.startswith("备注里写着“") and doubt.text.endswith("”，没有算进分值，请核对")


@pytest.mark.parametrize("note", PROSE)
def test_a_note_that_is_mere_prose_is_kept_and_not_asked_about(note: str) -> None:
    found = read(note)
    assert (found.rules[0].note, found.doubts) == (note, ())


def test_each_clause_of_a_note_that_governs_is_quoted() -> None:
    [doubt] = read("限党员；由网格员核实；两年内有效").doubts
    assert doubt.text == "备注里写着“限党员”“两年内有效”，没有算进分值，请核对"


@pytest.mark.parametrize(
    ("note", "told"),
    [
        ("积分三年有效", {"expires": {"years": 3, "months": None}}),
        ("积分有效期1年", {"expires": {"years": 1, "months": None}}),
        ("积分有效期为六个月", {"expires": {"years": None, "months": 6}}),
        ("仅用于评比，不兑换", {"redeemable": False, "ranked": True}),
        ("不参与评比", {"redeemable": True, "ranked": False}),
        ("从2025年7月1日起执行", {"since": date(2025, 7, 1)}),
    ],
)
def test_how_long_points_last_and_what_they_are_for_is_read(note: str, told: dict[str, object]) -> None:
    found = read(note)
    assert (found.rules[0].model_dump(include=set(told)), found.doubts) == (told, ())


@pytest.mark.parametrize("note", ["积分三年有效", "仅用于评比", "从2025年7月1日起执行"])
def test_of_an_item_that_takes_points_it_is_asked_what_the_note_means(note: str) -> None:
    [doubt] = read(note, title="负面清单").doubts
    assert "，没有算进分值，请核对" in doubt.text


@pytest.mark.parametrize("note", ["从2025年13月40日起执行", "仅用于评比，仅用于兑换"])
def test_a_note_that_cannot_be_is_asked_about(note: str) -> None:
    found = read(note)
    assert len(found.rules) == 1 and found.doubts
    assert (found.rules[0].since, found.rules[0].redeemable, found.rules[0].ranked) == (None, True, True)


def test_a_note_changed_in_a_workbook_of_ours_is_looked_at_too() -> None:
    changed = load_workbook(io.BytesIO(workbook.write(book(rule()))))
    page = changed["正面清单"]
    heads = [cell.value for cell in page[1]]
    page.cell(2, heads.index("备注") + 1).value = "限前50名"
    [doubt] = workbook.read(saved(changed), "细则.xlsx").doubts
    assert "“限前50名”" in doubt.text
