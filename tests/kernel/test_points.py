"""Points have two places and people see no trailing zeros."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jifen.kernel.points import plain, points


@pytest.mark.parametrize(
    ("value", "text"),
    [("46.00", "46"), ("3.20", "3.2"), ("-5", "-5"), ("0.00", "0"), ("-0.001", "0"), ("100", "100"), ("0.05", "0.05")],
)
def test_points_are_written_plainly(value: str, text: str) -> None:
    assert plain(value) == text


@pytest.mark.parametrize(("value", "rounded"), [("0.005", "0.01"), ("-0.005", "-0.01"), ("2.994", "2.99")])
def test_halves_are_rounded_away_from_zero(value: str, rounded: str) -> None:
    assert points(value) == Decimal(rounded)


@given(st.decimals("-99999", "99999", places=2))
def test_what_is_written_reads_back(value: Decimal) -> None:
    assert points(plain(value)) == value
