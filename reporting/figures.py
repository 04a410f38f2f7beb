"""What a notice is made of. No database here."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from reporting.ranking import Standing


@dataclass(frozen=True, slots=True)
class Change:
    """One entry. ``title`` is the rule's; ``is_correction`` says that it takes an earlier one back."""

    village_id: int
    household_id: int
    resident_id: int | None
    number: str
    group: str
    posting_id: int
    happened_on: date
    title: str
    is_sensitive: bool
    cause: str
    is_correction: bool
    points: Decimal


@dataclass(frozen=True, slots=True)
class Goods:
    """What one village's households took home (seed 002: 物品兑换情况)."""

    village_id: int
    name: str
    quantity: int
    points: Decimal


@dataclass(frozen=True, slots=True)
class Participation:
    """``total`` is the village's dated number of households, not the roster (seed 001)."""

    joined: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class Names:
    """Masked names of those who agreed to be named; nobody else is in it."""

    households: dict[int, str] = field(default_factory=dict)
    residents: dict[int, str] = field(default_factory=dict)

    def of(self, household_id: int, resident_id: int | None = None) -> str:
        if resident_id is not None:
            return self.residents.get(resident_id, "")
        return self.households.get(household_id, "")


@dataclass(frozen=True, slots=True)
class Figures:
    """All that a quarter's notice is made of."""

    households: Sequence[Standing]
    residents: Sequence[Standing]
    changes: Sequence[Change]
    goods: Sequence[Goods]
    names: Names
    participation: Participation
    villages: dict[int, str] = field(default_factory=dict)
