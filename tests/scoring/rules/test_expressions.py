"""kernel/cel.py: what a condition may say, and what it gives."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jifen.kernel import cel
from jifen.kernel.errors import JifenError

FIELDS: dict[str, cel.Kind] = {"price": "number", "tables": "number", "kind": "text", "day": "date", "signed": "yes_no"}
VALUES: dict[str, cel.Value] = {
    "price": Decimal("80000.50"),
    "tables": 15,
    "kind": "红事",
    "day": date(2025, 3, 5),
    "signed": True,
}


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("price <= 80000", False),
        ("price <= 80000.5", True),
        ("tables <= 15 && signed", True),
        ('kind == "红事" ? tables : 0', Decimal(15)),
        ("mul(3.2, 3)", Decimal("9.6")),
        ("div(10, 3)", Decimal("3.333333")),
        ("min(tables, 10, 12) + max(1, 2)", Decimal(12)),
        ("floor(2.7) + ceil(2.1)", Decimal(5)),
        ('day >= date("2025-03-01")', True),
        ('days(date("2025-03-01"), day)', Decimal(4)),
        ("year(day) == 2025 && month(day) in [3, 6]", True),
        ('contains(kind, "红")', True),
        ("-tables", Decimal(-15)),
    ],
)
def test_an_expression_gives_an_exact_result(text: str, result: Decimal | bool) -> None:
    assert cel.compile_expression(text, FIELDS).evaluate(VALUES) == result


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tables <=",
        "unknown > 1",
        "size(kind) > 1",
        "[1, 2].all(x, x > 0)",
        "has(kind.length)",
        "tables * 3",
        "tables / 3",
        "tables % 2",
        "0.001 < price",
        "true // note",
        "'单引号'",
        "(" * 17 + "1" + ")" * 17,
        "1" + " + 1" * 200,
        "999999999999999 > price",
    ],
)
def test_what_is_not_allowed_is_refused_when_the_rule_is_saved(text: str) -> None:
    with pytest.raises(cel.ExpressionInvalid) as refusal:
        cel.compile_expression(text, FIELDS)
    assert refusal.value.message.startswith("条件公式写得不对")


def test_an_unknown_name_is_named_together_with_the_known_ones() -> None:
    with pytest.raises(cel.ExpressionInvalid, match=r"没有登记过 bride .* day、kind"):
        cel.compile_expression("bride > 1", FIELDS)


def test_an_unknown_name_is_answered_with_what_people_call_the_known_ones() -> None:
    with pytest.raises(cel.ExpressionInvalid, match=r"登记过的有 m、n（桌数）。") as refusal:
        cel.compile_expression("x > 1", {"n": "number", "m": "number"}, labels={"n": "桌数"})
    assert refusal.value.__cause__ is None


def test_every_function_is_told_to_people() -> None:
    assert list(cel.TELLING) == list(cel.FUNCTIONS)
    assert all(shape.startswith(f"{name}(") for name, (shape, _) in cel.TELLING.items())


def test_a_condition_must_give_yes_or_no() -> None:
    with pytest.raises(cel.ExpressionInvalid, match=r"是.*否"):
        cel.compile_expression("tables + 1", FIELDS, condition=True)


def test_a_missing_value_fails_unless_the_rest_decides() -> None:
    condition = cel.compile_expression('kind == "白事" || price <= 80000', FIELDS)
    assert condition.holds({"kind": "白事"})
    with pytest.raises(cel.ExpressionFailed):
        condition.holds({"kind": "红事"})


def test_dividing_by_nothing_fails_and_says_so() -> None:
    with pytest.raises(cel.ExpressionFailed):
        cel.compile_expression("div(1, tables)", FIELDS).evaluate({"tables": 0})


@pytest.mark.parametrize("text", ["mul(kind, 1000000)", "div(kind, 2)", "max(kind, 1)", "date(kind)"])
def test_a_text_where_a_number_belongs_fails_at_once(text: str, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(cel.ExpressionFailed):
        cel.compile_expression(text, FIELDS).evaluate({"kind": "张三家的事" * 80})
    assert "张三" not in caplog.text


def test_a_formula_must_give_a_number() -> None:
    with pytest.raises(cel.ExpressionInvalid, match="结果应当是数字"):
        cel.compile_expression("tables > 3", FIELDS, gives="number")
    assert cel.compile_expression("mul(tables, 3)", FIELDS, gives="number").evaluate(VALUES) == 45


def test_a_number_too_large_to_scale_fails() -> None:
    with pytest.raises(cel.ExpressionFailed):
        cel.compile_expression("tables > 1", FIELDS).evaluate({"tables": Decimal("1e12")})


def test_the_same_text_compiles_once() -> None:
    assert cel.compile_expression("tables < 9", FIELDS) is cel.compile_expression("tables < 9", FIELDS)


@given(st.text(alphabet='abtdksp123.<>=&|!?:+-()[],"红 \\', max_size=80))
def test_no_text_does_worse_than_a_refusal(text: str) -> None:
    try:
        cel.compile_expression(text, FIELDS).evaluate(VALUES)
    except JifenError as refusal:
        assert refusal.code in ("expression_invalid", "expression_failed")


@given(st.decimals(-1_000_000, 1_000_000, places=2), st.decimals(-1000, 1000, places=2))
def test_products_are_exact(left: Decimal, right: Decimal) -> None:
    product = cel.compile_expression("mul(price, tables)", FIELDS).evaluate({"price": left, "tables": right})
    assert product == left * right
