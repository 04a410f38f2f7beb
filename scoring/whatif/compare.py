"""Before and after, household by household: sums, places, lists, honours, cost, and why it changed. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby
from typing import Any, NamedTuple

from scoring.rules.base import plain
from scoring.whatif.replay import Replayed

ZERO = Decimal("0.00")
MOST_REASONS = 8
_BARS = "bar_honours"


class Terms(NamedTuple):
    """How many households of a village stand on the red list, the black list, and are proposed for honours.

    ``point_value``: yuan that a redeemable point costs when it is exchanged.
    """

    red: int = 10
    black: int = 10
    honours: int = 10
    point_value: Decimal = Decimal(1)


@dataclass(slots=True)
class Side:
    """One household before or after."""

    merit: Decimal = ZERO
    redeemable: Decimal = ZERO
    negative: Decimal = ZERO
    barred: bool = False
    rank: int = 0
    is_red: bool = False
    is_black: bool = False
    is_honoured: bool = False


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
    """What an item of the old or the new rulebook is called, and whether it bars from honours."""

    title: str
    bars: bool


def rows(
    done: Iterable[Replayed], households: Mapping[int, int], *, old: Mapping[str, Item], new: Mapping[str, Item]
) -> list[Row]:
    """One row for each of ``households`` (id → village), with or without deeds."""
    found = {pk: Row(pk, village) for pk, village in households.items()}
    for one in done:
        row = found.get(one.past.household)
        if row is not None:
            _count(row, one, old, new)
    return list(found.values())


def _count(row: Row, one: Replayed, old: Mapping[str, Item], new: Mapping[str, Item]) -> None:
    past, code = one.past, one.past.code
    _add(row.before, past.merit, past.redeemable, bars=code in old and old[code].bars)
    _add(row.after, one.merit, one.redeemable, bars=one.verdict == "priced" and code in new and new[code].bars)
    change = row.changes.get(code)
    if change is None:
        item = new.get(code) or old.get(code)
        change = row.changes[code] = Change(item.title if item else code)
    change.deeds += 1
    change.before += past.merit
    change.after += one.merit
    if one.verdict == "kept":
        change.undecided += 1
        row.undecided += 1
    if not change.why and (one.merit != past.merit or one.verdict != "priced"):
        change.why = one.why


def _add(side: Side, merit: Decimal, redeemable: Decimal, *, bars: bool) -> None:
    side.merit += merit
    side.redeemable += redeemable
    side.negative += min(merit, ZERO)
    side.barred = side.barred or bars


def place(village: Sequence[Row], terms: Terms) -> None:
    """Ranks, lists and honours of one village, on both sides. Same points share the place."""
    for name in ("before", "after"):
        sides = sorted(
            ((getattr(row, name), row.household) for row in village), key=lambda one: (-one[0].merit, one[1])
        )
        rank = 1
        for _, tied in groupby(sides, key=lambda one: one[0].merit):
            same = [side for side, _ in tied]
            for side in same:
                side.rank = rank
                side.is_red = rank <= terms.red and side.merit > 0
                side.is_honoured = rank <= terms.honours and side.merit > 0 and not side.barred
            rank += len(same)
        worst = sorted((side for side, _ in sides if side.negative < 0), key=lambda side: side.negative)
        for side in worst[: terms.black]:
            side.is_black = True


def summary(found: Sequence[Row], terms: Terms) -> dict[str, Any]:
    """The whole in figures, as JSON."""
    gains = [row.gain for row in found]
    return {
        "households": len(found),
        "winners": sum(gain > 0 for gain in gains),
        "losers": sum(gain < 0 for gain in gains),
        "unchanged": sum(gain == 0 for gain in gains),
        "undecided": sum(row.undecided for row in found),
        "merit": _both(found, lambda side: side.merit),
        "redeemable": _both(found, lambda side: side.redeemable),
        "cost": {
            name: plain(max(sum((max(getattr(row, name).redeemable, ZERO) for row in found), ZERO), ZERO)
                        * terms.point_value)
            for name in ("before", "after")
        },
        "red": _moves(found, lambda side: side.is_red),
        "black": _moves(found, lambda side: side.is_black),
        "honours": _moves(found, lambda side: side.is_honoured),
        "items": _items(found),
    }  # fmt: skip


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
