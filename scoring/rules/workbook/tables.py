"""Where the lists are in a sheet: below whatever title, one under the other, or side by side.

A list begins at a line of column names; a line that names a list within it (二、扣分项) says the sign of those below.
Merged cells stand for all they cover; a class or matter that is left out is the one above. Lines that belong to no
list, and sheets without one, are told; so are lines that people do not see.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from jifen.kernel.spreadsheets import Cell, Corners, Page, text_of
from scoring.rules.spec import Sign
from scoring.rules.workbook import columns as c
from scoring.rules.workbook import heads

MOST_COLUMNS = 60
MOST_ABOVE = 20
NO_CLASS = "未分类"
HIDDEN_ROW = "隐藏的行，没有读"
STRUCK_ROW = "这一行有划掉的字，没有读"
MASKED = "这一格存的数和 Excel 里显示的不一样，没有读：请把显示的照样写成文字"
_TAKEN = re.compile(r"^\s*[-−－–—]\s*[\d０-９]|[扣减罚]")
_GIVEN = re.compile(r"^\s*[+＋]|[加奖]")
_TOTAL = re.compile(r"(?:合计|小计|总计|共计|总分|满分)[:：]?\d*分?")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of one list: ``cells`` by column name, ``places`` their column numbers; ``row`` and those from 0."""

    sheet: str
    row: int
    cells: dict[str, str]
    places: dict[str, int]
    sign: Sign | None
    why: str = ""
    """Why it must not be read, whatever it says."""
    parts: tuple[str, str] = ("", "")
    """What is done and how it is scored, where each has a column of its own."""
    unsigned: bool = False
    """Whether its sign is that of all prices in its sheet that are not marked as taken."""
    unknown: str = ""
    """Words over it that may be its main class, and were not read as one."""

    def said(self, name: str) -> str:
        return self.cells.get(name, "")


@dataclass(frozen=True, slots=True)
class Stray:
    """A line of text that belongs to no list; ``column`` None: the whole sheet has none, or one that is not read."""

    sheet: str
    row: int
    column: int | None
    text: str
    why: str = ""


@dataclass(slots=True)
class _List:
    """A list in the making: its columns, its sign, and what its last line said."""

    head: heads.Head
    sign: Sign | None
    above: dict[str, str] = field(default_factory=dict)
    order: str = ""
    """How the section is numbered that says its sign."""
    title: str = ""
    """The last line that stood alone in it and was not read."""

    @property
    def places(self) -> dict[str, int]:
        return self.head.places


class _Unseen:
    """What people see of a sheet otherwise than its values say."""

    def __init__(self, page: Page) -> None:
        self._hidden, self._masked = page.marks.hidden_rows, page.marks.masked
        self._struck = set(page.marks.struck)
        for (top, left), (bottom, right) in page.merged:
            if (top, left) in page.marks.struck:
                self._struck |= {(row, left) for row in range(top, min(bottom, len(page.grid)) + 1)}
                self._struck |= {(top, column) for column in range(left, min(right, MOST_COLUMNS) + 1)}

    def heading(self, row: int) -> bool:
        return row in self._hidden or any(place[0] == row for place in self._struck)

    def forget(self, row: int, lists: list[_List], before: list[dict[str, str]]) -> None:
        """Let lines below a line that nobody sees not take from it what it alone says."""
        if not self.heading(row):
            return
        for one, known in zip(lists, before, strict=True):
            for name in [name for name, text in one.above.items() if text != known.get(name)]:
                if row in self._hidden or (row, one.places.get(name, -1)) in self._struck:
                    del one.above[name]

    def why(self, line: Line) -> str:
        if line.row in self._hidden:
            return HIDDEN_ROW
        told = [name for name, text in line.cells.items() if text and name in line.places]
        if any((line.row, line.places[name]) in self._struck for name in told):
            return STRUCK_ROW
        if any((line.row, line.places[name]) in self._masked for name in told if name in c.FIGURES):
            return MASKED
        return ""


