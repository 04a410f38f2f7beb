"""The templates can be used as they stand, and a flow goes out to a file and comes back the same."""

import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from jifen.approvals import catalog, exchange, registry
from jifen.approvals.definition import Definition, Fork, Limit, Step, Who, check_conditions, parse
from jifen.approvals.definition import Path as Way
from jifen.approvals.exchange import FileWrong
from jifen.approvals.shares import Fraction
from jifen.flows import open_town
from scoring.rules import library as schemes
from tenants.models import Town

EVERY = [(template.code, kind) for template in catalog.available() for kind in template.flows]
WHOLE = {
    "name": "申报核实",
    "steps": [
        {"name": "核实", "who": {"role": "steward"}, "limit": {"days": 3, "then": "escalate", "to": {"user": 7}}},
        {"name": "分路", "kind": "choose", "paths": [
            {"name": "大额", "when": "points >= 20", "steps": [
                {"name": "镇里", "who": [{"role": "town_officer"}, {"users": [7, 8], "weight": 2}]}]},
            {"name": "其他"}]},
        {"name": "会签", "who": {"seat": "主任"}, "how": "quorum", "quorum": {"count": 1}},
    ],
}  # fmt: skip


@pytest.mark.parametrize(("code", "kind"), EVERY)
def test_every_template_can_be_used(code: str, kind: str) -> None:
    [template] = [one for one in catalog.available() if one.code == code]
    check_conditions(template.flows[kind], registry.facts_of(kind))


def test_every_scheme_has_the_template_of_its_seed() -> None:
    found = {code: catalog.for_scheme(code).code for code in schemes.available()}
    assert found["seed_000_003"] == found["seed_000"] == "seed_000"
    assert {found[f"seed_00{n}"] for n in range(4)} == {f"seed_00{n}" for n in range(4)}
    assert catalog.for_scheme("other").code == "common"


def test_the_common_template_says_how_everything_is_decided() -> None:
    kinds = {kind for template in catalog.available() for kind in template.flows}
    assert kinds - set(catalog.for_scheme("other").flows) == {"rulebook"}


def test_four_deliberations_stand_in_their_order() -> None:
    [(_, flow)] = [one for one in catalog.for_kind("rulebook") if one[0].code == "four_deliberations"]
    names = "".join(step.name for step in flow.all_steps())
    assert re.search("党组织.*商议.*党员大会.*村民代表会议.*决议公开.*实施结果公开", names)


def test_two_supervisors_get_a_copy_in_seed_002() -> None:
    [last] = list(catalog.for_scheme("seed_002").flows["filing"].all_steps())[-1:]
    assert [one.role for one in last.copy_to] == ["supervisor"]


def test_a_town_begins_with_its_seed_and_its_own_quorum(town: Town) -> None:
    scheme = schemes.load("seed_002")
    flows = open_town.standard_flows(scheme)
    [step] = flows["review"].all_steps()
    assert step.name == "积分审核工作组" == scheme.policy.organisation.committee.name
    assert step.quorum == Fraction(numerator=2, denominator=3)
    assert [one.name for one in flows["declaration"].all_steps()] == ["积分管理员核实"]


def test_a_flow_goes_out_to_a_file_and_comes_back_the_same() -> None:
    text = exchange.dump(parse(WHOLE), kind="declaration", usernames={7: "wang", 8: "李四"})
    assert "wang" in text and "user: 7" not in text
    back = exchange.load(text, users={"wang": 7, "李四": 8})
    assert (back.kind, back.definition) == ("declaration", parse(WHOLE))


def test_every_template_goes_out_and_comes_back(tmp_path: Path) -> None:
    for template in catalog.available():
        for kind, flow in template.flows.items():
            assert exchange.load(exchange.dump(flow, kind=kind, usernames={}), users={}).definition == flow


START = "kind: declaration\nsteps:\n  - name: 核实\n    who: {role: steward}\n"


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("", 1, "文件是空的"),
        ("steps: []", 1, "事项种类"),
        ("kind: declaration\nsteps:\n\t- name", 3, "缩进"),
        ("kind: declaration\nsteps: []", 2, "至少要有一步"),
        (START + "    how: both\n", 5, "第1步.*“怎样算通过”（how）只能写any"),
        (START + "    deadline: 3\n", 5, "第1步.*没有“deadline”"),
        (START + "  - name: 审定\n", 5, "第2步.*缺少“谁来办”（who）"),
        (START + "  - name: 审定\n    who: {user: nobody}\n", 6, "没有可用的账号“nobody”"),
        (START + "    how: quorum\n", 3, "第1步.*票签的步骤要写明"),
        (
            START + "  - kind: choose\n    paths:\n      - steps:\n          - name: 里面\n",
            8,
            "第2步第1路第1步.*缺少“谁来办”（who）",
        ),
        (START + "    limit: {days: -3}\n", 5, "第1步.*“几天内”（days）只能写0至366之间的整数"),
        (START + "    limit: {hours: 一}\n", 5, "第1步.*“另加几小时”（hours）只能写0至23之间的整数"),
        (START + "    quorum: {percent: 101}\n", 5, "第1步.*“百分之几”（percent）只能写1至100之间的整数"),
        ("a: &a [1]\nb: *a\nkind: x", 1, "引用"),
        ("x" * (exchange.LONGEST + 1), 1, "不像一份流程"),
    ],
)
def test_a_wrong_file_says_its_line_and_what_to_do(text: str, line: int, said: str) -> None:
    with pytest.raises(FileWrong, match=said) as refused:
        exchange.load(text, users={})
    assert refused.value.data["line"] == line


PARTS: dict[type[BaseModel], str] = {
    Definition: "{name}: {value}\n",
    Step: "steps:\n  - {{who: {{role: steward}}, name: 核实, {name}: {value}}}\n",
    Fork: "steps:\n  - {{paths: [{{}}], kind: parallel, {name}: {value}}}\n",
    Way: "steps:\n  - {{kind: parallel, paths: [{{{name}: {value}}}]}}\n",
    Who: "steps:\n  - {{name: 核实, who: {{{name}: {value}}}}}\n",
    Limit: "steps:\n  - {{name: 核实, who: {{role: steward}}, limit: {{{name}: {value}}}}}\n",
    Fraction: "steps:\n  - {{name: 核实, who: {{role: steward}}, how: quorum, quorum: {{{name}: {value}}}}}\n",
}
BOUNDS = ("ge", "le", "min_length", "max_length")
KEYS = [(part, name) for part in PARTS for name in part.model_fields if name not in ("user", "users")]


@pytest.mark.parametrize(("part", "name"), KEYS)
def test_every_key_of_the_file_is_named_in_chinese_with_what_may_stand_there(part: type[BaseModel], name: str) -> None:
    text = "kind: declaration\n" + PARTS[part].format(name=name, value="3.5")
    with pytest.raises(FileWrong, match=rf"“[一-鿿]+”（{name}）只能写.*[一-鿿]") as refused:
        exchange.load(text, users={})
    bounds = [getattr(one, word, "") for one in part.model_fields[name].metadata for word in BOUNDS]
    assert all(str(bound) in refused.value.message for bound in bounds)


def test_people_of_another_town_do_not_come_along() -> None:
    other: dict[str, Any] = {"name": "指定", "who": {"user": 7}}
    text = exchange.dump(parse([other]), kind="declaration", usernames={7: "wang"})
    with pytest.raises(FileWrong, match="wang"):
        exchange.load(text, users={"li": 7})
