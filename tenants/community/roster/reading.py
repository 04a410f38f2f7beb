"""Bytes to rows of cells, with the row numbers that people see in Excel."""

import csv
import io
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from tenants.community import errors
from tenants.community.roster.columns import COLUMNS, REQUIRED, column_of

Cell = str | float | date
MAX_ROWS = 20_000
MAX_BYTES = 10 * 1024 * 1024
HEADER_WITHIN = 6
"""A title and notes may stand above the column names."""

_NO_WORKBOOK = "这不是能打开的Excel文件,请另存为.xlsx后再传。"
_SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Sheet:
    """``rows``: Excel's row number and the cells by column; ``header``: the first row's texts as they were."""

    header: tuple[str, ...]
    rows: list[tuple[int, dict[str, Cell], tuple[Cell, ...]]]


def read(body: bytes, name: str, *, village_needed: bool) -> Sheet:
    """The first sheet that is not empty; ``name`` is the file's and tells what it means to be.

    Raises:
        RosterNotReadable, RosterEmpty, RosterHeaderMissing, RosterMerged, RosterTooLong.
    """
    if not body.strip():
        raise errors.RosterEmpty("文件是空的,请重新选择。")
    grid, merged = _spreadsheet(body) if body.startswith(_SPREADSHEETS) else (_text(body, name), [])
    if not any(_filled(row) for row in grid):
        raise errors.RosterEmpty
    top = _header_row(grid, village_needed)
    _refuse_merged([cells for cells in merged if cells[1][0] >= top])
    names = [column_of(str(cell)) for cell in grid[top]]
    rows = [
        (number, _named(names, row), tuple(row))
        for number, row in enumerate(grid, 1)
        if number > top + 1 and _filled(row)
    ]
    if not rows:
        raise errors.RosterEmpty
    if len(rows) > MAX_ROWS:
        raise errors.RosterTooLong(limit=MAX_ROWS)
    return Sheet(tuple(str(cell) for cell in grid[top]), rows)


def _spreadsheet(body: bytes) -> tuple[list[list[Cell]], list[Any]]:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(body))
        sheets = [book.get_sheet_by_index(index) for index in range(len(book.sheet_names))]
        sheet = next((one for one in sheets if one.height), None)
        return (_grid(sheet), list(sheet.merged_cell_ranges or [])) if sheet else ([], [])
    except CalamineError as broken:
        raise errors.RosterNotReadable(_NO_WORKBOOK) from broken


def _grid(sheet: CalamineSheet) -> list[list[Cell]]:
    return [[_cell(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]


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


def _text(body: bytes, name: str) -> list[list[Cell]]:
    """CSV, also when it is named like a workbook, as some programs do."""
    try:
        grid = _csv(body)
    except errors.RosterNotReadable as unreadable:
        raise _unreadable(name) from unreadable
    if _is_workbook(name) and max(map(len, grid), default=0) < len(REQUIRED):
        raise _unreadable(name)
    return grid


def _is_workbook(name: str) -> bool:
    return name.lower().endswith((".xlsx", ".xls"))


def _unreadable(name: str) -> errors.RosterNotReadable:
    return errors.RosterNotReadable(_NO_WORKBOOK if _is_workbook(name) else None)


def _csv(body: bytes) -> list[list[Cell]]:
    """With commas, semicolons or tabs, in UTF-8 or GB 18030 (GBK)."""
    if b"\x00" in body:
        raise errors.RosterNotReadable
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = body.decode("gb18030")
        except UnicodeDecodeError as unknown:
            raise errors.RosterNotReadable from unknown
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    try:
        return [
            [_cell(value) for value in row] for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        ]
    except csv.Error as broken:
        raise errors.RosterNotReadable from broken


def _header_row(grid: list[list[Cell]], village_needed: bool) -> int:
    """The index of the row that holds the column names."""
    needed = {*REQUIRED, "村"} if village_needed else set(REQUIRED)
    best, found = 0, set[str | None]()
    for index, row in enumerate(grid[:HEADER_WITHIN]):
        names = {column_of(str(cell)) for cell in row} - {None}
        if len(names) > len(found):
            best, found = index, names
    missing = [name for name in COLUMNS if name in needed - found]
    if missing:
        raise errors.RosterHeaderMissing(columns="、".join(missing))
    return best


def _refuse_merged(ranges: list[tuple[tuple[int, int], tuple[int, int]]]) -> None:
    if ranges:
        cells = [f"{_name(*start)}:{_name(*end)}" for start, end in ranges[:5]]
        raise errors.RosterMerged(cells="、".join(cells) + ("等" if len(ranges) > len(cells) else ""))


def _name(row: int, column: int) -> str:
    """``B7`` for row 6, column 1."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = _LETTERS[rest] + letters
    return f"{letters}{row + 1}"


def _named(names: list[str | None], row: list[Cell]) -> dict[str, Cell]:
    """Of two columns that mean the same the first counts."""
    cells: dict[str, Cell] = {}
    for name, cell in zip(names, row, strict=False):
        if name:
            cells.setdefault(name, cell)
    return cells


def _filled(row: list[Cell]) -> bool:
    return any(cell != "" for cell in row)