def find(page: Page) -> tuple[list[Line], list[Stray]]:
    """The lines of all lists in ``page``, in their order, and what stands beside them."""
    grid = [[_text(cell) for cell in row[:MOST_COLUMNS]] for row in page.grid]
    _spread(grid, page.merged)
    unseen = _Unseen(page)
    lines: list[Line] = []
    strays: list[Stray] = []
    lists: list[_List] = []
    above: list[list[str]] = []
    titles = [page.name]
    for row, cells in enumerate(grid):
        try:
            headed = heads.find(cells)
        except heads.Compete as why:
            lists, headed = [], []
            strays.append(Stray(page.name, row, None, "", str(why)))
        if headed:
            titles += [" ".join(row) for row in above]
            lists = [_List(head, _sign(page.name, above, cells, head.places)) for head in headed]
            continue
        named = _section(cells, lists, is_seen=not unseen.heading(row))
        before = [dict(one.above) for one in lists]
        found = [] if named or _is_total(cells) else list(_lines(page.name, row, cells, lists))
        found = [replace(line, why=unseen.why(line)) for line in found]
        unseen.forget(row, lists, before)
        lines += found
        above = [] if found else [*above, cells][-MOST_ABOVE:]
        silent = not _says_more(named) and not unseen.heading(row) if named else _names_an_annex(cells)
        if lists and not found and any(cells) and not silent:
            strays.append(_stray(page.name, row, cells))
            for one in lists:
                one.title = _lone(cells) or one.title
    if not lists and not strays:
        strays.append(Stray(page.name, 0, None, ""))
    return _signed(_called_apart(lines), [*titles, *(stray.text for stray in strays)]), strays


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


def _sign(sheet: str, above: list[list[str]], head: list[str], places: dict[str, int]) -> Sign | None:
    """What the names of the columns, the nearest title above them, or the sheet's name say."""
    span = [place for name, place in places.items() if name not in c.SHARED]
    titles = [" ".join(dict.fromkeys(row[min(span) : max(span) + 1])) for row in reversed(above)]
    for text in (" ".join(head[place] for place in span), *titles, *map(" ".join, reversed(above)), sheet):
        found = c.sign_of(text)
        if found:
            return _as_sign(found)
    return None


def _names_an_annex(cells: Iterable[str]) -> bool:
    told = [text for text in dict.fromkeys(cells) if text]
    return len(told) == 1 and told[0].startswith("附件")


def _section(cells: list[str], lists: list[_List], *, is_seen: bool) -> list[str]:
    """The names of lists that this line is made of, one for each list that it stands over; those get its sign, and none
    where people do not see it."""
    spans = [cells] if len(lists) == 1 else [_span(one, lists[0], cells) for one in lists]
    over = [(one, _lone(span)) for one, span in zip(lists, spans, strict=True) if any(span)]
    if not all(c.heading(text) or _ends(one, text) or _turns(one, text) for one, text in over):
        return []
    for one, text in over:
        sign = _as_sign(c.heading(text)) if is_seen else None
        one.sign, one.above, one.order = sign, {}, c.order(text)
    return [text for _, text in over]


def _ends(one: _List, text: str) -> bool:
    """Whether a heading ends the section before it, as one of the same level: 三、其他 after 二、扣分项."""
    return bool(one.order) and one.order == c.order(text)


def _turns(one: _List, text: str) -> bool:
    """Whether a line alone speaks of the other sign, or of both, without being the name of a list: 四、禁止性行为."""
    return one.sign is not None and c.leaning(text) not in (None, one.sign)


def _span(one: _List, first: _List, cells: list[str]) -> list[str]:
    """The cells of one of several lists side by side, without those that it has in common with the first."""
    own = [place for place in one.places.values() if one is first or place not in first.places.values()]
    return cells[min(own) : max(own) + 1]


def _lone(cells: list[str]) -> str:
    """The one text of a line, perhaps with its ordinal in a cell before it; empty when there are more."""
    told = [text for text in dict.fromkeys(cells) if text]
    return "、".join(told) if len(told) == 1 or (len(told) == 2 and len(told[0].strip(c.ORDINAL_MARKS)) == 1) else ""


def _as_sign(told: str | None) -> Sign | None:
    if told is None:
        return None
    return "positive" if told == "positive" else "negative"


def _is_total(cells: list[str]) -> bool:
    return any(_TOTAL.fullmatch(text) for text in cells)


def _says_more(named: list[str]) -> bool:
    return any(c.says_more(text) or c.heading(text) is None for text in named)


