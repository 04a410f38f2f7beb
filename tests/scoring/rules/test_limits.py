"""Caps in posting order: what is left, and why."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.rules import limits, periods
from scoring.rules.limits import Candidate, apply_limits, bucket
from scoring.rules.spec import BookLimit, RuleSpec
from scoring.rules.spec_limits import keyed
from tests.scoring.rules.build import rule

A_DAY = date(2025, 3, 5)


def deed(spec: RuleSpec, points: int | str, day: date = A_DAY, **who: Any) -> Candidate:
    where = {"household": "张家", "village": "一村", **who}
    return Candidate(f"{day}", spec, day, Decimal(points), **where)


def capped(*caps: dict[str, Any], **changes: Any) -> RuleSpec:
    return rule(limits=list(caps), **changes)


MONTHLY_30 = {"kind": "points", "value": 30, "period": "month"}
TWICE_A_MONTH = {"kind": "count", "value": 2, "period": "month"}


def test_a_points_cap_clips_and_says_how_much_was_left() -> None:
    spec = capped(MONTHLY_30)
    item = deed(spec, 36)
    [award] = apply_limits([item], {bucket(item, 0): Decimal(6)})
    assert award.points == 24
    assert award.explanation == "本月上限30分，已得6分，计24分"


def test_a_count_cap_lets_the_first_ones_in() -> None:
    awards = apply_limits([deed(capped(TWICE_A_MONTH), 5)] * 3)
    assert [award.points for award in awards] == [5, 5, 0]
    assert awards[2].explanation == "本月限计2次，已计2次，不再计分"
    assert awards[0].explanation is None


def test_deeds_that_are_worth_nothing_use_up_no_count() -> None:
    spec = capped(TWICE_A_MONTH)
    assert [award.points for award in apply_limits([deed(spec, value) for value in (0, 5, 0, 5, 5)])] == [0, 5, 0, 5, 0]


def test_limits_apply_one_after_another_in_the_rules_order() -> None:
    spec = capped(TWICE_A_MONTH, {"kind": "points", "value": 8, "period": "year"})
    awards = apply_limits([deed(spec, 5)] * 3)
    assert [award.points for award in awards] == [5, 3, 0]
    assert awards[1].explanation == "本年上限8分，已得5分，计3分"


def test_a_cap_goes_on_where_another_version_has_it_at_another_place() -> None:
    yearly = {"kind": "points", "value": 8, "period": "year"}
    before, after = capped(yearly), capped(TWICE_A_MONTH, yearly)
    awards = apply_limits([deed(before, 5), deed(after, 2), deed(after, 5), deed(after, 5)])
    assert [award.points for award in awards] == [5, 2, 1, 0]


def test_a_caps_key_says_what_it_is_and_tells_two_alike_apart() -> None:
    meal = {"kind": "count", "value": 1, "period": "ever", "by": "event"}
    told = rule(
        limits=[MONTHLY_30, meal, MONTHLY_30 | {"value": 9}],
        inputs=[{"name": "event", "label": "活动", "kind": "text"}],
    )
    keys = [key for key, _ in keyed(told.limits)]
    assert keys == ["points/month/household", "count/ever/household/event", "points/month/household#2"]


def test_a_cap_over_named_items_keeps_its_key_when_others_join() -> None:
    told = {"kind": "points", "value": 5, "period": "year"}
    for rules in (("a-01", "a-02"), ("a-01", "a-02", "a-03")):
        [(key, _)] = keyed([BookLimit.model_validate(told | {"rules": rules})])
        assert key == "points/year/household/positive/a-01"


def test_deductions_are_capped_by_their_magnitude() -> None:
    spec = capped({"kind": "points", "value": 6, "period": "month"}, sign="negative")
    awards = apply_limits([deed(spec, -4)] * 3)
    assert [award.points for award in awards] == [-4, -2, 0]
    assert awards[1].explanation == "本月扣分上限6分，已扣4分，计−2分"


def test_each_month_household_and_resident_has_a_cap_of_its_own() -> None:
    monthly = capped({"kind": "count", "value": 1, "period": "month", "scope": "resident"})
    deeds = [
        deed(monthly, 5, resident="张三"),
        deed(monthly, 5, resident="李四"),
        deed(monthly, 5, resident="张三"),
        deed(monthly, 5, date(2025, 4, 1), resident="张三"),
        deed(monthly, 5),
        deed(monthly, 5, household="王家"),
    ]
    assert [award.points for award in apply_limits(deeds)] == [5, 5, 0, 5, 5, 5]


def test_a_village_shares_its_cap() -> None:
    spec = capped({"kind": "points", "value": 8, "period": "ever", "scope": "village"})
    deeds = [deed(spec, 5), deed(spec, 5, household="王家"), deed(spec, 5, village="二村")]
    assert [award.points for award in apply_limits(deeds)] == [5, 3, 5]


def test_a_once_only_rule_counts_once_for_a_household_in_all_years() -> None:
    spec = rule(once=True)
    awards = apply_limits([deed(spec, 2), deed(spec, 2, date(2030, 1, 1))])
    assert [award.points for award in awards] == [2, 0]


def test_two_rules_do_not_share_a_cap() -> None:
    caps = {"limits": [TWICE_A_MONTH]}
    deeds = [deed(rule(code="a-01", **caps), 1)] * 2 + [deed(rule(code="a-02", **caps), 1)] * 2
    assert [award.points for award in apply_limits(deeds)] == [1, 1, 1, 1]


@pytest.mark.parametrize(
    ("period", "start"),
    [
        ("day", date(2025, 5, 7)),
        ("week", date(2025, 5, 5)),
        ("month", date(2025, 5, 1)),
        ("quarter", date(2025, 4, 1)),
        ("halfyear", date(2025, 1, 1)),
        ("year", date(2025, 1, 1)),
        ("ever", date.min),
    ],
)
def test_a_period_starts_on_its_first_day(period: Any, start: date) -> None:
    assert periods.start(period, date(2025, 5, 7)) == start


CAPS: st.SearchStrategy[dict[str, Any]] = st.builds(
    dict,
    kind=st.sampled_from(["points", "count"]),
    value=st.integers(1, 20),
    period=st.sampled_from(["day", "week", "month", "quarter", "year", "ever"]),
    scope=st.sampled_from(["resident", "household", "village"]),
)
DEEDS = st.lists(
    st.tuples(st.integers(0, 15), st.integers(0, 400), st.sampled_from("甲乙丙"), st.sampled_from(["子", None])),
    max_size=25,
)


def made(caps: list[dict[str, Any]], raw: list[tuple[int, int, str, str | None]], sign: str) -> list[Candidate]:
    spec = capped(*caps, sign=sign)
    start = date(2025, 1, 1)
    return [
        deed(spec, points * spec.factor, start + timedelta(days), household=home, resident=home + who if who else None)
        for points, days, home, who in raw
    ]


@given(st.lists(CAPS, max_size=3), DEEDS, st.sampled_from(["positive", "negative"]))
def test_no_cap_is_ever_exceeded(caps: list[dict[str, Any]], raw: Any, sign: str) -> None:
    deeds = made(caps, raw, sign)
    awards = apply_limits(deeds)
    for index, cap in enumerate(caps):
        totals: dict[limits.Bucket, Decimal] = {}
        for item, award in zip(deeds, awards, strict=True):
            taken = abs(award.points) if cap["kind"] == "points" else Decimal(bool(award.points))
            where = bucket(item, index)
            totals[where] = totals.get(where, Decimal(0)) + taken
        assert all(total <= cap["value"] for total in totals.values())


@given(st.lists(CAPS, max_size=3), DEEDS, st.sampled_from(["positive", "negative"]))
def test_a_cap_only_takes_and_always_says_why(caps: list[dict[str, Any]], raw: Any, sign: str) -> None:
    deeds = made(caps, raw, sign)
    for item, award in zip(deeds, apply_limits(deeds), strict=True):
        assert 0 <= abs(award.points) <= abs(item.points)
        assert award.points * item.points >= 0
        assert (award.points == item.points) == (award.explanation is None)


@given(CAPS, DEEDS, st.integers(0, 25))
def test_posting_in_two_batches_gives_what_one_batch_gives(cap: dict[str, Any], raw: Any, cut: int) -> None:
    """For one limit: what the first batch took is what the second finds used."""
    deeds = made([cap], raw, "positive")
    first = apply_limits(deeds[:cut])
    used: dict[limits.Bucket, Decimal] = {}
    for item, award in zip(deeds[:cut], first, strict=True):
        taken = award.points if cap["kind"] == "points" else Decimal(bool(award.points))
        used[bucket(item, 0)] = used.get(bucket(item, 0), Decimal(0)) + taken
    both = [*first, *apply_limits(deeds[cut:], used)]
    assert [award.points for award in both] == [award.points for award in apply_limits(deeds)]
