"""What a flow would stumble over is said before it runs."""

from collections.abc import Mapping
from typing import Any

import pytest

from jifen.approvals import warnings
from jifen.approvals.definition import Who, parse
from jifen.approvals.warnings import Crew
from jifen.approvals.wording import Names
from jifen.kernel import cel

FACTS: dict[str, cel.Kind] = {"points": "number", "declared_by": "text", "negative": "yes_no", "held_on": "date"}
NAMES = Names(roles={"steward": "积分管理员", "committee": "审核委员"}, users={7: "李四"})
STEP = {"name": "核实", "who": {"role": "steward"}, "empty": "office"}


def crew(name: str = "石岭岗村", kin: Mapping[int, set[int]] | None = None, **held: set[int]) -> Crew:
    """``held``: accounts by role or seat; a named account is there when it is the number 7."""

    def people(who: Who) -> set[int]:
        if who.named():
            return {user for user in who.named() if user == 7}
        return held.get(who.role or who.seat or "", set())

    return Crew(name, people, lambda user: (kin or {}).get(user, ()))


STAFFED = crew(steward={1}, committee={2, 3, 4})


VOLUNTEERS = {"role": "volunteer", "level": "group", "least": 2}


def test_groups_with_too_few_of_those_who_should_be_there_are_named() -> None:
    groups = {"第一组": {5, 6}, "第二组": {7}, "第三组": set()}
    there = Crew("石岭岗村", lambda who: {5, 6, 7} if who.is_of_group else {1}, groups=lambda who: groups)
    step = {**STEP, "who": [{"role": "steward"}, VOLUNTEERS]}
    [told] = warnings.found(parse([step]), facts=FACTS, crews=(there,), names=NAMES)
    assert told.code == "too_few" and "在石岭岗村第二组、石岭岗村第三组不够2人" in told.text
    assert "每组至少2人" in told.text and "任命" in told.fix


def test_a_village_with_too_few_is_named_and_one_with_none_is_told_as_such() -> None:
    step = {**STEP, "who": [{"role": "steward"}, {"role": "committee", "least": 4}]}
    assert codes(step) == ["too_few"]
    assert codes(step, crews=(crew(steward={1}),)) == ["seat_unfilled"]


def codes(*steps: Mapping[str, Any], crews: tuple[Crew, ...] = (STAFFED,)) -> list[str]:
    told = warnings.found(parse(list(steps)), facts=FACTS, crews=crews, names=NAMES)
    return [one.code for one in told]


def fork(kind: str, *whens: str) -> dict[str, Any]:
    paths = [{"when": when, "steps": [{**STEP, "name": f"路{n}"}]} for n, when in enumerate(whens)]
    return {"name": "分路", "kind": kind, "paths": paths}


def test_a_sound_flow_gives_nothing_to_warn_of() -> None:
    committee = {
        "name": "审核",
        "who": {"role": "committee"},
        "how": "quorum",
        "quorum": {"numerator": 2, "denominator": 3},
    }
    assert codes({**STEP, "when": "points >= 20 || points < 0"}, committee) == []


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ("price > 3", "condition_wrong"),
        ("points + 1", "condition_wrong"),
        ("points > 20 && points < 5", "never_true"),
        ('declared_by == "self" && declared_by == "steward"', "never_true"),
        ("negative && !negative", "never_true"),
        ('held_on > date("2025-03-05") && held_on < date("2025-03-05")', "never_true"),
    ],
)
def test_a_condition_that_cannot_hold_is_named(condition: str, code: str) -> None:
    assert codes({**STEP, "when": condition}) == [code]


@pytest.mark.parametrize(
    "condition",
    [
        "points == 20",
        "points > 5 && points < 5.5",
        'declared_by != "self"',
        'held_on == date("2025-03-05")',
        "negative",
    ],
)
def test_a_condition_that_can_hold_is_not(condition: str) -> None:
    assert codes({**STEP, "when": condition}) == []


def test_a_step_nobody_can_take_is_named_with_its_villages() -> None:
    blocked = {"name": "核实", "who": {"role": "steward"}}
    empty = [crew(f"第{number}村") for number in range(6)]
    [one] = warnings.found(parse([blocked]), facts=FACTS, crews=[*empty, STAFFED_WELL], names=NAMES)
    assert (one.code, one.tone) == ("nobody", "bad")
    assert "第0村、第1村、第2村、第3村等6个村" in one.text


STAFFED_WELL = crew("双桂湾村", steward={1, 2})


def test_a_seat_nobody_fills_is_named() -> None:
    both = {
        "name": "审核",
        "who": [{"role": "committee"}, {"seat": "村民监督委员会", "required": True}],
        "empty": "office",
    }
    [one] = warnings.found(parse([both]), facts=FACTS, crews=[STAFFED], names=NAMES)
    assert (one.code, one.tone, "村民监督委员会" in one.text) == ("seat_unfilled", "bad", True)


