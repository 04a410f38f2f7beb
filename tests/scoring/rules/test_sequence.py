"""What looks back at posted deeds: caps of all periods and scopes, and everything that is no cap."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from scoring.rules import effects
from scoring.rules.candidates import Candidate
from scoring.rules.engine import People
from scoring.rules.ordering import in_order
from scoring.rules.sequence import History, Result, reach
from tests.scoring.rules.build import TREES, book, deed, points, rule, run, worth

MEETING = [{"name": "event", "label": "哪场活动", "kind": "text"}]


def limited(value: int, period: str, *, kind: str = "points", scope: str = "household", by: str | None = None) -> Any:
    return {"kind": kind, "value": value, "period": period, "scope": scope, "by": by}


def days(*texts: str) -> list[date]:
    return [date.fromisoformat(text) for text in texts]


# 一个周期的最后一天、下一个周期的第一天：上限各算各的
@pytest.mark.parametrize(
    ("period", "last", "first"),
    [
        ("day", "2025-03-05", "2025-03-06"),
        ("week", "2025-03-09", "2025-03-10"),
        ("week", "2024-12-29", "2024-12-30"),
        ("month", "2025-02-28", "2025-03-01"),
        ("month", "2024-02-29", "2024-03-01"),
        ("quarter", "2025-03-31", "2025-04-01"),
        ("halfyear", "2025-06-30", "2025-07-01"),
        ("halfyear", "2025-12-31", "2026-01-01"),
        ("year", "2025-12-31", "2026-01-01"),
    ],
)
@pytest.mark.parametrize("kind", ["points", "count"])
def test_a_cap_ends_with_its_period(period: str, last: str, first: str, kind: str) -> None:
    spec = worth(5, limits=[limited(1 if kind == "count" else 5, period, kind=kind)])
    results = run([deed(spec, day) for day in days(last, last, first, first)])
    assert points(results) == [5, 0, 5, 0]


def test_a_cap_for_ever_has_no_new_year() -> None:
    spec = worth(5, limits=[limited(8, "ever")])
    assert points(run([deed(spec, day) for day in days("2024-02-29", "2025-02-28", "2031-01-01")])) == [5, 3, 0]


def test_the_sentence_of_the_twelve_trees() -> None:
    spec = rule(amount=TREES, number="3.2", limits=[limited(30, "month")])
    results = run([deed(spec, facts={"quantity": 2}), deed(spec, date(2025, 3, 6), facts={"quantity": 12})])
    assert results[1].award.explanation == "规则3.2：植树3分/棵 × 12棵 = 36分，本月上限30分，已得6分，计24分"


def test_half_a_year_is_named() -> None:
    spec = worth(5, limits=[limited(5, "halfyear")])
    last = run([deed(spec), deed(spec, date(2025, 6, 30))])[1]
    assert last.award.explanation.endswith("，本半年上限5分，已得5分，计0分")


def test_a_fraction_of_a_cap_is_left_to_the_cent() -> None:
    spec = worth("3.2", limits=[limited(10, "month")])
    assert points(run([deed(spec)] * 4)) == [Decimal("3.2"), Decimal("3.2"), Decimal("3.2"), Decimal("0.4")]


def test_deductions_of_a_category_are_capped_apart_from_its_awards() -> None:
    shared = [limited(8, "month") | {"sign": "positive"}, limited(4, "month") | {"sign": "negative"}]
    good, bad = worth(5), worth(3, code="md-f01", sign="negative")
    rules = book(good, bad, shared=shared)
    results = run([deed(spec, book=rules) for spec in (good, bad, good, bad)])
    assert points(results) == [5, -3, 3, -1]
    assert results[3].award.explanation.endswith("，本月“美丽建设”扣分上限4分，已扣3分，计−1分")


def test_a_rulebook_caps_all_its_rules_together() -> None:
    one, two = worth(5, code="a-01"), worth(7, code="b-01")
    rules = book(one, two, limits=[limited(10, "year")])
    results = run([deed(one, book=rules), deed(two, book=rules)])
    assert points(results) == [5, 5]
    assert results[1].award.explanation.endswith("，本年总上限10分，已得5分，计5分")


def test_own_category_and_rulebook_caps_all_hold_and_only_what_is_left_uses_them() -> None:
    spec = worth(9, limits=[limited(8, "month")])
    rules = book(spec, shared=[limited(6, "month")], limits=[limited(5, "year")])
    [result] = run([deed(spec, book=rules)])
    assert result.award.points == 5
    assert [part for _, part in result.uses] == [5, 5, 5]


def test_once_per_household_and_event() -> None:
    spec = worth(2, inputs=MEETING, limits=[limited(1, "ever", kind="count", by="event")])
    told = enumerate(["春耕动员会", "春耕动员会 ", "重阳敬老会"], 1)
    deeds = [deed(spec, date(2025, month, 1), facts={"inputs": {"event": event}}) for month, event in told]
    assert points(run(deeds)) == [2, 0, 2]


def test_an_event_is_once_for_each_household() -> None:
    spec = worth(2, inputs=MEETING, limits=[limited(1, "ever", kind="count", by="event")])
    facts = {"inputs": {"event": "春耕动员会"}}
    assert points(run([deed(spec, facts=facts), deed(spec, facts=facts, household="王家")])) == [2, 2]


def test_a_resident_takes_her_cap_along_to_a_new_household() -> None:
    spec = worth(5, subject="resident", limits=[limited(1, "year", kind="count", scope="resident")])
    facts = {"subject": "resident"}
    moved = [
        deed(spec, resident="李四", facts=facts),
        deed(spec, date(2025, 6, 1), household="王家", resident="李四", facts=facts),
    ]
    assert points(run(moved)) == [5, 0]


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (("2025-03-01", "2025-03-07", "2025-03-08"), [5, 0, 5]),
        (("2024-02-28", "2024-03-05", "2024-03-06"), [5, 0, 5]),
        (("2025-12-28", "2026-01-03", "2026-01-04"), [5, 0, 5]),
    ],
)
def test_a_cool_down_counts_days_over_month_ends_and_leap_days(texts: tuple[str, ...], expected: list[int]) -> None:
    results = run([deed(worth(5, cooldown={"days": 7}), day) for day in days(*texts)])
    assert points(results) == expected
    assert results[1].award.explanation.endswith(f"，{texts[0]}已计过，7天内不再计分")


def test_a_late_deed_keeps_its_distance_from_a_later_one_that_is_posted() -> None:
    spec = worth(5, cooldown={"days": 7})
    [first] = run([deed(spec, date(2025, 3, 10))])
    [late] = run([deed(spec, date(2025, 3, 5))], History(posted=[first.posted]))
    assert [first.award.points, late.award.points] == [5, 0]


STREAK = {"length": 3, "period": "month", "bonus": 10}


def test_three_months_running_bring_a_bonus_once() -> None:
    spec = worth(2, streak=STREAK, limits=[limited(1, "month", kind="count")])
    told = days("2024-12-31", "2025-01-05", "2025-02-10", "2025-02-20", "2025-03-05", "2025-04-05", "2025-05-01")
    results = run([deed(spec, day) for day in told])
    assert points(results) == [2, 2, 12, 0, 2, 2, 2]
    assert "，连续3期，另奖10分，共12分" in results[2].award.explanation


def test_a_streak_may_pay_again_for_each_further_run() -> None:
    spec = worth(2, streak=STREAK | {"again": True})
    results = run([deed(spec, date(2025, month, 28)) for month in range(1, 8)])
    assert points(results) == [2, 2, 12, 2, 2, 12, 2]


def test_a_gap_breaks_a_streak_and_a_late_deed_may_close_it() -> None:
    spec = worth(2, streak=STREAK)
    results = run([deed(spec, day) for day in days("2025-01-05", "2025-03-05", "2025-04-05")])
    assert points(results) == [2, 2, 2]
    [late] = run([deed(spec, date(2025, 2, 1))], History(posted=[result.posted for result in results]))
    assert late.award.points == 12


def test_a_late_deed_that_joins_two_runs_brings_no_bonus_that_was_paid() -> None:
    spec = worth(2, streak=STREAK | {"again": True})
    results = run([deed(spec, date(2025, month, 5)) for month in (1, 2, 3, 5, 6, 7)])
    assert points(results) == [2, 2, 12, 2, 2, 12]
    [late] = run([deed(spec, date(2025, 4, 5))], History(posted=[result.posted for result in results]))
    assert late.award.points == 2


def test_a_third_black_list_running_takes_more() -> None:
    spec = worth(2, sign="negative", streak={"length": 3, "period": "quarter", "bonus": 10})
    told = days("2025-01-05", "2025-04-05", "2025-07-05", "2025-10-05")
    results = run([deed(spec, day) for day in told])
    assert points(results) == [-2, -2, -12, -2]
    assert results[2].award.explanation.endswith("，−2分，连续3期，另扣10分，共−12分")


def test_what_a_run_takes_stops_at_the_cap_of_deductions() -> None:
    spec = worth(2, sign="negative", streak=STREAK, limits=[limited(9, "month")])
    results = run([deed(spec, day) for day in days("2025-01-05", "2025-02-05", "2025-03-05")])
    assert points(results) == [-2, -2, -9]


def test_a_warned_deed_is_no_part_of_a_run() -> None:
    spec = worth(2, sign="negative", streak=STREAK, after_warning={})
    results = run([deed(spec, date(2025, month, 5)) for month in (1, 2, 3, 4)])
    assert points(results) == [0, -2, -2, -12]


FALLING = {"amounts": [3, 1]}


def test_the_first_time_five_the_second_three_then_one() -> None:
    results = run([deed(worth(5, repeat=FALLING), date(2025, month, 5)) for month in (3, 4, 5, 6)])
    assert points(results) == [5, 3, 1, 1]
    assert [result.award.explanation.removeprefix("规则MD-03：植树，+5分") for result in results] == [
        "", "，第2次计分，按3分计", "，第3次计分，按1分计", "，第4次计分，按1分计",
    ]  # fmt: skip
    [fresh] = run([deed(worth(5, repeat=FALLING), date(2026, 1, 1))], History([result.posted for result in results]))
    assert fresh.award.points == 5


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"repeat": {"amounts": [0]}}, [5, 0, 0, 0]),
        ({"repeat": {"nth": 3, "amounts": [2]}}, [5, 5, 2, 2]),
        ({"repeat": FALLING, "sign": "negative"}, [-5, -3, -1, -1]),
        ({"repeat": FALLING, "limits": [limited(7, "year")]}, [5, 2, 0, 0]),
    ],
)
def test_what_each_time_brings_is_stated(more: dict[str, Any], expected: list[int]) -> None:
    assert points(run([deed(worth(5, **more), date(2025, month, 5)) for month in (3, 4, 5, 6)])) == expected


def test_what_is_stated_is_multiplied_by_role_and_left_to_who_decides() -> None:
    spec = worth(5, repeat=FALLING, multipliers={"roles": [{"role": "party", "name": "党员", "factor": "1.5"}]})
    facts = {"people": People(roles=frozenset({"party"}))}
    first, second, decided = run(
        [
            deed(spec, facts=facts),
            deed(spec, date(2025, 4, 5), facts=facts),
            deed(spec, date(2025, 5, 5), points=4, facts=facts),
        ]
    )
    assert points([first, second, decided]) == [Decimal("7.5"), Decimal("4.5"), 4]
    assert second.award.explanation.endswith("，第2次计分，按3分计，为4.5分")


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, [-2, -4, -4, -4]),
        ({"grows": True}, [-2, -4, -8, -16]),
        ({"grows": True, "most": 3}, [-2, -4, -6, -6]),
        ({"nth": 3, "factor": "1.5"}, [-2, -2, -3, -3]),
    ],
)
def test_the_nth_time_doubles(more: dict[str, Any], expected: list[int]) -> None:
    spec = worth(2, sign="negative", repeat=more)
    results = run([deed(spec, date(2025, month, 5)) for month in (3, 4, 5, 6)])
    assert points(results) == expected
    [fresh] = run([deed(spec, date(2026, 1, 1))], History(posted=[result.posted for result in results]))
    assert fresh.award.points == -2


def test_the_second_time_is_named_with_its_factor() -> None:
    spec = worth(2, sign="negative", repeat={})
    assert run([deed(spec), deed(spec)])[1].award.explanation.endswith("，第2次扣分，按2倍计，为−4分")


def test_a_deduction_only_after_a_warning() -> None:
    effect = {"kind": "bar_honours", "text": "取消当年评优资格"}
    spec = worth(5, sign="negative", after_warning={"times": 2}, effect=effect)
    results = run([deed(spec, day) for day in days("2025-03-05", "2025-12-31", "2025-12-31", "2026-01-01")])
    assert points(results) == [0, 0, -5, 0]
    assert results[1].award.explanation.endswith("，第2次提醒，不扣分")
    assert [len(result.effects) for result in results] == [0, 0, 1, 0]


def test_the_warning_may_be_a_rule_of_its_own() -> None:
    effect = {"kind": "bar_honours", "text": "口头提醒"}
    warning = rule(code="tx-01", sign="negative", amount={"kind": "fixed", "points": 0}, effect=effect)
    spec = worth(5, sign="negative", after_warning={"rule": "tx-01", "period": "halfyear"})
    told = [deed(spec, date(2025, 3, 5)), deed(warning, date(2025, 4, 1)), deed(spec, date(2025, 6, 30))]
    results = run([*told, deed(spec, date(2025, 7, 1))])
    assert points(results) == [0, 0, -5, 0]
    assert results[0].award.explanation.endswith("，还没有先提醒过，不扣分")


def honours(counts: str, by: str | None = None) -> list[Any]:
    group = {"code": "biaozhang", "counts": counts, "by": by}
    asked = {"inputs": MEETING} if by else {}
    return [worth(value, code=f"by-0{value}", group=group, title=f"表彰{value}", **asked) for value in (2, 5, 9)]


def test_the_highest_of_a_group_counts_and_a_later_higher_one_gets_the_difference() -> None:
    low, middle, high = honours("highest")
    told = [deed(middle, date(2025, 1, 5)), deed(low, date(2025, 2, 5)), deed(high, date(2025, 3, 5))]
    results = run([*told, deed(high, date(2026, 1, 1))])
    assert points(results) == [5, 0, 4, 9]
    assert results[2].award.explanation.endswith("，同组条目只计最高的，已得5分，计4分")


def test_a_group_may_compete_within_one_event_only() -> None:
    low, middle, _ = honours("highest", by="event")
    told = [("甲", low), ("甲", middle), ("乙", low)]
    assert points(run([deed(spec, facts={"inputs": {"event": name}}) for name, spec in told])) == [2, 3, 2]


def test_of_mutually_exclusive_rules_the_first_counts_as_often_as_it_comes() -> None:
    low, middle, _ = honours("first")
    told = [deed(low, date(2025, 1, 5)), deed(middle, date(2025, 2, 5)), deed(low, date(2025, 3, 5))]
    results = run(told)
    assert points(results) == [2, 0, 2]
    assert results[1].award.explanation.endswith("，与“表彰2”不重复计分")


@pytest.mark.parametrize(("day", "expected"), [(date(2025, 3, 5), 0), (date(2025, 3, 6), 3)])
def test_two_rules_do_not_count_together_on_one_day(day: date, expected: int) -> None:
    volunteer, labour = worth(2, code="a-01"), worth(3, code="b-01", not_with={"rules": ["a-01"]})
    assert points(run([deed(volunteer), deed(labour, day)])) == [2, expected]


@pytest.mark.parametrize(("named", "yielding"), [("a-01", "b-01"), ("b-01", "a-01")])
@pytest.mark.parametrize(
    ("period", "day"), [("day", date(2025, 3, 5)), ("month", date(2025, 3, 2)), ("month", date(2025, 3, 20))]
)
def test_the_one_that_names_the_other_yields_whichever_comes_first(
    named: str, yielding: str, period: str, day: date
) -> None:
    told = [
        deed(worth(2, code=named)),
        deed(worth(3, code=yielding, not_with={"rules": [named], "period": period}), day),
    ]
    assert points(run(told)) == points(run(told[::-1]))[::-1] == [2, 0]


def test_of_two_that_name_each_other_the_earlier_counts() -> None:
    one = worth(2, code="a-01", not_with={"rules": ["b-01"], "period": "month"})
    other = worth(3, code="b-01", not_with={"rules": ["a-01"], "period": "month"})
    assert points(run([deed(one), deed(other)])) == [2, 0]
    assert points(run([deed(one), deed(other, date(2025, 3, 1))])) == [0, 3]


def test_of_three_in_a_row_the_one_between_yields_and_the_outer_ones_count() -> None:
    first, middle = (
        worth(2, code="a-01", not_with={"rules": ["b-01"]}),
        worth(3, code="b-01", not_with={"rules": ["c-01"]}),
    )
    assert points(run([deed(first), deed(middle), deed(worth(4, code="c-01"))])) == [2, 0, 4]


def test_a_late_deed_is_shut_out_by_a_posted_one_that_names_it() -> None:
    named = worth(2, code="a-01")
    yielding = worth(3, code="b-01", not_with={"rules": ["a-01"], "period": "month"})
    rules = book(named, yielding)
    [posted] = run([deed(yielding, book=rules)])
    [late] = run([deed(named, date(2025, 3, 1), book=rules)], History(posted=[posted.posted]))
    assert points([posted, late]) == [3, 0]
    assert late.award.explanation.endswith("不重复计分")
    assert reach([deed(named, date(2025, 3, 9), book=rules)])[0::3] == (frozenset({"a-01", "b-01"}), date(2025, 3, 1))


def test_what_earned_nothing_shuts_nothing_out() -> None:
    spent = worth(2, code="a-01", limits=[limited(1, "year", kind="count")])
    other = worth(3, code="b-01", not_with={"rules": ["a-01"]})
    told = [deed(spent, date(2025, 1, 1)), deed(spent), deed(other)]
    assert points(run(told)) == [2, 0, 3]


def test_repair_gives_back_what_was_taken_up_to_a_ceiling() -> None:
    bad = worth(10, code="f-01", sign="negative")
    mend = worth(6, code="hf-01", repair={"rules": ["f-01"], "ceiling": 8})
    results = run([deed(mend, date(2025, 1, 1)), deed(bad), *[deed(mend, date(2025, 4, day)) for day in (1, 2, 3)]])
    assert points(results) == [0, -10, 6, 2, 0]
    assert results[3].award.explanation.endswith("，以前扣10分，最多恢复8分，已恢复6分，计2分")


def test_repair_comes_behind_what_it_repairs_on_its_day_and_behind_nothing_else() -> None:
    bad = worth(10, code="x-01", sign="negative")
    other, mend = worth(4, code="b-01"), worth(6, code="a-01", repair={"rules": ["x-01"]})
    told = [deed(other), deed(mend), deed(bad)]
    assert [one.rule.code for one in in_order(told)] == ["b-01", "x-01", "a-01"] and points(run(told)) == [4, 6, -10]
    elsewhere = [deed(mend, household="李家"), deed(other), deed(bad)]
    assert [one.rule.code for one in in_order(elsewhere)] == ["a-01", "b-01", "x-01"]


def test_repair_of_half_rounds_to_the_cent_and_ends_with_the_year() -> None:
    bad = worth("3.33", code="f-01", sign="negative")
    mend = worth(6, code="hf-01", repair={"share": "0.5"})
    results = run([deed(bad), deed(mend, date(2025, 12, 31)), deed(mend, date(2026, 1, 1))])
    assert points(results)[1:] == [Decimal("1.67"), 0]
    assert results[1].award.explanation.endswith("，以前扣3.33分，可恢复50%，取1.67分，已恢复0分，计1.67分")


def test_a_ladder_of_deductions_says_what_is_taken() -> None:
    spec = rule(sign="negative", amount=LADDER | {"unit": "次", "period": "ever"})
    first, second = run([deed(spec, facts={"quantity": 20}), deed(spec, date(2025, 4, 1), facts={"quantity": 30})])
    assert first.award.explanation.endswith("，累计20次，应扣2分，已扣0分，计−2分")
    assert second.award.explanation.endswith("，累计50次，应扣5分，已扣2分，计−3分")


def test_an_item_without_points_says_what_follows() -> None:
    effects = [{"kind": "zero_year", "text": "当年积分清零"}, {"kind": "bar_honours", "text": "取消评优资格"}]
    spec = worth(0, sign="negative", effect=effects[0], effects=effects[1:])
    assert spec.price_text == "当年积分清零、取消评优资格"
    assert run([deed(spec)])[0].award.explanation == "规则MD-03：植树，当年积分清零、取消评优资格"


LADDER = {"kind": "ladder", "unit": "小时", "rungs": [{"at": 20, "points": 2}, {"at": 50, "points": 5}]}


@pytest.mark.parametrize(("counts", "expected"), [("highest", [0, 2, 3, 0, 0]), ("each", [0, 2, 5, 0, 0])])
def test_a_ladder_climbs_over_the_year(counts: str, expected: list[int]) -> None:
    spec = rule(amount=LADDER | {"counts": counts})
    hours = ["19.5", "0.5", "30", "40"]
    told = [deed(spec, date(2025, month, 1), facts={"quantity": each}) for month, each in enumerate(hours, 1)]
    assert points(run([*told, deed(spec, date(2026, 1, 1), facts={"quantity": 19})])) == expected


def test_a_ladder_says_how_far_it_is() -> None:
    spec = rule(amount=LADDER)
    results = run([deed(spec, facts={"quantity": 30}), deed(spec, facts={"quantity": 25})])
    assert "，本年累计55小时，应得5分，已得2分，计3分" in "".join(one.award.explanation for one in results)


def test_a_late_deed_climbs_on_what_is_posted_and_changes_nothing_before() -> None:
    spec = rule(amount=LADDER)
    [first] = run([deed(spec, date(2025, 6, 1), facts={"quantity": 30})])
    [late] = run([deed(spec, date(2025, 1, 1), facts={"quantity": 25})], History(posted=[first.posted]))
    assert [first.award.points, late.award.points] == [2, 3]


FREEZE = {"kind": "freeze_positive", "until": "months", "months": 1, "text": "一个月内不加分"}


def test_a_freeze_stops_later_awards_until_its_last_day() -> None:
    bad = worth(5, code="f-01", sign="negative", effect=FREEZE)
    told = days("2025-01-31", "2025-02-01", "2025-02-28", "2025-03-01")
    results = run([deed(bad, date(2025, 1, 31)), *[deed(worth(2), day) for day in told]])
    assert points(results) == [-5, 2, 0, 0, 2]
    assert results[2].award.explanation.endswith("加分暂停到2025-02-28，不计分")


def test_repair_is_not_stopped_by_a_freeze_and_ends_the_one_that_lasts_until_then() -> None:
    bad = worth(5, code="f-01", sign="negative", effect=FREEZE | {"until": "repair", "months": None})
    mend = worth(3, code="hf-01", repair={"rules": ["f-01"]})
    [first] = run([deed(bad, date(2025, 1, 31))])
    [outcome] = first.effects
    assert (outcome.last, outcome.until_repair) == (None, True)
    told = [deed(worth(2), date(2025, 2, 1)), deed(mend, date(2025, 2, 2)), deed(worth(2), date(2025, 2, 3))]
    results = run(told, History(posted=[first.posted]))
    assert points(results) == [0, 3, 2]
    assert [result.lifts for result in results] == [False, True, False]
    assert results[0].award.explanation.endswith("加分暂停中，不计分")


def test_a_freeze_that_the_ledger_knows_of_holds_for_its_household_alone() -> None:
    frozen = {"张家": [effects.Outcome("freeze_positive", date(2025, 1, 1), None, False, 1, False, "暂停")]}
    told = [deed(worth(2)), deed(worth(2), household="王家"), deed(worth(2, code="f-1", sign="negative"))]
    assert points(run(told, History(frozen=frozen))) == [0, 2, -2]


def test_the_committees_word_stands_in_for_the_price() -> None:
    spec = worth(8, limits=[limited(5, "month")])
    [result] = run([deed(spec, points=6)])
    assert result.award.points == 5
    assert result.award.explanation.endswith("，审核认定为6分，本月上限5分，已得0分，计5分")


def test_points_for_redemption_only_are_capped_like_others() -> None:
    spec = worth(8, ranked=False, limits=[limited(10, "month")])
    results = run([deed(spec), deed(spec)])
    assert points(results) == [0, 0]
    assert [result.award.redeemable for result in results] == [8, 2]


def test_what_a_batch_has_to_know_reaches_back_to_the_start_of_its_periods() -> None:
    spec = worth(2, sign="negative", repeat={}, cooldown={"days": 30}, not_with={"rules": ["b-01"]})
    found = reach([deed(spec, date(2025, 1, 10))])
    assert found.rules == {"md-03", "b-01"}
    assert found.since == date(2024, 12, 11)
    grouped = worth(2, group={"code": "g", "period": "month"}, repair={"period": "quarter"})
    assert reach([deed(grouped)])[1:] == (frozenset({"g"}), True, date(2025, 1, 1))


def test_undecided_and_unmet_deeds_take_part_in_nothing() -> None:
    spec = rule(amount=TREES, after_warning={"times": 1}, sign="negative")
    results = run([deed(spec), deed(spec, date(2025, 3, 6), facts={"quantity": 1})])
    assert results[0].award.undecided
    assert results[1].award.explanation.endswith("，第1次提醒，不扣分")


def test_a_deed_before_a_new_version_is_judged_by_the_old_one_and_shares_the_cap() -> None:
    old, new = worth(5, limits=[limited(8, "year")]), worth(7, limits=[limited(10, "year")])
    told: list[Candidate] = [deed(old, date(2025, 6, 30)), deed(new, date(2025, 7, 1)), deed(old, date(2025, 6, 1))]
    results = run(told)
    assert points(results) == [3, 2, 5]


MIXED = {
    "kind": "tiers",
    "tiers": [{"code": "a", "name": "A等", "points": 5}, {"code": "d", "name": "D等", "points": -3}],
}


def graded(*tiers: str, **changes: Any) -> list[Result]:
    spec = rule(amount=MIXED, **changes)
    return run([deed(spec, date(2025, 3, day), facts={"tier": tier}) for day, tier in enumerate(tiers, 1)])


def test_caps_hold_for_what_is_given_and_count_nothing_that_is_taken() -> None:
    capped = {"limits": [{"kind": "points", "value": 7, "period": "month"}]}
    assert points(graded("a", "d", "a", "a", "d", **capped)) == [5, -3, 2, 0, -3]
    once = {"limits": [{"kind": "count", "value": 1, "period": "month"}]}
    assert points(graded("d", "a", "d", "a", **once)) == [-3, 5, -3, 0]


def test_what_was_taken_uses_no_cap_of_what_was_given() -> None:
    results = graded("d", "a", limits=[{"kind": "points", "value": 7, "period": "month"}])
    assert [one.uses != () for one in results] == [False, True]
    spec = results[0].item.rule
    later = run([deed(spec, date(2025, 3, 20), facts={"tier": "a"})], History(posted=[one.posted for one in results]))
    assert points(later) == [2]


def test_a_freeze_stops_what_is_given_and_not_what_is_taken() -> None:
    stop = worth(1, code="f-01", sign="negative", effect={"kind": "freeze_positive", "text": "暂停加分"})
    spec = rule(amount=MIXED)
    deeds = [deed(stop, date(2025, 3, 1))]
    deeds += [deed(spec, date(2025, 3, day), facts={"tier": tier}) for day, tier in ((2, "a"), (3, "d"))]
    assert points(run(deeds)) == [-1, 0, -3]
