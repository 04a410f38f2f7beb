"""Named classes of points and their weights in a total."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from scoring.rules.base import plain
from scoring.rules.spec import Settings

_CENT = Decimal("0.01")


def weighted(points: Mapping[str | None, Decimal], settings: Settings, use: Literal["rank", "redeem"]) -> Decimal:
    """The total for ``use`` of ``points`` by class (None: points of no class, which weigh 1), to two places."""
    total = sum((value * weight_of(code, settings, use) for code, value in points.items()), Decimal(0))
    return total.quantize(_CENT, ROUND_HALF_UP)


def weight_of(code: str | None, settings: Settings, use: Literal["rank", "redeem"]) -> Decimal:
    """What one point of the class ``code`` counts; 0 where the class is for the other use alone."""
    found = settings.point_class(code) if code else None
    if found is None:
        return Decimal(1)
    return found.weight if found.counts_for in ("both", use) else Decimal(0)


def told(points: Mapping[str | None, Decimal], settings: Settings, use: Literal["rank", "redeem"]) -> str:
    """善行分30分 × 1.5 + 其他12分 = 57分."""
    parts = []
    for code, value in points.items():
        found = settings.point_class(code) if code else None
        weight = weight_of(code, settings, use)
        parts.append(
            f"{found.name if found else '其他'}{plain(value)}分" + (f" × {plain(weight)}" if weight != 1 else "")
        )
    return f"{' + '.join(parts)} = {plain(weighted(points, settings, use))}分"
