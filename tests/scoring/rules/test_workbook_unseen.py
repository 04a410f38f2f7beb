"""Lines that people do not see, or see otherwise than the workbook holds them, are listed and not read."""

import io
from collections.abc import Callable

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from scoring.rules import workbook
from scoring.rules.workbook import Imported
from tests.scoring.rules.annexes import HEAD, saved
from tests.scoring.rules.build import book, rule


def read(change: Callable[[Worksheet], None], price: object = "2分/次") -> Imported:
    """A list of two lines, the second of which ``change`` changes."""
    book = Workbook()
    page = book.worksheets[0]
    page.title = "正面清单"
    for row in (HEAD, ("平安", "学习", "听课", "2分/次"), ("平安", "学习", "发言", price)):
        page.append(list(row))
    change(page)
    return workbook.read(saved(book), "清单.xlsx")


def hide(page: Worksheet) -> None:
    page.row_dimensions[3].hidden = True


def strike(page: Worksheet) -> None:
    page["C3"].font = Font(strike=True)


def strike_words(page: Worksheet) -> None:
    page["D3"] = CellRichText(TextBlock(InlineFont(strike=True), "每年最多5次"), "，2分/次")


def strike_merged(page: Worksheet) -> None:
    page["B3"].font = Font(strike=True)
    page.merge_cells("B3:B4")


def shown_as(code: str) -> Callable[[Worksheet], None]:
    def change(page: Worksheet) -> None:
        page["D3"].number_format = code

    return change


@pytest.mark.parametrize(
    ("change", "why"),
    [(hide, "隐藏的行"), (strike, "划掉的字"), (strike_words, "划掉的字"), (strike_merged, "划掉的字")],
)
def test_a_line_that_is_hidden_or_struck_out_is_listed(change: Callable[[Worksheet], None], why: str) -> None:
    found = read(change)
    assert [rule.title for rule in found.rules] == ["听课"]
    assert [(one.cell, why in one.why) for one in found.problems] == [("D3", True)]


@pytest.mark.parametrize("change", [hide, strike])
def test_a_line_below_takes_nothing_from_one_that_nobody_sees(change: Callable[[Worksheet], None]) -> None:
    def both(page: Worksheet) -> None:
        page["A3"], page["B3"] = "法治", "普法"
        for deed in ("", "", "宣讲"):
            page.append(["", "", deed, "9分"])
        change(page)

    found = read(both)
    assert [one.why for one in found.problems][1:3] == ["没有写行为"] * 2
    assert [one.why for one in found.problems][3:] == (["没有写大类"] if change is hide else [])


@pytest.mark.parametrize("code", ['"-"0', '0"分/棵"', "0%", "0.00%", "# ?/?"])
def test_a_number_that_is_shown_as_something_else_is_listed(code: str) -> None:
    found = read(shown_as(code), 3)
    assert [one.cell for one in found.problems] == ["D3"] and len(found.rules) == 1


@pytest.mark.parametrize("code", ["General", "0", '0"分"', "@", '_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * "-"??_ ;_ @_ '])
def test_a_number_that_is_shown_as_it_is_is_read(code: str) -> None:
    assert [rule.price_text for rule in read(shown_as(code), 3).rules] == ["+2分/次", "+3分"]


def test_a_hidden_sheet_with_a_list_is_named_and_one_without_is_not() -> None:
    def change(page: Worksheet) -> None:
        assert page.parent is not None
        for name, rows in {"旧清单": (HEAD, ("平安", "学习", "旧条目", "9分")), "代码": (("甲", "乙"),)}.items():
            other = page.parent.create_sheet(name)
            other.sheet_state = "hidden"
            for row in rows:
                other.append(list(row))

    found = read(change)
    assert [rule.title for rule in found.rules] == ["听课", "发言"]
    assert [(one.sheet, one.why) for one in found.problems] == [("旧清单", "隐藏的表，没有读")]


def test_a_heading_that_nobody_sees_leaves_bare_points_unread() -> None:
    def change(page: Worksheet) -> None:
        page.append(["二、扣分项"])
        page.append(["平安", "治安", "打架", "5分"])
        page.row_dimensions[4].hidden = True

    assert [one.cell for one in read(change).problems] == ["A4", "D5"]


def test_a_line_of_our_own_workbook_that_was_filtered_away_stays_and_is_told() -> None:
    made = book(rule(code="a-1", title="甲"), rule(code="a-2", title="乙"))
    out = load_workbook(io.BytesIO(workbook.write(made)))
    out.worksheets[0].row_dimensions[3].hidden = True
    found = workbook.read(saved(out), "细则.xlsx")
    assert found.rulebook == made
    assert [(one.code, "隐藏" in one.text) for one in found.doubts] == [("a-2", True)]
