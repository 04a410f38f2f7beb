"""What a flow is (pure: no Django): a sequence of nodes, each a step or a fork that is always joined again.

    steps:
      - name: 积分管理员核实
        who: {role: steward}
        limit: {days: 3, then: escalate}
      - name: 按分值分路
        kind: choose
        paths:
          - {name: 大额, when: points >= 20, steps: [{name: 镇级审定, who: {role: town_officer}}]}
          - {name: 其他, steps: []}

A bare list of steps is a definition, too. A step's ``key`` (its name unless it says otherwise) is what it is known by
from one version to the next.
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    ValidationError,
    model_validator,
)

from jifen.approvals.errors import StepsWrong
from jifen.approvals.shares import Fraction
from jifen.kernel import cel

How = Literal["any", "all", "in_order", "quorum"]
Level = Literal["village", "town", "group"]
ForkKind = Literal["parallel", "choose", "inclusive"]
LimitAction = Literal["remind", "escalate", "pass", "refuse", "return"]
EmptyRule = Literal["skip", "office", "block"]
Rerun = Literal["again", "straight"]

MOST_STEPS = 60
DEEPEST = 4
_WAYS = ("role", "seat", "user", "users", "leader", "superior", "field")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Who(_Part):
    """Who decides, in one of seven ways; ``substitute`` steps in for those who must stand back.

    ``role`` and ``seat`` are held in the item's village, in its group, or anywhere in the town (``level``).
    ``leader`` is the group leader of the person concerned, ``superior`` stands above the starter, ``field`` names a
    field of the subject that holds people. ``weight`` counts in a quorum; a ``required`` one must be among those who
    approve, unless all of them stand back. ``least``: so many should hold it in each village (at ``level`` group in
    each group), or the designer warns.
    """

    role: str | None = None
    seat: str | None = None
    user: int | None = None
    users: tuple[int, ...] | None = None
    leader: Literal[True] | None = None
    superior: Literal[True] | None = None
    field: str | None = None
    level: Level = "village"
    weight: int = Field(1, ge=1, le=100)
    required: bool = False
    least: int | None = Field(None, ge=1, le=50)
    substitute: "Who | None" = None

    @model_validator(mode="after")
    def one_of_them(self) -> "Who":
        if sum(getattr(self, way) not in (None, "", ()) for way in _WAYS) != 1:
            raise ValueError("办理人要在职责、席位、指定人员、组长、上级、事项所填人员中选一种")
        return self

    @property
    def is_of_group(self) -> bool:
        """Whether it means people of the group to which the household concerned belongs."""
        return bool(self.leader) or (self.level == "group" and bool(self.role or self.seat))

    @property
    def way(self) -> str:
        """Which of the seven."""
        return next(way for way in _WAYS if getattr(self, way) not in (None, "", ()))

    def named(self) -> tuple[int, ...]:
        """The accounts that are named outright."""
        return self.users or ((self.user,) if self.user is not None else ())


class Limit(_Part):
    """How long a step may take (real days and hours), and what happens then; ``to`` is who it is escalated to."""

    days: int = Field(0, ge=0, le=366)
    hours: int = Field(0, ge=0, le=23)
    then: LimitAction = "remind"
    to: Who | None = None

    @model_validator(mode="after")
    def some_time(self) -> "Limit":
        if not self.days and not self.hours:
            raise ValueError("办理时限至少1小时")
        if self.to is not None and self.then != "escalate":
            raise ValueError("只有超时上报才写上报给谁")
        return self


def _as_tuple(value: Any) -> Any:
    return (value,) if isinstance(value, Mapping | Who) else value


class Step(_Part):
    """One step. ``when`` is a CEL condition over the subject's facts, empty for always.

    ``empty``: what to do when nobody can be asked. ``same_person``: whether somebody who has approved an earlier step
    is asked again. ``rerun``: after this step sent an item back, whether all later steps run again or the item comes
    straight back.
    """

    name: str = Field(min_length=1, max_length=60)
    key: str = Field("", max_length=60)
    who: Annotated[tuple[Who, ...], BeforeValidator(_as_tuple), Field(min_length=1, max_length=12)]
    how: How = "any"
    quorum: Fraction | None = None
    when: str = ""
    limit: Limit | None = None
    empty: EmptyRule = "block"
    same_person: Literal["ask", "skip"] = "ask"
    rerun: Rerun = "again"
    copy_to: Annotated[tuple[Who, ...], BeforeValidator(_as_tuple)] = ()

    @model_validator(mode="after")
    def quorum_is_given(self) -> "Step":
        if (self.how == "quorum") != (self.quorum is not None):
            raise ValueError("票签的步骤要写明通过比例，其他步骤不写")
        return self

    def fields(self) -> list[str]:
        """The fields of the subject whose people it asks or tells."""
        limit = [self.limit.to] if self.limit and self.limit.to else []
        parts = [one for who in self.who for one in (who, who.substitute)]
        return [one.field for one in (*parts, *self.copy_to, *limit) if one is not None and one.field]


class Path(_Part):
    """One way through a fork."""

    name: str = Field("", max_length=60)
    when: str = ""
    steps: "tuple[Node, ...]" = ()


class Fork(_Part):
    """``parallel``: all paths; ``choose``: the first whose condition holds; ``inclusive``: all whose condition holds.

    The item goes on when every path taken has been gone.
    """

    name: str = Field("", max_length=60)
    key: str = Field("", max_length=60)
    kind: ForkKind
    paths: tuple[Path, ...] = Field(min_length=1, max_length=12)

    @model_validator(mode="after")
    def conditions_are_meant(self) -> "Fork":
        if self.kind == "parallel" and any(path.when for path in self.paths):
            raise ValueError("并行分支的各路都要走，不写条件；要按条件走请用条件分支")
        if self.kind == "choose" and any(not path.when for path in self.paths[:-1]):
            raise ValueError("条件分支中只有最后一路可以不写条件")
        return self


def _tag(value: Any) -> str:
    is_fork = "paths" in value if isinstance(value, Mapping) else isinstance(value, Fork)
    return "fork" if is_fork else "step"


Node = Annotated[Annotated[Step, Tag("step")] | Annotated[Fork, Tag("fork")], Discriminator(_tag)]


def _sound(nodes: tuple[Step | Fork, ...]) -> tuple[Step | Fork, ...]:
    """With keys everywhere; not too large, not too deep."""
    found = list(_nodes(nodes))
    if not any(isinstance(node, Step) for node in found):
        raise ValueError("至少要有一步")
    if len(found) > MOST_STEPS or _depth(nodes) > DEEPEST:
        raise ValueError(f"最多{MOST_STEPS}步，分支最多套{DEEPEST}层")
    given = [node.key for node in found if node.key]
    if len(given) != len(set(given)):
        raise ValueError("有两步用了同一个编号（key）")
    return _keyed(nodes, set(given))


def _keyed(nodes: Sequence[Step | Fork], taken: set[str]) -> tuple[Step | Fork, ...]:
    return tuple(_with_key(node, taken) for node in nodes)


def _with_key(node: Step | Fork, taken: set[str]) -> Step | Fork:
    if not node.key:
        wanted = node.name or "分支"
        key = next(one for one in (wanted, *(f"{wanted}·{n}" for n in range(2, MOST_STEPS + 2))) if one not in taken)
        taken.add(key)
        node = node.model_copy(update={"key": key})
    if isinstance(node, Step):
        return node
    paths = tuple(path.model_copy(update={"steps": _keyed(path.steps, taken)}) for path in node.paths)
    return node.model_copy(update={"paths": paths})


class Definition(_Part):
    """A whole flow."""

    name: str = Field("", max_length=60)
    steps: Annotated[tuple[Node, ...], AfterValidator(_sound)]

    def all_steps(self) -> Iterator[Step]:
        """Every step, in reading order."""
        return (node for node in _nodes(self.steps) if isinstance(node, Step))

    def all_forks(self) -> Iterator[Fork]:
        return (node for node in _nodes(self.steps) if isinstance(node, Fork))

    def empty_forks(self) -> Iterator[Fork]:
        """Forks that ask nobody, whichever way is gone."""
        return (fork for fork in self.all_forks() if not any(asks(path) for path in fork.paths))

    def step(self, key: str) -> Step | None:
        return next((step for step in self.all_steps() if step.key == key), None)

    def deciders(self) -> Iterator[Who]:
        """Whoever decides somewhere: asked, standing by as a substitute, or above when the time is over."""
        for step in self.all_steps():
            limit = [step.limit.to] if step.limit and step.limit.to else []
            yield from (one for who in step.who for one in (who, who.substitute) if one is not None)
            yield from limit

    def dump(self) -> dict[str, Any]:
        """As JSON and YAML keep it: without what is left at its default."""
        return _plain(self.model_dump(mode="json", exclude_defaults=True, exclude_none=True))


def asks(path: Path) -> bool:
    """Whether anybody is asked on this way."""
    return any(isinstance(node, Step) for node in _nodes(path.steps))


def parse(raw: Any) -> Definition:
    """A definition from a mapping, or from a bare list of steps.

    Raises:
        StepsWrong: says which step and why.
    """
    if isinstance(raw, Definition):
        return raw
    try:
        return _parsed(json.dumps(raw, sort_keys=True, default=str))
    except ValidationError as wrong:
        first = wrong.errors()[0]
        raise StepsWrong(reason=f"{_place(first['loc'])}：{_reason(first)}") from wrong


def check_conditions(definition: Definition, facts: Mapping[str, cel.Kind]) -> None:
    """Raises:
    ExpressionInvalid: a condition is not acceptable over these facts.
    """
    conditions = [step.when for step in definition.all_steps()]
    conditions += [path.when for fork in definition.all_forks() for path in fork.paths]
    for condition in filter(None, conditions):
        cel.compile_expression(condition, facts, condition=True)


def check_fields(definition: Definition, known: Mapping[str, str]) -> None:
    """``known``: the fields that name people, with their words.

    Raises:
        StepsWrong: a step asks or tells a field that the subject does not have.
    """
    for step in definition.all_steps():
        wrong = next((one for one in step.fields() if one not in known), None)
        if wrong is not None:
            may = "，可以写" + "、".join(f"{code}({name})" for code, name in known.items()) if known else ""
            raise StepsWrong(reason=f"“{step.name}”：这类事项没有“{wrong}”这样的人员{may}")


def check_roles(definition: Definition, known: Mapping[str, str], watching: Collection[str]) -> None:
    """``known``: the roles there are, with their words; those that are ``watching`` can only be told.

    Raises:
        StepsWrong: a step asks or tells a role that does not exist, or asks one that decides nothing.
    """
    for step in definition.all_steps():
        asked = [one.role for who in step.who for one in (who, who.substitute) if one is not None and one.role]
        asked += [step.limit.to.role] if step.limit and step.limit.to and step.limit.to.role else []
        told = [one.role for one in step.copy_to if one.role]
        unknown = next((role for role in (*asked, *told) if role not in known), None)
        if unknown is not None:
            may = "、".join(f"{code}（{name}）" for code, name in known.items())
            raise StepsWrong(reason=f"“{step.name}”：没有“{unknown}”这个职责，可以写{may}")
        silent = next((role for role in asked if role in watching), None)
        if silent is not None:
            raise StepsWrong(reason=f"“{step.name}”：{known[silent]}只监督、不表态，不能办理，可以抄送")


@lru_cache(maxsize=512)
def _parsed(text: str) -> Definition:
    raw = json.loads(text)
    return Definition.model_validate(raw if isinstance(raw, dict) else {"steps": raw})


def _nodes(nodes: Sequence[Step | Fork]) -> Iterator[Step | Fork]:
    for node in nodes:
        yield node
        if isinstance(node, Fork):
            for path in node.paths:
                yield from _nodes(path.steps)


def _depth(nodes: Sequence[Step | Fork]) -> int:
    inner = [_depth(path.steps) for node in nodes if isinstance(node, Fork) for path in node.paths]
    return 1 + max(inner, default=0) if inner else 0


def _plain(value: dict[str, Any]) -> dict[str, Any]:
    """One ``who`` instead of a list of one, and no key that only repeats the name."""
    kept = {name: _plain_value(name, one) for name, one in value.items()}
    if kept.get("key") and kept["key"] == kept.get("name"):
        del kept["key"]
    return kept


def _plain_value(name: str, value: Any) -> Any:
    if isinstance(value, dict):
        return _plain(value)
    if not isinstance(value, list):
        return value
    plain = [_plain(one) if isinstance(one, dict) else one for one in value]
    return plain[0] if name in ("who", "copy_to") and len(plain) == 1 else plain


FIELDS = {
    "name": "步骤名称", "key": "编号", "who": "谁来办", "how": "怎样算通过", "quorum": "票签比例",
    "percent": "百分之几", "count": "几票", "numerator": "几分之几的分子", "denominator": "几分之几的分母",
    "more": "超过才算", "when": "条件",
    "limit": "办理时限", "days": "几天内", "hours": "另加几小时", "then": "超时怎么办", "to": "上报给谁",
    "empty": "没有人可以办时", "same_person": "同意过的人再问不再问", "rerun": "退回改好以后", "copy_to": "抄送给",
    "role": "职责", "seat": "席位", "user": "指定人员", "users": "指定人员", "leader": "组长", "superior": "上级",
    "field": "事项里的人", "level": "范围", "weight": "每人几票", "least": "每处至少几人",
    "required": "必须有其中的人同意",
    "substitute": "回避时谁替补", "kind": "怎么分",
}  # fmt: skip
"""How the designer calls them."""
_COUNTED: dict[int | str, str] = {"steps": "第{}步", "paths": "第{}路"}


def _place(loc: tuple[int | str, ...]) -> str:
    """``("steps", 1, "fork", "paths", 0, …)`` as 第2步第1路."""
    told = [_COUNTED[name].format(at + 1) for name, at in pairwise(loc) if name in _COUNTED and isinstance(at, int)]
    return "".join(told) or "步骤"


def _reason(error: Any) -> str:
    """Our own texts as they are, pydantic's by the field they are about."""
    if error["type"] == "value_error":
        return str(error["ctx"]["error"])
    fields = [one for one in error["loc"] if isinstance(one, str) and one not in ("steps", "paths", "step", "fork")]
    name = FIELDS.get(fields[-1], fields[-1]) if fields else "步骤"
    bounds = error.get("ctx", {})
    if "ge" in bounds or "le" in bounds:
        return f"“{name}”不能小于{bounds['ge']}" if "ge" in bounds else f"“{name}”不能大于{bounds['le']}"
    if error["type"] == "extra_forbidden":
        return f"没有“{name}”这一项，请删去或改名"
    return f"“{name}”没有填写" if error["type"] in ("missing", "string_too_short") else f"“{name}”填写不对"
