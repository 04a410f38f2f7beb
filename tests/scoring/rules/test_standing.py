"""What stands around deeds: effects, lapse, base points, balances, classes of points, pools."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from scoring.rules import balances, classes, effects, expiry, grants, pools
from scoring.rules.spec import Balance, BaseGrant, Pool, Settings
from tests.scoring.rules.build import book, rule, told

LEAP = date(2024, 2, 29)


@pytest.mark.parametrize(
    ("changes", "day", "last"),
    [
        ({"kind": "bar_honours"}, LEAP, date(2024, 12, 31)),
        ({"kind": "bar_honours", "until": "next_year"}, LEAP, date(2025, 12, 31)),
        ({"kind": "bar_honours", "until": "next_year_end"}, LEAP, date(2025, 12, 31)),
        ({"kind": "bar_redemption", "until": "months", "months": 12}, LEAP, date(2025, 2, 28)),
        ({"kind": "bar_redemption", "until": "months", "months": 1}, date(2025, 1, 31), date(2025, 2, 28)),
        ({"kind": "freeze_positive", "until": "date", "day": "2025-06-30"}, LEAP, date(2025, 6, 30)),
        ({"kind": "freeze_positive", "until": "repair"}, LEAP, None),
        ({"kind": "bar_honours", "until": "ever"}, LEAP, None),
        ({"kind": "zero_year"}, LEAP, LEAP),
        ({"kind": "zero_balance"}, LEAP, LEAP),
        ({"kind": "leave_programme", "at_zero": True}, LEAP, LEAP),
    ],
)
def test_an_effect_holds_until_its_last_day(changes: dict[str, Any], day: date, last: date | None) -> None:
    spec = rule(sign="negative", amount={"kind": "fixed", "points": 0}, effect={"text": "后果", **changes})
    [outcome] = effects.outcomes(spec, day)
    assert outcome.last == last
    assert outcome.until_repair == (changes.get("until") == "repair")
    assert not outcome.holds_on(day)


@pytest.mark.parametrize(
    "wrong",
    [
        {"until": "date"},
        {"until": "months"},
        {"day": "2025-06-30"},
        {"months": 3},
        {"stars": 6},
        {"kind": "freeze_positive", "until": "next_year"},
    ],
)
def test_an_effect_without_its_end_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        rule(effects=[{"kind": "bar_honours", "text": "后果", **wrong}])


def test_a_rule_may_have_several_consequences() -> None:
    two = [{"kind": "bar_redemption", "text": "暂停兑换"}, {"kind": "downgrade_star", "text": "降一星"}]
    spec = rule(sign="negative", effect={"kind": "bar_honours", "text": "不评优"}, effects=two)
    kinds = [outcome.kind for outcome in effects.outcomes(spec, LEAP)]
    assert kinds == ["bar_honours", "bar_redemption", "downgrade_star"]


CLASSES = [
    {"code": "shan", "name": "善行分", "weight": "1.5"},
    {"code": "rongyu", "name": "荣誉分", "counts_for": "rank", "keeps": True},
    {"code": "huanjing", "name": "环境分", "weight": "0.5", "expires": {"years": 2}},
]


@pytest.mark.parametrize(
    ("changes", "day", "last", "stays"),
    [
        ({}, LEAP, None, False),
        ({"expires": {"months": 6}}, date(2025, 8, 31), date(2026, 2, 28), True),
        ({"expires": {"years": 1}}, LEAP, date(2025, 2, 28), True),
        ({"expires": {"years": 4}}, LEAP, date(2028, 2, 29), True),
        ({"point_class": "huanjing"}, LEAP, date(2026, 2, 28), True),
        ({"point_class": "huanjing", "expires": {"months": 1}}, LEAP, date(2024, 3, 29), True),
        ({"point_class": "rongyu"}, LEAP, None, True),
        ({"point_class": "shan"}, LEAP, None, False),
        ({"expires": {"years": 9000}}, LEAP, date.max, True),
    ],
)
def test_single_points_lapse_on_the_same_day_or_the_months_last(
    changes: dict[str, Any], day: date, last: date | None, stays: bool
) -> None:
    settings = book(rule(), classes=CLASSES).settings
    assert expiry.last_day(rule(**changes), day, settings) == last
    assert expiry.outlives_the_year(rule(**changes), settings) == stays


def test_an_award_names_its_class_and_its_last_day() -> None:
    award = told(rule(expires={"months": 24}))
    assert award.expires_on == date(2027, 3, 5)
    assert told(rule(point_class="shan")).shares[0].point_class == "shan"
    with pytest.raises(ValidationError):
        book(rule(point_class="shan"))


@pytest.mark.parametrize(("use", "total"), [("rank", "63.25"), ("redeem", "56.25")])
def test_classes_weigh_in_the_total_they_count_for(use: Any, total: str) -> None:
    settings = book(rule(), classes=CLASSES).settings
    held = {"shan": Decimal(30), "rongyu": Decimal(7), "huanjing": Decimal("2.5"), None: Decimal(10)}
    assert classes.weighted(held, settings, use) == Decimal(total)


def test_the_total_of_classes_is_told_as_a_sum() -> None:
    settings = book(rule(), classes=CLASSES).settings
    sentence = classes.told({"shan": Decimal(30), None: Decimal(12)}, settings, "rank")
    assert sentence == "善行分30分 × 1.5 + 其他12分 = 57分"


MEMBERS = [
    {"member": "party_member", "name": "党员", "points": 5},
    {"member": "member", "name": "其他成员", "points": "2.5"},
]


# 怎么发，哪天，何时参加，家里有谁，几分，说明
@pytest.mark.parametrize(
    ("base", "day", "joined", "members", "points", "sentence"),
    [
        ({"when": "joining", "points": 100}, "2025-08-15", "2025-08-15", [], "100",
         "基础分（参加时）：每户100分，计100分"),
        ({"when": "year", "points": 100}, "2025-08-15", "2025-08-15", [], "100", "基础分（每年）：每户100分，计100分"),
        ({"when": "year", "points": 100, "pro_rata": "months"}, "2025-08-15", "2025-08-15", [], "41.67",
         "基础分（每年）：每户100分，按5/12个月折算，计41.67分"),
        ({"when": "year", "points": 100, "pro_rata": "days"}, "2024-02-29", "2024-02-29", [], "83.88",
         "基础分（每年）：每户100分，按307/366天折算，计83.88分"),
        ({"when": "year", "points": 100, "pro_rata": "days"}, "2025-12-31", "2025-12-31", [], "0.27",
         "基础分（每年）：每户100分，按1/365天折算，计0.27分"),
        ({"when": "quarter", "points": 30, "pro_rata": "months"}, "2025-06-01", "2025-05-31", [], "20",
         "基础分（每季度）：每户30分，按2/3个月折算，计20分"),
        ({"when": "month", "points": 10, "pro_rata": "days"}, "2024-02-01", "2024-02-20", [], "3.45",
         "基础分（每月）：每户10分，按10/29天折算，计3.45分"),
        ({"when": "month", "points": 10}, "2025-03-01", "2025-04-01", [], "0",
         "基础分（每月）：每户10分，参加以前的不发，计0分"),
        ({"when": "year", "members": MEMBERS}, "2025-01-01", "2020-01-01", ["party_member", "child", "member"], "10",
         "基础分（每年）：党员5分 × 1人 + 其他成员2.5分 × 2人，计10分"),
        ({"when": "year", "members": MEMBERS[:1]}, "2025-01-01", "2020-01-01", ["child"], "0",
         "基础分（每年）：没有符合的成员，计0分"),
    ],
)  # fmt: skip
def test_base_points_are_whole_or_for_the_part_of_the_period(
    base: dict[str, Any], day: str, joined: str, members: list[str], points: str, sentence: str
) -> None:
    made = grants.grant(
        BaseGrant.model_validate(base), day=date.fromisoformat(day), joined=date.fromisoformat(joined), members=members
    )
    assert (made.points, made.redeemable) == (Decimal(points), Decimal(0))
    assert made.explanation == sentence


def test_base_points_follow_the_rulebooks_fractions_and_may_be_redeemable() -> None:
    base = BaseGrant(when="year", points=Decimal(100), pro_rata="months", redeemable=True)
    settings = Settings.model_validate({"fractions": {"places": 0, "rounding": "down"}})
    made = grants.grant(base, day=date(2025, 8, 1), joined=date(2025, 8, 1), settings=settings)
    assert made.points == made.redeemable == 41
    assert grants.last_day(base, date(2024, 2, 29)) == date(2024, 12, 31)


@pytest.mark.parametrize(
    "wrong",
    [{"when": "year"}, {"when": "joining", "points": 5, "pro_rata": "days"}, {"when": "week", "points": 5}],
)
def test_base_points_that_cannot_be_right_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        BaseGrant.model_validate(wrong)


# 界限，现有几分，变动几分，实际变动几分
@pytest.mark.parametrize(
    ("bounds", "balance", "change", "moved"),
    [
        ({}, 3, -10, -10),
        ({"negative": "zero"}, 3, -10, -3),
        ({"negative": "zero"}, 0, -10, 0),
        ({"negative": "zero"}, -4, -10, 0),
        ({"negative": "carried"}, 3, -10, -10),
        ({"floor": -5}, 3, -10, -8),
        ({"floor": 60}, 60, -1, 0),
        ({"ceiling": 100}, 98, 5, 2),
        ({"ceiling": 100}, 120, 5, 0),
        ({"ceiling": 100}, 98, -5, -5),
        ({"floor": -5}, 3, 10, 10),
    ],
)
def test_a_balance_moves_within_its_bounds(bounds: dict[str, Any], balance: int, change: int, moved: int) -> None:
    found = balances.moved(Decimal(balance), Decimal(change), Balance.model_validate(bounds))
    assert found.points == moved
    assert found.points + found.kept_back == change
    assert bool(found.why) == (moved != change)


@pytest.mark.parametrize(("negative", "carried"), [("allowed", 0), ("zero", 0), ("carried", -7)])
def test_a_debt_goes_into_the_next_year_only_where_the_rulebook_says_so(negative: Any, carried: int) -> None:
    assert balances.carried(Decimal(-7), Balance(negative=negative)) == carried
    assert balances.carried(Decimal(7), Balance(negative=negative)) == 0


def test_only_what_lies_above_the_base_can_be_exchanged_where_the_rulebook_says_so() -> None:
    above, all_of_it = Settings(redeem_above_base=True), Settings()
    assert balances.exchangeable(Decimal(130), Decimal(100), Decimal(10), above) == 20
    assert balances.exchangeable(Decimal(90), Decimal(100), Decimal(0), above) == 0
    assert balances.exchangeable(Decimal(130), Decimal(100), Decimal(10), all_of_it) == 120


@pytest.mark.parametrize("wrong", [{"floor": 5, "ceiling": 3}, {"negative": "zero", "floor": -1}])
def test_bounds_that_contradict_each_other_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Balance.model_validate(wrong)


THREE = {"王家": Decimal(1), "李家": Decimal(1), "张家": Decimal(1)}


# 怎么分，多少钱，每户几分，各得多少，余多少
@pytest.mark.parametrize(
    ("changes", "amount", "points", "shares", "residue"),
    [
        ({}, "100", THREE, ["33.33", "33.33", "33.33"], "0.01"),
        ({"residue": "largest"}, "100", THREE, ["33.34", "33.33", "33.33"], "0"),
        ({"rounding": "nearest"}, "200", THREE, ["66.67", "66.67", "66.66"], "0"),
        ({"places": 0}, "100", THREE, ["33", "33", "33"], "1"),
        ({"places": 0, "residue": "largest"}, "100.50", THREE, ["34", "33", "33"], "0.50"),
        ({"least_points": 50}, "1000", {"a": Decimal(100), "b": Decimal("49.5"), "c": Decimal(-3)}, ["1000"], "0"),
        ({}, "1000", {"a": Decimal(-1), "b": Decimal(0)}, [], "1000"),
        ({}, "18600", {"a": Decimal("120.5"), "b": Decimal("79.5")}, ["11206.50", "7393.50"], "0"),
    ],
)
def test_a_pool_is_divided_by_points_and_its_residue_is_shown(
    changes: dict[str, Any], amount: str, points: dict[str, Decimal], shares: list[str], residue: str
) -> None:
    pool = Pool.model_validate({"code": "fenhong", "name": "积分分红", **changes})
    found = pools.divide(pool, Decimal(amount), points)
    assert list(found.shares.values()) == [Decimal(share) for share in shares]
    assert found.residue == Decimal(residue)


def test_a_pool_tells_what_a_point_was_worth() -> None:
    pool = Pool(code="fenhong", name="积分分红", residue="next")
    sentence = pools.divide(pool, Decimal(100), THREE).explanation
    assert sentence == "积分分红：100元 ÷ 3分，1分约33.3333元，3户，2位小数以下舍去，余0.01元转入下一期"


@given(
    st.decimals(0, 1_000_000, places=2),
    st.dictionaries(st.text("abcdef", min_size=1), st.decimals(-50, 5000, places=2), max_size=30),
    st.sampled_from([("down", "kept"), ("down", "next"), ("down", "largest"), ("nearest", "kept")]),
    st.integers(0, 2),
)
def test_no_pool_pays_more_than_it_has_or_loses_a_fen(
    amount: Decimal, points: dict[str, Decimal], ways: tuple[Any, Any], places: int
) -> None:
    pool = Pool(code="p", name="分红", rounding=ways[0], residue=ways[1], places=places)
    found = pools.divide(pool, amount, points)
    assert sum(found.shares.values()) + found.residue == amount
    assert found.residue >= 0
    assert all(share >= 0 for share in found.shares.values())
