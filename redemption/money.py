"""Points and fen. Knows no Django."""

from decimal import ROUND_HALF_UP, Decimal


def fen_for(points: Decimal, fen_per_point: int) -> int:
    """What the payer owes for ``points``: whole fen, halves up, so that a statement is a sum of integers (I14)."""
    return int((points * fen_per_point).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def yuan(fen: int) -> str:
    """``4005`` fen is ``40.05``."""
    return f"{fen // 100}.{fen % 100:02d}"
