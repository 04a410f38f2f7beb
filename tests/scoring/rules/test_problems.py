"""What is wrong with an item as its page says it: the part that is meant, in words, never a key of a file."""

import re
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from scoring.rules import problems
from scoring.rules.overlay import Amend, ItemBound
from scoring.rules.spec import RuleSpec, Settings
from tests.scoring.rules.build import rule

KEY = re.compile(r"[a-z]{2,}")
PLACED = [{"name": "who", "label": "帮了谁", "kind": "text"}]


def faults(model: type[BaseModel], body: dict[str, Any]) -> list[str]:
    with pytest.raises(ValidationError) as wrong:
        model.model_validate(body)
    return problems.every(wrong.value)


def of_item(**parts: Any) -> list[str]:
    return faults(RuleSpec, rule().model_dump(mode="json") | parts)


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ({"not_with": {"rules": []}}, "不重复计分的条目没有填"),
        ({"group": {}}, "和哪一组同类没有填"),
        ({"multipliers": {"roles": []}}, "哪种身份、几倍没有填"),
        ({"rating": {"parts": []}}, "由谁打分没有填"),
        ({"cooldown": {}}, "隔几天才能再计的天数没有填"),
        ({"streak": {"bonus": "5"}}, "连续奖励的连续几期没有填"),
        ({"amount": {"kind": "fixed", "points": "0"}},
         "0分的条目要写明“其他后果”，例如取消评优资格；有分的，分值要填大于0的数"),
        ({"feed": {"code": "a", "name": "水表", "kind": "device"}}, "由设备或部门送来的条目，由谁申报里要有系统接入"),
        ({"beneficiary": "gone"}, "受益人选的填写项不在这一条里，请重选，或先加上这个填写项"),
        ({"beneficiary": "who", "inputs": PLACED}, "受益人选的填写项“帮了谁”要是人名或哪一户，请重选，或改它的种类"),
        ({"effect": {"kind": "bar_honours", "until": "date", "text": "不评优"}},
         "其他后果：到某一天为止的要写日期，其他情形不写"),
        ({"amount": {"kind": "bands", "bands": [{"least": 5, "below": 2, "points": 3}]}},
         "分段第1行：从5到2是空的一段，起点应当低于终点"),
        ({"limits": [{"kind": "count", "period": "month", "value": "1.5"}]}, "上限第1行：次数上限应当是整数"),
    ],
)  # fmt: skip
def test_a_fault_names_its_part(parts: dict[str, Any], told: str) -> None:
    assert of_item(**parts) == [told]


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"merit": {"floor": "5", "ceiling": "2"}}, "评比积分：最低5分高于最高2分，请改小最低的，或改大最高的"),
        ({"redeemable": {"floor": "5", "ceiling": "2"}}, "可兑换积分：最低5分高于最高2分，请改小最低的，或改大最高的"),
        ({"redeemable": {"floor": "-5", "negative": "zero"}},
         "可兑换积分：扣到0分为止的，最低几分不能小于0，请改成0或不填"),
    ],
)  # fmt: skip
def test_a_fault_of_a_balance_says_of_which(sent: dict[str, Any], told: str) -> None:
    assert faults(Settings, sent) == [told]


@pytest.mark.parametrize(
    ("model", "body"),
    [
        (RuleSpec, {"effect": {"kind": "none", "text": "停用"}}), (RuleSpec, {"heads": "many"}),
        (RuleSpec, {"proofs": [{"kind": "photo"}], "evidence": "none"}), (RuleSpec, {"since": "soon"}),
        (RuleSpec, {"inputs": [{"name": "p", "label": "选", "kind": "choice"}]}),
        (Settings, {"base": [{"when": "joining", "points": 0}]}),
        (Amend, {"code": "a", "values": {"category": "其他"}}), (ItemBound, {"code": "a", "least": 3, "most": 1}),
    ],
)  # fmt: skip
def test_no_key_of_a_file_is_left(model: type[BaseModel], body: dict[str, Any]) -> None:
    told = of_item(**body) if model is RuleSpec else faults(model, body)
    assert told and all(told) and not any(KEY.search(one) for one in told)
