"""A clerk hands in the roster: good rows go in, bad ones come back with what to do."""

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from jifen.files import selectors as files
from jifen.kernel.actors import SYSTEM
from tenants.community import errors
from tenants.community.models import Household, HouseholdMember, Resident, RosterImport
from tenants.community.roster import Result, import_file, sample
from tests import questions
from tests.cast import Cast, id_number

HEADER = ("村", "组", "户号", "户主姓名", "姓名", "与户主关系", "身份证号", "手机号", "星级", "党员", "居住起始")


def row(name: str = "张三", relation: str = "户主", **other: object) -> list[object]:
    cells = {"村": "石岭岗村", "组": "1组", "户号": "01001", "姓名": name, "与户主关系": relation, **other}
    return [cells.get(column, "") for column in HEADER]


def workbook(*rows: list[object], header: tuple[str, ...] = HEADER, change: Callable[..., None] | None = None) -> bytes:
    book = Workbook()
    page = book.worksheets[0]
    lines: list[list[Any]] = [list(header), *rows]
    for line in lines:
        page.append(line)
    if change:
        change(page)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def hand_in(body: bytes, *, dry_run: bool = False) -> Result:
    return import_file(body=body, name="名册.xlsx", village=None, by=SYSTEM, dry_run=dry_run)


@pytest.fixture
def village(cast: Cast) -> None:
    cast.village()


def problem_of(body: bytes) -> tuple[int, str, str]:
    [problem] = hand_in(body, dry_run=True).problems
    return problem.row, problem.column, problem.message


def test_a_household_goes_in_with_its_people(village: None) -> None:
    given = id_number(date(1960, 2, 29))
    result = hand_in(workbook(row(身份证号=given, 星级="五星级", 居住起始="2001年5月"), row("李四", "配偶", 党员="是")))
    assert (result.households, result.residents, result.problems) == (1, 2, [])
    household = Household.objects.get(number="01001")
    assert (household.stars, household.is_party, household.resident_since) == (5, True, date(2001, 5, 1))
    assert household.head is not None
    assert (household.head.name, household.head.id_number, household.head.born_on) == ("张三", given, date(1960, 2, 29))


def test_the_same_roster_twice_makes_nobody_twice(village: None) -> None:
    body = workbook(row(身份证号=id_number()), row("李四", "配偶"))
    hand_in(body)
    again = hand_in(body)
    assert (again.households, again.residents, again.problems) == (0, 0, [])
    assert Resident.objects.count() == 2


def test_a_trial_run_writes_nothing(village: None) -> None:
    assert hand_in(workbook(row()), dry_run=True).households == 1
    assert not Household.objects.exists()
    assert not RosterImport.objects.exists()


def test_bad_rows_come_back_with_their_reason_and_good_ones_go_in(village: None) -> None:
    result = hand_in(workbook(row(), row("李四", "配偶", 手机号="1380000"), row("王五", "户主", 户号="01002")))
    assert (result.households, result.residents) == (2, 2)
    assert result.bad_rows_file is not None
    page = load_workbook(io.BytesIO(files.body(result.bad_rows_file))).worksheets[0]
    lines = [[cell.value or "" for cell in line] for line in page.iter_rows()]
    assert [line[4] for line in lines] == ["姓名", "李四"]
    assert lines[1][-1] == "手机号：手机号应为11位数字"


def test_a_corrected_workbook_of_bad_rows_goes_in(village: None) -> None:
    result = hand_in(workbook(row(), row("李四", "配偶", 手机号="1380000")))
    assert result.bad_rows_file is not None
    book = load_workbook(io.BytesIO(files.body(result.bad_rows_file)))
    book.worksheets[0]["H2"] = "13800000000"
    out = io.BytesIO()
    book.save(out)
    assert hand_in(out.getvalue()).residents == 1


def test_an_id_number_that_a_spreadsheet_damaged_is_refused_with_the_way_to_mend_it(village: None) -> None:
    number, column, message = problem_of(workbook(row(身份证号=310115197005201230)))
    assert (number, column) == (2, "身份证号")
    assert "文本格式" in message


def test_a_damaged_id_number_comes_back_empty_and_not_invented(village: None) -> None:
    result = hand_in(workbook(row(身份证号=990101199001010048, 手机号=13800000000)))
    assert result.bad_rows_file is not None
    page = load_workbook(io.BytesIO(files.body(result.bad_rows_file))).worksheets[0]
    cells = dict(zip(HEADER, (cell.value for cell in page[2]), strict=False))
    assert (cells["姓名"], cells["身份证号"], cells["手机号"]) == ("张三", None, "13800000000")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"身份证号": "31011519700520123"}, "18位"),
        ({"身份证号": "310115197005201231"}, "校验位"),
        ({"身份证号": "3.10115E+17"}, "科学计数法"),
        ({"组": ""}, "不能空着"),
        ({"户号": "3/12"}, "户号只能用"),
        ({"户号": "1" * 21}, "户号只能用"),
        ({"组": "东头"}, "整数"),
        ({"村": "远方村"}, "没有这个村"),
        ({"党员": "可能"}, "是”或“否"),
        ({"居住起始": "2999-01-01"}, "晚于今天"),
        ({"居住起始": "2001-02-30"}, "没有这一天"),
        ({"居住起始": "2001-99999999999999999999-1"}, "没有这一天"),
        ({"户主姓名": "赵六"}, "不一致"),
    ],
)
def test_a_bad_cell_is_named_with_its_row_and_reason(village: None, change: dict[str, str], expected: str) -> None:
    number, column, message = problem_of(workbook(row(**change)))
    assert (number, column) == (2, next(iter(change)))
    assert expected in message


