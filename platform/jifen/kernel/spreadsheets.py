"""Workbooks and CSV files as rows of cells, and workbooks to hand out.

What comes in is read without trust: cells only, never macros or formulas, and no more than fits into memory. Rooms turn
these errors into words of their own where they know more.

    FileWrong            the file as a whole cannot be read
    ├── FileUnreadable   it is no workbook and no text
    ├── FileProtected    it asks for a password
    ├── FileEmpty        there is nothing in it
    └── FileTooLarge     too many bytes, rows or columns
"""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

from jifen.kernel import spreadsheet_marks
from jifen.kernel.errors import InvalidInput
from jifen.kernel.spreadsheet_marks import Marks

Cell = str | float | date
Corners = tuple[tuple[int, int], tuple[int, int]]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

MAX_BYTES = 10 * 1024 * 1024
MAX_UNPACKED = 160 * 1024 * 1024
MAX_PARTS = 2_000
MAX_CELLS = 4_000_000
"""Of the rectangle that holds a sheet's cells: the reader keeps all of it."""

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_SEALED = "EncryptedPackage".encode("utf-16-le")
_CHUNK = 4 * 1024 * 1024
_OVERLAP = 200
_FILLED_CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*?(?<!/)>')


class FileWrong(InvalidInput):
    code = "file_wrong"
    default_field = "file"
    message = "这个文件读不了，请核对后重新上传。"


class FileUnreadable(FileWrong):
    code = "file_unreadable"
    message = "这个文件打不开：请用 Excel 另存为 .xlsx 或 CSV 后再上传。"


class FileProtected(FileWrong):
    code = "file_protected"
    message = "这个文件设了打开密码：请在 Excel 里去掉密码，另存后再上传。"


class FileEmpty(FileWrong):
    code = "file_empty"
    message = "文件是空的，请重新选择。"


class FileTooLarge(FileWrong):
    code = "file_too_large"
    message = "文件太大（{what}）：请只留需要的表和行，另存后再上传。"


@dataclass(frozen=True, slots=True)
class Page:
    """One sheet: ``grid`` by row and column from 0, ``merged`` the corners of merged cells, ``hidden`` from people,
    ``marks`` what they see of its rows and cells beside the values."""

    name: str
    grid: list[list[Cell]]
    merged: tuple[Corners, ...] = ()
    hidden: bool = False
    marks: Marks = field(default_factory=Marks)


def is_workbook(body: bytes) -> bool:
    """Whether ``body`` looks like a workbook rather than text."""
    return body.startswith((_ZIP, _OLE))


def pages(body: bytes, *, most_rows: int) -> list[Page]:
    """Every sheet with something in it, with its marks; CSV is one sheet without a name.

    Raises:
        FileWrong (one of its kinds).
    """
    filled = list(_filled(body, most_rows, marked=True))
    if not filled:
        raise FileEmpty
    return filled


def first(body: bytes, *, most_rows: int) -> Page:
    """The first sheet with something in it; those behind it and marks are not looked at. Errors as of ``pages``."""
    for page in _filled(body, most_rows, marked=False):
        return page
    raise FileEmpty


def _filled(body: bytes, most_rows: int, *, marked: bool) -> Iterator[Page]:
    if not body.strip():
        raise FileEmpty
    if len(body) > MAX_BYTES:
        raise FileTooLarge(what=f"超过{MAX_BYTES // 1024 // 1024}MB")
    found = _sheets(body, most_rows, marked=marked) if is_workbook(body) else _text_page(body, most_rows)
    return (page for page in found if any(map(is_filled, page.grid)))


def _text_page(body: bytes, most_rows: int) -> Iterator[Page]:
    yield Page("", text_rows(body, most_rows))


def is_filled(row: Iterable[Cell]) -> bool:
    return any(cell != "" for cell in row)


def address(row: int, column: int) -> str:
    """``B7`` for row 6, column 1."""
    return f"{get_column_letter(column + 1)}{row + 1}"