def _lines(sheet: str, row: int, cells: list[str], lists: list[_List]) -> Iterator[Line]:
    for one in lists:
        own = {name: cells[place] for name, place in one.places.items() if place < len(cells)}
        if not any(own.get(name) for name in (c.DEED, c.TITLE, c.MATTER, *c.PRICES)):
            continue
        told = {name for name in own if own[name]}
        if len({own[name] for name in told}) == 1 and len(told) > 2:
            continue  # a line merged all across is a title or a note
        _fill(one, own)
        parts = own.get(c.DEED, ""), "；".join(_more(one, c.DEED, cells))
        own |= _joined(one, own, cells)
        for line in _by_price(sheet, row, own, one):
            yield replace(line, parts=parts, unknown=_unknown(one))


def _unknown(one: _List) -> str:
    """列名“门类”, 小标题“一、乡风文明”: what stands before or over the deeds of a list and may be their main class."""
    deed = one.places.get(c.DEED, 0)
    heads_before = [head for place, head in one.head.free.items() if place < deed]
    if heads_before:
        return f"列名“{'、'.join(heads_before)}”"
    return f"小标题“{one.title}”" if one.title else ""


def _more(one: _List, name: str, cells: list[str]) -> list[str]:
    """What the columns say that are joined to the one called ``name``."""
    places = one.head.more.get(name, ())
    return [cells[place] for place in places if place < len(cells) and cells[place]]


def _joined(one: _List, own: dict[str, str], cells: list[str]) -> dict[str, str]:
    """The deed with how it is scored, the note with others and unknown columns, the class of a list without one."""
    found = {}
    told = [own.get(c.DEED, ""), *_more(one, c.DEED, cells)]
    if one.head.more.get(c.DEED):
        found[c.DEED] = "：".join(dict.fromkeys(text for text in told if text))
    free = {head: cells[place] for place, head in one.head.free.items() if place < len(cells) and cells[place]}
    notes = [own.get(c.NOTE, ""), *_more(one, c.NOTE, cells), *(f"{head}：{text}" for head, text in free.items())]
    if len(notes) > 1:
        found[c.NOTE] = "；".join(dict.fromkeys(text for text in notes if text))
    if c.CLASS not in one.places:
        found[c.CLASS] = own.get(c.MATTER) or NO_CLASS
    return found


def _signed(lines: list[Line], told: list[str]) -> list[Line]:
    """The lines of a sheet; where each price that is taken says so and none says that it is given, the others are.

    Not where a title, a section, a class or a stray line (``told``) speaks of signs: it may be of theirs.
    """
    told = told + [line.said(name) for line in lines for name in (c.CLASS, c.MATTER)]
    if any(line.sign or line.said(c.LIST) for line in lines) or any(map(c.leaning, told)):
        return lines
    loose = [line for line in lines if line.said(c.PRICE)]
    taken = [bool(_TAKEN.search(line.said(c.PRICE))) for line in loose]
    if not any(taken) or any(_GIVEN.search(line.said(c.PRICE)) for line in loose):
        return lines
    given = {id(line) for line, is_taken in zip(loose, taken, strict=True) if not is_taken}
    return [replace(line, sign="positive", unsigned=True) if id(line) in given else line for line in lines]


def _called_apart(lines: list[Line]) -> list[Line]:
    """The lines; those of one deed that is scored in several ways are called by how it is."""
    shared = Counter((line.sheet, line.parts[0]) for line in lines)
    return [
        replace(line, cells={c.TITLE: line.parts[1], **line.cells})
        if all(line.parts) and shared[line.sheet, line.parts[0]] > 1
        else line
        for line in lines
    ]


def _fill(one: _List, own: dict[str, str]) -> None:
    """Take a class, matter or deed that is left out from the line above, as long as nothing before it is new."""
    new, lost = False, bool(one.above) and c.DEED not in one.above and not own.get(c.DEED)
    for name in (c.CLASS, c.MATTER, c.DEED):
        if name not in own:
            continue
        if own[name]:
            new = new or own[name] != one.above.get(name)
        elif not new and (name != c.DEED or any(own.get(price) for price in c.PRICES)):
            own[name] = one.above.get(name, "")
    one.above = {name: own.get(name, "") for name in (c.CLASS, c.MATTER, c.DEED)}
    if lost:  # nobody sees the deed above, and its matter must not stand for it
        own[c.MATTER] = ""
        del one.above[c.DEED]


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
