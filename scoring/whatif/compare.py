"""Before and after, household by household: sums, places, lists, honours, cost, and why it changed. Pure."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby
from typing import Any, NamedTuple

from scoring import ports
from scoring.rules.base import plain
from scoring.whatif.replay import Replayed

ZERO = Decimal("0.00")
SIZE = 10
"""Households on a list of a town that has not said how many."""
YUAN = Decimal(1)
"""What a point costs where nothing was exchanged yet and no shop says."""
MOST_REASONS = 8
ONE = Decimal(1)
NO_WEIGHTS: Mapping[str, Decimal] = {}
_BARS = "bar_honours"


class Terms(NamedTuple):
    """How many households of a village stand on the red list, the black list, and are proposed for honours.

    ``point_value``: yuan that a redeemable point costs when it is exchanged. None: as the town has it.
    """

    red: int | None = None
    black: int | None = None
    honours: int | None = None
    point_value: Decimal | None = None


@dataclass(slots=True)
class Side:
    """One household before or after; ``merit`` and ``negative`` as they rank, points of a class by its weight."""

    merit: Decimal = ZERO
    redeemable: Decimal = ZERO
    negative: Decimal = ZERO
    barred: bool = False
    rank: int = 0
    is_red: bool = False
    is_black: bool = False
    is_honoured: bool = False

    def settle(self) -> None:
        """Sums are rounded once, as ``scoring.selectors.rankings`` does it."""
        positive = _cent(self.merit - self.negative)
        self.merit = _cent(self.merit)
        self.negative = self.merit - positive


@dataclass(slots=True)
class Change:
    """All deeds of one household under one item."""

    title: str
    deeds: int = 0
    before: Decimal = ZERO
    after: Decimal = ZERO
    why: str = ""
    undecided: int = 0


@dataclass(slots=True)
class Row:
    """A household; ``changes`` by the item's code."""

    household: int
    village: int
    number: str = ""
    before: Side = field(default_factory=Side)
    after: Side = field(default_factory=Side)
    changes: dict[str, Change] = field(default_factory=dict)
    undecided: int = 0

    @property
    def gain(self) -> Decimal:
        """What the other rulebook would have brought, in merit."""
        return self.after.merit - self.before.merit

    def reasons(self) -> list[dict[str, Any]]:
        """The items that changed most, with one deed's sentence each."""
        moved = [(code, one) for code, one in self.changes.items() if one.before != one.after or one.undecided]
        moved.sort(key=lambda pair: (-abs(pair[1].after - pair[1].before), pair[0]))
        return [
            {
                "code": code, "title": one.title, "deeds": one.deeds, "before": plain(one.before),
                "after": plain(one.after), "why": one.why, "undecided": one.undecided,
            }
            for code, one in moved[:MOST_REASONS]
        ]  # fmt: skip


class Item(NamedTuple):
    """What an item of the old or the new rulebook is called, whether it bars from honours, and what one of its points
    counts where households are ranked (docs/decisions/0025)."""

    title: str
    bars: bool
    weight: Decimal = ONE


def rows(
    done: Iterable[Replayed],
    households: Mapping[int, str],
    village: int,
    *,
    old: Mapping[str, Item],
    new: Mapping[str, Item],
    weights: Mapping[str, Decimal] = NO_WEIGHTS,
) -> list[Row]:
    """One row for each of the village's ``households`` (id → number), with or without deeds.

    ``weights``: of the classes before, by code; what an item's points weigh after is the new item's.
    """
    found = {pk: Row(pk, village, number) for pk, number in households.items()}
    for one in done:
        row = found.get(one.past.household)
        if row is not None:
            _count(row, one, old, new, weights.get(one.past.point_class, ONE))
    for row in found.values():
        _settle(row)
    return list(found.values())


def _settle(row: Row) -> None:
    row.before.settle()
    row.after.settle()
    for change in row.changes.values():
        change.before, change.after = _cent(change.before), _cent(change.after)


def _count(row: Row, one: Replayed, old: Mapping[str, Item], new: Mapping[str, Item], weight: Decimal) -> None:
    past, code = one.past, one.past.code
    now = new[code].weight if code in new else ONE
    before, after = past.merit * weight, one.merit * now
    _add(row.before, before, past.redeemable, bars=code in old and old[code].bars)
    _add(row.after, after, one.redeemable, bars=one.verdict == "priced" and code in new and new[code].bars)
    change = row.changes.get(code)
    if change is None:
        item = new.get(code) or old.get(code)
        change = row.changes[code] = Change(item.title if item else code)
    change.deeds += 1
    change.before += before
    change.after += after
    if one.verdict == "kept":
        change.undecided += 1
        row.undecided += 1
    if not change.why and (before != after or one.verdict != "priced"):
        change.why = one.why + _weighed(weight, now)


def _weighed(before: Decimal, now: Decimal) -> str:
    """，排名时乘1.5（原来乘1）; nothing where a point counts as one."""
    if before == now == ONE:
        return ""
    return f"，排名时乘{plain(now)}" + ("" if before == now else f"（原来乘{plain(before)}）")


def _cent(points: Decimal) -> Decimal:
    return points.quantize(ZERO, ROUND_HALF_UP)


def _add(side: Side, merit: Decimal, redeemable: Decimal, *, bars: bool) -> None:
    side.merit += merit
    side.redeemable += redeemable
    side.negative += min(merit, ZERO)
    side.barred = side.barred or bars


