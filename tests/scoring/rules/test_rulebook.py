"""A whole rulebook: what fits together, which rules share caps, which have to be posted one after another."""

from typing import Any

import pytest
from pydantic import ValidationError

from scoring.rules import engine
from scoring.rules.spec import Rulebook, Settings
from tests.scoring.rules.build import book, rule, told, worth

MONTHLY = {"kind": "points", "value": 30, "period": "month"}


@pytest.mark.parametrize(
    ("changes", "sequenced"),
    [
        ({}, False),
        ({"limits": [MONTHLY], "once": True}, False),
        ({"limits": [MONTHLY | {"period": "halfyear"}]}, True),
        ({"limits": [MONTHLY | {"by": "event"}], "inputs": [{"name": "event", "label": "活动", "kind": "text"}]}, True),
        ({"cooldown": {"days": 3}}, True),
        ({"streak": {"length": 3, "bonus": 5}}, True),
        ({"group": {"code": "g"}}, True),
        ({"ranked": False}, True),
        ({"amount": {"kind": "ladder", "unit": "小时", "rungs": [{"at": 5, "points": 1}]}}, True),
    ],
)
def test_a_rule_is_sequenced_when_it_looks_further_back_than_plain_caps(
    changes: dict[str, Any], sequenced: bool
) -> None:
    spec = rule(**changes)
    assert spec.is_sequenced == book(spec).is_sequenced(spec) == sequenced


@pytest.mark.parametrize(
    "other",
    [
        {"not_with": {"rules": ["f-01"]}},
        {"sign": "negative", "after_warning": {"rule": "f-01"}},
        {"repair": {"rules": ["f-01"]}},
        {"repair": {}},
    ],
)
def test_a_rule_that_another_looks_at_is_sequenced_with_it(other: dict[str, Any]) -> None:
    watched, unseen = worth(5, code="f-01", sign="negative"), worth(5, code="a-01")
    rules = book(watched, unseen, rule(**other))
    assert rules.is_sequenced(rules.rule("f-01"))
    assert not rules.is_sequenced(rules.rule("a-01"))


def test_shared_caps_hold_for_rules_of_their_sign_and_sequence_them() -> None:
    good, bad = worth(5, code="a-01"), worth(5, code="f-01", sign="negative")
    rules = book(good, bad, shared=[MONTHLY], limits=[MONTHLY | {"value": 100, "period": "year"}])
    keys = [(name, key) for name, key, _ in rules.shared_limits(good)]
    assert keys == [("美丽建设", "points/month/household/positive"), ("*", "points/year/household/positive")]
    assert rules.shared_limits(bad) == ()
    assert [rules.is_sequenced(one) for one in (good, bad)] == [True, False]


def test_a_cap_over_named_items_holds_for_those_alone() -> None:
    rules = book(*(worth(5, code=f"a-0{at}") for at in (1, 2, 3)), limits=[MONTHLY | {"rules": ["a-01", "a-03"]}])
    assert [bool(rules.shared_limits(one)) for one in rules.rules] == [True, False, True]
    assert [rules.is_sequenced(one) for one in rules.rules] == [True, False, True]


@pytest.mark.parametrize(
    ("named", "why"),
    [(["a-01"], "至少写两个条目"), (["a-01", "a-01"], "同一个条目只写一次"), (["a-01", "第5条"], "没有“第5条”这一条")],
)
def test_a_cap_names_at_least_two_items_once_each(named: list[str], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        Settings.model_validate({"limits": [MONTHLY | {"rules": named}]})


@pytest.mark.parametrize(
    "settings",
    [
        {"classes": [{"code": "shan", "name": "善行分"}] * 2},
        {"classes": [{"code": "shan", "name": "善行分", "keeps": True, "expires": {"years": 1}}]},
        {"pools": [{"code": "p", "name": "分红", "residue": "largest", "rounding": "nearest"}]},
        {"limits": [MONTHLY | {"value": 0}]},
        {"fractions": {"places": 3}},
        {"base": [{"when": "year"}]},
    ],
)
def test_settings_that_cannot_be_right_are_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Settings.model_validate(settings)


@pytest.mark.parametrize(
    "wrong",
    [
        {"rules": [worth(5), worth(6)]},
        {"rules": [worth(5, category="别的")]},
        {"rules": [worth(5, point_class="shan")]},
    ],
)
def test_a_rulebook_that_does_not_fit_together_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        book(*wrong["rules"])


@pytest.mark.parametrize(
    "wrong",
    [
        {"expires": {"months": 3, "years": 1}},
        {"expires": {}},
        {"since": "2025-03-05", "until": "2025-03-04"},
        {
            "sign": "negative",
            "amount": {"kind": "fixed", "points": 0},
            "streak": {"length": 3, "bonus": 5},
            "effect": {"kind": "bar_honours", "text": "不得评优"},
        },
        {"repeat": {"amounts": [3, 0, 1]}},
        {"repeat": {"amounts": [3, 1], "grows": True}},
        {"repeat": {"amounts": [3, 1]}, "amount": {"kind": "per_month", "points": 2}},
        {"sign": "negative", "repair": {}},
        {"streak": {"length": 1, "bonus": 5}},
        {"repeat": {"nth": 1}},
        {"cooldown": {"days": 0}},
        {"limits": [MONTHLY | {"by": "event"}]},
        {"not_with": {"rules": []}},
    ],
)
def test_a_rule_whose_parts_do_not_fit_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        rule(**wrong)


def test_the_rulebooks_fractions_hold_where_a_rule_has_none_of_its_own() -> None:
    land = {"kind": "per_unit", "points": "3.55", "unit": "亩", "whole": False}
    whole = book(rule(amount=land), fractions={"places": 0, "rounding": "down"})
    facts = told(rule(amount=land), quantity=1).facts
    assert engine.price(whole.rules[0], facts, whole.settings).points == 3
    assert engine.price(whole.rules[0], facts).points != 3


def test_a_rulebook_of_all_kinds_survives_a_trip_through_json() -> None:
    rich = rule(
        streak={"length": 3, "bonus": "2.5"}, group={"code": "g"}, repair={"share": "0.5"}, fractions={"places": 1},
        expires={"years": 2}, multipliers={"roles": [{"role": "cadre", "name": "村干部", "factor": "1.5"}]},
        effects=[{"kind": "bar_redemption", "until": "date", "day": "2026-01-31", "text": "暂停兑换"}],
    )  # fmt: skip
    rules = book(rich, shared=[MONTHLY], base=[{"when": "year", "points": 60}], merit={"negative": "carried"})
    assert Rulebook.model_validate_json(rules.model_dump_json()) == rules
    assert Rulebook.model_validate(rules.model_dump(mode="json")) == rules
