"""Where the lists are in a sheet: below whatever title, one under the other, or side by side.

A list begins at a line of column names. Merged cells stand for all they cover; a class or matter that is left out is
the one above. Lines that belong to no list, and sheets without one, are told.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from jifen.kernel.spreadsheets import Cell, Corners, Page, text_of
from scoring.rules.spec import Sign
from scoring.rules.workbook import columns as c

MOST_COLUMNS = 60
MOST_ABOVE = 20


@dataclass(frozen=True, slots=True)
class Line:
    """One line of one list: ``cells`` by column name, ``places`` their column numbers; ``row`` and those from 0."""

    sheet: str
    row: int
    cells: dict[str, str]
    places: dict[str, int]
    sign: Sign | None

    def said(self, name: str) -> str:
        return self.cells.get(name, "")


@dataclass(frozen=True, slots=True)
class Stray:
    """A line of text that belongs to no list; ``column`` None: the whole sheet has none."""

    sheet: str
    row: int
    column: int | None
    text: str


@dataclass(slots=True)
class _List:
    """A list in the making: its columns, its sign, and what its last line said."""

    places: dict[str, int]
    sign: Sign | None
    above: dict[str, str] = field(default_factory=dict)


def find(page: Page) -> tuple[list[Line], list[Stray]]:
    """The lines of all lists in ``page``, in their order, and what stands beside them."""
    grid = [[_text(cell) for cell in row[:MOST_COLUMNS]] for row in page.grid]
    _spread(grid, page.merged)
    lines: list[Line] = []
    strays: list[Stray] = []
    lists: list[_List] = []
    above: list[list[str]] = []
    for row, cells in enumerate(grid):
        heads = _heads(cells)
        if heads:
            lists = [_List(places, _sign(page.name, above, cells, places)) for places in heads]
            continue
        found = list(_lines(page.name, row, cells, lists))
        lines += found
        above = [] if found else [*above, cells][-MOST_ABOVE:]
        if lists and not found and any(cells) and not _names_a_list(cells):
            strays.append(_stray(page.name, row, cells))
    if not lists and not strays:
        strays.append(Stray(page.name, 0, None, ""))
    return lines, strays


def _text(cell: Cell) -> str:
    return text_of(cell).strip()


def _spread(grid: list[list[str]], merged: Iterable[Corners]) -> None:
    """Give every cell under a merged one its text."""
    for (top, left), (bottom, right) in merged:
        if top >= len(grid) or left >= len(grid[top]):
            continue
        text = grid[top][left]
        for row in grid[top : bottom + 1]:
            row[left : right + 1] = [text] * len(row[left : right + 1])


def _heads(cells: list[str]) -> list[dict[str, int]]:
    """The columns of each list that this line heads; empty when it is no head line."""
    found: list[dict[str, int]] = [{}]
    for place, text in enumerate(cells):
        name = c.column_of(text) if 0 < len(text) <= 20 else None
        if name is None or (name in found[-1] and text == cells[place - 1]):
            continue
        if name in found[-1]:
            found.append({})
        found[-1][name] = place
    shared = {name: found[0][name] for name in c.SHARED if name in found[0]}
    whole = [shared | one for one in found]
    return whole if all(map(_is_list, whole)) else []


def _is_list(places: dict[str, int]) -> bool:
    return bool({c.DEED, c.MATTER, c.TITLE} & set(places)) and bool(set(c.PRICES) & set(places))


def _sign(sheet: str, above: list[list[str]], head: list[str], places: dict[str, int]) -> Sign | None:
    """What the names of the columns, the nearest title above them, or the sheet's name say."""
    span = [place for name, place in places.items() if name not in c.SHARED]
    titles = [" ".join(dict.fromkeys(row[min(span) : max(span) + 1])) for row in reversed(above)]
    for text in (" ".join(head[place] for place in span), *titles, *map(" ".join, reversed(above)), sheet):
        found = c.sign_of(text)
        if found:
            return "positive" if found == "positive" else "negative"
    return None


def _names_a_list(cells: Iterable[str]) -> bool:
    told = [text for text in dict.fromkeys(cells) if text]
    return len(told) == 1 and (c.sign_of(told[0]) is not None or told[0].startswith("附件"))


def _lines(sheet: str, row: int, cells: list[str], lists: list[_List]) -> Iterator[Line]:
    for one in lists:
        own = {name: cells[place] for name, place in one.places.items() if place < len(cells)}
        if not any(own.get(name) for name in (c.DEED, c.TITLE, c.MATTER, *c.PRICES)):
            continue
        told = {name for name in own if own[name]}
        if len({own[name] for name in told}) == 1 and len(told) > 2:
            continue  # a line merged all across is a title or a note
        _fill(one, own)
        yield from _by_price(sheet, row, own, one)


def _fill(one: _List, own: dict[str, str]) -> None:
    """Take a class, matter or deed that is left out from the line above, as long as nothing before it is new."""
    new = False
    for name in (c.CLASS, c.MATTER, c.DEED):
        if name not in own:
            continue
        if own[name]:
            new = new or own[name] != one.above.get(name)
        elif not new and (name != c.DEED or any(own.get(price) for price in c.PRICES)):
            own[name] = one.above.get(name, "")
    one.above = {name: own.get(name, "") for name in (c.CLASS, c.MATTER, c.DEED)}


def _by_price(sheet: str, row: int, own: dict[str, str], one: _List) -> Iterator[Line]:
    """One line, or one for each of the columns 加分 and 扣分."""
    said: list[tuple[str, Sign | None]] = [(c.PRICE, one.sign), (c.PLUS, "positive"), (c.MINUS, "negative")]
    filled = [(name, sign) for name, sign in said if own.get(name)]
    for name, sign in filled or [(c.PRICE, one.sign)]:
        places = one.places | ({c.PRICE: one.places[name]} if name in one.places else {})
        yield Line(sheet, row, own | {c.PRICE: own.get(name, "")}, places, sign)


def _stray(sheet: str, row: int, cells: list[str]) -> Stray:
    column = next(place for place, text in enumerate(cells) if text)
    return Stray(sheet, row, column, " ".join(text for text in dict.fromkeys(cells) if text))
