"""Files that are handed back: the bad rows with their reasons, and the sample to fill in."""

from collections import defaultdict
from collections.abc import Iterable

from jifen.kernel import spreadsheets
from jifen.kernel.spreadsheets import Cell
from tenants.community.roster.columns import COLUMNS, REQUIRED
from tenants.community.roster.lines import RowProblem
from tenants.community.roster.reading import Sheet

XLSX = spreadsheets.XLSX
REASON = "错误原因"
LONGEST_NUMBER = 10**15
"""A workbook keeps fifteen digits of a number."""
WIDTHS = {"身份证号": 22, "居住地址": 24, REASON: 60}
_HOME = ("石岭岗村1组1号", "是", "是", "是", "3")
_SAMPLE = (
    ("石岭岗村", "1", "01001", "张三", "张三", "户主", "", "13800000000", *_HOME, "否", "2001-05-01"),
    ("石岭岗村", "1", "01001", "张三", "李四", "配偶", "", "", *_HOME, "是", "2001-05-01"),
)
_NOTES = (
    "一人一行；同一户的人户号相同，每户要有一行“与户主关系”写“户主”。",
    f"必填：村、{'、'.join(REQUIRED)}；其余可以空着。",
    "身份证号、手机号、户号的单元格请保持“文本”格式，否则 Excel 会丢掉末几位数字。",
    "不要合并单元格。是否类的列填“是”或“否”；日期写成 2015-03-01。",
    "重复导入不会重复建档：按户号认户，按身份证号认人。",
)


def bad_rows(sheet: Sheet, problems: Iterable[RowProblem]) -> bytes:
    """The rows with problems as they were, each with what is wrong with it in a last column, ready to be corrected."""
    reasons: dict[int, list[str]] = defaultdict(list)
    for problem in problems:
        reasons[problem.row].append(f"{problem.column}：{problem.message}")
    book, page = spreadsheets.new_book("需要改正的行")
    header = [cell for cell in sheet.header if cell != REASON]
    spreadsheets.write(page, [*header, REASON])
    for row, _, cells in sheet.rows:
        if row in reasons:
            kept = [_as_known(cell) for cell, name in zip(cells, sheet.header, strict=False) if name != REASON]
            kept += [""] * (len(header) - len(kept))
            spreadsheets.write(page, [*kept, "；".join(reasons[row])])
    spreadsheets.dress(page, WIDTHS)
    return spreadsheets.to_bytes(book)


def _as_known(cell: Cell) -> str:
    """As it was; nothing for a number so long that its last digits are the workbook's invention."""
    if isinstance(cell, float) and abs(cell) >= LONGEST_NUMBER:
        return ""
    return spreadsheets.text_of(cell)


def sample() -> bytes:
    """An empty roster with the columns, two lines to show how, and notes; every cell is text."""
    book, page = spreadsheets.new_book("名册")
    for line in (tuple(COLUMNS), *_SAMPLE):
        spreadsheets.write(page, list(line))
    for row in page.iter_rows(min_row=4, max_row=200, max_col=len(COLUMNS)):
        for cell in row:
            cell.number_format = "@"
    spreadsheets.dress(page, WIDTHS)
    notes = book.create_sheet("填写说明")
    for note in _NOTES:
        notes.append([note])
    notes.column_dimensions["A"].width = 90
    return spreadsheets.to_bytes(book)
