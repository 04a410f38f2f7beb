"""Points are rounded once, from the exact figure, as the rule says; what stands before is told as it is."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jifen.kernel import cel
from tests.scoring.rules.build import rule, told

DOWN = {"places": 0, "rounding": "down"}
UP = {"places": 0, "rounding": "up"}
NEAREST = {"places": 1, "rounding": "nearest"}
INCOME = [{"name": "income", "label": "增收额", "kind": "money", "unit": "元"}]
PERCENT = {"inputs": INCOME, "amount": {"kind": "percent", "percent": 1, "of": "income", "unit": "元"}}
PANEL = {"parts": [{"who": "panel"}], "most": 10}


def formula(text: str) -> dict[str, Any]:
    return {"inputs": INCOME, "amount": {"kind": "formula", "formula": text, "words": "增收额的1%"}}


ONCE: list[tuple[dict[str, Any], str, str]] = [
    (PERCENT | {"fractions": DOWN}, "99.5", "0"),
    (PERCENT | {"fractions": DOWN}, "199.99", "1"),
    (PERCENT | {"fractions": NEAREST}, "1234.5", "12.3"),
    (PERCENT | {"fractions": UP}, "100.01", "2"),
    (formula("mul(income, 0.01)") | {"fractions": DOWN}, "99.5", "0"),
    (formula("mul(income, 0.01)") | {"fractions": NEAREST}, "1234.5", "12.3"),
    (formula("div(income, 100)") | {"fractions": DOWN}, "99.99", "0"),
    (formula("div(income, 3)") | {"fractions": UP}, "0.01", "1"),
    (formula("div(mul(income, 2), 3)") | {"fractions": DOWN}, "4.49", "2"),
]


@pytest.mark.parametrize(("changes", "income", "points"), ONCE)
def test_a_figure_is_rounded_once(changes: dict[str, Any], income: str, points: str) -> None:
    assert told(rule(**changes), inputs={"income": income}).points == Decimal(points)


@pytest.mark.parametrize("income", ["0.01", "2", "7.77", "333333.33"])
def test_a_quotient_says_no_more_than_it_knows(income: str) -> None:
    found = cel.compile_expression("div(income, 7)", {"income": "number"}).evaluate({"income": Decimal(income)})
    assert isinstance(found, Decimal) and abs(found - Decimal(income) / 7) < Decimal("0.000002")


@given(
    st.decimals(0, 1_000_000, places=2),
    st.integers(1, 999),
    st.sampled_from(["ROUND_DOWN", "ROUND_HALF_UP", "ROUND_UP"]),
)
def test_rounding_a_quotient_is_rounding_the_exact_one(number: Decimal, parts: int, way: str) -> None:
    found = cel.compile_expression("div(a, b)", {"a": "number", "b": "number"}).evaluate({"a": number, "b": parts})
    assert isinstance(found, Decimal)
    assert found.quantize(Decimal("0.01"), way) == (number / parts).quantize(Decimal("0.01"), way)


def test_a_third_three_times_is_one() -> None:
    amount = {"kind": "per_unit", "points": 1, "unit": "亩", "each": 3}
    assert (
        told(rule(amount=amount, heads="times", fractions=DOWN), quantity=1, people={"members": ("a", "b", "c")}).points
        == 1
    )


RATED: list[tuple[dict[str, Any], list[Any], str]] = [
    ({"kind": "range", "least": 0, "most": 10}, [*[7] * 299, 6], "6"),
    ({"kind": "range", "least": 0, "most": 10, "step": "0.5"}, ["6.99", "7", "7"], "6.5"),
    ({"kind": "percent", "percent": 100}, ["8.32", "8.33"], "8.33"),
]


@pytest.mark.parametrize(("amount", "marks", "points"), RATED)
def test_marks_are_drawn_to_a_step_from_the_exact_average(
    amount: dict[str, Any], marks: list[Any], points: str
) -> None:
    assert told(rule(amount=amount, rating=PANEL), ratings={"panel": marks}).points == Decimal(points)


def test_parts_that_make_a_whole_figure_make_it() -> None:
    parts = [{"who": "self", "weight": "0.3"}, {"who": "neighbour", "weight": "0.3"}, {"who": "panel", "weight": "0.4"}]
    spec = rule(amount={"kind": "range", "least": 0, "most": 10}, rating={"parts": parts, "most": 10})
    assert told(spec, ratings={"self": [3, 3, 4], "neighbour": [6, 7, 7], "panel": [5]}).points == 5
