"""Rankings and red/black lists: pure functions over figures, no database.

Same points share the place and the next place is skipped (1、2、2、4); within a place the order is by household
number, so that the same figures always give the same paper.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby
from typing import Literal

from jifen.kernel.points import ZERO

Measure = Literal["positive", "negative", "net"]
Basis = Literal["quarter", "cumulative"]
Order = Literal["highest", "lowest"]


@dataclass(frozen=True, slots=True)
class Sums:
    """Gross plus, gross minus (both as positive numbers)."""

    positive: Decimal = ZERO
    negative: Decimal = ZERO

    @property
    def net(self) -> Decimal:
        return self.positive - self.negative

    def of(self, measure: Measure) -> Decimal:
        value: Decimal = getattr(self, measure)
        return value


@dataclass(frozen=True, slots=True)
class Standing:
    """A household's or a resident's figures; ``household_id`` and ``number`` are the household's in both cases.

    ``barred``: a deed took the household's right to honours, on the last day of the period.
    """

    id: int
    household_id: int
    village_id: int
    number: str
    group: str
    quarter: Sums = Sums()
    cumulative: Sums = Sums()
    barred: bool = False

    def sums(self, basis: Basis) -> Sums:
        return self.quarter if basis == "quarter" else self.cumulative


@dataclass(frozen=True, slots=True)
class Placed:
    place: int
    standing: Standing
    points: Decimal


def rank(
    standings: Iterable[Standing], *, measure: Measure, basis: Basis = "quarter", order: Order = "highest"
) -> list[Placed]:
    """Everyone with a place. By gross points only those who have some; by net points all."""
    scored = [(standing.sums(basis).of(measure), standing) for standing in standings]
    if measure != "net":
        scored = [(value, standing) for value, standing in scored if value > 0]
    sign = -1 if order == "highest" else 1
    scored.sort(key=lambda pair: (sign * pair[0], pair[1].number, pair[1].id))
    placed: list[Placed] = []
    for value, tied in groupby(scored, key=lambda pair: pair[0]):
        place = len(placed) + 1
        placed += [Placed(place, standing, value) for _, standing in tied]
    return placed


def listed(
    standings: Iterable[Standing], *, size: int, measure: Measure, order: Order, basis: Basis = "quarter"
) -> list[Placed]:
    """At most ``size`` of a ranking, its places unchanged (docs/decisions/0010).

    A tie at the last place is broken by the cumulative figure of the same measure, by the cumulative net points, then
    by the points deducted. A group that is still tied and would make the list longer is left off as a whole: nobody is
    chosen by household number. Only where that group shares the very first place are all of it shown; on a list of
    reproach (the lowest, or the most deductions) not even then.
    """
    rows = rank(standings, measure=measure, basis=basis, order=order)
    reproach = order == "lowest" or measure == "negative"
    before = _precedence(measure, order, reproach)
    chosen: set[int] = set()
    for _, tied in groupby(sorted(rows, key=before), before):
        group = {row.standing.id for row in tied}
        if len(chosen) + len(group) > size:
            chosen |= group if not chosen and not reproach else set()
            break
        chosen |= group
    return [row for row in rows if row.standing.id in chosen]


def _precedence(measure: Measure, order: Order, reproach: bool) -> Callable[[Placed], tuple[Decimal, ...]]:
    """Who comes before whom on a list; those who come out equal are a tie."""
    sign, merit = (-1 if order == "highest" else 1), (1 if reproach else -1)

    def key(row: Placed) -> tuple[Decimal, ...]:
        quarter, whole = row.standing.quarter, row.standing.cumulative
        deducted = (-merit * quarter.negative, -merit * whole.negative)
        return (sign * row.points, sign * whole.of(measure), merit * whole.net, *deducted)

    return key


def top_share(placed: Sequence[Placed], share: Decimal) -> list[Placed]:
    """The first ``share`` of a ranking (前5%左右): rounded, at least one, with all who share the last place."""
    size = int((len(placed) * share).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    return [row for row in placed if row.place <= max(size, 1)]
