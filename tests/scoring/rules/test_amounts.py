"""Every kind of amount: rule, case, points and sentence, with the awkward cases."""

from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from scoring.rules.errors import PointsOutOfRange, QuantityInvalid, RuleError, ScoreInvalid
from tests.scoring.rules.build import rule, told

LEVELS = [
    {"code": code, "name": name, "points": points}
    for code, name, points in [("cun", "村级", 1), ("zhen", "镇级", 5), ("xian", "县级", 10), ("guojia", "国家级", 50)]
]
TIERS = {"kind": "tiers", "tiers": LEVELS, "per": "次"}
COUNTED = {"kind": "tiers", "tiers": LEVELS, "per": "人", "counted": True}
DEGREES = {"kind": "tiers", "step": "0.5", "tiers": [
    {"code": "mild", "name": "一般", "least": 1, "most": 3}, {"code": "bad", "name": "较重", "least": 4, "most": 6},
    {"code": "worst", "name": "严重", "points": 10},
]}  # fmt: skip
PROVINCE = {"kind": "tiers", "per": "次", "tiers": [
    {"code": "town", "name": "镇级", "points": 5}, {"code": "sheng", "name": "省级", "least": 10, "most": 20},
]}  # fmt: skip
MIXED: dict[str, Any] = {"kind": "tiers", "tiers": [
    {"code": code, "name": f"{code.upper()}等", "points": points}
    for code, points in zip("abcd", (5, 2, 0, -3), strict=True)
]}  # fmt: skip
TAKING: dict[str, Any] = {
    "kind": "score_card",
    "items": [{"code": "all", "name": "总分", "most": 100}],
    "grades": [
        {"code": "good", "name": "优", "least": 90, "points": 5},
        {"code": "fair", "name": "中", "least": 60, "points": 0},
        {"code": "poor", "name": "差", "least": 0, "points": -3},
    ],
}
MONEY = {"kind": "per_unit", "points": "0.5", "unit": "元", "each": 100, "whole": False}
BAGS = {"kind": "per_unit", "points": "3.2", "unit": "袋"}
HOURS = {"kind": "per_unit", "points": 1, "unit": "小时", "each": 4, "whole": False}
RANKS = {"kind": "bands", "unit": "名", "bands": [
    {"least": 1, "most": 1, "points": 10}, {"least": 2, "most": 3, "points": 6}, {"least": 4, "most": 10, "points": 2},
]}  # fmt: skip
INCOME = {"kind": "bands", "by": "income", "unit": "元", "bands": [
    {"below": 1000, "points": 0}, {"least": 1000, "below": 5000, "points": 3}, {"least": 5000, "points": 8},
]}  # fmt: skip
ASKS_INCOME = [{"name": "income", "label": "增收金额", "kind": "money", "unit": "元"}]
OVERLAP = {"kind": "bands", "bands": [{"most": 5, "points": 1}, {"least": 5, "points": 2}]}
PERCENT = {"kind": "percent", "percent": "0.5", "of": "income", "unit": "元", "most": 30}
LADDER = {"kind": "ladder", "unit": "小时", "rungs": [
    {"at": 20, "points": 2}, {"at": 50, "points": 5}, {"at": 100, "points": 10},
]}  # fmt: skip
FORMULA = {
    "kind": "formula",
    "formula": "mul(trees, 3) + div(grass, 10)",
    "words": "树每棵3分，草每10平方米1分",
    "most": 40,
}
ASKS_LAND = [
    {"name": "trees", "label": "棵数", "kind": "count"},
    {"name": "grass", "label": "面积", "kind": "number", "required": False},
]
CARD_ITEMS = [
    {"code": "yard", "name": "院内", "most": 40},
    {"code": "room", "name": "室内", "most": 40, "least": 10},
    {"code": "pets", "name": "禽畜", "most": 20},
]
GRADES = [
    {"code": code, "name": name, "least": least, "points": points}
    for code, name, least, points in [("a", "A等", 90, 5), ("b", "B等", 75, 3), ("c", "C等", 60, 1), ("d", "D等", 0, 0)]
]
SCORED = {"kind": "score_card", "items": CARD_ITEMS, "factor": "0.1"}
WHOLE_CARD = {"kind": "score_card", "items": CARD_ITEMS}
DEDUCTED = {"kind": "score_card", "items": CARD_ITEMS, "marks": "deduct", "grades": GRADES}

