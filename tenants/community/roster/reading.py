"""Bytes to rows of cells, with the row numbers that people see in Excel."""

from dataclasses import dataclass

from jifen.kernel import spreadsheets
from jifen.kernel.spreadsheets import Cell
from tenants.community import errors
from tenants.community.roster.columns import COLUMNS, REQUIRED, column_of

MAX_ROWS = 20_000
MOST_READ = MAX_ROWS + 1_000
"""A few empty rows and notes do no harm."""
MAX_BYTES = spreadsheets.MAX_BYTES
HEADER_WITHIN = 6
"""A title and notes may stand above the column names."""

_NO_WORKBOOK = "这不是能打开的Excel文件，请另存为.xlsx后再传。"


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
        raise errors.RosterEmpty("文件是空的，请重新选择。")
    grid, merged = _grid(body, name)
    top = _header_row(grid, village_needed)
    _refuse_merged([cells for cells in merged if cells[1][0] >= top])
    names = [column_of(str(cell)) for cell in grid[top]]
    rows = [
        (number, _named(names, row), tuple(row))
        for number, row in enumerate(grid, 1)
        if number > top + 1 and spreadsheets.is_filled(row)
    ]
    if not rows:
        raise errors.RosterEmpty
    if len(rows) > MAX_ROWS:
        raise errors.RosterTooLong(limit=MAX_ROWS)
    return Sheet(tuple(str(cell) for cell in grid[top]), rows)


def _grid(body: bytes, name: str) -> tuple[list[list[Cell]], list[spreadsheets.Corners]]:
    """The first sheet with something in it; CSV also when it is named like a workbook, as some programs do."""
    try:
        page = spreadsheets.first(body, most_rows=MOST_READ)
    except spreadsheets.FileEmpty as empty:
        raise errors.RosterEmpty from empty
    except spreadsheets.FileTooLarge as large:
        raise errors.RosterTooLong(limit=MAX_ROWS) from large
    except spreadsheets.FileProtected as locked:
        raise errors.RosterNotReadable(locked.message) from locked
    except spreadsheets.FileWrong as unreadable:
        raise _unreadable(name, spreadsheets.is_workbook(body)) from unreadable
    if not spreadsheets.is_workbook(body) and _named_workbook(name) and _width(page.grid) < len(REQUIRED):
        raise _unreadable(name, True)
    return page.grid, list(page.merged)


def _width(grid: list[list[Cell]]) -> int:
    return max(map(len, grid), default=0)


def _named_workbook(name: str) -> bool:
    return name.lower().endswith((".xlsx", ".xls"))


def _unreadable(name: str, workbook: bool) -> errors.RosterNotReadable:
    return errors.RosterNotReadable(_NO_WORKBOOK if workbook or _named_workbook(name) else None)


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
        cells = [f"{spreadsheets.address(*start)}:{spreadsheets.address(*end)}" for start, end in ranges[:5]]
        raise errors.RosterMerged(cells="、".join(cells) + ("等" if len(ranges) > len(cells) else ""))


def _named(names: list[str | None], row: list[Cell]) -> dict[str, Cell]:
    """Of two columns that mean the same the first counts."""
    cells: dict[str, Cell] = {}
    for name, cell in zip(names, row, strict=False):
        if name:
            cells.setdefault(name, cell)
    return cells
