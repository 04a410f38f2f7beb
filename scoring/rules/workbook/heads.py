"""What the columns of a head line are: of one list, or of several side by side.

Towns often have two columns for one thing: what is done and how it is scored (评分内容, 评分标准), an explanation and a
note. They are joined. Two of which only one can be meant are told by their names, and the sheet is not read.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from scoring.rules.workbook import columns as c

_ORDINALS = {"序号", "序", "No", "NO", "№", "No.", "顺序"}
_FORM = {"得分", "评分", "打分"}
"""What a form leaves to be filled in, where the list says its prices in another column."""
_STANDARD = re.compile("标准|办法|方法|规则|细则|措施|依据|要求")
LONGEST = 20


@dataclass(frozen=True, slots=True)
class Head:
    """The columns of one list: ``places`` by name, ``more`` those that are joined to one of them, ``free`` by what
    their heads say."""

    places: dict[str, int]
    more: dict[str, tuple[int, ...]] = field(default_factory=dict)
    free: dict[int, str] = field(default_factory=dict)


class _Column(NamedTuple):
    place: int
    name: str
    head: str


class Compete(ValueError):
    """Two columns of which only one can be meant."""

    def __init__(self, columns: Iterable[_Column]) -> None:
        named = "和".join(f"“{one.head}”" for one in columns)
        super().__init__(f"{named}意思一样，不知道读哪一列：请只留一列，或者把别的改成“备注”")


def find(cells: list[str]) -> list[Head]:
    """The lists that this line heads; empty when it is no head line.

    Raises:
        Compete: it heads a list of which it cannot be told which columns to read.
    """
    known = list(_known(cells))
    lists = _parted(known)
    if len(lists) > 1 and _side_by_side(lists):
        return _beside(cells, lists)
    head = _one(known)
    return [Head(head.places, head.more, _free(cells, head))] if head else []


def _beside(cells: list[str], lists: list[list[_Column]]) -> list[Head]:
    """Lists side by side have class and matter in common, and unknown columns that stand before the first of them."""
    first = {one.name: one.place for one in lists[0]}
    shared = {name: first[name] for name in c.SHARED if name in first}
    places = [shared | {one.name: one.place for one in columns} for columns in lists]
    begins = [min(one.place for one in columns if one.name not in c.SHARED) for columns in lists]
    found: list[dict[int, str]] = [{} for _ in lists]
    taken = Head({f"{name} {at}": at for one in places for name, at in one.items()})
    for place, text in _free(cells, taken).items():
        last = max((n for n, begin in enumerate(begins) if begin <= place), default=None)
        for free in found if last is None else [found[last]]:
            free[place] = text
    return [Head(one, free=free) for one, free in zip(places, found, strict=True)]


def _known(cells: list[str]) -> Iterable[_Column]:
    for place, text in enumerate(cells):
        name = c.column_of(text) if 0 < len(text) <= LONGEST else None
        if name and not (place and text == cells[place - 1]):
            yield _Column(place, name, _plain(text))


def _parted(known: list[_Column]) -> list[list[_Column]]:
    """The columns, parted where one comes a second time."""
    found: list[list[_Column]] = [[]]
    for one in known:
        if one.name in {other.name for other in found[-1]}:
            found.append([])
        found[-1].append(one)
    return found


def _side_by_side(lists: list[list[_Column]]) -> bool:
    """Whether each part is a list: their heads are the same, or say which list it is."""
    shared = {one.name for one in lists[0]} & set(c.SHARED)
    if not all(_is_list(shared | {one.name for one in columns}) for columns in lists):
        return False
    core = [{one.head for one in columns if one.name not in c.SHARED} for columns in lists]
    signs = [c.sign_of(" ".join(heads)) for heads in core]
    return bool(set.intersection(*core)) or (None not in signs and len(set(signs)) > 1)


def _is_list(names: Iterable[str]) -> bool:
    told = set(names)
    return bool({c.DEED, c.MATTER, c.TITLE} & told) and bool(set(c.PRICES) & told)


def _one(known: list[_Column]) -> Head | None:
    """One list with all the columns."""
    by_name: dict[str, list[_Column]] = {}
    for one in known:
        by_name.setdefault(one.name, []).append(one)
    _settle_prices(by_name)
    for name, other in ((c.CLASS, c.MATTER), (c.MATTER, c.TITLE)):
        if len(by_name.get(name, ())) == 2 and other not in by_name:
            by_name[other] = [by_name[name].pop()]
    if not _is_list(by_name):
        return None
    for name, columns in by_name.items():
        if len(columns) > 1 and name not in (c.DEED, c.NOTE):
            raise Compete(columns)
    places = {name: columns[0].place for name, columns in by_name.items()}
    more = {name: tuple(one.place for one in columns[1:]) for name, columns in by_name.items() if len(columns) > 1}
    return Head(places, more)


def _settle_prices(by_name: dict[str, list[_Column]]) -> None:
    """Let one column say the price: 分值 rather than 积分标准, which tells how it is scored; 评分标准 where there is
    no other."""
    deeds, prices = by_name.get(c.DEED, []), by_name.get(c.PRICE, [])
    if len(prices) > 1:
        kept = [one for one in prices if one.head not in _FORM] or prices
        figures = [one for one in kept if not _STANDARD.search(one.head)] or kept
        by_name[c.PRICE] = figures
        deeds = sorted([*deeds, *(one for one in kept if one not in figures)])
    elif len(deeds) > 1 and not set(c.PRICES) & set(by_name) and _STANDARD.search(deeds[-1].head):
        by_name[c.PRICE] = [deeds.pop()]
    if deeds:
        by_name[c.DEED] = deeds


def _free(cells: list[str], head: Head) -> dict[int, str]:
    """The columns that are none of those known, by their heads."""
    taken = {*head.places.values(), *(place for places in head.more.values() for place in places)}
    told = {
        place: _plain(text)
        for place, text in enumerate(cells)
        if text and place not in taken and not (place and text == cells[place - 1])
    }
    return {place: text for place, text in told.items() if text not in _ORDINALS}


def _plain(text: str) -> str:
    return re.sub(r"[\s*:]", "", unicodedata.normalize("NFKC", text))
