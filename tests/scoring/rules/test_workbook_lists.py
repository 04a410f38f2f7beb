"""Lists as towns have them: where they stand in a sheet, and what becomes of their lines."""

import io
from collections.abc import Iterable
from datetime import date

import pytest
from openpyxl import Workbook, load_workbook

from scoring.rules import library, workbook
from scoring.rules.workbook import Imported
from tests.scoring.rules.annexes import HEAD, saved, sheet
from tests.scoring.rules.annexes import workbook as annexes

FILE = "积分细则.xlsx"


def read(*rows: Iterable[object], title: str = "正面清单") -> Imported:
    return workbook.read(sheet(*rows, title=title), FILE)


def told(found: Imported) -> list[tuple[str, str, str, str]]:
    return [(rule.category, rule.matter, rule.title, rule.price_text) for rule in found.rules]


def test_the_annexes_of_a_published_scheme_give_the_items_of_its_template() -> None:
    found = workbook.read(annexes(), "附件.xlsx")
    template = library.load("seed_002").rulebook
    assert [(one.sign, one.category, one.price_text) for one in found.rules] == [
        (one.sign, one.category, one.price_text) for one in template.rules
    ]
    assert [one.code for one in found.rules] == [one.code for one in template.rules]


def test_what_the_annexes_leave_to_the_villages_is_listed_and_not_guessed() -> None:
    found = workbook.read(annexes(), "附件.xlsx")
    assert [(one.sheet, one.cell, one.why) for one in found.problems] == [
        ("附件4", "D21", "没有写行为和分值，这一行没有成为条目"),
        ("附件5", "D7", "没有写行为和分值，这一行没有成为条目"),
    ]
    assert not found.doubts


def test_the_levels_of_a_cell_keep_their_names_and_points() -> None:
    courtyard = workbook.read(annexes(), "附件.xlsx").rules[10].amount.model_dump(mode="json")
    assert [(tier["code"], tier["name"], tier["points"]) for tier in courtyard["tiers"]] == [
        ("county", "县级", "10"),
        ("town", "镇级", "5"),
        ("village", "村级", "1"),
    ]


def test_several_deductions_in_one_cell_are_items_of_their_own() -> None:
    late, absent = workbook.read(annexes(), "附件.xlsx").rules[18:20]
    assert (late.title, late.price_text, absent.title, absent.price_text) == (
        "迟到、早退",
        "−4分",
        "不积极参与比赛",
        "−2分",
    )
    assert "self" not in late.declarers


def test_each_item_names_the_file_the_sheet_and_the_line_it_comes_from() -> None:
    assert workbook.read(annexes(), "附件.xlsx").rules[0].source.section == "附件.xlsx 附件4 第3行"


def test_the_head_line_may_stand_below_titles_and_notes() -> None:
    found = read(["某某镇"], [], ["积分制正面清单"], ["单位：分"], HEAD, ["平安建设", "巡逻", "参加巡逻", "2分/次"])
    assert told(found) == [("平安建设", "巡逻", "参加巡逻", "+2分/次")]
    assert not found.problems


def test_two_lists_one_under_the_other_have_signs_of_their_own() -> None:
    row = ["平安建设", "巡逻", "参加巡逻", "2分/次"]
    found = read(["正面清单"], HEAD, row, ["附件2 负面清单"], HEAD, ["平安建设", "闹事", "打架", "5分"], title="细则")
    assert [rule.price_text for rule in found.rules] == ["+2分/次", "−5分"]
    assert not found.problems


def test_two_lists_side_by_side_have_signs_of_their_own() -> None:
    book = Workbook()
    page = book.worksheets[0]
    for row in (["正面清单", "", "", "", "负面清单"], [*HEAD, *HEAD]):
        page.append(row)
    page.merge_cells("A1:D1")
    page.merge_cells("E1:H1")
    page.append(["平安", "巡逻", "参加巡逻", "2分/次", "平安", "闹事", "打架", "5分/次"])
    page.append(["", "", "夜间值守", "3分/次", "", "", "", ""])
    found = workbook.read(saved(book), FILE)
    assert [(rule.title, rule.price_text) for rule in found.rules] == [
        ("参加巡逻", "+2分/次"), ("打架", "−5分/次"), ("夜间值守", "+3分/次"),
    ]  # fmt: skip