def test_a_household_without_a_head_stays_out(village: None) -> None:
    assert "没有户主" in problem_of(workbook(row("李四", "配偶")))[2]


def test_a_household_has_one_head(village: None) -> None:
    result = hand_in(workbook(row(), row("李四", "户主")))
    assert (result.residents, result.problems[0].row) == (1, 3)


def test_one_person_stands_in_the_roster_once(village: None) -> None:
    given = id_number()
    assert "重复" in problem_of(workbook(row(身份证号=given), row("李四", "户主", 户号="01002", 身份证号=given)))[2]


def test_a_person_on_file_elsewhere_is_not_taken_from_there(cast: Cast) -> None:
    other = cast.household(number="09009")
    assert other.head is not None
    result = hand_in(workbook(row(身份证号=other.head.id_number), row("李四", "配偶")))
    assert "09009" in result.problems[0].message
    assert HouseholdMember.objects.get(resident=other.head).household == other


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
def test_csv_files_of_any_usual_encoding_go_in(village: None, encoding: str) -> None:
    given = id_number()
    lines = [",".join(HEADER), ",".join(map(str, row("张雅", 身份证号=given)))]
    assert hand_in("\r\n".join(lines).encode(encoding)).residents == 1
    assert Resident.objects.get().id_number == given


def test_other_names_for_the_columns_and_a_title_above_them_are_understood(village: None) -> None:
    names = "村(居) 组别 户编号 户主 姓名 与户主的关系 身份证号码(必填) 联系电话 星级 党员 居住起始"

    def with_title(page: Worksheet) -> None:
        page.insert_rows(1)
        page["A1"] = "树人镇石岭岗村村民基本信息汇总表"
        page.merge_cells("A1:K1")

    assert hand_in(workbook(row(), header=tuple(names.split()), change=with_title)).residents == 1


def test_merged_cells_are_refused_by_name(village: None) -> None:
    body = workbook(row(), row("李四", "配偶"), change=lambda page: page.merge_cells("C2:C3"))
    with pytest.raises(errors.RosterMerged, match="C2:C3"):
        hand_in(body)
    assert not Household.objects.exists()


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"", errors.RosterEmpty),
        (workbook(), errors.RosterEmpty),
        (b"PK\x03\x04 no zip", errors.RosterNotReadable),
        (b"\x89PNG\r\n\x1a\n\x00\x00", errors.RosterNotReadable),
        ("村,组,户号\n".encode() + b"x" * 200_000, errors.RosterNotReadable),
        (workbook(["石岭岗村", "张三"], header=("村", "姓名")), errors.RosterHeaderMissing),
    ],
)
def test_a_file_that_is_no_roster_is_refused_whole(village: None, body: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        hand_in(body)
    assert not RosterImport.objects.exists()


@pytest.mark.parametrize(
    ("body", "name", "message"),
    [
        (b"", "名册.xlsx", "文件是空的，请重新选择。"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "名册.xlsx", "这不是能打开的Excel文件，请另存为.xlsx后再传。"),
        (b"PK\x03\x04 no zip", "名册.xlsx", "这不是能打开的Excel文件，请另存为.xlsx后再传。"),
        ("随便写的几句话".encode(), "名册.XLSX", "这不是能打开的Excel文件，请另存为.xlsx后再传。"),
        (b"\x00\x01", "名册.csv", "这个文件打不开：请用 Excel 另存为 .xlsx 或 CSV 后再上传。"),
    ],
)
def test_a_false_file_is_told_with_what_to_do(village: None, body: bytes, name: str, message: str) -> None:
    with pytest.raises(errors.RosterWrong) as refused:
        import_file(body=body, name=name, village=None, by=SYSTEM)
    assert (refused.value.message, refused.value.field) == (message, "file")
    assert not RosterImport.objects.exists()


def test_the_sample_goes_in_as_it_is(village: None) -> None:
    assert hand_in(sample()).residents == 2


def born(number: int, place: int) -> date:
    return date(1950 + number % 50, 1 + number % 12, place + 1)


def households(count: int, first: int) -> list[Any]:
    """Three people each; no two numbers of identity cards are the same."""
    return [
        row(
            name,
            relation,
            户号=f"{number:05d}",
            身份证号=id_number(date(1950 + number % 50, 1 + number % 12, place + 1)),
        )
        for number in range(first, first + count)
        for place, (name, relation) in enumerate((("张三", "户主"), ("李四", "配偶"), ("张小明", "子")))
    ]


def statements(count: int, first: int) -> int:
    body = workbook(*households(count, first))
    with questions.asked() as asked:
        assert hand_in(body).households == count
    return len(asked)


def test_ten_times_the_households_take_hardly_more_statements(village: None) -> None:
    """Rows go in by the batch."""
    hand_in(sample())
    few = statements(30, 100)
    assert statements(300, 200) <= few + 3
