"""Out to a file and back: the same rulebook, down to what no column shows; and what people change in between."""

import io
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from scoring.rules import library, workbook, yamls
from scoring.rules.spec import Rulebook, RuleSpec
from scoring.rules.workbook import Imported, technical
from tests.scoring.rules.annexes import saved
from tests.scoring.rules.build import book, rule
from tests.scoring.rules.odd_books import books

SAYABLE = ("sign", "category", "matter", "title", "text", "amount", "limits", "once", "evidence", "declarers", "code")


def changed(body: bytes, change: Callable[[Worksheet, dict[str, int]], None], *, list_: str = "正面清单") -> Imported:
    """``body`` read back after somebody worked on one of its sheets; columns by name from 1."""
    out = load_workbook(io.BytesIO(body))
    page = out[list_]
    change(page, {str(cell.value): place for place, cell in enumerate(page[1], 1)})
    return workbook.read(saved(out), "改.xlsx")


def edited(made: RuleSpec, column: str, text: str) -> Imported:
    def change(page: Worksheet, places: dict[str, int]) -> None:
        page.cell(2, places[column]).value = text

    return changed(workbook.write(book(made)), change)


@settings(max_examples=60, deadline=None)
@given(books())
def test_a_workbook_gives_back_the_same_rulebook(made: Rulebook) -> None:
    found = workbook.read(workbook.write(made), "细则.xlsx")
    assert found.rulebook == made
    assert not found.problems


@settings(max_examples=60, deadline=None)
@given(books())
def test_a_yaml_file_gives_back_the_same_rulebook(made: Rulebook) -> None:
    assert library.parse_rulebook(yamls.dump_rulebook(made, "细则")) == made


@pytest.mark.parametrize("code", library.available())
def test_every_template_comes_back_from_both_kinds_of_file(code: str) -> None:
    scheme = library.load(code)
    assert library.parse(yamls.dump(scheme)) == scheme
    assert workbook.read(workbook.write(scheme.rulebook), "细则.xlsx").rulebook == scheme.rulebook


@pytest.mark.parametrize("code", ["seed_001", "seed_002"])
def test_what_columns_can_say_comes_back_without_the_hidden_sheet(code: str) -> None:
    made = library.load(code).rulebook
    out = load_workbook(io.BytesIO(workbook.write(made)))
    del out[technical.SHEET]
    found = workbook.read(saved(out), "细则.xlsx")
    told = {one.code: one.model_dump(include=set(SAYABLE)) for one in found.rules}
    for one in made.rules:
        again, first = told[one.code], one.model_dump(include=set(SAYABLE))
        for said in (again, first):
            said["limits"] = [{**limit, "figures": ""} for limit in said["limits"]]
            said["amount"] |= {"most": None} if said["amount"]["kind"] == "per_unit" else {}
            said["amount"] |= {"tiers": [tier["points"] for tier in said["amount"].get("tiers", ())]}
        assert again == first


def test_a_changed_price_changes_the_item_and_keeps_what_the_cell_cannot_say() -> None:
    made = rule(amount={"kind": "per_unit", "points": 2, "unit": "棵", "most": 30}, cooldown={"days": 9})
    found = edited(made, "奖惩", "加3分/棵")
    assert found.rules == (made.model_copy(update={"amount": made.amount.model_copy(update={"points": 3})}),)


def test_a_changed_cap_keeps_the_marks_of_those_that_stay() -> None:
    cap = {"kind": "points", "value": 30, "period": "year", "figures": "example"}
    [found] = edited(rule(limits=[cap]), "上限", "每户每年最多30分、每人每天最多1次").rules
    assert [(one.text, one.figures) for one in found.limits] == [
        ("每户每年最多30分", "example"),
        ("每人每天最多1次", "seed"),
    ]


@pytest.mark.parametrize(
    ("column", "text", "why"),
    [
        ("奖惩", "看情况", "没有写几分"),
        ("奖惩", "扣2分/次", "正面清单里写着扣分"),
        ("奖惩", "加2分/次，态度好", "没有看懂“态度好”"),
        ("上限", "差不多就行", "没有看懂上限"),
        ("行为", "", "“行为”不能为空"),
        ("佐证", "最好有", "必须有"),
        ("由谁申报", "村长", "不认识“村长”"),
    ],
)
def test_a_change_that_cannot_be_read_is_listed_and_the_item_left_out(column: str, text: str, why: str) -> None:
    found = edited(rule(), column, text)
    assert not found.rules
    assert why in found.problems[0].why


def test_a_line_taken_out_is_an_item_taken_out_and_a_new_line_a_new_item() -> None:
    def change(page: Worksheet, places: dict[str, int]) -> None:
        page.delete_rows(2)
        page.append(["", "美丽建设", "清扫", "", "清扫公共场所", "加1分/次"])

    found = changed(workbook.write(library.load("seed_002").rulebook), change)
    codes = [one.code for one in found.rules]
    assert ("ll-01" in codes, codes.index("ml-10"), len(codes)) == (False, 17, 33)


def test_lines_that_were_moved_keep_their_new_order() -> None:
    def change(page: Worksheet, places: dict[str, int]) -> None:
        page.move_range("A2:K2", rows=2)
        page.delete_rows(2)

    made = book(*(rule(code=f"a-{place}") for place in range(2)))
    assert [one.code for one in changed(workbook.write(made), change).rules] == ["a-1", "a-0"]


def test_a_broken_hidden_sheet_is_as_if_it_were_not_there() -> None:
    out = load_workbook(io.BytesIO(workbook.write(book(rule(cooldown={"days": 9})))))
    out[technical.SHEET].cell(3, 2).value = "{}"
    [found] = workbook.read(saved(out), "细则.xlsx").rules
    assert (found.code, found.cooldown, found.price_text) == ("md-03", None, "+2分/次")
