"""某镇（seed 003）：报告里给出分值的每一项，以及名次、门槛和数字。"""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from scoring.rules import engine, library, limits
from scoring.rules.engine import Facts
from scoring.rules.limits import Candidate

SCHEME = library.load("seed_003")
A_DAY = date(2025, 8, 5)

# 条目，做了什么，填写了什么，得（扣）多少分，清单上怎么写
STATED: list[tuple[str, str, dict[str, Any], int | str, str]] = [
    ("hj-01", "每日清扫自家院落", {}, 1, "+1分/日"),
    ("hj-02", "主动清理公共路段垃圾", {}, 3, "+3分"),
    ("gl-01", "子女每月视频问候父母", {}, 2, "+2分/月"),
    ("gl-02", "志愿者结对帮扶独居老人", {"subject": "resident"}, 5, "+5分/次"),
    ("mt-01", "主动参与邻里纠纷调解", {"subject": "resident"}, 5, "+5分/次"),
    ("mt-02", "化解并签订协议", {"subject": "resident", "inputs": {"agreement_signed": "是"}}, 10, "+10分/次"),
    ("yf-01", "简办婚事", {"inputs": {"occasion": "红事", "bride_price": 80000, "tables": 15}}, 20, "+20分"),
    ("yf-01", "简办丧事", {"inputs": {"occasion": "白事", "tables": 10}}, 20, "+20分"),
    ("yf-f01", "大操大办被举报核实", {}, -15, "−15分"),
    ("st-01", "种了十二棵树", {"quantity": 12}, 36, "+3分/棵"),
    ("st-f01", "违规焚烧秸秆被通报", {}, -10, "−10分"),
    ("cy-01", "两亩半庭院种特色果蔬", {"quantity": "2.5"}, "12.5", "+5分/亩"),
    ("cy-02", "带动三户村民增收", {"inputs": {"households_helped": 3}}, 20, "+20分"),
]


@pytest.mark.parametrize(("code", "deed", "facts", "points", "listed"), STATED, ids=lambda value: str(value)[:20])
def test_each_figure_of_the_report(code: str, deed: str, facts: dict[str, Any], points: int | str, listed: str) -> None:
    rule = SCHEME.rulebook.rule(code)
    award = engine.price(rule, Facts(date=A_DAY, **facts))
    assert (award.points, rule.price_text) == (Decimal(points), listed), deed
    assert rule.figures == "seed"


def test_twelve_trees_are_explained_as_a_sum() -> None:
    award = engine.price(SCHEME.rulebook.rule("st-01"), Facts(date=A_DAY, quantity=12))
    assert award.explanation == "规则ST-01：植树造林3分/棵 × 12棵 = 36分"


@pytest.mark.parametrize(
    ("bride_price", "tables", "why"),
    [(80001, 15, "彩礼不超过8万元"), ("80000.01", 15, "彩礼不超过8万元"), (80000, 16, "宴席不超过15桌")],
)
def test_a_wedding_above_the_bounds_earns_nothing_and_says_why(bride_price: Any, tables: int, why: str) -> None:
    sent = {"occasion": "红事", "bride_price": bride_price, "tables": tables}
    award = engine.price(SCHEME.rulebook.rule("yf-01"), Facts(date=A_DAY, inputs=sent))
    assert not award.met
    assert award.points == 0
    assert why in award.explanation


def test_a_wedding_without_its_bride_price_stays_undecided() -> None:
    sent = {"occasion": "红事", "tables": 10}
    award = engine.price(SCHEME.rulebook.rule("yf-01"), Facts(date=A_DAY, inputs=sent))
    assert award.points == 0
    assert award.undecided and "彩礼" in award.undecided


def test_helping_two_households_is_not_enough() -> None:
    award = engine.price(SCHEME.rulebook.rule("cy-02"), Facts(date=A_DAY, inputs={"households_helped": 2}))
    assert not award.met
    assert award.points == 0


def test_the_yard_swept_twice_on_one_day_counts_once() -> None:
    rule = SCHEME.rulebook.rule("hj-01")
    twice = [Candidate(key, rule, A_DAY, Decimal(1), household="张家", village="一村") for key in ("早", "晚")]
    assert [item.points for item in limits.apply_limits(twice)] == [1, 0]


def test_a_second_call_home_in_the_same_month_counts_nothing() -> None:
    rule = SCHEME.rulebook.rule("gl-01")
    days = [date(2025, 8, 5), date(2025, 8, 20), date(2025, 9, 1)]
    calls = [Candidate(str(day), rule, day, Decimal(2), household="张家", village="一村") for day in days]
    assert [item.points for item in limits.apply_limits(calls)] == [2, 0, 2]


def test_items_named_without_a_score_are_marked_as_examples() -> None:
    examples = [rule.title for rule in SCHEME.rulebook.rules if rule.figures == "example"]
    assert examples == ["落实门前三包", "做好垃圾分类", "参与公共区域清扫"]


def test_the_first_tenth_is_put_forward_and_below_sixty_none_is_honoured() -> None:
    honours = SCHEME.policy.honours
    assert honours.barred_below == 60
    assert [title.top_share for title in honours.titles if title.top_share] == [Decimal("0.1")]
    assert {"文明家庭", "最美婆媳", "优秀党员"} <= {title.name for title in honours.titles}


def test_the_first_fifty_get_loans_and_elders_from_three_hundred_a_health_check() -> None:
    benefits = {benefit.name: benefit for benefit in SCHEME.policy.benefits}
    assert benefits["小额贴息贷款"].top_count == 50
    assert benefits["年度健康体检"].least_points == 300
    assert benefits["年度健康体检"].is_example("least_age")


def test_twenty_one_shops_take_card_or_code() -> None:
    redemption = SCHEME.policy.redemption
    assert (redemption.shops, redemption.carriers) == (21, ("card", "code"))
    assert redemption.network == ("超市", "农资店", "理发店")


def test_the_reported_results_are_kept_as_figures() -> None:
    figures = [fact.value for fact in SCHEME.policy.background.facts]
    assert figures == [7, 21, Decimal("18.6"), 2300, 42, 11]