# 分值怎么写，填写什么，得几分，说明（规则名以后）
CASES: list[tuple[dict[str, Any], dict[str, Any], str, str]] = [
    ({"amount": TIERS}, {"tier": "guojia"}, "50", "（国家级），+50分/次"),
    ({"amount": TIERS}, {"tier": "cun"}, "1", "（村级），+1分/次"),
    ({"amount": COUNTED}, {"tier": "zhen", "quantity": 3}, "15", "（镇级）5分/人 × 3人 = 15分"),
    ({"amount": COUNTED, "sign": "negative"}, {"tier": "cun", "quantity": 2}, "-2", "（村级）−1分/人 × 2人 = −2分"),
    ({"amount": DEGREES, "sign": "negative"}, {"tier": "bad", "points": "4.5"}, "-4.5",
     "（较重），在4至6分内评定，−4.5分"),
    ({"amount": DEGREES, "sign": "negative"}, {"tier": "mild", "points": 1}, "-1", "（一般），在1至3分内评定，−1分"),
    ({"amount": DEGREES, "sign": "negative"}, {"tier": "worst"}, "-10", "（严重），−10分"),
    ({"amount": DEGREES, "sign": "negative"}, {"tier": "worst", "points": "10"}, "-10", "（严重），−10分"),
    ({"amount": PROVINCE}, {"tier": "sheng", "points": 20}, "20", "（省级），在10至20分内评定，+20分/次"),
    ({"amount": PROVINCE}, {"tier": "town", "points": ""}, "5", "（镇级），+5分/次"),
    ({"amount": MIXED}, {"tier": "a"}, "5", "（A等），+5分"),
    ({"amount": MIXED}, {"tier": "c"}, "0", "（C等），0分"),
    ({"amount": MIXED}, {"tier": "d"}, "-3", "（D等），−3分"),
    ({"amount": TAKING}, {"scores": {"all": 90}}, "5", "，得90分（满分100分，总分扣10分），评为优，+5分"),
    ({"amount": TAKING}, {"scores": {"all": "59.5"}}, "-3", "，得59.5分（满分100分，总分扣40.5分），评为差，−3分"),
    ({"amount": TAKING, "fractions": {"places": 0}, "multipliers": {"roles": [
        {"role": "party_member", "name": "党员", "factor": "1.5"}]}},
     {"scores": {"all": 0}, "people": {"roles": frozenset({"party_member"})}}, "-5",
     "，得0分（满分100分，总分扣100分），评为差，−3分，党员乘1.5，为−4.5分，取−5分"),
    ({"amount": BAGS}, {"quantity": 3}, "9.6", "3.2分/袋 × 3袋 = 9.6分"),
    ({"amount": BAGS, "sign": "negative"}, {"quantity": 1}, "-3.2", "−3.2分/袋 × 1袋 = −3.2分"),
    ({"amount": MONEY}, {"quantity": "333.33"}, "1.67", "0.5分/100元 × 333.33元 = 约1.6667分，取1.67分"),
    ({"amount": MONEY | {"rounding": "down"}}, {"quantity": "399.99"}, "1.5",
     "（399.99元，按300元计）0.5分/100元 × 300元 = 1.5分"),
    ({"amount": HOURS}, {"quantity": "6"}, "1.5", "1分/4小时 × 6小时 = 1.5分"),
    ({"amount": HOURS | {"rounding": "up"}}, {"quantity": "0.5"}, "1",
     "（0.5小时，按4小时计）1分/4小时 × 4小时 = 1分"),
    ({"amount": RANKS}, {"quantity": 1}, "10", "（1名，属1名），+10分"),
    ({"amount": RANKS}, {"quantity": 3}, "6", "（3名，属2至3名），+6分"),
    ({"amount": INCOME, "inputs": ASKS_INCOME}, {"inputs": {"income": "4999.99"}}, "3",
     "（4999.99元，属1000元以上不满5000元），+3分"),
    ({"amount": INCOME, "inputs": ASKS_INCOME}, {"inputs": {"income": 5000}}, "8", "（5000元，属5000元以上），+8分"),
    ({"amount": INCOME, "inputs": ASKS_INCOME}, {"inputs": {"income": 0}}, "0", "（0元，属不满1000元），0分"),
    ({"amount": PERCENT, "inputs": ASKS_INCOME}, {"inputs": {"income": "1234.5"}}, "6.17",
     "，1234.5元 × 0.5% = 6.1725分，取6.17分"),
    ({"amount": PERCENT, "inputs": ASKS_INCOME}, {"inputs": {"income": 8000}}, "30",
     "，8000元 × 0.5% = 40分，最多计30分"),
    ({"amount": LADDER}, {"quantity": "49.5"}, "2", "，49.5小时（按累计数计分）"),
    ({"amount": LADDER}, {"quantity": 8}, "0", "，8小时（按累计数计分）"),
    ({"amount": {**LADDER, "counts": "each"}}, {"quantity": 100}, "17", "，100小时（按累计数计分）"),
    ({"amount": FORMULA, "inputs": ASKS_LAND}, {"inputs": {"trees": 4, "grass": "25"}}, "14.5",
     "，树每棵3分，草每10平方米1分，+14.5分"),
    ({"amount": FORMULA, "inputs": ASKS_LAND}, {"inputs": {"trees": 90, "grass": 0}}, "40",
     "，树每棵3分，草每10平方米1分，算得270分，最多计40分"),
    ({"amount": {**FORMULA, "formula": "quantity - 9", "words": "九个以上"}}, {"quantity": 2}, "0",
     "，九个以上，算得-7分，至少计0分"),
    ({"amount": SCORED}, {"scores": {"yard": 38, "room": "35.5", "pets": 20}}, "9.35",
     "，得93.5分（满分100分，院内扣2分、室内扣4.5分），乘0.1，+9.35分"),
    ({"amount": WHOLE_CARD}, {"scores": {"yard": 40, "room": 40, "pets": 20}}, "100", "，得100分（满分100分），+100分"),
    ({"amount": DEDUCTED}, {"scores": {"pets": 10}}, "5", "，得90分（满分100分，禽畜扣10分），评为A等，+5分"),
    ({"amount": DEDUCTED}, {"scores": {"room": 99, "yard": 0}}, "1",
     "，得70分（满分100分，室内扣30分），评为C等，+1分"),
    ({"amount": DEDUCTED}, {"scores": {"room": 40, "yard": 40, "pets": 30}}, "0",
     "，得10分（满分100分，院内扣40分、室内扣30分、禽畜扣20分），评为D等，0分"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "facts", "points", "sentence"), CASES, ids=lambda value: str(value)[:30])
