"""Each check by itself: what it finds, what it leaves alone, and what it proposes."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings

from scoring.rules import findings
from scoring.rules.findings import Finding, Past
from scoring.rules.spec import Rulebook, RuleSpec, Tiers
from tests.scoring.rules.build import book, deed, rule, run
from tests.scoring.rules.odd_books import books

PER_MONTH = {"kind": "count", "value": 1, "period": "month"}
MONTHLY = {"kind": "per_month", "points": 2}
COUNT = {"name": "tables", "label": "桌数", "kind": "count"}
MONEY = {"name": "money", "label": "金额", "kind": "money"}
KIND = {"name": "which", "label": "哪种事", "kind": "choice", "choices": ["红事", "白事"]}


SAID: dict[str, Any] = {"merit": {"negative": "allowed"}, "redeemable": {"negative": "zero"}}


def points(value: int, period: str, **more: Any) -> dict[str, Any]:
    return {"kind": "points", "value": value, "period": period, **more}


def kinds(*rules: RuleSpec, past: Past | None = None) -> list[str]:
    return [one.kind for one in findings.check(book(*rules, **SAID), past)]


def of_kind(kind: str, *rules: RuleSpec, past: Past | None = None) -> Finding:
    [found] = [one for one in findings.check(book(*rules), past) if one.kind == kind]
    return found


def mended(found: Finding, *rules: RuleSpec) -> Rulebook:
    assert found.remedy is not None
    assert found.remedy.changes
    after = findings.apply(book(*rules), found.remedy)
    assert found.kind not in [one.kind for one in findings.check(after)]
    return after


def pair(first: str, second: str, **more: Any) -> tuple[RuleSpec, RuleSpec]:
    one = rule(code="a-1", title=first[:20], text=first)
    return one, rule(code="a-2", title=second[:20], text=second, **more)


def test_the_same_words_twice_are_a_duplicate_and_the_second_can_go() -> None:
    rules = pair("参加义务植树活动", "参加义务植树活动。")
    found = of_kind("duplicate", *rules)
    assert (found.severity, found.codes) == ("blocking", ("a-1", "a-2"))
    assert [one.code for one in mended(found, *rules).rules] == ["a-1"]


def test_one_deed_with_two_prices_is_found() -> None:
    rules = pair("参加义务植树活动", "参加义务植树活动", amount={"kind": "fixed", "points": 5})
    found = of_kind("two_prices", *rules)
    assert "+2分/次和+5分" in found.text
    mended(found, *rules)


HALF_DAY = {"kind": "per_unit", "points": 1, "unit": "半天"}
HOURS = {"kind": "per_unit", "points": 1, "unit": "小时", "each": 2}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("参加志愿服务", "参加志愿服务每满2小时"),
        ("参加志愿服务，每半天1分", "参加志愿服务每满两小时加1分"),
        ("捐款捐物", "捐款捐物（每100元）"),
        ("清扫门前道路", "门前道路清扫"),
        ("孝敬公婆父母", "孝敬父母公婆"),
        ("打扫门前的卫生", "门前卫生打扫，每满2小时"),
    ],
)
def test_one_deed_counted_in_two_ways_has_two_prices(first: str, second: str) -> None:
    one = rule(code="a-1", title=first, text=first, amount=HALF_DAY)
    other = rule(code="a-2", title=second, text=second, amount=HOURS)
    assert "+1分/半天和+1分/2小时" in of_kind("two_prices", one, other).text


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("每次参会", "每次植树"),
        ("捐款满100元加1分", "捐款满5000元加10分"),
        ("每月抽查", "每季抽查"),
        ("每满2小时", "每半天"),
        ("捐款每满100元", "募集物资每满100元"),
    ],
)
def test_what_is_counted_alike_is_not_the_same_deed(first: str, second: str) -> None:
    one = rule(code="a-1", title=first, text=first, amount=HALF_DAY)
    other = rule(code="a-2", title=second, text=second, amount=HOURS)
    assert not {"two_prices", "near_duplicate"} & set(kinds(one, other))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("清扫院落", "清扫院洛"),
        ("主动参加村里组织的公共区域清扫活动", "参加村里组织的公共区域清扫"),
        ("主动调解邻里之间的矛盾纠纷", "调解邻里间的矛盾纠纷"),
    ],
)
def test_what_is_nearly_the_same_or_sounds_the_same_is_pointed_out(first: str, second: str) -> None:
    rules = pair(first, second)
    found = of_kind("near_duplicate", *rules)
    assert found.severity == "hint"
    mended(found, *rules)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("照料独居老人", "看护留守儿童"),
        ("老人照顾小孩", "小孩照顾老人"),
        ("垃圾分类合格", "评上美丽庭院"),
        ("参加体育活动", "参加技能培训"),
    ],
)
def test_different_deeds_are_left_alone(first: str, second: str) -> None:
    assert not kinds(*pair(first, second))


@pytest.mark.parametrize(
    "apart", [{"not_with": {"rules": ["a-1"]}}, {"sign": "negative"}, {"since": "2025-07-01"}, {"active": False}]
)
def test_items_that_never_count_together_are_no_duplicates(apart: dict[str, Any]) -> None:
    one = rule(code="a-1", until="2025-06-30")
    assert not {"duplicate", "two_prices"} & set(kinds(one, rule(code="a-2", **apart)))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("每天打扫自家庭院", "每天打扫自家的院子"),
        ("参加村里组织的义务植树活动", "参加村里的义务植树"),
        ("举报违法犯罪", "举报犯罪行为"),
    ],
)
def test_one_deed_in_few_other_words_at_another_price_is_pointed_out(first: str, second: str) -> None:
    rules = pair(first, second, amount={"kind": "fixed", "points": 5})
    assert "分值不同" in of_kind("near_duplicate", *rules).text


@pytest.mark.parametrize(
    ("first", "second"), [("获得县级荣誉", "获得市级荣誉"), ("参加会议", "参加村民会议"), ("分类合格", "分类优秀")]
)
def test_what_one_letter_tells_apart_is_left_alone(first: str, second: str) -> None:
    assert not kinds(*pair(first, second, amount={"kind": "fixed", "points": 5}))


CAPS: list[tuple[dict[str, Any], Sequence[dict[str, Any]], str | None]] = [
    ({}, [PER_MONTH, points(30, "year")], "cap_idle"),
    ({}, [PER_MONTH, points(24, "year")], None),
    ({}, [PER_MONTH, points(3, "month")], "cap_idle"),
    ({}, [points(10, "day"), points(400, "month")], "cap_idle"),
    ({}, [points(50, "month"), points(30, "year")], "cap_idle"),
    ({}, [points(50, "month"), points(30, "quarter")], "cap_idle"),
    ({}, [points(50, "day"), points(30, "week")], "cap_idle"),
    ({}, [points(70, "week"), points(30, "month")], "cap_idle"),
    (
        {},
        [{"kind": "count", "value": 5, "period": "month"}, {"kind": "count", "value": 3, "period": "year"}],
        "cap_idle",
    ),
    ({}, [points(10, "day"), points(300, "month")], None),
    ({"once": True}, [points(3, "year")], "cap_idle"),
    ({}, [PER_MONTH, {"kind": "count", "value": 13, "period": "year"}], "cap_idle"),
    ({}, [PER_MONTH, {"kind": "count", "value": 12, "period": "year"}], None),
    ({"amount": {"kind": "per_month", "points": 2}}, [points(30, "year")], "cap_idle"),
    ({"amount": {"kind": "fixed", "points": 20}}, [points(10, "month")], "cap_below_price"),
    (
        {"amount": {"kind": "per_unit", "points": 2, "unit": "棵", "most": 5}},
        [PER_MONTH, points(130, "year")],
        "cap_idle",
    ),
    ({"amount": {"kind": "per_unit", "points": 2, "unit": "棵", "most": 5}}, [PER_MONTH, points(120, "year")], None),
    ({"amount": {"kind": "per_unit", "points": 2, "unit": "棵"}}, [PER_MONTH, points(999, "year")], None),
    ({"streak": {"length": 3, "bonus": 9}}, [PER_MONTH, points(30, "year")], None),
    ({}, [{**PER_MONTH, "scope": "resident"}, points(30, "year", scope="household")], None),
    ({}, [{**PER_MONTH, "scope": "household"}, points(30, "year", scope="resident")], "cap_idle"),
]


@pytest.mark.parametrize(("more", "limits", "kind"), CAPS)
def test_caps_that_cannot_be_reached_or_never_give_in_full(
    more: dict[str, Any], limits: Sequence[dict[str, Any]], kind: str | None
) -> None:
    made = rule(limits=limits, **{"subject": "resident", "attribution": "resident"} | more)
    found = [one for one in findings.check(book(made)) if one.kind.startswith("cap_")]
    assert [one.kind for one in found] == ([kind] if kind else [])
    for one in found:
        mended(one, made)


def test_a_cap_of_a_class_that_its_items_together_cannot_reach_is_found() -> None:
    made = book(rule(limits=[PER_MONTH]), shared=[points(30, "year")])
    assert [one.kind for one in findings.check(made)] == ["cap_idle"]
    assert not findings.check(book(rule(limits=[PER_MONTH]), shared=[points(20, "year")]))


BANDS: list[tuple[list[dict[str, int]], list[str]]] = [
    ([{"below": 3, "points": 1}, {"least": 3, "points": 5}], []),
    ([{"most": 2, "points": 1}, {"least": 3, "points": 5}], []),
    ([{"most": 3, "points": 1}, {"least": 3, "points": 5}], ["bands_overlap"]),
    ([{"least": 1, "most": 9, "points": 1}, {"least": 5, "points": 5}], ["bands_overlap"]),
    ([{"most": 2, "points": 1}, {"least": 5, "points": 5}], ["bands_gap"]),
    ([{"least": 1, "most": 2, "points": 1}, {"least": 3, "most": 9, "points": 5}], ["bands_open"]),
]


def test_bands_without_a_unit_are_told_apart_from_their_points() -> None:
    bands = [{"least": 0, "most": 10, "points": 1}, {"least": 10, "most": 20, "points": 2}]
    made = rule(amount={"kind": "bands", "bands": bands})
    assert made.price_text == "0至10计1分、10至20计2分"
    assert of_kind("bands_overlap", made).mend == "每一段到下一段起点为止：不满10计1分、10至20计2分"


@pytest.mark.parametrize(
    ("end", "words"), [({"below": 80000}, "没有写80000元以上怎么计"), ({"most": 80000}, "没有写超过80000元怎么计")]
)
def test_bands_with_an_end_say_from_where_on_nothing_is_written(end: dict[str, int], words: str) -> None:
    amount = {"kind": "bands", "unit": "元", "by": "money", "bands": [{"least": 0, "points": 10, **end}]}
    assert words in of_kind("bands_open", rule(amount=amount, inputs=[MONEY])).text


@pytest.mark.parametrize(("bands", "expected"), BANDS)
def test_bands_neither_overlap_nor_leave_gaps(bands: list[dict[str, int]], expected: list[str]) -> None:
    made = rule(amount={"kind": "bands", "unit": "户", "bands": bands})
    found = findings.check(book(made))
    assert [one.kind for one in found] == expected
    for one in found:
        mended(one, made)


def test_whole_ends_leave_a_gap_where_fractions_can_be_told() -> None:
    bands = [{"most": 100, "points": 1}, {"least": 101, "points": 5}]
    made = rule(amount={"kind": "bands", "by": "money", "bands": bands}, inputs=[MONEY])
    found = of_kind("bands_gap", made)
    assert "100.01" in found.text
    mended(found, made)


def test_levels_upside_down_and_twice_the_same_level_are_found() -> None:
    tiers = [{"code": "a", "name": "县级", "points": 1}, {"code": "b", "name": "村级", "points": 5}]
    made = rule(amount={"kind": "tiers", "tiers": tiers})
    after = mended(of_kind("tiers_upside_down", made), made).rules[0]
    assert after.price_text == "+5/1分"
    twins = [{"code": "a", "name": "县级", "points": 1}, {"code": "b", "name": "县级", "points": 5}]
    assert "tiers_overlap" in kinds(rule(amount={"kind": "tiers", "tiers": twins}))


def test_grades_that_nobody_reaches_and_totals_without_a_grade_are_found() -> None:
    card = {
        "kind": "score_card",
        "items": [{"code": "a", "name": "院落", "most": 50}],
        "grades": [
            {"code": "x", "name": "优", "least": 90, "points": 3},
            {"code": "y", "name": "良", "least": 30, "points": 1},
        ],
    }
    made = rule(amount=card)
    assert kinds(made) == ["grade_unreachable", "grades_gap"]
    mended(of_kind("grade_unreachable", made), made)
    mended(of_kind("grades_gap", made), made)


def test_names_of_items_that_are_not_there_are_found() -> None:
    made = rule(not_with={"rules": ["zz-9"]})
    found = of_kind("unknown_item", made)
    assert (found.severity, "zz-9" in found.text) == ("blocking", True)
    mended(found, made)


def test_a_role_that_nobody_can_have_is_found() -> None:
    made = rule(multipliers={"roles": [{"role": "mayor", "name": "镇长", "factor": 2}]})
    found = of_kind("unknown_role", made)
    assert found.severity == "blocking" and "“镇长”" in found.text
    cadre = rule(multipliers={"roles": [{"role": "cadre", "name": "村干部", "factor": 2}]})
    assert "unknown_role" not in kinds(cadre)


def test_a_group_of_one_is_found() -> None:
    made = rule(group={"code": "g", "counts": "first"})
    assert mended(of_kind("group_alone", made), made).rules[0].group is None


def test_a_price_that_only_counts_once_in_its_group_is_mended_to_a_cap_that_pays_the_same() -> None:
    made = rule(group={"code": "g", "period": "quarter"})
    after = mended(of_kind("group_alone", made), made).rules[0]
    assert [limit.text for limit in after.limits] == ["每户每季度最多1次"]
    days = [date(2025, 1, 2), date(2025, 2, 2), date(2025, 4, 2)]
    paid = [[one.award.points for one in run([deed(spec, day) for day in days])] for spec in (made, after)]
    assert paid[0] == paid[1]


def test_tiers_that_compete_with_each_other_need_no_other_item() -> None:
    tiers = [{"code": "county", "name": "县级", "points": 10}, {"code": "village", "name": "村级", "points": 1}]
    made = rule(
        amount={"kind": "tiers", "tiers": tiers}, inputs=[{"name": "event", "label": "评比", "kind": "text"}],
        group={"code": "g", "counts": "highest", "by": "event"},
    )  # fmt: skip
    assert "group_alone" not in kinds(made)


def degrees(*spans: tuple[str, int, int]) -> RuleSpec:
    tiers = [{"code": f"t{at}", "name": name, "least": least, "most": most} for at, (name, least, most) in
             enumerate(spans)]  # fmt: skip
    return rule(sign="negative", amount={"kind": "tiers", "tiers": tiers})


def test_tiers_that_give_the_same_points_are_found_and_parted() -> None:
    made = degrees(("一般", 1, 5), ("较重", 4, 8))
    found = of_kind("tier_ranges_overlap", made)
    assert "“一般”是1至5分，“较重”是4至8分" in found.text
    amount = mended(found, made).rules[0].amount
    assert isinstance(amount, Tiers) and amount.tiers[1].text == "6至8"


def test_points_that_no_degree_can_give_are_found() -> None:
    made = degrees(("一般", 1, 3), ("严重", 6, 8))
    assert "一般”是1至3分，“严重”是6至8分，中间" in of_kind("tier_ranges_gap", made).text
    mended(of_kind("tier_ranges_gap", made), made)


@pytest.mark.parametrize(
    "spans", [[("一般", 1, 3), ("较重", 4, 6)], [("一般", 1, 3), ("较重", 3, 6)], [("镇级", 1, 3), ("省级", 10, 20)]]
)
def test_tiers_that_follow_each_other_and_levels_far_apart_are_fine(spans: list[tuple[str, int, int]]) -> None:
    assert not {"tier_ranges_overlap", "tier_ranges_gap", "tiers_upside_down"} & set(kinds(degrees(*spans)))


def test_open_tiers_upside_down_are_found() -> None:
    made = degrees(("一般", 4, 6), ("较重", 1, 3))
    amount = mended(of_kind("tiers_upside_down", made), made).rules[0].amount
    assert isinstance(amount, Tiers) and [tier.text for tier in amount.tiers] == ["1至3", "4至6"]


def test_a_cap_above_the_most_of_open_tiers_is_idle() -> None:
    once = [{"kind": kind, "value": value, "period": "year"} for kind, value in (("count", 1), ("points", 20))]
    made = degrees(("一般", 1, 3), ("较重", 4, 6)).model_dump(mode="json") | {"limits": once}
    assert "最多只有6分" in of_kind("cap_idle", RuleSpec.model_validate(made)).text


RATING = {"parts": [{"who": "panel"}]}


def test_marks_out_of_a_hundred_for_a_range_up_to_twenty_are_found() -> None:
    made = rule(amount={"kind": "range", "least": 0, "most": 20}, rating=RATING)
    found = of_kind("rating_scale", made)
    assert "打20分以上的一律计20分" in found.text
    rating = mended(found, made).rules[0].rating
    assert rating is not None and rating.most == 20
    assert "rating_scale" not in kinds(rule(amount={"kind": "range", "least": 0, "most": 100}, rating=RATING))


@pytest.mark.parametrize(
    ("formula", "endless"),
    [
        ("min(div(quantity, 7), 4)", False), ("min(4, quantity)", False), ("max(2, min(quantity, 9))", False),
        ("min(quantity, 4) + quantity", True), ("max(quantity, 4)", True), ("mul(quantity, 2)", True),
    ],
)  # fmt: skip
def test_a_formula_that_bounds_itself_has_a_ceiling(formula: str, endless: bool) -> None:
    made = rule(amount={"kind": "formula", "formula": formula, "words": "按天数"})
    assert ("no_ceiling" in kinds(made)) is endless


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("主动清扫门前道路", "主动清扫门前的道路"),
        ("帮助邻居收了稻谷", "帮助邻居收稻谷"),
        ("清扫路面、沟渠等", "清扫路面、沟渠"),
    ],
)
def test_small_words_make_no_other_deed(first: str, second: str) -> None:
    assert of_kind("duplicate", *pair(first, second)).codes == ("a-1", "a-2")


CONDITIONS: list[tuple[list[str], str | None]] = [
    (["tables <= 15"], None),
    (["tables <= 15", "tables >= 20"], "condition_impossible"),
    (["tables > 15 && tables < 16"], "condition_impossible"),
    (["tables < 0"], "condition_impossible"),
    (["tables >= 0"], "condition_idle"),
    (["money > 15 && money < 16"], None),
    (["money <= 0.5 || tables > 3"], None),
    (['which == "喜事"'], "condition_impossible"),
    (['which == "红事" && which == "白事"'], "condition_impossible"),
    (['which == "红事" || which == "白事"'], "condition_idle"),
    (['which == "红事"', "money <= 80000"], None),
    (["1 > 2"], "condition_impossible"),
    (["true"], "condition_idle"),
    (['deed_date >= date("2025-07-01")', 'deed_date < date("2025-01-01")'], "condition_impossible"),
    (['deed_date >= date("2025-01-01")', 'deed_date < date("2025-07-01")'], None),
    (["!(tables > 5) && tables > 5"], "condition_impossible"),
    (["mul(tables, 0) > 1"], None),
    (["tables - tables > 1"], None),
]


@pytest.mark.parametrize(("texts", "kind"), CONDITIONS)
def test_conditions_that_nobody_meets_or_everybody(texts: list[str], kind: str | None) -> None:
    told = [{"when": text, "message": f"条件{place}"} for place, text in enumerate(texts)]
    made = rule(inputs=[COUNT, MONEY, KIND], conditions=told)
    found = [one for one in findings.check(book(made)) if one.kind.startswith("condition_")]
    assert [one.kind for one in found] == ([kind] if kind else [])
    for one in found:
        mended(one, made)


def test_a_field_that_takes_nothing_is_found() -> None:
    assert "input_impossible" in kinds(rule(inputs=[{**COUNT, "least": 5, "most": 3}]))


def test_points_by_quantity_without_an_end_get_a_cap_proposed() -> None:
    made = rule(amount={"kind": "per_unit", "points": 3, "unit": "棵"})
    after = mended(of_kind("no_ceiling", made), made).rules[0]
    assert [(one.text, one.figures) for one in after.limits] == [("每户每年最多30分", "example")]
    assert not kinds(rule(amount={"kind": "per_unit", "points": 3, "unit": "棵", "most": 5}))


def test_an_item_that_outweighs_a_households_year_is_found() -> None:
    made = rule(limits=[points(200, "year")])
    past = Past(median=Decimal(50), highest=Decimal(300))
    found = of_kind("outsized", made, past=past)
    assert ("200分" in found.text, "150分" in found.mend) == (True, True)
    assert not kinds(made, past=Past(median=Decimal(70)))


def test_what_one_household_really_got_counts_where_an_item_has_no_end() -> None:
    past = Past(median=Decimal(10), most_by_rule={"md-03": Decimal(31)})
    assert kinds(rule(), past=past) == ["outsized"]
    assert not kinds(rule(), past=Past(median=Decimal(10), most_by_rule={"md-03": Decimal(30)}))


def test_a_deduction_larger_than_any_years_gain_is_found() -> None:
    heavy = rule(code="f-1", sign="negative", title="打架", text="打架斗殴", amount={"kind": "fixed", "points": 30})
    assert of_kind("deduction_outsized", rule(limits=[PER_MONTH]), heavy).codes == ("f-1",)
    assert not kinds(rule(), heavy)
    assert kinds(rule(), heavy, past=Past(highest=Decimal(29))) == ["deduction_outsized"]


ASKED: list[tuple[dict[str, Any], str | None]] = [
    ({"inputs": [{"name": "idno", "label": "身份证号", "kind": "text"}]}, "sign_off"),
    ({"text": "按时参加，须提供户口本复印件"}, "sign_off"),
    ({"text": "配合核查，提供家庭收入、存款情况"}, "sign_off"),
    ({"text": "带动乡亲发展产业，增加家庭收入"}, None),
    ({"inputs": [{"name": "tel", "label": "联系电话", "kind": "text"}]}, "hint"),
    ({"inputs": [{"name": "who", "label": "和谁一起", "kind": "person"}]}, "hint"),
    (
        {
            "inputs": [{"name": "who", "label": "帮了谁", "kind": "person"}],
            "beneficiary": "who",
            "attribution": "beneficiary",
        },
        None,
    ),
    ({"inputs": [COUNT]}, None),
]


@pytest.mark.parametrize(("more", "severity"), ASKED)
def test_personal_data_asked_without_need_is_found(more: dict[str, Any], severity: str | None) -> None:
    made = rule(**more)
    found = [one for one in findings.check(book(made)) if one.kind == "personal_data"]
    assert [one.severity for one in found] == ([severity] if severity else [])
    for one in found:
        if one.remedy and one.remedy.changes:
            mended(one, made)


ROUTINE: list[tuple[dict[str, Any], str | None]] = [
    ({"text": "清扫公共场所", "evidence": "required"}, "photo_routine"),
    ({"text": "清扫公共场所", "evidence": "optional"}, None),
    (
        {"amount": MONTHLY, "evidence": "required", "proofs": [{"kind": "photo"}]},
        "photo_routine",
    ),
    (
        {"amount": {"kind": "per_month", "points": 2}, "inputs": [{"name": "pic", "label": "照片", "kind": "photo"}]},
        "photo_routine",
    ),
    ({"amount": MONTHLY, "evidence": "required", "proofs": [{"kind": "minutes"}]}, None),
    ({"text": "见义勇为", "evidence": "required", "amount": {"kind": "fixed", "points": 20}}, None),
    ({"text": "乱丢垃圾，不清扫", "evidence": "required", "sign": "negative"}, None),
    ({"amount": {"kind": "fixed", "points": 1, "per": "日"}}, "daily_check_in"),
    ({"limits": [{"kind": "count", "value": 1, "period": "day"}]}, "daily_check_in"),
    ({"amount": {"kind": "fixed", "points": 1, "per": "日"}, "declarers": ["steward"]}, None),
]


@pytest.mark.parametrize(("more", "kind"), ROUTINE)
def test_photos_and_check_ins_for_daily_things_are_found(more: dict[str, Any], kind: str | None) -> None:
    made = rule(title="条目", **{"text": "做好自家的事"} | more)
    assert kinds(made) == ([kind] if kind else [])
    if kind:
        mended(of_kind(kind, made), made)


GUARDED = [
    "不按时缴纳医保的", "被取消低保资格的", "子女辍学的", "越级上访的", "参加宗教活动的", "未婚先孕、超生的",
    "不参加换届选举的", "不配合征地拆迁的", "不接种疫苗的", "拖欠贷款、失信的", "搞宗族势力的", "停发惠农补贴的",
    "参加庙会烧香拜佛", "到寺庙进香", "土地撂荒", "抛荒弃耕", "拨打12345反映问题不实", "向上级投诉举报村干部",
    "举报村干部", "打官司告村委会", "孩子不送幼儿园", "不让孩子读书", "不配合残疾证年审",
]  # fmt: skip
UNGUARDED = [
    "参加义务植树", "调解邻里纠纷", "举报违法犯罪行为", "婚丧嫁娶大操大办", "乱占耕地、乱搭乱建", "照料患病老人",
    "不参与邪教", "举报安全隐患", "主动反映邻里困难", "参加庙会演出", "文明养犬，当季无投诉",
]  # fmt: skip


@pytest.mark.parametrize("text", GUARDED)
def test_what_the_law_guarantees_is_off_until_somebody_signs(text: str) -> None:
    made = rule(sign="negative", title="条目", text=text)
    found = of_kind("legality", made)
    assert found.severity == "sign_off"
    assert not mended(found, made).rules[0].active


@pytest.mark.parametrize("text", UNGUARDED)
def test_ordinary_deeds_need_no_signature(text: str) -> None:
    assert "legality" not in kinds(rule(sign="negative", title="条目", text=text))


def test_paying_for_medical_insurance_may_be_rewarded_but_not_punished() -> None:
    assert not kinds(rule(title="条目", text="按时为全家缴纳医保"))
    assert kinds(rule(title="条目", text="没有为全家缴纳医保", sign="negative")) == ["legality"]


def test_an_effect_that_withholds_a_right_is_found() -> None:
    effect = {"kind": "bar_honours", "text": "取消评优资格，不予办理贷款证明"}
    assert "legality" in kinds(rule(sign="negative", effect=effect))


@settings(max_examples=40, deadline=None)
@given(books())
def test_no_rulebook_brings_the_checks_down_and_every_mend_makes_a_rulebook(made: Rulebook) -> None:
    for found in findings.check(made, Past(Decimal(5), Decimal(9), {"q-0": Decimal(99)})):
        assert not found.text.isascii()
        assert not re.search("[<>]|bound method|object at|None|Decimal|[a-z]_[a-z]", found.text + found.mend)
        after = findings.apply(made, found.remedy) if found.remedy and len(made.rules) > 1 else made
        assert after.rules


def test_a_cap_over_named_items_that_cannot_be_reached_is_found() -> None:
    rules = [rule(code=f"a-0{at}", title=f"第{at}条", limits=[PER_MONTH]) for at in (1, 2, 3)]
    cap = {"kind": "points", "period": "year", "rules": ["a-01", "a-02"]}
    [found] = [one for one in findings.check(book(*rules, limits=[cap | {"value": 50}])) if one.kind == "cap_idle"]
    assert "“第1条”、“第2条”合计的“每户每年最多50分”到不了：各条目加起来最多48分" in found.text
    assert found.codes == ("a-01", "a-02")
    assert not [one for one in findings.check(book(*rules, limits=[cap | {"value": 48}])) if one.kind == "cap_idle"]


def test_a_cap_of_times_that_its_items_never_reach_is_found() -> None:
    rules = [rule(code=f"a-0{at}", limits=[PER_MONTH]) for at in (1, 2)]
    cap = {"kind": "count", "period": "month", "rules": ["a-01", "a-02"]}
    kinds_of = [[one.kind for one in findings.check(book(*rules, limits=[cap | {"value": most}]))] for most in (3, 2)]
    assert ["cap_idle" in one for one in kinds_of] == [True, False]


def test_a_cap_names_items_that_are_there_and_of_its_sign() -> None:
    good, off = rule(code="a-01", title="甲"), rule(code="a-02", title="乙", active=False)
    bad = rule(code="f-01", title="丙", sign="negative")
    cap = {"kind": "points", "period": "month", "value": 1, "rules": ["a-01", "a-02", "f-01", "x-09"]}
    told = {one.kind: one.text for one in findings.check(book(good, off, bad, limits=[cap]))}
    assert "x-09 不在细则里" in told["unknown_item"] and "“丙”不是加分条目" in told["shared_cap_sign"]
    assert "“乙”已经停用" in told["item_off"]


@pytest.mark.parametrize(("repeat", "kind"), [({"amounts": [3, 1]}, "cap_idle"), ({"amounts": [9]}, None), ({}, None)])
def test_what_is_stated_for_each_time_has_an_end(repeat: dict[str, Any], kind: str | None) -> None:
    spec = rule(amount={"kind": "fixed", "points": 5}, repeat=repeat, limits=[PER_MONTH, points(70, "year")])
    assert ("cap_idle" in {one.kind for one in findings.check(book(spec))}) == bool(kind)


@pytest.mark.parametrize(
    ("taking", "said", "words"),
    [
        ({"sign": "negative"}, {}, "评比积分、可兑换积分"),
        ({"effect": {"kind": "zero_year", "text": "当年清零"}}, {}, "评比积分、可兑换积分"),
        ({"sign": "negative"}, {"merit": {"negative": "zero"}}, "没有写可兑换积分扣成负数怎么办"),
        ({"sign": "negative"}, SAID, ""),
        ({"sign": "negative", "active": False}, {}, ""),
        ({}, {}, ""),
    ],
)
def test_a_rulebook_that_takes_points_says_what_is_below_zero(
    taking: dict[str, Any], said: dict[str, Any], words: str
) -> None:
    found = [one for one in findings.check(book(rule(**taking), **said)) if one.kind == "negative_unsaid"]
    assert [words in one.text and not one.blocking for one in found] == [True] * bool(words)


def test_an_old_rulebook_without_a_word_on_it_is_read_as_before() -> None:
    kept = book(rule()).model_dump(mode="json")
    del kept["settings"]["merit"]["negative"]
    assert Rulebook.model_validate(kept).settings.merit.below_zero == "allowed"