def test_columns_for_points_given_and_taken_make_two_items_of_a_line() -> None:
    found = read(["类别", "积分内容", "加分", "扣分"], ["平安", "集体学习", 2, 4], title="细则")
    assert [(rule.sign, rule.price_text) for rule in found.rules] == [("positive", "+2分"), ("negative", "−4分")]


def test_a_bare_number_counts_points_for_each_unit_of_its_column() -> None:
    found = read(["大类", "行为", "分值", "单位", "上限"], ["平安", "植树", 3, "棵", "每户每年最多30分"])
    assert (found.rules[0].price_text, found.rules[0].limits[0].text) == ("+3分/棵", "每户每年最多30分")


def test_a_price_against_its_list_is_listed() -> None:
    [problem] = read(HEAD, ["平安", "学习", "参加学习", "扣2分/次"], ["平安", "学习", "听课", "2分/次"]).problems
    assert (problem.sheet, problem.cell, problem.text, problem.why) == (
        "正面清单",
        "D2",
        "扣2分/次",
        "正面清单里写着扣分",
    )


def test_a_price_without_any_sign_is_listed() -> None:
    [problem] = read(HEAD, ["平安", "学习", "学习", "2分"], ["平安", "学习", "听课", "加2分"], title="表1").problems
    assert problem.why.startswith("看不出是加分还是扣分")


def test_a_date_where_a_price_should_be_is_listed() -> None:
    found = read(HEAD, ["平安", "学习", "学习", date(2025, 1, 2)], ["平安", "学习", "听课", "加2分"])
    assert [one.cell for one in found.problems] == ["D2"]


def test_notes_below_a_list_are_told_and_no_items() -> None:
    found = read(HEAD, ["平安", "学习", "听课", "2分/次"], ["注：以上由村里解释", "", "", ""])
    assert [(one.cell, one.text) for one in found.problems] == [("A3", "注：以上由村里解释")]


def test_a_sheet_without_a_list_is_told() -> None:
    book = Workbook()
    book.worksheets[0].append(["申请书"])
    page = book.create_sheet("正面清单")
    for row in (HEAD, ["平安", "学习", "听课", "2分/次"]):
        page.append(row)
    [problem] = workbook.read(saved(book), FILE).problems
    assert (problem.sheet, problem.cell) == ("Sheet", "")


def test_a_csv_file_in_gbk_is_read_like_a_workbook() -> None:
    body = "大类,事项,行为,奖惩\n平安,学习,听课,加2分/次\n,,发言,加1分/次\n".encode("gbk")
    assert [(rule.matter, rule.price_text) for rule in workbook.read(body, "a.csv").rules] == [
        ("学习", "+2分/次"), ("学习", "+1分/次"),
    ]  # fmt: skip


def test_lines_with_problems_come_back_with_their_place_and_can_be_read_again() -> None:
    first = read(HEAD, ["平安", "学习", "听课", "酌情加分"], ["平安", "学习", "发言", "2分/次"])
    again = workbook.read(_mended(workbook.problems(first)), "改正.xlsx")
    assert told(again) == [("平安", "学习", "听课", "+3分/次")]


def _mended(body: bytes) -> bytes:
    book = load_workbook(io.BytesIO(body))
    page = book.worksheets[0]
    heads = [cell.value for cell in page[1]]
    assert [page.cell(2, heads.index(name) + 1).value for name in ("错误原因", "原来的位置")] == [
        "“酌情加分”没有说清到底几分、多久几次", "正面清单!D2",
    ]  # fmt: skip
    page.cell(2, heads.index("奖惩") + 1).value = "加3分/次"
    return saved(book)


def test_the_sample_can_be_read_as_it_is() -> None:
    found = workbook.read(workbook.sample(), "样表.xlsx")
    assert [rule.price_text for rule in found.rules] == ["+2分/次", "+10/5/1分", "+1分/半天", "+5至10分", "−2分/次"]
    assert not found.problems
    assert not found.doubts


NUMBERED = ["编号", *HEAD, "上限"]


def numbered(*rows: tuple[str, str, str, str]) -> Imported:
    """Rows of (number, deed, price, cap)."""
    return read(NUMBERED, *([number, "乡风文明", "公益", deed, price, cap] for number, deed, price, cap in rows))


