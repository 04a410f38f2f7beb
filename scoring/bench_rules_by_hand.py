"""What a programmer would write for the bench's 80 items and nothing else: points in posting order, no explanations."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

ZERO = Decimal(0)
_HALF = Decimal("0.5")
_TIMES = {"cun": 1, "zhen": 3, "xian": 6}


class Deed(NamedTuple):
    code: str
    date: date
    household: str
    quantity: int
    tier: str
    inputs: Mapping[str, Any]


class _Books:
    """What is used of each cap, and what was posted before."""

    def __init__(self) -> None:
        self.used: defaultdict[tuple[Any, ...], Decimal] = defaultdict(Decimal)
        self.last: dict[tuple[str, str], date] = {}


def award(deeds: Sequence[Deed]) -> list[Decimal]:
    """The points of each deed; ``deeds`` come in posting order."""
    books = _Books()
    return [_award(deed, int(deed.code[2:]) + 1, books) for deed in deeds]


def _award(deed: Deed, size: int, books: _Books) -> Decimal:
    points, own = _PRICES[deed.code[0]](deed, size, books)
    if deed.code[0] == "d" or (deed.code[0] == "h" and size > 7):
        return -_left(points, own, books)
    group = "1" if deed.code < "e" else "2"
    shared = [(("half", group, deed.household, deed.date.month > 6), 120), (("all", deed.household), 200)]
    left = _left(points, [*own, *shared], books)
    if left and deed.code[0] == "h" and 4 < size <= 7:
        books.last[deed.code, deed.household] = deed.date
    return left


def _left(points: Decimal, caps: Sequence[tuple[tuple[Any, ...], int]], books: _Books) -> Decimal:
    used = books.used
    for key, most in caps:
        if key[0] == "count":
            points = points if used[key] < most else ZERO
        else:
            points = min(points, max(most - used[key], ZERO))
        if not points:
            return ZERO
    for key, _ in caps:
        used[key] += 1 if key[0] == "count" else points
    return points


Priced = tuple[Decimal, list[tuple[tuple[Any, ...], int]]]


def _fixed(deed: Deed, size: int, _books: _Books) -> Priced:
    return Decimal(size), [(("count", deed.code, deed.household, deed.date.month), 2)]


def _units(deed: Deed, size: int, _books: _Books) -> Priced:
    return (size + _HALF) * deed.quantity, [(("points", deed.code, deed.household, deed.date.month), 30)]


def _tiers(deed: Deed, size: int, _books: _Books) -> Priced:
    return Decimal(size * _TIMES[deed.tier]), [(("points", deed.code, deed.household), 40)]


def _deduction(deed: Deed, size: int, _books: _Books) -> Priced:
    return Decimal(size), [(("points", deed.code, deed.household, deed.date.month), 6)]


def _bands(deed: Deed, size: int, _books: _Books) -> Priced:
    more = 0 if deed.quantity < 4 else 2 if deed.quantity < 9 else 5
    return Decimal(size + more), [(("points", deed.code, deed.household, (deed.date.month - 1) // 3), 25)]


def _month(deed: Deed, size: int, _books: _Books) -> Priced:
    return Decimal(size), [(("count", deed.code, deed.household, deed.date.month), 1)]


def _wedding(deed: Deed, size: int, _books: _Books) -> Priced:
    if deed.inputs["price"] > 80_000 or deed.inputs["tables"] > 15:
        return ZERO, []
    return Decimal(10 + size), [(("count", deed.code, deed.household), 1)]


def _backward(deed: Deed, size: int, books: _Books) -> Priced:
    key = ("seen", deed.code, deed.household)
    if size <= 4:
        before = books.used[key]
        books.used[key] = before + deed.quantity
        return _rung(size, before + deed.quantity) - _rung(size, before), []
    if size <= 7:
        last = books.last.get((deed.code, deed.household))
        return (ZERO if last and (deed.date - last).days < 10 else Decimal(size)), []
    books.used[key] += 1
    return Decimal(size if books.used[key] < 2 else size * 2), []


def _rung(size: int, hours: Decimal) -> Decimal:
    if hours < 10:
        return ZERO
    return Decimal(size if hours < 25 else size + 3 if hours < 60 else size + 8)


_PRICES: dict[str, Callable[[Deed, int, _Books], Priced]] = {
    "a": _fixed,
    "b": _units,
    "c": _tiers,
    "d": _deduction,
    "e": _bands,
    "f": _month,
    "g": _wedding,
    "h": _backward,
}
