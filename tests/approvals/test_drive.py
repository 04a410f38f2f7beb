"""A test drive: what would happen to a deed worth 25 points by 张三 of 三组."""

from datetime import datetime, timedelta
from typing import Any

from jifen.approvals.definition import Who, parse
from jifen.approvals.drive import Case, ForkLine, StepLine, drive, ends
from jifen.approvals.wording import Names
from jifen.kernel import cel, clock

START = datetime(2025, 3, 10, 9, tzinfo=clock.TIME_ZONE)
FACTS: dict[str, cel.Kind] = {"points": "number", "declared_by": "text"}
NAMES = Names(
    roles={"steward": "积分管理员", "committee": "审核委员"},
    users={1: "王管理", 2: "李委员", 3: "赵委员", 4: "钱委员", 5: "孙组长", 9: "陈经办"},
)
HELD = {"steward": {1}, "committee": {2, 3, 4}, "volunteer": set()}
STEWARD = {"name": "核实", "who": {"role": "steward"}, "limit": {"days": 3}}
COMMITTEE = {
    "name": "审核",
    "who": {"role": "committee"},
    "how": "quorum",
    "quorum": {"numerator": 2, "denominator": 3},
}


def people(who: Who) -> set[int]:
    return set(who.named()) or ({5} if who.leader else HELD.get(who.role or "", set()))


def drives(
    *steps: Any, points: str | None = "25", kin: set[int] | None = None, instead: dict[int, int] | None = None
) -> list[Any]:
    more: dict[str, Any] = {"kin": kin or set(), "office": {9}, "about": "张三", "instead": instead or {}}
    case = Case({"points": points}, FACTS, START, NAMES, people, **more)
    return drive(parse(list(steps)), case)


def test_it_names_the_people_and_the_dates() -> None:
    steward, committee = drives(STEWARD, {**COMMITTEE, "limit": {"days": 7}})
    assert (steward.people, steward.due) == (["王管理"], START + timedelta(days=3))
    assert (committee.people, committee.told) == (["李委员", "赵委员", "钱委员"], "不少于三分之二同意（需2票）")
    assert committee.due == START + timedelta(days=10)
    assert ends([steward, committee]) == committee.due


def test_who_stands_back_is_named_and_not_counted() -> None:
    [line] = drives(COMMITTEE, kin={2, 3})
    assert (line.recused, line.people, line.told) == (["李委员", "赵委员"], ["钱委员"], "不少于三分之二同意（需1票）")


def test_a_substitute_steps_in_for_who_stands_back() -> None:
    who = {"role": "steward", "substitute": {"role": "committee"}}
    [line] = drives({"name": "核实", "who": who}, kin={1, 4})
    assert (line.recused, line.people) == (["王管理"], ["李委员"])
    [line] = drives({"name": "核实", "who": who}, kin={4})
    assert line.people == ["王管理"]


def test_the_group_leader_of_the_person_is_asked_for_large_points() -> None:
    leader = {"name": "组长签注", "when": "points >= 20 || points < 0", "who": {"leader": True}}
    [line] = drives(leader)
    assert (line.people, line.why) == (["孙组长"], "符合“分值不少于20，或者分值低于0”")
    [line] = drives(leader, points="5")
    assert not line.taken and "不符合" in line.why


def test_what_happens_where_nobody_can_be_asked() -> None:
    empty = {"name": "志愿者", "who": {"role": "volunteer"}}
    skip, office, block = drives(*({**empty, "key": rule, "empty": rule} for rule in ("skip", "office", "block")))
    assert (skip.taken, skip.why) == (False, "没有人可问，跳过")
    assert (office.people, office.stuck) == (["陈经办"], False)
    assert (block.people, block.stuck) == ((), True)