def test_a_named_account_that_is_gone_is_nobody() -> None:
    assert codes({"name": "指定", "who": {"user": 9}}) == ["nobody"]
    assert codes({"name": "指定", "who": {"user": 9}, "empty": "skip"}) == []


def test_a_share_that_one_person_reaches_is_named() -> None:
    step = {**STEP, "who": {"role": "committee"}, "how": "quorum"}
    assert codes({**step, "quorum": {"percent": 33}}) == ["quorum_of_one"]
    assert codes({**step, "quorum": {"percent": 34}}) == []
    assert codes({**step, "quorum": {"numerator": 1, "denominator": 3, "more": True}}) == []


def test_a_quorum_that_cannot_be_reached_is_named() -> None:
    step = {**STEP, "who": {"role": "committee"}, "how": "quorum"}
    assert codes({**step, "quorum": {"count": 4}}) == ["no_quorum"]
    assert codes({**step, "quorum": {"count": 3}}) == []
    assert codes({**step, "who": {"role": "committee", "weight": 2}, "quorum": {"count": 6}}) == []


def test_where_one_family_decides_everything_its_own_deeds_have_no_decider() -> None:
    family = crew(kin={2: {2, 3, 4}}, committee={2, 3, 4})
    step = {"name": "审核", "who": {"role": "committee"}}
    assert codes(step, crews=(family,)) == ["all_recused"]
    assert codes(step, crews=(crew(kin={2: {2, 3}}, committee={2, 3, 4}),)) == []
    assert codes({**step, "empty": "office"}, crews=(family,)) == []
    office = {"name": "镇里", "who": {"role": "town_officer"}}
    assert codes(office, crews=(crew(town_officer={8}),)) == []
    assert codes(office, crews=(crew(kin={8: {8}}, town_officer={8}),)) == ["all_recused"]
    assert codes({**step, "who": {"role": "committee", "substitute": {"role": "steward"}}}, crews=(family,)) == []


def test_people_known_only_later_need_a_rule_for_nobody() -> None:
    assert codes({"name": "组长", "who": {"leader": True}}) == ["no_rule_for_empty"]
    assert codes({"name": "组长", "who": {"leader": True}, "empty": "skip"}) == []


def test_a_limit_that_returns_can_go_round_and_round() -> None:
    later = {**STEP, "name": "审定", "limit": {"days": 3, "then": "return"}}
    assert codes(STEP, later) == ["loop"]
    assert codes(STEP, {**later, "limit": {"days": 3}}) == []


def test_a_limit_that_escalates_to_the_same_people_is_named() -> None:
    limit = {"days": 3, "then": "escalate", "to": {"role": "steward"}}
    assert codes({**STEP, "limit": limit}) == ["escalates_to_itself"]


def test_a_path_behind_others_that_take_everything_is_named() -> None:
    assert codes(fork("choose", "points >= 5", "points > 10", "")) == ["never_reached"]
    assert codes(fork("choose", "points >= 5", "points < 5", "")) == ["never_reached"]
    assert codes(fork("choose", "points >= 20", "points < 0", "")) == []


@pytest.mark.parametrize("kind", ["parallel", "choose", "inclusive"])
def test_a_fork_that_asks_nobody_is_named(kind: str) -> None:
    inner = {"name": "里面", "kind": "parallel", "paths": [{}]}
    empty: dict[str, Any] = {
        "name": "两边同时看",
        "kind": kind,
        "paths": [{"name": "一"}, {"name": "二", "steps": [inner]}],
    }
    if kind != "parallel":
        empty["paths"][0]["when"] = "negative"
    told = warnings.found(parse([STEP, empty]), facts=FACTS, crews=(STAFFED,), names=NAMES)
    assert [one.step for one in told if (one.code, one.tone) == ("fork_empty", "bad")] == ["两边同时看", "里面"]


def test_one_empty_way_of_those_that_are_all_gone_is_named() -> None:
    idle = {"name": "两边同时看", "kind": "parallel", "paths": [{"steps": [STEP]}, {"name": "镇里"}]}
    [told] = warnings.found(parse([idle]), facts=FACTS, crews=(STAFFED,), names=NAMES)
    assert (told.code, told.step) == ("path_empty", "两边同时看") and "“镇里”没有步骤" in told.text
    other = {"name": "分路", "kind": "choose", "paths": [{"when": "negative", "steps": [STEP]}, {"name": "其他"}]}
    assert codes(other) == []


def test_a_fork_without_a_path_for_the_rest_is_named() -> None:
    assert codes(fork("inclusive", "points >= 20", "negative")) == ["no_default"]
    assert codes(fork("parallel", "", "")) == []
