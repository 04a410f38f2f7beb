"""What an address asks for, read without trust."""

from datetime import date
from decimal import Decimal

LONGEST = 18
"""Digits that always fit the database's ids."""
YEARS = (2000, 2100)


def whole(text: str, longest: int = LONGEST) -> int | None:
    """The number that ``text`` writes in at most ``longest`` decimal digits; None for anything else (``²``, ``-1``)."""
    return int(text) if text.isdecimal() and len(text) <= longest else None


def year(text: str) -> int | None:
    """The year that ``text`` names, when it can be a points year at all."""
    found = whole(text, 4)
    return found if found is not None and YEARS[0] <= found <= YEARS[1] else None


def day(text: str) -> date | None:
    """The day that ``text`` writes as 2026-03-05; None for anything else (``2026-02-31``)."""
    try:
        return date.fromisoformat(text) if len(text) == len("2026-03-05") else None
    except ValueError:
        return None


def yuan(text: str) -> Decimal | None:
    """The sum that ``text`` writes as 1280 or 1280.50, without sign; None for anything else."""
    whole_part, dot, fen = text.strip().partition(".")
    is_sum = whole(whole_part, 12) is not None and (not dot or whole(fen, 2) is not None)
    return Decimal(text.strip()) if is_sum else None