def test_a_case_is_worth_what_it_should_and_says_how(
    changes: dict[str, Any], facts: dict[str, Any], points: str, sentence: str
) -> None:
    award = told(rule(**changes), **facts)
    assert award.undecided is None
    assert award.points == Decimal(points)
    assert award.explanation == f"规则MD-03：植树{sentence}"


@pytest.mark.parametrize(
    ("changes", "facts", "why"),
    [
        ({"amount": COUNTED}, {"tier": "cun"}, "没有填写数量"),
        ({"amount": DEGREES}, {"tier": "bad"}, "没有评定分数（较重4至6分）"),
        ({"amount": DEGREES}, {"points": 5}, "没有选档次（一般、较重、严重）"),
        ({"amount": RANKS}, {"quantity": 11}, "11名不在任何一段里"),
        ({"amount": RANKS}, {"quantity": "1.5"}, "不在任何一段里"),
        ({"amount": OVERLAP}, {"quantity": 5}, "同时落在几段里"),
        ({"amount": RANKS}, {}, "没有填写数量"),
        ({"amount": {"kind": "percent", "percent": 5}}, {"quantity": -3}, "-3不能按比例计分"),
        ({"amount": LADDER}, {}, "没有填写数量"),
        ({"amount": FORMULA, "inputs": ASKS_LAND}, {"inputs": {"trees": 4}}, "不足以计算"),
        ({"amount": SCORED}, {"scores": {"yard": 38}}, "没有打分：室内、禽畜"),
        ({"amount": DEDUCTED}, {}, "没有打分：院内、室内、禽畜"),
        (
            {"amount": {**DEDUCTED, "grades": GRADES[:2]}},
            {"scores": {"yard": 40}},
            "得60分，不到最低一等",
        ),
        ({"amount": {**BAGS, "points": 1_000_000}}, {"quantity": 2}, "分值太大"),
    ],
)
def test_what_cannot_be_decided_goes_to_a_person_with_the_reason(
    changes: dict[str, Any], facts: dict[str, Any], why: str
) -> None:
    award = told(rule(**changes), **facts)
    assert award.undecided and why in award.undecided
    assert award.points == award.redeemable == 0
    assert f"待补充：{award.undecided}" in award.explanation
    assert award.shares == ()


