"""Whose points they are: targets, exact shares with their residues, multipliers, heads."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from scoring.rules import engine, printing, steps
from scoring.rules.engine import Award, Facts, People
from scoring.rules.spec import Settings
from tests.scoring.rules.build import A_DAY, book, deed, points, rule, run, told, worth

CELL = {"cell": ("a", "b", "c", "d", "e", "f", "g")}
FAMILY = {"members": ("m1", "m2", "m3")}
RELATIVE = [{"name": "elder", "label": "受益老人", "kind": "person"}]
ROLES = {"roles": [
    {"role": "party_member", "name": "党员", "factor": "1.5"},
    {"role": "cadre", "name": "村干部", "factor": 2},
]}  # fmt: skip
PARTY = {"roles": frozenset({"party_member"})}
BOTH = {"roles": frozenset({"party_member", "cadre"})}


def given_out(award: Award) -> dict[str, Decimal]:
    return {share.target: share.points for share in award.shares}


@pytest.mark.parametrize(
    ("changes", "facts", "expected"),
    [
        ({}, {}, {"household": 10}),
        ({"attribution": "head"}, {}, {"head": 10}),
        ({"subject": "resident", "attribution": "resident"}, {"subject": "resident"}, {"actor": 10}),
        ({"attribution": "beneficiary", "beneficiary": "elder", "inputs": RELATIVE}, {"inputs": {"elder": "张奶奶"}},
         {"beneficiary": 10}),
        ({"attribution": "responsible", "sign": "negative"}, {}, {"responsible": -10}),
        ({"attribution": "every_member"}, {"people": FAMILY},
         {"member:m1": "3.34", "member:m2": "3.33", "member:m3": "3.33"}),
        ({"attribution": "every_member", "sharing": "each"}, {"people": FAMILY},
         {"member:m1": 10, "member:m2": 10, "member:m3": 10}),
        ({"attribution": "cell", "sign": "negative"}, {"people": CELL},
         {f"cell:{one}": "-1.42" if one == "g" else "-1.43" for one in "abcdefg"}),
        ({"shares": [{"to": "household", "share": "0.7"}, {"to": "head", "share": "0.3"}]}, {},
         {"household": 7, "head": 3}),
        ({"shares": [{"to": "household", "share": "0.5"}, {"to": "cell", "share": "0.5"}], "sharing": "each"},
         {"people": {"cell": ("a", "b")}}, {"household": 5, "cell:a": 5, "cell:b": 5}),
        ({"shares": [{"to": "household", "share": "0.5"}, {"to": "cell", "share": "0.5"}], "fractions": {"places": 0}},
         {"people": {"cell": ("a", "b", "c")}}, {"household": 5, "cell:a": 2, "cell:b": 2, "cell:c": 1}),
    ],
    ids=lambda value: str(value)[:40],
)  # fmt: skip
def test_the_points_go_to_whom_the_rule_says(
    changes: dict[str, Any], facts: dict[str, Any], expected: dict[str, Any]
) -> None:
    assert given_out(told(worth(10, **changes), **facts)) == {who: Decimal(part) for who, part in expected.items()}


@pytest.mark.parametrize(
    ("changes", "people", "words"),
    [
        ({"attribution": "head"}, None, "，计给户主"),
        ({"attribution": "cell"}, CELL, "，联户组7户平分"),
        ({"attribution": "every_member", "sharing": "each"}, FAMILY, "，全家3人各得"),
        ({"shares": [{"to": "household", "share": "0.7"}, {"to": "head", "share": "0.3"}]}, None, "，本户70%、户主30%"),
        ({"shares": [{"to": "household", "share": "0.5"}, {"to": "cell", "share": "0.5"}]}, CELL,
         "，本户50%、联户组7户平分50%"),
        ({}, None, "，+10分"),
    ],
)  # fmt: skip
def test_the_sentence_says_whose_the_points_are(changes: dict[str, Any], people: Any, words: str) -> None:
    award = told(worth(10, **changes), people=people)
    assert award.explanation.endswith(words)
    assert steps.explain(steps.load(json.loads(json.dumps(steps.dump(award.steps))))) == award.explanation


FOUR = {"people": People(members=("m1", "m2", "m3", "m4"))}
EACH = {"attribution": "every_member", "sharing": "each"}


def capped(scope: str, period: str = "month", value: int = 5) -> list[dict[str, Any]]:
    return [{"kind": "points", "value": value, "period": period, "scope": scope}]


def test_a_household_cap_counts_what_all_its_members_get() -> None:
    spec = worth(2, **EACH, limits=capped("household"))
    first, second = run([deed(spec, facts=FOUR)] * 2)
    assert given_out(first.award) == {f"member:m{one}": Decimal("1.25") for one in range(1, 5)}
    assert first.award.explanation.endswith("，+2分，全家4人各得，共8分，本月上限5分，已得0分，计5分，各计1.25分")
    assert second.award.explanation.endswith("，共8分，本月上限5分，已得5分，计0分")
    assert sum(share.redeemable for result in (first, second) for share in result.award.shares) == 5


def test_under_the_cap_each_gets_the_whole_and_the_sum_is_told() -> None:
    award = run([deed(worth(2, **EACH, limits=capped("household", value=9)), facts=FOUR)])[0].award
    assert award.points == 2
    assert award.explanation.endswith("，+2分，全家4人各得，共8分")


def test_whole_points_are_cut_to_the_same_whole_points_for_each() -> None:
    spec = worth(2, **EACH, limits=capped("household", value=7), fractions={"places": 0})
    assert points(run([deed(spec, facts=FOUR)] * 2)) == [1, 0]


def test_a_deduction_that_each_bears_is_capped_for_the_household_too() -> None:
    spec = worth(2, **EACH, sign="negative", limits=capped("household"))
    award = run([deed(spec, facts=FOUR)])[0].award
    assert award.explanation.endswith("，共−8分，本月扣分上限5分，已扣0分，计−5分，各计−1.25分")


@pytest.mark.parametrize(("scope", "expected"), [("resident", 2), ("household", 2), ("village", "0.71")])
def test_of_a_cell_each_household_counts_its_own_and_the_village_all(scope: str, expected: str) -> None:
    spec = worth(2, attribution="cell", sharing="each", limits=capped(scope))
    assert points(run([deed(spec, facts={"people": People(cell=CELL["cell"])})])) == [Decimal(expected)]


def test_a_cell_is_called_as_the_rulebook_calls_it() -> None:
    named = Settings.model_validate({"cells": {"name": "十户联治组", "size": 10}})
    facts = Facts(date=A_DAY, people=People(cell=CELL["cell"]))
    spec = worth(10, attribution="cell")
    assert engine.price(spec, facts, named).explanation.endswith("，十户联治组7户平分")
    pools = [{"code": "hong", "name": "集体分红", "residue": "next", "least_points": 20}]
    printed = book(spec, cells={"name": "十户联治组"}, pools=pools, redeemable={"ceiling": 300})
    cover = printing.Cover("细则", "一村", "镇里", "决议", None)
    assert printing.told(printed, cover)["settings"] == [
        "可兑换积分最高300分", "每年按积分分配“集体分红”，满20分的参加，除不尽的并入下一期",
        "联户组叫“十户联治组”，每组10户左右",
    ]  # fmt: skip


def test_both_measures_and_the_class_go_along_with_each_share() -> None:
    award = told(worth(10, redeemable=False, attribution="every_member"), people=FAMILY)
    assert {share.redeemable for share in award.shares} == {Decimal(0)}
    spendable = told(worth(10, ranked=False, attribution="every_member"), people=FAMILY)
    assert [share.points for share in spendable.shares] == [0, 0, 0]
    assert sum(share.redeemable for share in spendable.shares) == 10


def test_what_a_cap_leaves_is_shared_again_and_still_adds_up() -> None:
    spec = worth(10, attribution="every_member", limits=[{"kind": "points", "value": "5.05", "period": "month"}])
    [result] = run([deed(spec, facts={"people": People(members=("a", "b", "c"))})])
    assert [str(share.points) for share in result.award.shares] == ["1.69", "1.68", "1.68"]


@pytest.mark.parametrize("attribution", ["every_member", "cell"])
def test_nobody_known_to_share_with_leaves_it_to_a_person(attribution: str) -> None:
    award = told(worth(10, attribution=attribution))
    assert award.undecided and award.undecided.startswith("不知道")


@pytest.mark.parametrize(
    ("changes", "people", "expected", "sentence"),
    [
        ({"multipliers": ROLES}, PARTY, "3", "，党员乘1.5，为3分"),
        ({"multipliers": ROLES}, BOTH, "4", "，村干部乘2，为4分"),
        ({"multipliers": ROLES | {"several": "product"}}, BOTH, "6", "，党员、村干部乘3，为6分"),
        ({"multipliers": ROLES}, {}, "2", "，+2分/次"),
        ({"heads": "times"}, FAMILY, "6", "，乘以3人，为6分"),
        ({"heads": "average"}, FAMILY, "0.67", "，按3人平均，为约0.6667分，取0.67分"),
        ({"heads": "average", "sign": "negative"}, FAMILY, "-0.67", "，按3人平均，为约−0.6667分，取−0.67分"),
        ({"heads": "average", "multipliers": ROLES}, PARTY | FAMILY, "1", "，党员乘1.5，为3分，按3人平均，为1分"),
    ],
)
def test_roles_and_heads_multiply(
    changes: dict[str, Any], people: dict[str, Any], expected: str, sentence: str
) -> None:
    award = told(rule(**changes), people=people)
    assert award.points == Decimal(expected)
    assert award.explanation.endswith(sentence)


@pytest.mark.parametrize("changes", [{"multipliers": ROLES}, {"heads": "times"}])
def test_a_multiplier_without_people_is_left_to_a_person(changes: dict[str, Any]) -> None:
    assert told(rule(**changes)).undecided
    assert told(rule(heads="average"), people={}).undecided == "不知道家里几口人"


def test_a_ladders_step_is_multiplied_too() -> None:
    ladder = {"kind": "ladder", "unit": "小时", "rungs": [{"at": 20, "points": 2}, {"at": 50, "points": 5}]}
    spec = rule(amount=ladder, multipliers=ROLES)
    party = People(roles=frozenset({"party_member"}))
    assert points(run([deed(spec, facts={"quantity": 30, "people": party})] * 2)) == [3, Decimal("4.5")]


@pytest.mark.parametrize(
    "wrong",
    [
        {"shares": [{"to": "household", "share": "0.7"}]},
        {"shares": [{"to": "household", "share": "0.5"}, {"to": "household", "share": "0.5"}]},
        {"attribution": "beneficiary"},
        {"attribution": "beneficiary", "beneficiary": "nobody"},
        {"responsible": "elder", "inputs": [{"name": "elder", "label": "数", "kind": "number"}]},
        {"shares": [{"to": "resident", "share": 1}]},
        {"multipliers": {"roles": []}},
        {"ranked": False, "redeemable": False},
    ],
)
def test_an_attribution_that_cannot_be_right_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        rule(**wrong)


@given(
    st.decimals(0, 10_000, places=2),
    st.integers(1, 12),
    st.sampled_from([("1",), ("0.5", "0.5"), ("0.34", "0.33", "0.33"), ("0.01", "0.99")]),
    st.sampled_from(["positive", "negative"]),
    st.integers(0, 2),
)
def test_shares_of_a_split_add_up_to_the_points(
    amount: Decimal, members: int, parts: tuple[str, ...], sign: str, places: int
) -> None:
    targets = ["every_member", "household", "head"]
    shares = [{"to": to, "share": part} for to, part in zip(targets, parts, strict=False)]
    spec = worth(str(amount or 1), sign=sign, shares=shares, fractions={"places": places}, redeemable=places > 0)
    award = told(spec, people={"members": tuple(str(one) for one in range(members))})
    assert sum(share.points for share in award.shares) == award.points
    assert sum(share.redeemable for share in award.shares) == award.redeemable
    assert all(share.points * spec.factor >= 0 for share in award.shares)


THIRDS = [{"to": "household", "share": "1/3"}, {"to": "head", "share": "2/3"}]


def test_thirds_are_exact_and_come_back_as_they_were_written() -> None:
    award = told(worth(9, shares=THIRDS))
    assert given_out(award) == {"household": 3, "head": 6}
    assert "本户1/3、户主2/3" in award.explanation
    kept = rule(amount={"kind": "fixed", "points": 9}, shares=THIRDS)
    again = type(kept).model_validate(kept.model_dump(mode="json"))
    assert again == kept and again.model_dump(mode="json")["shares"][0]["share"] == "1/3"


@pytest.mark.parametrize("share", ["1/0", "0.3333333", "0", "4/3"])
def test_what_is_no_part_of_a_whole_is_refused(share: str) -> None:
    with pytest.raises(ValidationError):
        rule(shares=[{"to": "household", "share": share}])


def test_a_third_of_what_was_taken_comes_back_whole() -> None:
    litter = rule(code="litter", sign="negative", amount={"kind": "fixed", "points": 6})
    mend = rule(code="mend", amount={"kind": "fixed", "points": 9}, repair={"rules": ["litter"], "share": "1/3"})
    results = run([deed(litter), deed(mend, A_DAY.replace(day=28))])
    assert points(results)[-1] == 2
