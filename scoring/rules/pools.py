"""A dividend: one point is worth the pool divided by all points that take part; the residue is always shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from scoring.rules.base import plain
from scoring.rules.shares import largest_remainders
from scoring.rules.spec import Pool

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Dividend:
    """``shares`` in yuan by household; ``residue`` is what rounding leaves of the pool, never less than nothing.

    ``shares`` and ``residue`` add up to ``amount``. ``goes`` says where the residue goes.
    """

    amount: Decimal
    points: Decimal
    shares: Mapping[str, Decimal]
    residue: Decimal
    explanation: str


def divide(pool: Pool, amount: Decimal, points: Mapping[str, Decimal]) -> Dividend:
    """``amount`` (yuan, two places) among all households whose ``points`` are enough and above nothing."""
    taking = {key: value for key, value in sorted(points.items()) if value > 0 and value >= pool.least_points}
    total = sum(taking.values(), ZERO)
    shares = dict(zip(taking, _shares(pool, amount, list(taking.values()), total), strict=True)) if total else {}
    residue = amount - sum(shares.values(), ZERO)
    return Dividend(amount, total, shares, residue, _told(pool, amount, total, len(shares), residue))


def _shares(pool: Pool, amount: Decimal, points: list[Decimal], total: Decimal) -> list[Decimal]:
    quantum = Decimal(1).scaleb(-pool.places)
    exact = [amount * value / total for value in points]
    if pool.residue == "largest":
        return [part + ZERO for part in largest_remainders(amount.quantize(quantum, ROUND_DOWN), exact, quantum)]
    mode = ROUND_DOWN if pool.rounding == "down" else ROUND_HALF_UP
    parts = [part.quantize(quantum, mode) for part in exact]
    return [part + ZERO for part in _within(amount, exact, parts, quantum)]


def _within(amount: Decimal, exact: list[Decimal], parts: list[Decimal], quantum: Decimal) -> list[Decimal]:
    """Rounding to the nearest may pay more than there is: then those rounded up the most get one step less."""
    over = sum(parts, ZERO) - amount
    order = sorted(range(len(parts)), key=lambda place: (exact[place] - parts[place], -place))
    for place in order:
        if over <= 0:
            break
        parts[place] -= quantum
        over -= quantum
    return parts


GOES = {"kept": "留在资金里", "next": "转入下一期", "largest": "按余数大小发放后剩下"}
"""Where the residue goes, in words."""


def _told(pool: Pool, amount: Decimal, total: Decimal, households: int, residue: Decimal) -> str:
    if not households:
        return f"{pool.name}：{plain(amount)}元，没有户参加分配，{GOES['kept']}"
    value = (amount / total).quantize(Decimal("0.0001"), ROUND_DOWN)
    rounding = "舍去" if pool.rounding == "down" else "四舍五入"
    left = f"余{plain(residue)}元{GOES[pool.residue]}" if residue else "没有余额"
    return (
        f"{pool.name}：{plain(amount)}元 ÷ {plain(total)}分，1分约{plain(value)}元，"
        f"{households}户，{pool.places}位小数以下{rounding}，{left}"
    )
