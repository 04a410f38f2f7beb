"""The shape of a rule: JSON in and out, and what a file may not say."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from scoring.rules import library, schema
from scoring.rules.spec import RuleSpec
from tests.scoring.rules.build import rule

SCHEMES = library.available()


@pytest.mark.parametrize("code", SCHEMES)
def test_every_rule_survives_a_trip_through_json(code: str) -> None:
    for spec in library.load(code).rulebook.rules:
        stored = json.loads(json.dumps(spec.model_dump(mode="json")))
        assert RuleSpec.model_validate(stored) == spec


@pytest.mark.parametrize("code", SCHEMES)
def test_a_whole_scheme_survives_a_trip_through_json(code: str) -> None:
    scheme = library.load(code)
    assert type(scheme).model_validate(json.loads(scheme.model_dump_json())) == scheme


def test_decimals_are_stored_as_text() -> None:
    stored = rule(amount={"kind": "fixed", "points": "2.50"}).model_dump(mode="json")
    assert stored["amount"]["points"] == "2.5"


@pytest.mark.parametrize(
    "wrong",
    [
        {"colour": "红"},
        {"code": "MD 03"},
        {"sign": "both"},
        {"amount": {"kind": "fixed", "points": 0}},
        {"amount": {"kind": "fixed", "points": 2.5}},
        {"amount": {"kind": "fixed", "points": "1.234"}},
        {"amount": {"kind": "fixed", "points": "1e3"}},
        {"amount": {"kind": "fixed", "points": "NaN"}},
        {"amount": {"kind": "fixed", "points": -1}},
        {"amount": {"kind": "formula", "points": 1}},
        {"amount": {"kind": "range", "least": 5, "most": 2}},
        {"amount": {"kind": "tiers", "tiers": [{"code": "a", "name": "甲", "points": 1}]}},
        {"amount": {"kind": "tiers", "tiers": [{"code": "a", "name": "甲", "points": 1}] * 2}},
        {"limits": [{"kind": "count", "value": "1.5", "period": "day"}]},
        {"limits": [{"kind": "points", "value": 0, "period": "day"}]},
        {"conditions": [{"when": "tables <= 15", "message": "不超过15桌"}]},
        {"inputs": [{"name": "quantity", "label": "数量", "kind": "number"}]},
        {"inputs": [{"name": "kind", "label": "种类", "kind": "choice"}]},
        {"attribution": "resident"},
        {"declarers": []},
    ],
)
def test_a_rule_that_cannot_be_right_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        rule(**wrong)


def test_a_rule_does_not_change_once_read() -> None:
    with pytest.raises(ValidationError):
        rule().title = "别的"  # type: ignore[misc]


def test_a_bottom_line_may_take_no_points_when_it_has_another_effect() -> None:
    effect = {"kind": "zero_year", "text": "当年积分清零"}
    assert rule(sign="negative", amount={"kind": "fixed", "points": 0}, effect=effect).effect


def test_monthly_points_bring_their_own_limit_before_the_others() -> None:
    spec = rule(
        amount={"kind": "per_month", "points": 1}, limits=[{"kind": "points", "value": 6, "period": "year"}], once=True
    )
    assert [(limit.kind, limit.period) for limit in spec.effective_limits] == [
        ("count", "month"),
        ("count", "ever"),
        ("points", "year"),
    ]


def test_a_range_prints_both_its_ends() -> None:
    assert rule(amount={"kind": "range", "least": 5, "most": 10}).price_text == "+5至10分"


def test_the_published_schema_is_current() -> None:
    assert schema.TARGET.read_text(encoding="utf-8") == schema.as_text()
