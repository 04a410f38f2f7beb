"""The district's figures as pages and the API show them. Pure arithmetic, no names of people anywhere."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from jifen.kernel.points import ZERO

TARGET = Decimal("0.8")
"""Seed 001: at least 80 % of a village's households take part."""
MONTHS = tuple(range(1, 13))


@dataclass(frozen=True, slots=True)
class Counts:
    """What can be added up over villages. Points are merit, as gross plus and gross minus."""

    households: int = 0
    joined: int = 0
    residents: int = 0
    entries: int = 0
    positive: Decimal = ZERO
    negative: Decimal = ZERO
    red: int = 0
    black: int = 0
    notices: int = 0
    objections: int = 0
    objections_overdue: int = 0
    redemptions: int = 0
    redeemed: Decimal = ZERO

    @property
    def share(self) -> Decimal:
        """Joined households over all households, 0 to 1."""
        return Decimal(self.joined) / self.households if self.households else Decimal(0)

    @property
    def is_known(self) -> bool:
        """Whether it is registered how many households there are: without it there is no share, good or bad."""
        return self.households > 0

    @property
    def short(self) -> bool:
        return self.is_known and self.share < TARGET


@dataclass(frozen=True, slots=True)
class VillageLine:
    town: str
    id: int
    name: str
    counts: Counts
    months: frozenset[int] = frozenset()
    redeemed_before_october: bool = False

    @property
    def per_household(self) -> Decimal:
        """Net points per joined household."""
        net = self.counts.positive - self.counts.negative
        return (net / self.counts.joined).quantize(Decimal("0.1")) if self.counts.joined else ZERO


@dataclass(frozen=True, slots=True)
class TownLine:
    schema: str
    code: str
    name: str
    villages: Sequence[VillageLine]

    @property
    def counts(self) -> Counts:
        return total(village.counts for village in self.villages)

    @property
    def redeemed_villages(self) -> int:
        return sum(village.redeemed_before_october for village in self.villages)

    @property
    def months(self) -> Decimal:
        """Months reviewed and posted, on average over the villages."""
        months = sum(len(village.months) for village in self.villages)
        return (Decimal(months) / len(self.villages)).quantize(Decimal("0.1")) if self.villages else ZERO


@dataclass(frozen=True, slots=True)
class Month:
    number: int
    positive: Decimal = ZERO
    negative: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Overview:
    year: int
    towns: Sequence[TownLine]
    months: Sequence[Month] = field(default_factory=tuple)

    @property
    def villages(self) -> list[VillageLine]:
        return [village for town in self.towns for village in town.villages]

    @property
    def counts(self) -> Counts:
        return total(town.counts for town in self.towns)

    @property
    def redeemed_villages(self) -> int:
        return sum(town.redeemed_villages for town in self.towns)

    @property
    def redeemed_share(self) -> Decimal:
        """Villages that handed something out before October (seed 001), 0 to 1."""
        return Decimal(self.redeemed_villages) / len(self.villages) if self.villages else Decimal(0)


def total(parts: Iterable[Counts]) -> Counts:
    rows = list(parts)
    return Counts(*(sum(getattr(row, name) for row in rows) for name in Counts.__slots__))
