"""Who tells, who scores, what has to be shown, and the rules for what no other rule names."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from scoring.rules.errors import InputInvalid, PointsOutOfRange, RatingInvalid
from tests.scoring.rules.build import A_DAY, rule, told

SPAN = {"kind": "range", "least": 0, "most": 10, "step": "0.5"}
PANEL = {"parts": [{"who": "panel", "least": 3}], "most": 10}
THREE_SIDES = {"most": 10, "parts": [
    {"who": "self", "weight": "0.2"},
    {"who": "neighbour", "weight": "0.3", "least": 2},
    {"who": "panel", "weight": "0.5"},
]}  # fmt: skip


@pytest.mark.parametrize(
    ("rating", "marks", "expected", "sentence"),
    [
        (PANEL, {"panel": [8, 9, "7.5"]}, "8", "，评议小组3份平均约8.1667，得约8.1667，在0至10分内评定，+8分"),
        (PANEL | {"method": "middle"}, {"panel": [0, 9, 8, 10]}, "8.5",
         "，评议小组4份平均8.5，得8.5，在0至10分内评定，+8.5分"),
        (PANEL | {"method": "median"}, {"panel": [1, 9, 10]}, "9", "，评议小组3份平均9，得9，在0至10分内评定，+9分"),
        (THREE_SIDES, {"self": [10], "neighbour": [8, 7], "panel": [6]}, "7",
         "，自评1份平均10、互评2份平均7.5、评议小组1份平均6，得7.25，在0至10分内评定，+7分"),
    ],
)  # fmt: skip
def test_marks_of_several_people_make_one_figure(
    rating: dict[str, Any], marks: dict[str, Any], expected: str, sentence: str
) -> None:
    award = told(rule(amount=SPAN, rating=rating), ratings=marks)
    assert award.points == Decimal(expected)
    assert award.explanation.endswith(sentence)


def test_marks_may_fall_into_bands_or_decide_a_condition() -> None:
    hundred = {"parts": [{"who": "neighbour", "least": 2}]}
    bands = {
        "kind": "bands",
        "unit": "分",
        "bands": [{"least": 80, "below": 90, "points": 3}, {"least": 90, "points": 5}],
    }
    award = told(rule(amount=bands, rating=hundred), ratings={"neighbour": [85, "94.5"]})
    assert award.explanation == "规则MD-03：植树，互评2份平均89.75，得89.75（89.75分，属80分以上不满90分），+3分"
    best = rule(rating=hundred, conditions=[{"when": "quantity >= 90", "message": "互评平均90分以上"}])
    assert not told(best, ratings={"neighbour": [89, 90]}).met
    assert told(best, ratings={"neighbour": [91, 90]}).points == 2


def test_too_few_marks_leave_it_undecided() -> None:
    assert told(rule(amount=SPAN, rating=PANEL), ratings={"panel": [8, 9]}).undecided == "评议小组还差1份"
    assert told(rule(amount=SPAN, rating=THREE_SIDES)).undecided == "自评还差1份"


@pytest.mark.parametrize("marks", [{"panel": [11, 1, 1]}, {"panel": "8"}, {"panel": ["好", 1, 1]}, {"self": [1]}])
def test_a_mark_nobody_asked_for_or_outside_the_scale_is_refused(marks: dict[str, Any]) -> None:
    with pytest.raises(RatingInvalid):
        told(rule(amount=SPAN, rating=PANEL), ratings=marks)


PROOFS = {"evidence": "required", "proofs": [{"kind": "photo", "least": 2}, {"kind": "minutes"}]}


def test_evidence_is_asked_by_kind_and_number() -> None:
    assert told(rule(**PROOFS), proofs={"photo": 1}).undecided == "还缺照片1份、会议记录1份"
    assert told(rule(**PROOFS), proofs={"photo": 3, "minutes": 1}).points == 2


def test_evidence_that_is_not_required_or_checked_elsewhere_holds_nothing_up() -> None:
    assert told(rule(**PROOFS | {"evidence": "optional"}), proofs={}).points == 2
    assert told(rule(**PROOFS)).points == 2


CATCH_ALL = {"amount": SPAN, "catch_all": {"most": 10, "names_a_rule": True}}


def test_a_deed_by_analogy_names_the_rule_it_is_likened_to() -> None:
    assert told(rule(**CATCH_ALL), points=5).undecided == "没有写明比照哪一条"
    assert told(rule(**CATCH_ALL), points=5, precedent="md-01").points == 5


def test_other_deeds_earn_up_to_five_points_whatever_multiplies_them() -> None:
    spec = rule(amount={**SPAN, "most": 5}, catch_all={"most": 5}, heads="times")
    assert told(spec, points=5, people={"members": ("甲",)}).points == 5
    with pytest.raises(PointsOutOfRange, match="最多5分"):
        told(spec, points=5, people={"members": ("甲", "乙")})


def test_a_feed_is_among_the_declarers_and_names_its_kind() -> None:
    feed = {"code": "smart-bin", "name": "智能垃圾箱", "kind": "device"}
    assert rule(declarers=["feed"], feed=feed).feed
    with pytest.raises(ValidationError):
        rule(feed=feed)


@pytest.mark.parametrize(
    "wrong",
    [
        {"rating": {"parts": [{"who": "self", "weight": "0.5"}]}},
        {"rating": {"parts": [{"who": "self", "weight": "0.5"}, {"who": "self", "weight": "0.5"}]}},
        {"evidence": "none", "proofs": [{"kind": "photo"}]},
        {"amount": SPAN, "catch_all": {"most": 5}},
        {"catch_all": {"most": 1}},
        {"amount": {"kind": "per_unit", "points": 1, "unit": "棵"}, "rating": PANEL},
        {"proofs": [{"kind": "photo", "least": 0}]},
    ],
)
def test_a_source_that_cannot_be_right_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        rule(**wrong)


def asks(kind: str, **more: Any) -> dict[str, Any]:
    return {"inputs": [{"name": "it", "label": "内容", "kind": kind, **more}]}


@pytest.mark.parametrize(
    ("kind", "sent"),
    [
        ("date_range", "2024-02-28/2024-03-01"),
        ("date_range", [date(2024, 2, 28), "2024-03-01"]),
        ("household", "3组12号"),
        ("photo", "scoring/1.jpg"),
        ("photo", ["scoring/1.jpg", "scoring/2.jpg"]),
    ],
)
def test_ranges_households_and_photos_are_read(kind: str, sent: Any) -> None:
    assert told(rule(**asks(kind)), inputs={"it": sent}).points == 2


@pytest.mark.parametrize(
    ("kind", "sent", "why"),
    [
        ("date_range", "2024-03-01", "起止两个日期"),
        ("date_range", "2024-03-01/2024-02-28", "结束日期早于开始日期"),
        ("date_range", "2024-02-30/2024-03-01", "应当是日期"),
        ("date_range", 5, "起止两个日期"),
        ("photo", 5, "应当是照片"),
        ("photo", [""], "应当是照片"),
        ("photo", ["p"] * 21, "照片最多 20 张"),
        ("household", 12, "文字"),
        ("number", 3, "不能小于5"),
        ("number", 9, "不能大于8"),
    ],
)
def test_what_is_no_range_or_photo_or_out_of_bounds_is_refused(kind: str, sent: Any, why: str) -> None:
    bounds = {"least": 5, "most": 8} if kind == "number" else {}
    with pytest.raises(InputInvalid, match=why):
        told(rule(**asks(kind, **bounds)), inputs={"it": sent})


def test_a_choice_is_one_of_those_offered_and_a_yes_is_yes() -> None:
    spec = rule(**asks("choice", choices=["红事", "白事"]))
    assert told(spec, inputs={"it": "白事"}).points == 2
    with pytest.raises(InputInvalid, match="红事、白事"):
        told(spec, inputs={"it": "喜事"})
    assert told(rule(**asks("yes_no")), inputs={"it": True}).points == 2


def test_conditions_see_the_days_of_a_range_over_a_leap_day_and_the_number_of_photos() -> None:
    stay = {"conditions": [{"when": "it_days >= 3 && it_end <= deed_date", "message": "连续住满3天"}]}
    spec = rule(**asks("date_range"), **stay)
    assert told(spec, inputs={"it": "2024-02-28/2024-03-01"}).points == 2
    assert not told(spec, inputs={"it": "2025-02-28/2025-03-01"}).met
    shown = rule(**asks("photo"), conditions=[{"when": "it >= 2", "message": "两张照片"}])
    assert told(shown, inputs={"it": ["a", "b"]}).points == 2
    assert told(shown, inputs={"it": "a"}).explanation.endswith("不计分（两张照片）")


def test_an_empty_range_cannot_be_judged() -> None:
    spec = rule(**asks("date_range", required=False), conditions=[{"when": "it_days >= 3", "message": "住满3天"}])
    assert told(spec, date=A_DAY).undecided == "填写的内容不足以判断“住满3天”"
