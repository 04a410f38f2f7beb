"""A sentence is arithmetic that somebody can check by hand: each figure follows from those before it."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from scoring.rules import steps
from tests.scoring.rules.build import deed, rule, run, told, worth

WHOLE = {"places": 0, "rounding": "nearest"}
DOWN = {"places": 0, "rounding": "down"}
FIELD = {"kind": "per_unit", "points": 1, "unit": "亩", "each": 3, "whole": False}
BLOOD = {"kind": "per_unit", "points": 3, "unit": "毫升", "each": 200, "whole": False, "rounding": "down"}
GIFT = {"kind": "per_unit", "points": 1, "unit": "元", "each": 100, "whole": False, "rounding": "down"}
BOTH = {
    "several": "product",
    "roles": [{"role": "party", "name": "党员", "factor": "1.33"}, {"role": "cadre", "name": "干部", "factor": "1.5"}],
}
ACTOR = {"roles": frozenset({"party", "cadre"}), "members": ("a", "b", "c")}
LADDER = {"kind": "ladder", "unit": "小时", "rungs": [{"at": 20, "points": 2}, {"at": 50, "points": 5}]}

SENTENCES: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({"amount": FIELD, "fractions": DOWN}, {"quantity": "8.99"}, "：植树1分/3亩 × 8.99亩 = 约2.9967分，取2分"),
    ({"amount": FIELD}, {"quantity": "8.99"}, "：植树1分/3亩 × 8.99亩 = 约2.9967分，取3分"),
    ({"amount": BLOOD}, {"quantity": 399}, "：植树（399毫升，按200毫升计）3分/200毫升 × 200毫升 = 3分"),
    ({"amount": GIFT}, {"quantity": 1550}, "：植树（1550元，按1500元计）1分/100元 × 1500元 = 15分"),
    ({"amount": GIFT}, {"quantity": 1500}, "：植树1分/100元 × 1500元 = 15分"),
    ({"amount": GIFT, "sign": "negative"}, {"quantity": 300}, "：植树−1分/100元 × 300元 = −3分"),
    ({"amount": {"kind": "fixed", "points": 5}, "heads": "average", "fractions": DOWN}, {},
     "，+5分，按3人平均，为约1.6667分，取1分"),
    ({"amount": {"kind": "fixed", "points": "0.5"}, "multipliers": BOTH, "fractions": DOWN}, {},
     "，+0.5分，党员、干部乘1.995，为0.9975分，取0分"),
    ({"amount": {"kind": "fixed", "points": "1.5"}, "multipliers": BOTH, "fractions": DOWN}, {},
     "，+1.5分，党员、干部乘1.995，为2.9925分，取2分"),
    ({"amount": {"kind": "percent", "percent": 1}, "sign": "negative", "fractions": WHOLE}, {"quantity": "150"},
     "，150 × −1% = −1.5分，取−2分"),
    ({"amount": {"kind": "formula", "formula": "quantity - 3", "words": "超过3次"}, "sign": "negative"},
     {"quantity": 3}, "，超过3次，0分"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "facts", "sentence"), SENTENCES)
def test_each_figure_follows_from_the_one_before(changes: dict[str, Any], facts: dict[str, Any], sentence: str) -> None:
    award = told(rule(**changes), people=ACTOR, **facts)
    assert award.explanation == f"规则MD-03{sentence if sentence.startswith('：') else f'：植树{sentence}'}"


@pytest.mark.parametrize(("changes", "facts", "sentence"), SENTENCES)
def test_a_kept_sentence_reads_the_same(changes: dict[str, Any], facts: dict[str, Any], sentence: str) -> None:
    award = told(rule(**changes), people=ACTOR, **facts)
    assert steps.explain(steps.load(steps.dump(award.steps))) == award.explanation


def test_a_sentence_has_one_kind_of_minus() -> None:
    spec = worth("1.5", sign="negative", repeat={"factor": "1.5"}, fractions=WHOLE)
    award = run([deed(spec), deed(spec)])[1].award
    assert award.explanation.endswith("，−1.5分，取−2分，第2次扣分，按1.5倍计，为−3分")
    decided = run([deed(spec, points=-2)])[0].award
    assert decided.explanation.endswith("，审核认定为−2分")
    assert "-" not in award.explanation.removeprefix("规则MD-03") + decided.explanation.removeprefix("规则MD-03")


def test_a_product_that_is_rounded_says_so() -> None:
    spec = worth(3, sign="negative", repeat={"factor": "1.5"}, fractions=WHOLE)
    assert run([deed(spec), deed(spec)])[1].award.explanation.endswith("，按1.5倍计，为−4.5分，取−5分")


def test_a_warning_is_not_counted_among_the_deductions() -> None:
    spec = worth(2, sign="negative", after_warning={}, repeat={})
    ends = [result.award.explanation.split("，", 2)[2:] for result in run([deed(spec)] * 3)]
    assert ends == [["第1次提醒，不扣分"], [], ["第2次扣分，按2倍计，为−4分"]]


def test_a_ladder_says_what_a_role_makes_of_the_difference() -> None:
    spec = rule(amount=LADDER, multipliers={"roles": [{"role": "party", "name": "党员", "factor": "1.5"}]})
    facts = {"people": told(spec, quantity=1, people=ACTOR).facts.people}
    later = deed(spec, date(2025, 4, 1), facts=facts | {"quantity": 30})
    first, second = run([deed(spec, facts=facts | {"quantity": 20}), later])
    assert first.award.points == 3 and second.award.points == Decimal("4.5")
    assert second.award.explanation.endswith(
        "，30小时（按累计数计分），党员乘1.5，本年累计50小时，应得5分，已得2分，相差的部分折算为4.5分，计4.5分"
    )


def test_half_of_what_was_taken_says_how_it_was_rounded() -> None:
    bad, mend = worth(3, code="f-01", sign="negative"), worth(6, code="hf-01", repair={"share": "0.5"}, fractions=WHOLE)
    results = run([deed(bad), deed(mend, date(2025, 3, 6))])
    assert results[1].award.explanation.endswith("，以前扣3分，可恢复50%，取2分，已恢复0分，计2分")