def test_of_a_choice_the_first_path_that_fits_is_gone() -> None:
    paths = [
        {"name": "大额", "when": "points >= 20", "steps": [STEWARD]},
        {"name": "中等", "when": "points >= 10", "steps": [COMMITTEE]},
        {"name": "其他"},
    ]
    [fork] = drives({"kind": "choose", "name": "按分值", "paths": paths})
    assert isinstance(fork, ForkLine)
    assert [(path.name, path.taken) for path in fork.paths] == [("大额", True), ("中等", False), ("其他", False)]
    assert [path.why for path in fork.paths][:2] == ["符合“分值不少于20”", "前面已经选了别的路"]
    assert isinstance(fork.paths[0].lines[0], StepLine)


def test_parallel_paths_are_all_gone_and_the_slowest_counts() -> None:
    slow = {**COMMITTEE, "limit": {"days": 7}}
    lines = drives(
        {"kind": "parallel", "paths": [{"steps": [STEWARD]}, {"steps": [slow]}]}, {**STEWARD, "name": "登记"}
    )
    assert [path.taken for path in lines[0].paths] == [True, True]
    assert lines[1].due == START + timedelta(days=10)


def test_who_approved_before_is_not_asked_twice_when_the_step_says_so() -> None:
    _, second = drives(STEWARD, {**STEWARD, "name": "复核", "same_person": "skip"})
    assert second.told == "前面同意过的人在这里，不再问"


def test_only_who_is_taken_to_approve_counts_as_having_approved() -> None:
    """One of three is enough; the last step asks one of them again, whom nobody has heard."""
    anyone = {"name": "核对", "who": {"role": "committee"}}
    again = {"name": "复核", "who": {"users": [2]}, "same_person": "skip", "limit": {"days": 3}}
    first, last = drives(anyone, again)
    assert (first.told, first.approving) == ("一人同意即可（需1人）", [3])
    assert first.assumed == "只要一人同意：这里按赵委员同意来算，其余2人不算同意过"
    assert (last.people, last.due) == (["李委员"], START + timedelta(days=3))
    assert "要是李委员在前面同意过，这里不再问本人" in last.notes


def test_of_a_quorum_as_many_approve_as_it_takes() -> None:
    whole = {**COMMITTEE, "how": "all", "quorum": None, "same_person": "skip", "name": "复核"}
    first, last = drives(COMMITTEE, whole)
    assumed = "不用全都同意：这里按李委员、赵委员同意来算，其余1人不算同意过"
    assert (first.approving, first.assumed) == ([2, 3], assumed)
    assert last.people == ["钱委员"] and "李委员、赵委员前面同意过，不再问" in last.notes


def test_a_step_whose_condition_cannot_be_told_is_asked_and_says_on_what_it_depends() -> None:
    leader = {"name": "组长签注", "when": "points >= 20", "who": {"leader": True}}
    [line] = drives(leader, points=None)
    assert (line.people, line.why) == (["孙组长"], "要看分值：符合“分值不少于20”才问，没有填，先按要问的算")


def test_a_path_whose_condition_cannot_be_told_is_not_gone_and_says_on_what_it_depends() -> None:
    paths = [{"name": "大额", "when": "points >= 20", "steps": [STEWARD]}, {"name": "其他", "steps": [COMMITTEE]}]
    [fork] = drives({"kind": "choose", "name": "按分值", "paths": paths}, points=None)
    why = "要看分值：符合“分值不少于20”才走，没有填，先按不走的算"
    assert [(path.taken, path.why) for path in fork.paths] == [(False, why), (True, "")]


def test_who_stands_in_is_named_with_whom_she_stands_in_for() -> None:
    steward, committee = drives(STEWARD, COMMITTEE, instead={1: 5, 2: 3})
    assert steward.people == ["孙组长（代王管理）"]
    assert (committee.people, committee.told) == (["李委员", "赵委员", "钱委员"], "不少于三分之二同意（需2票）")


def test_a_stand_in_who_must_stand_back_does_not_stand_in() -> None:
    [line] = drives(STEWARD, instead={1: 5}, kin={5})
    assert line.people == ["王管理"]


def test_a_stand_in_who_agreed_before_is_not_asked_again() -> None:
    first = {"name": "组长", "who": {"leader": True}}
    _, line = drives(first, {**STEWARD, "same_person": "skip"}, instead={1: 5})
    assert "不再问" in line.told
