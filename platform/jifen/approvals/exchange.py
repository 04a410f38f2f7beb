"""A flow as a YAML file, out and in (pure: no Django). What is wrong is said with its line.

    kind: declaration
    name: 申报核实
    steps:
      - {name: 积分管理员核实, who: {role: steward}}

Named people travel as account names, because numbers mean somebody else in another town.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import yaml
from pydantic import ValidationError

from jifen.approvals.definition import FIELDS, Definition
from jifen.kernel.errors import InvalidInput

LONGEST = 100_000
"""Characters; a flow of sixty steps takes a tenth."""
_BRANCHES = ("step", "fork")
_CALLED = FIELDS | {"name": "名称", "steps": "步骤", "paths": "各路"}
_PEOPLE = "办理人，例如 {role: steward}；不止一种的写成清单"
_NAME = "1至60个字的文字（只有数字的要加引号）"
_ALLOWED = {
    "steps": "步骤的清单，每一步至少有name（名称）和who（谁来办）",
    "paths": "1至12路的清单，每一路写name（名称）、when（条件）和steps（步骤）",
    "name": _NAME,
    "key": f"{_NAME}，各步不能相同",
    "who": f"{_PEOPLE}，1至12种",
    "copy_to": _PEOPLE,
    "to": _PEOPLE,
    "substitute": _PEOPLE,
    "how": "any（一人同意）、all（全部同意）、in_order（依次）或quorum（票签）",
    "quorum": "通过比例，例如 {percent: 60}、{count: 3} 或 {numerator: 2, denominator: 3}",
    "numerator": "1或更大的整数，不大于denominator（分母）",
    "denominator": "1或更大的整数",
    "percent": "1至100之间的整数",
    "count": "1或更大的整数",
    "more": "true（超过才算）或false（达到就算）",
    "when": "条件，例如 points >= 20；不写就是都要走",
    "limit": "办理时限，例如 {days: 3, then: remind}",
    "days": "0至366之间的整数",
    "hours": "0至23之间的整数",
    "then": "remind（提醒）、escalate（上报）、pass（视为同意）、refuse（视为不同意）或return（退回）",
    "empty": "skip（跳过）、office（转镇级办公室）或block（停住）",
    "kind": "parallel（并行）、choose（条件）或inclusive（按条件并行）",
    "level": "village（本村）、town（全镇）或group（本组）",
    "same_person": "ask（再问）或skip（不再问）",
    "rerun": "again（重新走）或straight（直接回来）",
    "role": "职责的代码，例如steward（积分管理员）",
    "seat": "席位的名称，例如 审核委员会主任",
    "user": "一个账号名",
    "users": "账号名的清单",
    "leader": "true（当事人的村民小组组长），不要就删去",
    "superior": "true（发起人的上级），不要就删去",
    "field": "事项所填人员的代码，例如recorder（登记人）",
    "weight": "1至100之间的整数",
    "least": "1至50之间的整数",
    "required": "true（必须有）或false（不必）",
}
"""What may stand at each key of the file."""
_PLACES = {"steps": "第{}步", "paths": "第{}路"}


class FileWrong(InvalidInput):
    """Nothing is taken over from a file that is wrong anywhere."""

    code = "approval_file_wrong"
    message = "流程文件第{line}行{place}：{reason}。请改正后重新导入。"
    default_field = "file"


@dataclass(frozen=True, slots=True)
class FlowFile:
    kind: str
    definition: Definition


def dump(definition: Definition, *, kind: str, usernames: Mapping[int, str]) -> str:
    """The file; accounts that are gone stay away."""
    body = _with_people(definition.dump(), lambda user: usernames.get(user, ""))
    return yaml.safe_dump({"kind": kind, **body}, allow_unicode=True, sort_keys=False, width=120)


def load(text: str, *, users: Mapping[str, int]) -> FlowFile:
    """``users``: the town's active accounts by name.

    Raises:
        FileWrong: names the line, the step, what is wrong and what may be written.
    """
    node = root(text)
    raw = yaml.safe_load(text)
    if not isinstance(raw, dict) or not isinstance(raw.get("kind"), str):
        raise FileWrong(line=1, place="", reason="开头要写明事项种类，例如“kind: declaration”")
    kind = raw.pop("kind")
    return FlowFile(kind, read(raw, node, users=users))


def read(raw: Any, node: yaml.Node, *, users: Mapping[str, int]) -> Definition:
    """One flow of the file that ``node`` is of.

    Raises:
        FileWrong
    """
    unknown = next((name for name in _names(raw) if name not in users), None)
    if unknown is not None:
        reason = f"本镇没有可用的账号“{unknown}”"
        raise FileWrong(line=_line_of(node, unknown), place="", reason=reason)
    try:
        return Definition.model_validate_json(json.dumps(_with_people(raw, users.__getitem__), default=str))
    except ValidationError as wrong:
        first = wrong.errors()[0]
        raise FileWrong(line=_line(node, first["loc"]), place=_place(first["loc"]), reason=_said(first)) from wrong


def root(text: str) -> yaml.Node:
    """The file with its lines.

    Raises:
        FileWrong: it is no YAML, or one that expands.
    """
    if len(text) > LONGEST:
        raise FileWrong(line=1, place="", reason=f"文件超过{LONGEST}个字，不像一份流程")
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, yaml.SafeLoader)):
            raise FileWrong(line=1, place="", reason="不能用 & 和 * 引用，请把内容写全")
        node = yaml.compose(text, yaml.SafeLoader)
    except yaml.YAMLError as wrong:
        mark = getattr(wrong, "problem_mark", None)
        reason = "写法不对，请检查缩进（用空格）、冒号后的空格和括号"
        raise FileWrong(line=mark.line + 1 if mark else 1, place="", reason=reason) from wrong
    if node is None:
        raise FileWrong(line=1, place="", reason="文件是空的")
    return node


def _with_people(raw: Any, change: Callable[[Any], Any]) -> Any:
    """``raw`` with every named account changed; those that change to nothing are left out."""
    if isinstance(raw, list):
        return [_with_people(one, change) for one in raw]
    if not isinstance(raw, dict):
        return raw
    kept = {name: _with_people(one, change) for name, one in raw.items() if name not in ("user", "users")}
    named = _named(raw)
    changed = [found for one in named if (found := change(one))]
    if named:
        kept |= {"users": changed} if len(changed) != 1 else {"user": changed[0]}
    return kept


def _named(raw: Mapping[str, Any]) -> list[Any]:
    many = raw.get("users")
    return [*([raw["user"]] if raw.get("user") is not None else []), *(many if isinstance(many, list) else [])]


def _names(raw: Any) -> Iterator[str]:
    if isinstance(raw, list):
        for one in raw:
            yield from _names(one)
    elif isinstance(raw, dict):
        yield from (str(one) for one in _named(raw))
        for one in raw.values():
            yield from _names(one)


def _line_of(node: yaml.Node, text: str) -> int:
    """Where ``text`` stands as a value."""
    return next((one.start_mark.line + 1 for one in _scalars(node) if one.value == text), node.start_mark.line + 1)


def _scalars(node: yaml.Node) -> Iterator[yaml.ScalarNode]:
    if isinstance(node, yaml.ScalarNode):
        yield node
    elif isinstance(node, yaml.SequenceNode):
        for one in node.value:
            yield from _scalars(one)
    elif isinstance(node, yaml.MappingNode):
        for _, value in node.value:
            yield from _scalars(value)


def _line(node: yaml.Node, loc: tuple[int | str, ...]) -> int:
    """As deep as the file goes along ``loc``."""
    for part in loc:
        if part in _BRANCHES:
            continue
        inner = _inner(node, part)
        if inner is None:
            break
        node = inner
    return node.start_mark.line + 1


def _inner(node: yaml.Node, part: int | str) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        if part == 0:
            return node  # one ``who`` may stand without its list
        return next((value for key, value in node.value if key.value == part), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        found: yaml.Node = node.value[part]
        return found
    return None


def _place(loc: tuple[int | str, ...]) -> str:
    """``（第2步第1路第1步）``."""
    told = [
        _PLACES[str(name)].format(number + 1)
        for name, number in pairwise(loc)
        if name in _PLACES and isinstance(number, int)
    ]
    return f"（{''.join(told)}）" if told else ""


def _said(error: Any) -> str:
    """What is wrong with the field, and what may stand there."""
    if error["type"] == "value_error":
        return str(error["ctx"]["error"])
    fields = [one for one in error["loc"] if isinstance(one, str) and one not in _BRANCHES]
    name = fields[-1] if fields else "steps"
    if error["type"] == "extra_forbidden":
        return f"没有“{name}”这一项，请删去或改名"
    called = f"“{_CALLED[name]}”（{name}）"
    if error["type"] == "missing":
        return f"缺少{called}这一项，要写{_ALLOWED[name]}"
    return f"{called}只能写{_ALLOWED[name]}"