def text_of(cell: Cell) -> str:
    """As written; a number without its ``.0``."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def text_rows(body: bytes, most_rows: int) -> list[list[Cell]]:
    """CSV with commas, semicolons or tabs, in UTF-8 or GB 18030 (GBK)."""
    text = _decoded(body)
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    rows: list[list[Cell]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            rows.append([_cell(value) for value in row])
            _check_rows(len(rows), most_rows)
    except csv.Error as broken:
        raise FileUnreadable from broken
    return rows


def _decoded(body: bytes) -> str:
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decoded_as(body, "utf-16")
    if b"\x00" in body:
        raise FileUnreadable
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _decoded_as(body, "gb18030")


def _decoded_as(body: bytes, encoding: str) -> str:
    try:
        return body.decode(encoding)
    except UnicodeDecodeError as unknown:
        raise FileUnreadable from unknown


def _check_rows(rows: int, most: int) -> None:
    if rows > most:
        raise FileTooLarge(what=f"一张表超过{most}行")


def _sheets(body: bytes, most_rows: int, *, marked: bool) -> Iterator[Page]:
    if _SEALED in body:
        raise FileProtected
    marks = _checked_package(body, marked=marked) if body.startswith(_ZIP) else {}
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(body))
        for index, about in enumerate(book.sheets_metadata):
            page = _page(book.get_sheet_by_index(index), about.visible != SheetVisibleEnum.Visible, most_rows)
            yield replace(page, marks=marks.get(page.name, page.marks))
    except PasswordError as locked:
        raise FileProtected from locked
    except CalamineError as broken:
        raise FileUnreadable from broken
    except BaseException as fault:
        if type(fault).__name__ == "PanicException":  # the reader's own assertions, raised past Exception
            raise FileUnreadable from fault
        raise


def _page(sheet: CalamineSheet, hidden: bool, most_rows: int) -> Page:
    _check_rows(sheet.total_height, most_rows)
    if sheet.total_height * sheet.total_width > MAX_CELLS:
        raise FileTooLarge(what="表格范围太大")
    grid = [[_cell(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
    return Page(sheet.name, grid, tuple(sheet.merged_cell_ranges or ()), hidden)


def _cell(value: Any) -> Cell:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date | float):
        return value
    if isinstance(value, int):
        return float(value)
    return str(value).strip().lstrip("'").strip()


def _checked_package(body: bytes, *, marked: bool) -> dict[str, Marks]:
    """The marks of each sheet, if they are wanted, of a workbook of this kind, which is a zip: what it unpacks to, and
    the rectangle its cells span, have to be bearable."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as package:
            parts = package.infolist()
            if "xl/workbook.xml" not in {part.filename for part in parts}:
                raise FileUnreadable
            if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
                raise FileTooLarge(what="解开后太大")
            for part in parts:
                if part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml"):
                    _check_span(package, part)
            return spreadsheet_marks.find(package) if marked else {}
    except (zipfile.BadZipFile, zlib.error, LookupError, RuntimeError, ValueError, OSError, EOFError) as broken:
        raise FileUnreadable from broken


def _check_span(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Refuse a sheet whose cells lie so far apart that the rectangle around them would not fit."""
    rows, columns, rest = 0, 0, b""
    with package.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            found = _FILLED_CELL.findall(rest + chunk)
            rows = max([rows, *(int(row) for _, row in found)])
            columns = max([columns, *map(_column_number, {letters for letters, _ in found})])
            rest = chunk[-_OVERLAP:]
            if rows * columns > MAX_CELLS:
                raise FileTooLarge(what="表格范围太大")


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def new_book(title: str) -> tuple[Workbook, Worksheet]:
    """An empty workbook with one sheet."""
    book = Workbook()
    page = book.worksheets[0]
    page.title = title
    return book, page


def write(page: Worksheet, line: Sequence[str]) -> None:
    """One row. Text stays text, also where it looks like a number or a formula."""
    page.append([printable(text) for text in line])
    for cell in page[page.max_row]:
        cell.number_format, cell.data_type = "@", "s"


def printable(text: str) -> str:
    """``text`` without the control characters that a workbook cannot hold."""
    return ILLEGAL_CHARACTERS_RE.sub("", text)


def dress(page: Worksheet, widths: Mapping[str, int], *, wide: int = 13) -> None:
    """Head line in bold and frozen; columns as wide as ``widths`` says by their names."""
    for cell in page[1]:
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="E8F0EA")
        cell.alignment = Alignment(horizontal="center")
    for index, cell in enumerate(page[1], start=1):
        page.column_dimensions[get_column_letter(index)].width = widths.get(str(cell.value), wide)
    page.freeze_panes = "A2"


def to_bytes(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