@pytest.mark.parametrize(
    ("amount", "facts", "error"),
    [
        (COUNTED, {"tier": "cun", "quantity": "1.5"}, QuantityInvalid),
        (LADDER, {"quantity": 0}, QuantityInvalid),
        (SCORED, {"scores": {"yard": 41, "room": 10, "pets": 0}}, ScoreInvalid),
        (SCORED, {"scores": {"yard": 1, "room": 9, "pets": 0}}, ScoreInvalid),
        (SCORED, {"scores": {"roof": 1}}, ScoreInvalid),
        (DEDUCTED, {"scores": {"yard": -1}}, ScoreInvalid),
        (DEDUCTED, {"scores": {"yard": "很脏"}}, ScoreInvalid),
    ],
)
def test_a_wrong_figure_is_refused(amount: dict[str, Any], facts: dict[str, Any], error: type[RuleError]) -> None:
    with pytest.raises(error):
        told(rule(amount=amount), **facts)


@pytest.mark.parametrize(
    "amount",
    [
        {"kind": "bands", "bands": [{"least": 5, "most": 3, "points": 1}]},
        {"kind": "bands", "bands": [{"most": 5, "below": 6, "points": 1}]},
        {"kind": "bands", "by": "income", "bands": [{"points": 1}]},
        {"kind": "ladder", "unit": "小时", "rungs": [{"at": 50, "points": 5}, {"at": 20, "points": 2}]},
        {"kind": "ladder", "unit": "小时", "rungs": [{"at": 20, "points": 5}, {"at": 50, "points": 2}]},
        {"kind": "formula", "formula": "mul(trees, 3)", "words": "没有登记的填写项"},
        {"kind": "formula", "formula": "quantity > 3", "words": "结果不是数"},
        {"kind": "formula", "formula": "quantity * 3", "words": "不许的符号"},
        {"kind": "score_card", "items": []},
        {"kind": "score_card", "items": CARD_ITEMS, "grades": GRADES[::-1]},
        {"kind": "score_card", "items": [CARD_ITEMS[0], CARD_ITEMS[0]]},
        {"kind": "score_card", "items": [{"code": "a", "name": "甲", "most": 5, "least": 5}]},
        {"kind": "tiers", "tiers": LEVELS, "counted": True},
        {"kind": "percent", "percent": 0},
    ],
)
def test_an_amount_that_cannot_be_right_is_refused(amount: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        rule(amount=amount)


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (MONEY, "+0.5分/100元"),
        (RANKS, "1名计10分、2至3名计6分、4至10名计2分"),
        (LADDER, "满20小时计2分、满50小时计5分、满100小时计10分"),
        (DEDUCTED, "A等+5分、B等+3分、C等+1分、D等0分"),
        (SCORED, "满分10分"),
    ],
)
def test_the_printed_rulebook_states_the_price(amount: dict[str, Any], text: str) -> None:
    assert rule(amount=amount).price_text == text


GIFTS = {"kind": "bands", "bands": [{"least": 0, "below": 30000, "points": 20}, {"least": 30000, "points": 10}]}
FEN = {"kind": "formula", "formula": "div(quantity, 5)", "words": "每5元1分"}


@pytest.mark.parametrize(
    ("amount", "sign", "text"),
    [
        (GIFTS, "positive", "不满30000计20分、30000以上计10分"),
        (GIFTS, "negative", "不满30000扣20分、30000以上扣10分"),
        (GIFTS | {"unit": "元"}, "positive", "不满30000元计20分、30000元以上计10分"),
        (FEN, "positive", "每5元1分"),
        (FEN, "negative", "扣分，每5元1分"),
        (LADDER, "negative", "满20小时扣2分、满50小时扣5分、满100小时扣10分"),
        (SCORED, "negative", "最多扣10分"),
        (DEDUCTED, "negative", "A等−5分、B等−3分、C等−1分、D等0分"),
    ],
)
def test_what_is_a_sentence_of_its_own_has_no_sign_before_it(amount: dict[str, Any], sign: str, text: str) -> None:
    assert rule(amount=amount, sign=sign).price_text == text


