"""What is a flow and what is not."""

from typing import Any

import pytest

from jifen.approvals.definition import check_conditions, parse
from jifen.approvals.errors import StepsWrong
from jifen.kernel.cel import ExpressionInvalid

STEP = {"name": "核实", "who": {"role": "steward"}}
VOTE = {"name": "票签", "who": {"role": "committee"}, "how": "quorum", "quorum": {"percent": 60}}


def fork(kind: str, *paths: dict[str, Any]) -> dict[str, Any]:
    return {"name": "分路", "kind": kind, "paths": list(paths)}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ([], "至少要有一步"),
        ([{**STEP, "who": {}}], "第1步：办理人"),
        ([STEP, {**STEP, "who": {"role": "steward", "seat": "主任"}}], "第2步：办理人"),
        ([{**STEP, "how": "quorum"}], "第1步：票签的步骤"),
        ([{**VOTE, "quorum": {"numerator": 3, "denominator": 2}}], "不能大于全体"),
        ([{**VOTE, "quorum": {"percent": 60, "count": 2}}], "其中一种|中的一种"),
        ([{**VOTE, "quorum": {"percent": 130}}], "第1步：“百分之几”不能大于100"),
        ([{**VOTE, "quorum": {"count": 0}}], "第1步：“几票”不能小于1"),
        ([{"who": {"role": "steward"}}], "第1步：“步骤名称”没有填写"),
        ([{**STEP, "how": "both"}], "第1步：“怎样算通过”填写不对"),
        ([{**STEP, "deadline": 3}], "第1步：没有“deadline”这一项"),
        ([{**STEP, "limit": {"then": "pass"}}], "办理时限至少1小时"),
        ([{**STEP, "limit": {"days": 1, "to": {"role": "town_admin"}}}], "只有超时上报"),
        ([STEP, fork("parallel", {"when": "points > 1", "steps": [STEP]})], "第2步：并行分支"),
        ([fork("choose", {"steps": [STEP]}, {"steps": [STEP]})], "第1步：条件分支"),
        ([fork("choose", {"steps": [{"name": "空"}]})], "第1步第1路第1步"),
        ([fork("choose", {})], "至少要有一步"),
        ([{**STEP, "key": "a"}, {**STEP, "key": "a"}], "同一个编号"),
        ("abc", "步骤"),
        (None, "步骤"),
    ],
)
def test_a_wrong_flow_says_which_step_and_why(wrong: Any, said: str) -> None:
    with pytest.raises(StepsWrong, match=said):
        parse(wrong)


def test_too_deep_a_flow_is_refused() -> None:
    nested: dict[str, Any] = STEP
    for _ in range(5):
        nested = fork("parallel", {"steps": [nested]})
    with pytest.raises(StepsWrong, match="最多套4层"):
        parse([nested])


def test_steps_without_a_key_are_known_by_their_name() -> None:
    flow = parse([STEP, STEP, {**VOTE, "key": "vote"}])
    assert [step.key for step in flow.all_steps()] == ["核实", "核实·2", "vote"]


def test_what_is_written_down_is_read_back_the_same() -> None:
    flow = parse({"name": "审核", "steps": [STEP, fork("choose", {"when": "points > 1", "steps": [VOTE]}, {}), STEP]})
    assert parse(flow.dump()) == flow
    assert flow.dump()["steps"][0] == STEP


def test_a_condition_over_an_unknown_fact_is_refused() -> None:
    for wrong in ([{**STEP, "when": "price > 3"}], [fork("inclusive", {"when": "price > 3", "steps": [STEP]})]):
        with pytest.raises(ExpressionInvalid):
            check_conditions(parse(wrong), {"points": "number"})
