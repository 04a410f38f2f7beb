"""Points are decimals with two places; people see no trailing zeros."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import models

CENT = Decimal("0.01")
ZERO = Decimal("0.00")


def points(value: Decimal | int | str) -> Decimal:
    """``value`` with two decimal places, halves away from zero."""
    return Decimal(value).quantize(CENT, rounding=ROUND_HALF_UP)


def plain(value: Decimal | int | str) -> str:
    """As a person writes it: ``46``, ``3.2``, ``-5``."""
    text = f"{points(value):f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


class PointsField(models.DecimalField):  # type: ignore[type-arg]
    """numeric(12, 2): up to ten digits of points."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 12)
        kwargs.setdefault("decimal_places", 2)
        super().__init__(*args, **kwargs)
