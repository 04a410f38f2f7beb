"""What a deed is worth, kind by kind, and what happens when the facts do not fit."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.rules import engine, library
from scoring.rules.engine import Facts
from scoring.rules.errors import (
    InputInvalid,
    PointsOutOfRange,
    QuantityInvalid,
    RuleError,
    SubjectMismatch,
    TierUnknown,
)
from scoring.rules.spec import RuleSpec
from tests.scoring.rules.build import rule

A_DAY = date(2025, 3, 5)
TREES = {"kind": "per_unit", "points": 3, "unit": "棵", "most": 100}
LAND = {"kind": "per_unit", "points": "5", "unit": "亩", "whole": False}
GRADES = {
    "kind": "tiers",
    "tiers": [{"code": "good", "name": "优", "points": 3}, {"code": "fair", "name": "良", "points": 1}],
}
SPAN = {"kind": "range", "least": 2, "most": 10, "step": 2}
TABLES = {"name": "tables", "label": "宴席桌数", "kind": "count", "unit": "桌", "most": 99}


def test_a_fixed_award_says_what_it_is_per() -> None:
    award = engine.price(rule(), Facts(date=A_DAY))
    assert (award.points, award.redeemable) == (Decimal("2.00"), Decimal("2.00"))
    assert award.explanation == "规则MD-03：植树，+2分/次"


def test_a_negative_rule_takes_points_from_both_measures() -> None:
    award = engine.price(rule(sign="negative"), Facts(date=A_DAY))
    assert award.points == award.redeemable == -2
    assert award.explanation.endswith("−2分/次")


def test_points_that_only_rank_cannot_be_redeemed() -> None:
    award = engine.price(rule(redeemable=False), Facts(date=A_DAY))
    assert award.points == 2
    assert award.redeemable == 0


def test_units_are_multiplied_and_the_sum_is_shown() -> None:
    award = engine.price(rule(amount=TREES), Facts(date=A_DAY, quantity=12))
    assert award.explanation == "规则MD-03：植树3分/棵 × 12棵 = 36分"


@pytest.mark.parametrize(("rounding", "points"), [("exact", "11.25"), ("down", "10"), ("nearest", "10"), ("up", "15")])
def test_a_fraction_of_a_unit_is_kept_or_rounded_as_the_rule_says(rounding: str, points: str) -> None:
    land = rule(amount={**LAND, "rounding": rounding})
    assert engine.price(land, Facts(date=A_DAY, quantity="2.25")).points == Decimal(points)


@pytest.mark.parametrize("quantity", [0, -3, "1.5", "很多", 101, "1.234", True, float("nan"), "NaN", "1e9", []])
def test_a_wrong_quantity_is_refused(quantity: Any) -> None:
    with pytest.raises(QuantityInvalid) as refusal:
        engine.price(rule(amount=TREES), Facts(date=A_DAY, quantity=quantity))
    assert refusal.value.field == "quantity"


@pytest.mark.parametrize("points", [1, 3, 11, "x"])
def test_points_outside_the_range_or_between_its_steps_are_refused(points: Any) -> None:
    with pytest.raises(PointsOutOfRange):
        engine.price(rule(amount=SPAN), Facts(date=A_DAY, points=points))


def test_points_inside_the_range_count() -> None:
    assert engine.price(rule(amount=SPAN), Facts(date=A_DAY, points="4")).points == 4


def test_a_tier_that_does_not_exist_is_refused_and_the_tiers_are_listed() -> None:
    with pytest.raises(TierUnknown, match="优、良"):
        engine.price(rule(amount=GRADES), Facts(date=A_DAY, tier="best"))


@pytest.mark.parametrize("amount", [TREES, GRADES, SPAN])
def test_what_is_missing_leaves_the_deed_undecided_and_unpaid(amount: dict[str, Any]) -> None:
    award = engine.price(rule(amount=amount), Facts(date=A_DAY))
    assert award.points == award.redeemable == 0
    assert award.undecided
    assert "待补充" in award.explanation


def test_a_month_is_named_in_the_explanation() -> None:
    award = engine.price(rule(amount={"kind": "per_month", "points": 1}), Facts(date=A_DAY))
    assert award.explanation == "规则MD-03：植树，2025年3月，+1分/月"


@pytest.mark.parametrize(
    ("subject", "who", "fits"),
    [
        ("household", "resident", True),
        ("household", "group", False),
        ("resident", "household", False),
        ("group", "group", True),
    ],
)
def test_a_rule_is_for_its_subject_and_a_member_acts_for_the_household(subject: str, who: Any, fits: bool) -> None:
    facts = Facts(date=A_DAY, subject=who)
    if fits:
        assert engine.price(rule(subject=subject), facts).points == 2
        return
    with pytest.raises(SubjectMismatch):
        engine.price(rule(subject=subject), facts)


def test_a_rule_out_of_use_prices_nothing() -> None:
    with pytest.raises(RuleError):
        engine.price(rule(active=False), Facts(date=A_DAY))


@pytest.mark.parametrize("tables", ["-1", "2.5", "一桌", 100, True])
def test_a_wrong_input_is_refused_by_its_label(tables: Any) -> None:
    with pytest.raises(InputInvalid, match="宴席桌数") as refusal:
        engine.price(rule(inputs=[TABLES]), Facts(date=A_DAY, inputs={"tables": tables}))
    assert refusal.value.field == "tables"


def test_an_input_that_nobody_asked_for_is_refused() -> None:
    with pytest.raises(InputInvalid):
        engine.price(rule(), Facts(date=A_DAY, inputs={"colour": "红"}))


@pytest.mark.parametrize(
    ("kind", "sent", "fits"),
    [
        ("date", "2025-03-05", True),
        ("date", A_DAY, True),
        ("date", "三月", False),
        ("money", "-1", False),
        ("yes_no", "是", True),
        ("yes_no", "也许", False),
        ("text", "字" * 501, False),
        ("person", "张某", True),
        ("number", "-2.5", True),
    ],
)
def test_each_kind_of_input_is_read_or_refused(kind: str, sent: Any, fits: bool) -> None:
    asked = rule(inputs=[{"name": "it", "label": "内容", "kind": kind}])
    if fits:
        assert engine.price(asked, Facts(date=A_DAY, inputs={"it": sent})).points == 2
        return
    with pytest.raises(InputInvalid):
        engine.price(asked, Facts(date=A_DAY, inputs={"it": sent}))


def test_a_condition_may_use_the_day_and_the_quantity() -> None:
    asked = rule(
        amount=TREES,
        conditions=[{"when": 'deed_date >= date("2025-03-01") && quantity >= 5', "message": "三月起，五棵以上"}],
    )
    assert engine.price(asked, Facts(date=A_DAY, quantity=5)).points == 15
    assert not engine.price(asked, Facts(date=A_DAY, quantity=4)).met
    assert not engine.price(asked, Facts(date=date(2025, 2, 28), quantity=5)).met


EVERY_RULE = [rule for code in library.available() for rule in library.load(code).rulebook.rules]
ANYTHING = st.none() | st.integers() | st.text(max_size=12) | st.decimals() | st.booleans() | st.dates() | st.floats()


@settings(deadline=None)
@given(
    st.sampled_from(EVERY_RULE),
    st.dates(),
    st.sampled_from(["household", "resident", "group"]),
    ANYTHING,
    ANYTHING,
    ANYTHING,
    st.dictionaries(st.sampled_from(["tables", "bride_price", "occasion", "x"]), ANYTHING, max_size=4),
)
def test_no_facts_crash_the_engine_or_give_points_against_the_sign(
    spec: RuleSpec, day: date, subject: Any, quantity: Any, tier: Any, points: Any, inputs: dict[str, Any]
) -> None:
    facts = Facts(date=day, subject=subject, quantity=quantity, tier=tier, points=points, inputs=inputs)
    try:
        award = engine.price(spec, facts)
    except RuleError as refusal:
        assert refusal.message
        return
    assert award.points * spec.factor >= 0
    assert award.points == 0 or (award.undecided is None and award.met)