@pytest.mark.parametrize(
    ("fractions", "points", "end"),
    [
        ({"places": 0}, "4", "，取4分"),
        ({"places": 0, "rounding": "down"}, "3", "，取3分"),
        ({"places": 1}, "3.6", "，取3.6分"),
        ({"places": 1, "rounding": "down"}, "3.5", "，取3.5分"),
        ({"places": 2}, "3.55", "= 3.55分"),
    ],
)
def test_a_rule_keeps_the_fractions_it_says(fractions: dict[str, Any], points: str, end: str) -> None:
    land = {"kind": "per_unit", "points": "3.55", "unit": "亩", "whole": False}
    award = told(rule(amount=land, fractions=fractions), quantity=1)
    assert award.points == Decimal(points)
    assert award.explanation.endswith(end)


def test_deductions_are_rounded_by_their_magnitude() -> None:
    land = {"kind": "per_unit", "points": "2.5", "unit": "亩", "whole": False}
    spec = rule(amount=land, sign="negative", fractions={"places": 0})
    assert told(spec, quantity=1).points == -3


@pytest.mark.parametrize(
    ("tier", "points", "why"),
    [
        ("bad", 7, "定为“较重”的，分数应在4至6分之间"),
        ("bad", "3.5", "应在4至6分之间"),
        ("mild", "1.25", "每档相差0.5分"),
        ("mild", "很多", "不是数字"),
        ("worst", 8, "“严重”固定10分"),
    ],
)
def test_points_that_the_chosen_tier_cannot_give_are_refused(tier: str, points: Any, why: str) -> None:
    with pytest.raises(PointsOutOfRange, match=why) as refusal:
        told(rule(amount=DEGREES), tier=tier, points=points)
    assert refusal.value.field == "points"


@pytest.mark.parametrize(
    ("tier", "more", "why"),
    [
        ({"least": 4, "most": 2}, {}, "“较重”写的是4至2分，最少的应当低于最多的"),
        ({"least": 4, "most": 4}, {}, "最少的应当低于最多的"),
        ({"least": 4}, {}, "“较重”的最少和最多几分要一起写"),
        ({"points": 5, "least": 4, "most": 6}, {}, "“较重”要写固定几分，或者写从几分到几分"),
        ({}, {}, "“较重”要写固定几分"),
        ({"least": 4, "most": 6}, {"counted": True, "per": "人"}, "由评议定分的档次不能再乘数量"),
    ],
)
def test_a_tier_says_how_much_in_one_way(tier: dict[str, Any], more: dict[str, Any], why: str) -> None:
    tiers = [{"code": "mild", "name": "一般", "points": 1}, {"code": "bad", "name": "较重", **tier}]
    with pytest.raises(ValidationError, match=why):
        rule(amount={"kind": "tiers", "tiers": tiers, **more})


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"amount": MIXED, "sign": "negative"}, "有加有扣的条目选“加分”"),
        ({"amount": MIXED, "repeat": {"nth": 2}}, "不能再设连续奖励、加倍"),
        ({"amount": TAKING, "cooldown": {"days": 5}}, "不能再设连续奖励、加倍"),
        ({"amount": TAKING, "effect": {"kind": "bar_honours", "text": "取消评优"}}, "后果另写一条扣分条目"),
        ({"amount": {**MIXED, "tiers": MIXED["tiers"][:3]}}, "0分的档次只用在有加有扣的条目里"),
        ({"amount": {**MIXED, "tiers": MIXED["tiers"][2:]}}, "每一档都是扣分的"),
        ({"amount": {**TAKING, "grades": TAKING["grades"][1:]}}, "每一等都是扣分的"),
    ],
)
def test_what_gives_and_takes_says_so_in_one_way(changes: dict[str, Any], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        rule(**changes)


def test_the_price_of_what_gives_and_takes_shows_every_sign() -> None:
    assert rule(amount=MIXED).price_text == "A等+5分、B等+2分、C等0分、D等−3分"
    assert rule(amount=TAKING).price_text == "优+5分、中0分、差−3分"
