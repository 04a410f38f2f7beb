"""One change at a time to a flow, and how it is drawn."""

from typing import Any

import pytest

from jifen.approvals import drawing, editing
from jifen.approvals.definition import Definition, parse
from jifen.approvals.editing import NodeGone
from jifen.approvals.errors import StepsWrong
from jifen.approvals.shares import Fraction
from jifen.approvals.wording import Names, condition, share

A, B, C = ({"name": name, "who": {"role": "steward"}} for name in ("甲", "乙", "丙"))
FORK = {
    "name": "分路",
    "kind": "choose",
    "paths": [{"name": "大额", "when": "points >= 20", "steps": [B]}, {"name": "其他"}],
}
NAMES = Names(roles={"steward": "积分管理员"})


def flow(*nodes: Any) -> Definition:
    return parse(list(nodes))


def names(definition: Definition) -> list[str]:
    return [step.name for step in definition.all_steps()]


@pytest.mark.parametrize(("spot", "order"), [("", "丙甲乙"), ("after:甲", "甲丙乙"), ("after:乙", "甲乙丙")])
def test_a_step_goes_where_it_is_put(spot: str, order: str) -> None:
    assert "".join(names(editing.add_step(flow(A, B), spot=spot, step=C))) == order


def test_a_step_goes_into_a_path() -> None:
    changed = editing.add_step(flow(A, FORK), spot="path:分路:1", step=C)
    assert [step.name for fork in changed.all_forks() for step in fork.paths[1].steps] == ["丙"]


def test_a_second_step_of_the_same_name_gets_a_key_of_its_own() -> None:
    changed = editing.add_step(flow(A, B), spot="after:乙", step=A)
    assert [step.key for step in changed.all_steps()] == ["甲", "乙", "甲·2"]


def test_a_step_renamed_keeps_its_key() -> None:
    changed = editing.replace(flow(A, B), key="甲", step={**A, "name": "核实", "how": "all"})
    [first, _] = changed.all_steps()
    assert (first.key, first.name, first.how) == ("甲", "核实", "all")


def test_the_last_step_of_all_cannot_go() -> None:
    assert names(editing.remove(flow(A, B), key="甲")) == ["乙"]
    with pytest.raises(StepsWrong, match="至少要有一步"):
        editing.remove(flow(A), key="甲")


def test_a_step_moves_among_its_neighbours() -> None:
    assert names(editing.move(flow(A, B, C), key="丙", up=True)) == ["甲", "丙", "乙"]
    assert names(editing.move(flow(A, B), key="甲", up=True)) == ["甲", "乙"]
    assert names(editing.move(flow(A, FORK), key="分路", up=True)) == ["乙", "甲"]


@pytest.mark.parametrize("kind", ["parallel", "choose", "inclusive"])
def test_a_fork_comes_with_two_paths_and_takes_a_third(kind: Any) -> None:
    changed = editing.add_fork(flow(A), spot="after:甲", kind=kind)
    [fork] = changed.all_forks()
    longer = editing.add_path(changed, key=fork.key)
    assert [len(fork.paths), *(len(one.paths) for one in longer.all_forks())] == [2, 3]


def test_a_path_is_named_and_given_its_condition() -> None:
    changed = editing.change_path(flow(A, FORK), key="分路", number=0, name="二十分以上", when="points > 20")
    [fork] = changed.all_forks()
    assert (fork.paths[0].name, fork.paths[0].when, len(fork.paths[0].steps)) == ("二十分以上", "points > 20", 1)
    with pytest.raises(StepsWrong, match="只有最后一路"):
        editing.change_path(changed, key="分路", number=0, name="空", when="")


def test_the_last_path_takes_its_fork_with_it() -> None:
    fewer = editing.remove_path(flow(A, FORK), key="分路", number=1)
    assert [len(fork.paths) for fork in fewer.all_forks()] == [1]
    assert names(editing.remove_path(fewer, key="分路", number=0)) == ["甲"]


def test_a_fork_changes_its_kind_only_when_its_conditions_suit() -> None:
    renamed = editing.rename_fork(flow(A, FORK), key="分路", name="按分值", kind="inclusive")
    assert [(fork.key, fork.name, fork.kind) for fork in renamed.all_forks()] == [("分路", "按分值", "inclusive")]
    with pytest.raises(StepsWrong, match="不写条件"):
        editing.rename_fork(renamed, key="分路", name="按分值", kind="parallel")


@pytest.mark.parametrize("spot", ["after:丁", "path:丁:0", "path:分路:7", "path:分路:x"])
def test_what_is_gone_cannot_be_changed(spot: str) -> None:
    with pytest.raises(NodeGone):
        editing.add_step(flow(A, FORK), spot=spot, step=C)


def test_the_drawing_numbers_and_words_every_step() -> None:
    first, split = drawing.draw(flow({**A, "limit": {"days": 3}, "empty": "office"}, FORK), NAMES)
    assert isinstance(first, drawing.Box) and isinstance(split, drawing.Split)
    assert (first.number, first.who, first.how) == ("1", "积分管理员", "一人同意即可")
    assert list(first.notes) == ["3天内办结，超时提醒", "没有人时转镇级办公室"]
    assert [lane.when for lane in split.lanes] == ["分值不少于20", ""]
    assert [box.number for box in split.lanes[0].boxes] == ["2.1.1"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("points >= 20 || points < 0", "分值不少于20，或者分值低于0"),
        ('declared_by == "self" && !negative', "由谁申报是“本人”，并且不满足是扣分"),
        ("stage == 1 && is_direct == false", "第几次提出等于1，并且直接向镇里提出为“否”"),
        ("stage != 2 || is_direct != true", "第几次提出不等于2，或者直接向镇里提出不为“是”"),
        ("true", "任何情况"),
    ],
)
def test_a_condition_is_read_out_in_words(text: str, told: str) -> None:
    assert condition(text, NAMES) == told


def test_a_share_is_read_out_in_words() -> None:
    told = [
        share(Fraction(numerator=1, denominator=2, more=True)),
        share(Fraction(numerator=5, denominator=7)),
        share(Fraction(percent=60)),
        share(Fraction(count=3)),
    ]
    assert told == ["过半数同意", "不少于5/7同意", "不少于60%同意", "至少3人同意"]