def place(village: Sequence[Row], terms: Terms, rules: ports.ListRules | None = None) -> None:
    """Ranks, lists and honours of one village, on both sides. Same points share the place.

    The lists are made by the town's ``rules``, except where ``terms`` ask for a number of households.
    """
    for name in ("before", "after"):
        _rank(village, name)
        plain_lists = _plain(village, name, terms)
        own = rules.of([_tally(row, getattr(row, name)) for row in village]) if rules else plain_lists
        red = own.red if terms.red is None else plain_lists.red
        black = own.black if terms.black is None else plain_lists.black
        honoured = own.honoured if terms.honours is None else plain_lists.honoured
        for row in village:
            side: Side = getattr(row, name)
            side.is_red, side.is_black = row.household in red, row.household in black
            side.is_honoured = row.household in honoured and not side.barred


def _tally(row: Row, side: Side) -> ports.Tally:
    positive, negative = side.merit - side.negative, -side.negative
    return ports.Tally(row.household, row.village, row.number, positive, negative, side.barred)


def _rank(village: Sequence[Row], name: str) -> None:
    rank, sides = 1, sorted((getattr(row, name) for row in village), key=lambda side: -side.merit)
    for _, tied in groupby(sides, key=lambda side: side.merit):
        same = list(tied)
        for side in same:
            side.rank = rank
        rank += len(same)


def _plain(village: Sequence[Row], name: str, terms: Terms) -> ports.Listed:
    """The first by merit, and those from whom most was taken: for a town that has not chosen its lists."""
    sides: list[tuple[int, Side]] = [(row.household, getattr(row, name)) for row in village]
    red, black, honours = (SIZE if one is None else one for one in (terms.red, terms.black, terms.honours))
    best = [one for one in sides if one[1].merit > 0 and not one[1].barred]
    worst = [one for one in sides if one[1].negative < 0]
    return ports.Listed(
        _first(best, red, lambda side: (-side.merit, -side.negative), all_of_the_first=True),
        _first(worst, black, lambda side: (side.negative, side.merit), all_of_the_first=False),
        frozenset(pk for pk, side in sides if side.rank <= honours and side.merit > 0),
    )


def _first(
    sides: list[tuple[int, Side]], size: int, key: Callable[[Side], Any], *, all_of_the_first: bool
) -> frozenset[int]:
    """At most ``size``, as on notices (docs/decisions/0010): who ties beyond it is left off, but at the red top."""
    chosen: set[int] = set()
    for _, tied in groupby(sorted(sides, key=lambda one: key(one[1])), key=lambda one: key(one[1])):
        group = {pk for pk, _ in tied}
        if len(chosen) + len(group) > size:
            return frozenset(group) if all_of_the_first and not chosen and size else frozenset(chosen)
        chosen |= group
    return frozenset(chosen)


def summary(found: Sequence[Row], prices: Mapping[int, Decimal]) -> dict[str, Any]:
    """The whole in figures, as JSON. ``prices``: yuan that a redeemable point costs, by village."""
    gains = [row.gain for row in found]
    return {
        "households": len(found),
        "winners": sum(gain > 0 for gain in gains),
        "losers": sum(gain < 0 for gain in gains),
        "unchanged": sum(gain == 0 for gain in gains),
        "undecided": sum(row.undecided for row in found),
        "merit": _both(found, lambda side: side.merit),
        "redeemable": _both(found, lambda side: side.redeemable),
        "cost": {name: plain(_cost(found, name, prices)) for name in ("before", "after")},
        "red": _moves(found, lambda side: side.is_red),
        "black": _moves(found, lambda side: side.is_black),
        "honours": _moves(found, lambda side: side.is_honoured),
        "items": _items(found),
    }  # fmt: skip


def _cost(found: Sequence[Row], name: str, prices: Mapping[int, Decimal]) -> Decimal:
    """Yuan, if everybody exchanged all of it."""
    parts = (max(getattr(row, name).redeemable, ZERO) * prices.get(row.village, YUAN) for row in found)
    return sum(parts, ZERO).quantize(ZERO)


def _both(found: Sequence[Row], of: Any) -> dict[str, str]:
    return {name: plain(sum((of(getattr(row, name)) for row in found), ZERO)) for name in ("before", "after")}


def _moves(found: Sequence[Row], of: Any) -> dict[str, int]:
    before = {row.household for row in found if of(row.before)}
    after = {row.household for row in found if of(row.after)}
    return {"before": len(before), "after": len(after), "came": len(after - before), "went": len(before - after)}


def _items(found: Sequence[Row]) -> list[dict[str, Any]]:
    """The items by which most points moved."""
    sums: defaultdict[str, list[Any]] = defaultdict(lambda: ["", 0, ZERO, ZERO])
    for row in found:
        for code, change in row.changes.items():
            one = sums[code]
            one[0] = change.title
            one[1] += change.deeds
            one[2] += change.before
            one[3] += change.after
    moved = sorted(sums.items(), key=lambda pair: (-abs(pair[1][3] - pair[1][2]), pair[0]))
    return [
        {"code": code, "title": title, "deeds": deeds, "before": plain(before), "after": plain(after)}
        for code, (title, deeds, before, after) in moved[:30]
    ]
