"""What the headings between lines, the classes and the columns say of the sign of the lines."""

from collections.abc import Sequence

import pytest
from openpyxl import Workbook

from scoring.rules import workbook
from scoring.rules.workbook import Imported
from tests.scoring.rules.annexes import HEAD, saved, sheet

GIVEN = ("环境", "卫生", "门前整洁", "10分")
TAKEN = ("环境", "卫生", "乱倒垃圾", "5分/次")


def read(*rows: Sequence[object], title: str = "加分清单") -> Imported:
    return workbook.read(sheet(*rows, title=title), "细则.xlsx")


def prices(found: Imported) -> list[str]:
    return [rule.price_text for rule in found.rules]


@pytest.mark.parametrize(
    "name",
    [
        "二、扣分项",
        "（二）负面约束清单",
        "二、减分情形",
        "三、惩罚",
        "扣分项",
        "附件2 负面清单",
        "扣 分 项",
        "以下为扣分项目",
        "二、负向（扣分）",
        "扣分情形如下：",
        "某某镇2025年度负面清单（试行）",
    ],
)
def test_a_heading_between_lines_says_the_sign_of_those_below(name: str) -> None:
    found = read(["一、加分项"], HEAD, GIVEN, [name], TAKEN)
    assert (prices(found), found.problems) == (["+10分", "−5分/次"], ())


def test_a_heading_may_be_merged_all_across_or_have_its_number_beside_it() -> None:
    book = Workbook()
    page = book.worksheets[0]
    for row in (
        ["一、加分项"],
        HEAD,
        GIVEN,
        ["二、扣分项"],
        TAKEN,
        ["三", "加分项"],
        ("环境", "卫生", "植树", "2分/棵"),
    ):
        page.append(list(row))
    page.merge_cells("A4:D4")
    found = workbook.read(saved(book), "细则.xlsx")
    assert prices(found) == ["+10分", "−5分/次", "+2分/棵"]


def test_headings_of_lists_side_by_side_say_the_sign_of_their_own() -> None:
    found = read([*HEAD, *HEAD], ["一、加分项", "", "", "", "一、扣分项"], [*GIVEN, *TAKEN], title="细则")
    assert prices(found) == ["+10分", "−5分/次"]


def test_a_price_against_its_heading_is_listed() -> None:
    found = read(HEAD, GIVEN, ["二、扣分项"], ("环境", "卫生", "清扫", "加2分"))
    assert (prices(found), [one.why for one in found.problems]) == (["+10分"], ["负面清单里写着加分"])


@pytest.mark.parametrize("name", ["四、禁止性行为", "二、加分扣分项", "三、红线"])
def test_a_heading_that_does_not_say_the_sign_leaves_bare_points_unread(name: str) -> None:
    found = read(HEAD, GIVEN, [name], TAKEN)
    assert (prices(found), [one.cell for one in found.problems]) == (["+10分"], ["A3", "D4"])


def test_a_heading_of_the_same_level_ends_the_section_before_it() -> None:
    found = read(HEAD, GIVEN, ["二、扣分项"], TAKEN, ["三、其他"], ("其他", "其他", "其他善行", "3分"))
    assert (prices(found), [one.cell for one in found.problems]) == (["+10分", "−5分/次"], ["A5", "D6"])


def test_a_heading_of_a_lower_level_does_not() -> None:
    found = read(HEAD, GIVEN, ["二、扣分项"], ["（一）环境"], TAKEN)
    assert (prices(found), [one.text for one in found.problems]) == (["+10分", "−5分/次"], ["（一）环境"])


@pytest.mark.parametrize("note", ["注：弄虚作假的，由村里研究后扣分并公示三天", "四、违法乱纪"])
def test_a_line_alone_that_speaks_of_the_other_sign_is_listed_with_the_bare_points_below(note: str) -> None:
    found = read(HEAD, GIVEN, [note], TAKEN, ("环境", "卫生", "清扫", "加2分"))
    assert (prices(found), [one.cell for one in found.problems]) == (["+10分", "+2分"], ["A3", "D4"])


def test_a_heading_that_leans_to_its_own_list_changes_nothing() -> None:
    found = read(HEAD, GIVEN, ["三、倡导文明新风"], ("环境", "卫生", "清扫", "2分"))
    assert (prices(found), [one.cell for one in found.problems]) == (["+10分", "+2分"], ["A3"])


def test_a_limit_in_a_heading_is_listed() -> None:
    found = read(HEAD, GIVEN, ["二、减分情形（每户每年最多减50分）"], TAKEN)
    assert (prices(found), [one.cell for one in found.problems]) == (["+10分", "−5分/次"], ["A3"])


def test_a_class_is_not_carried_over_a_heading() -> None:
    found = read(HEAD, GIVEN, ["二、扣分项"], ("", "", "乱倒垃圾", "5分"))
    assert [one.why for one in found.problems] == ["没有写大类"]


@pytest.mark.parametrize("name", ["扣分项", "负面行为", "二、扣分项目"])
def test_a_class_that_names_a_list_says_the_sign(name: str) -> None:
    found = read(HEAD, ("加分项", "卫生", "门前整洁", "10分"), (name, "卫生", "乱倒垃圾", "5分"))
    assert prices(found) == ["+10分", "−5分"]


def test_a_class_that_only_sounds_like_the_other_list_is_listed() -> None:
    found = read(HEAD, GIVEN, ("村务扣分申诉", "卫生", "申诉", "5分"))
    assert [one.why for one in found.problems] == ["大类写着“村务扣分申诉”，和标题里的加分、扣分对不上"]


@pytest.mark.parametrize(
    ("told", "shown"), [("加", "+5分"), ("奖励", "+5分"), ("扣", "−5分"), ("处罚", "−5分"), ("减分", "−5分")]
)
def test_a_column_of_signs_is_read_in_the_words_that_people_use(told: str, shown: str) -> None:
    found = read([*HEAD, "性质"], ("环境", "卫生", "门前", "5分", told), title="细则")
    assert prices(found) == [shown]


def test_a_sign_that_is_not_understood_is_listed() -> None:
    found = read([*HEAD, "性质"], ("环境", "卫生", "门前", "5分", "常规"), title="细则")
    assert [one.why for one in found.problems] == ["“常规”看不出是加分还是扣分"]


def test_a_line_of_totals_is_no_item() -> None:
    found = read(["序号", *HEAD], ["1", *GIVEN], ["合计", "", "", "", "100"])
    assert (prices(found), [one.text for one in found.problems]) == (["+10分"], ["合计 100"])