@pytest.mark.parametrize(
    ("price", "cap"),
    [
        ("3分/次", "第3、5两项合计每年不超过10分"),
        ("3分/次", "第3项和第5项合计每户每年最多10分"),
        ("3分/次", "与第5项合计每年不超过10分"),
        ("3分/次，第3、5两项合计每年不超过10分", ""),
        ("3分/次（与第5项累计每年不超过10分）", ""),
    ],
)
def test_one_cap_over_items_that_the_list_numbers_is_read(price: str, cap: str) -> None:
    found = numbered(("3", "献血", price, cap), ("4", "植树", "1分/次", ""), ("5", "捐款", "2分/次", ""))
    assert found.rulebook is not None and not found.problems
    [limit] = found.rulebook.settings.limits
    assert [found.rulebook.rule(code).title for code in limit.rules] == ["献血", "捐款"]
    assert (limit.text, limit.sign) == ("每户每年最多10分", "positive")
    assert [rule.price_text for rule in found.rules] == ["+3分/次", "+1分/次", "+2分/次"]
    assert not found.rules[0].limits


def test_both_items_may_say_the_cap_that_they_share() -> None:
    rows = [("3", "献血", "3分/次", "与第5项合计每年不超过10分"), ("5", "捐款", "2分/次", "与第3项合计每年不超过10分")]
    found = numbered(*rows)
    assert found.rulebook is not None and len(found.rulebook.settings.limits) == 1


@pytest.mark.parametrize(
    ("cap", "why"),
    [
        ("第3、6两项合计每年不超过10分", "没有这个编号"),
        ("第4、5两项合计每年不超过10分", "没有算上这一条自己"),
        ("第3、7两项合计每年不超过10分", "有几条这个编号"),
        ("第3、5两项合计不超过10分", "没有看懂上限"),
        ("第3、5两项不重复计分", "没有看懂上限"),
    ],
)
def test_a_shared_cap_that_is_not_certain_is_listed_with_its_line(cap: str, why: str) -> None:
    others = [("5", "捐款", "2分/次", ""), ("4", "植树", "1分/次", ""), ("7", "唱歌", "1分/次", ""),
              ("7", "跳舞", "1分/次", "")]  # fmt: skip
    found = numbered(("3", "献血", "3分/次", cap), *others)
    [problem] = found.problems
    assert why in problem.why and problem.text == cap and problem.line is not None
    assert "献血" not in [rule.title for rule in found.rules] and len(found.rules) == 4
    assert found.rulebook is not None and not found.rulebook.settings.limits


def test_a_cap_whose_other_line_was_not_read_is_not_read_either() -> None:
    found = numbered(
        ("3", "献血", "3分/次", "与第5项合计每年不超过10分"), ("5", "捐款", "2分/次", "与第9项合计每年不超过5分"),
        ("6", "植树", "1分/次", ""),
    )  # fmt: skip
    assert [rule.title for rule in found.rules] == ["植树"] and len(found.problems) == 2


@pytest.mark.parametrize(
    ("price", "cap"),
    [
        ("3分/次", "本大类每年最高50分"), ("3分/次，本大类每年最高50分", ""), ("3分/次（本大类全年封顶50分）", ""),
        ("3分/次，每月最多9分，本大类每年最高50分", ""),
    ],
)  # fmt: skip
def test_a_cap_over_the_main_class_is_the_classs(price: str, cap: str) -> None:
    found = numbered(("3", "献血", price, cap), ("5", "捐款", "2分/次", "本大类每年最高50分"))
    assert found.rulebook is not None and not found.problems
    [category] = found.rulebook.categories
    assert [(one.text, one.sign) for one in category.limits] == [("每户每年最多50分", "positive")]
    assert [one.text for one in found.rules[0].limits] == (["每户每月最多9分"] if "每月" in price else [])


@pytest.mark.parametrize(
    ("cap", "why"),
    [("本大类每年最高60分", "和“献血”写的“本大类每年最高50分”对不上"), ("本大类最高50分", "没有看懂上限")],
)
def test_a_cap_over_the_main_class_that_is_not_certain_is_listed(cap: str, why: str) -> None:
    found = numbered(("3", "献血", "3分/次", "本大类每年最高50分"), ("5", "捐款", "2分/次", cap))
    [problem] = found.problems
    assert why in problem.why and problem.text == cap and problem.line is not None
    assert [rule.title for rule in found.rules] == ["献血"]
