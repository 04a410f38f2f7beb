"""What a flow would stumble over before it runs (pure: no Django).

Shown in the designer before a version is saved or put into force. ``bad`` ones stop an item for good, ``wait`` ones
stop some items or wait for somebody to act.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import product
from math import prod
from typing import Any

from jifen.approvals import conditions, wording
from jifen.approvals.conditions import Values
from jifen.approvals.definition import Definition, Fork, Path, Step, Who, asks
from jifen.approvals.persons import PersonField
from jifen.approvals.shares import Fraction
from jifen.approvals.wording import Names, condition, who
from jifen.kernel import cel
from jifen.kernel.errors import JifenError

MOST_SAMPLES = 3000
MOST_NAMED = 4


@dataclass(frozen=True, slots=True)
class Concern:
    """``step`` is the key of the step or fork it is about; ``fix`` says what to do."""

    code: str
    step: str
    text: str
    fix: str
    tone: str = "bad"


@dataclass(frozen=True, slots=True)
class Crew:
    """A village and who would be asked there; ``kin`` are the accounts that stand back for an account's household
    (none where it has no household here, or nobody stands back for one), ``groups`` tells whom a ``Who`` means
    in each of its groups, by name."""

    name: str
    people: Callable[[Who], Collection[int]]
    kin: Callable[[int], Collection[int]] = lambda user: ()
    groups: Callable[[Who], Mapping[str, Collection[int]]] = lambda who: {}


def found(
    definition: Definition,
    *,
    facts: Mapping[str, cel.Kind],
    crews: Sequence[Crew],
    names: Names,
    persons: Mapping[str, PersonField] | None = None,
    values: Values | None = None,
) -> list[Concern]:
    """Everything there is to warn of, in reading order.

    ``persons`` are the kind's fields that name people, ``values`` what its text facts may hold.
    """
    fields = [warning for step in definition.all_steps() for warning in _of_fields(step, persons or {})]
    steps = [warning for step in definition.all_steps() for warning in _of_step(step, facts, crews, names)]
    first = next(definition.all_steps()).key
    loops = [warning for step in definition.all_steps() for warning in _loop(step, first)]
    forks = [warning for fork in definition.all_forks() for warning in _of_fork(fork, facts, names)]
    return [*fields, *steps, *_strange(definition, facts, values or {}), *loops, *_vain(definition), *forks]


def _of_step(step: Step, facts: Mapping[str, cel.Kind], crews: Sequence[Crew], names: Names) -> Iterator[Concern]:
    if step.when:
        yield from _of_condition(step.key, step.name, step.when, facts, names)
    yield from _unfilled(step, crews, names)
    yield from _too_few(step, crews, names)
    yield from _nobody(step, crews)
    yield from _no_quorum(step, crews)
    yield from _all_recused(step, crews)


# Whom the thing itself names


def _of_fields(step: Step, persons: Mapping[str, PersonField]) -> Iterator[Concern]:
    may = "、".join(one.name for one in persons.values())
    for field in dict.fromkeys(step.fields()):
        if field not in persons:
            text = f"“{step.name}”要找事项里的“{field}”，这类事项没有这样的人员"
            fix = f"可以选：{may}。" if may else "请按职责、席位或姓名选人。"
            yield Concern("field_unknown", step.key, text, fix)
        elif persons[field].stands_back and any(one.field == field for one in step.who):
            text = f"“{step.name}”要{persons[field].name}来办，但这类事项本人必须回避"
            yield Concern("field_stands_back", step.key, text, "请换别人来办；要让本人知道，请用抄送。", "wait")


# Who is there


def _unfilled(step: Step, crews: Sequence[Crew], names: Names) -> Iterator[Concern]:
    """One of several that are asked is held by nobody."""
    for one in step.who if len(step.who) > 1 else ():
        if one.way in ("leader", "superior", "field"):
            continue
        empty = [crew.name for crew in crews if not crew.people(one)]
        if empty and any(_people(step, crew) for crew in crews if crew.name in empty):
            tone = "bad" if one.required else "wait"
            text = f"“{step.name}”里的{who(one, names)}在{_listed(empty, crews)}没有人担任"
            yield Concern("seat_unfilled", step.key, text, "请先任命，或从这一步去掉。", tone)


def _too_few(step: Step, crews: Sequence[Crew], names: Names) -> Iterator[Concern]:
    """Fewer hold it than the flow says should; where nobody does, that is said already."""
    for one in step.who:
        if one.least is None:
            continue
        short = [place for crew in crews for place in _short(one, crew)]
        if short:
            text = f"“{step.name}”里的{who(one, names)}在{_few(short, '处')}不够{one.least}人"
            yield Concern("too_few", step.key, text, "请在“人员职责”里任命，或改小人数。", "wait")


def _short(one: Who, crew: Crew) -> Iterator[str]:
    if not one.is_of_group:
        if 0 < len(crew.people(one)) < (one.least or 0):
            yield crew.name
        return
    for group, held in crew.groups(one).items():
        if len(held) < (one.least or 0):
            yield f"{crew.name}{group}"


def _nobody(step: Step, crews: Sequence[Crew]) -> Iterator[Concern]:
    """Nobody at all would be asked, and the rule for that is to stop."""
    if step.empty != "block" or any(one.way in ("leader", "superior", "field") for one in step.who):
        if step.empty == "block":
            text = f"“{step.name}”的办理人到时才知道；如果没有，事项会停在这一步"
            yield Concern("no_rule_for_empty", step.key, text, "请写明没有人时怎么办：跳过，或转镇级办公室。", "wait")
        return
    empty = [crew.name for crew in crews if not _people(step, crew)]
    if empty:
        text = f"“{step.name}”在{_listed(empty, crews)}没有人办，事项会停在这一步"
        yield Concern("nobody", step.key, text, "请任命办理人，或写明没有人时怎么办。")


def _no_quorum(step: Step, crews: Sequence[Crew]) -> Iterator[Concern]:
    if step.quorum is None:
        return
    if step.quorum.count is None:
        yield from _one_decides(step, step.quorum, crews)
        return
    short = [crew.name for crew in crews if 0 < _votes(step, crew) < step.quorum.count]
    if short:
        text = f"“{step.name}”要{step.quorum.count}票同意，在{_listed(short, crews)}凑不够"
        yield Concern("no_quorum", step.key, text, "请减少票数、改成比例，或增加办理人。")


def _one_decides(step: Step, share: Fraction, crews: Sequence[Crew]) -> Iterator[Concern]:
    """A share is always of those who are there: with few of them, or a heavy vote, one person's word is enough."""
    if any(one.required for one in step.who):
        return
    alone = [crew.name for crew in crews if (held := _weights(step, crew)) and max(held) >= share.of(sum(held))]
    if alone:
        text = f"“{step.name}”在{_listed(alone, crews)}一个人同意就达到比例，票签不起作用"
        yield Concern("quorum_of_one", step.key, text, "请增加办理人、提高比例，或写明必须同意的人。", "wait")


def _all_recused(step: Step, crews: Sequence[Crew]) -> Iterator[Concern]:
    """All who are asked belong to one family: a deed of theirs has no decider."""
    if step.empty != "block" or any(one.substitute for one in step.who):
        return
    alone = [crew.name for crew in crews if _one_family(_people(step, crew), crew)]
    if alone:
        text = f"“{step.name}”在{_listed(alone, crews)}遇到办理人自家或亲属的事项，全部要回避，没有人办"
        yield Concern("all_recused", step.key, text, "请加替补，或写明没有人时转镇级办公室。", "wait")


def _one_family(people: set[int], crew: Crew) -> bool:
    return any(people <= {*crew.kin(one)} for one in people)


def _people(step: Step, crew: Crew) -> set[int]:
    return {user for one in step.who for user in crew.people(one)}


def _votes(step: Step, crew: Crew) -> int:
    return sum(_weights(step, crew))


def _weights(step: Step, crew: Crew) -> list[int]:
    """Of everybody's vote there."""
    weights: dict[int, int] = {}
    for one in step.who:
        weights |= {user: max(one.weight, weights.get(user, 0)) for user in crew.people(one)}
    return list(weights.values())


def _listed(empty: Sequence[str], crews: Sequence[Crew]) -> str:
    if len(empty) == len(crews) and len(crews) > 1:
        return "各村都"
    return _few(empty, "个村")


def _few(names: Sequence[str], unit: str) -> str:
    few = "、".join(names[:MOST_NAMED])
    return f"{few}等{len(names)}{unit}" if len(names) > MOST_NAMED else few


# Loops


def _loop(step: Step, first: str) -> Iterator[Concern]:
    if step.limit is None:
        return
    if step.limit.then == "return" and step.key != first:
        text = f"“{step.name}”超时就退回，退回后重办又会超时，可能来回打转"
        yield Concern("loop", step.key, text, "请改为超时提醒或上报，退回由人来决定。", "wait")
    if step.limit.to is not None and step.limit.to in step.who:
        text = f"“{step.name}”超时上报给了原来的办理人"
        yield Concern("escalates_to_itself", step.key, text, "请换一个上级，或不写上报给谁。", "wait")


# Forks


def _vain(definition: Definition) -> Iterator[Concern]:
    """Ways on which nobody is asked: all of a fork, or one of those that are gone in any case."""
    empty = [fork.key for fork in definition.empty_forks()]
    for fork in definition.all_forks():
        if fork.key in empty:
            text = f"“{wording.fork(fork)}”的各路都没有步骤，这个分支不起作用，不能启用"
            yield Concern("fork_empty", fork.key, text, "请加上步骤，或者删去这个分支。")
        elif fork.kind == "parallel" and (idle := [name for name, path in _ways(fork) if not asks(path)]):
            text = f"“{wording.fork(fork)}”的{'、'.join(f'“{one}”' for one in idle)}没有步骤，同时办的少了这一路"
            yield Concern("path_empty", fork.key, text, "请加上步骤，或者删去这一路。", "wait")


def _ways(fork: Fork) -> list[tuple[str, Path]]:
    return [(path.name or f"第{number}路", path) for number, path in enumerate(fork.paths, start=1)]


# Conditions


def _of_fork(fork: Fork, facts: Mapping[str, cel.Kind], names: Names) -> Iterator[Concern]:
    before: list[str] = []
    for number, path in enumerate(fork.paths, start=1):
        where = path.name or f"第{number}路"
        wrong = list(_of_condition(fork.key, where, path.when, facts, names)) if path.when else []
        yield from wrong
        if fork.kind == "choose" and before and not wrong and not _reached(path.when, before, facts):
            text = f"“{where}”走不到：前面的路已经把它的情况都分走了"
            yield Concern("never_reached", fork.key, text, "请调整各路的次序或条件。", "wait")
        before += [path.when] if path.when and not wrong else []
    if fork.kind != "parallel" and all(path.when for path in fork.paths):
        text = "各路的条件都不符合时，不经过任何一路直接往下走"
        yield Concern("no_default", fork.key, text, "如果不是这个意思，请加一条不写条件的路。", "wait")


def _of_condition(key: str, where: str, text: str, facts: Mapping[str, cel.Kind], names: Names) -> Iterator[Concern]:
    try:
        cel.compile_expression(text, facts, condition=True)
    except JifenError as wrong:
        yield Concern(
            "condition_wrong", key, f"“{where}”的条件写得不对：{wrong.message}", f"可以用：{_usable(facts, names)}。"
        )
        return
    if not _reached(text, [], facts):
        told = condition(text, names)
        yield Concern("never_true", key, f"“{where}”的条件“{told}”永远不会成立", "请改条件，或去掉这一步。", "wait")


def _strange(definition: Definition, facts: Mapping[str, cel.Kind], values: Values) -> Iterator[Concern]:
    """Conditions that compare a text with what it never holds, or by more and less."""
    conditions_of = [(step.key, step.name, step.when) for step in definition.all_steps()]
    conditions_of += [
        (fork.key, path.name or f"第{number}路", path.when)
        for fork in definition.all_forks()
        for number, path in enumerate(fork.paths, start=1)
    ]
    for key, where, text in conditions_of:
        for fact, value in conditions.strangers(text, values):
            told = f"“{where}”的条件里，“{conditions.named(fact)}”没有“{value}”这个选项"
            yield Concern("value_unknown", key, told, f"可以选：{conditions.choices(values[fact])}。", "wait")
        for fact in conditions.ordered_texts(text, facts):
            told = f"“{where}”的条件里，“{conditions.named(fact)}”是文字，不能比大小"
            yield Concern("text_ordered", key, told, "请改为“是”或“不是”。", "wait")


def _usable(facts: Mapping[str, cel.Kind], names: Names) -> str:
    return "、".join(f"{name}（{names.fact(name)}）" for name in facts) or "这类事项没有可用的条件"


def _reached(text: str, before: Sequence[str], facts: Mapping[str, cel.Kind]) -> bool:
    """Whether some values make ``text`` true and every one of ``before`` false; too many to try count as yes."""
    told = " ".join([text, *before])
    used = {name: kind for name, kind in facts.items() if re.search(rf"\b{name}\b", told)}
    choices = [_samples(kind, told) for kind in used.values()]
    if prod(len(one) for one in choices) > MOST_SAMPLES:
        return True
    for values in product(*choices):
        row = dict(zip(used, values, strict=True))
        if _holds(text, row, facts) and not any(_holds(one, row, facts) for one in before):
            return True
    return False


def _holds(text: str, row: Mapping[str, Any], facts: Mapping[str, cel.Kind]) -> bool:
    if not text:
        return True
    try:
        return cel.compile_expression(text, facts, condition=True).holds(row)
    except cel.ExpressionFailed:
        return False


def _samples(kind: cel.Kind, text: str) -> list[Any]:
    """Values on and on both sides of every literal: enough to tell comparisons apart."""
    if kind == "yes_no":
        return [True, False]
    if kind == "text":
        return [*dict.fromkeys(re.findall(r'"([^"]*)"', text)), "其他情况"]
    if kind == "date":
        return [date.fromordinal(day + step) for day in _days(text) for step in (-1, 0, 1)]
    numbers = {Decimal(one) for one in re.findall(r"\d+(?:\.\d+)?", re.sub(r'"[^"]*"', "", text))} | {Decimal(0)}
    around = {sign * one + step for one in numbers for sign in (1, -1) for step in _AROUND}
    return sorted(around)


_AROUND = (Decimal(-1), Decimal("-0.01"), Decimal(0), Decimal("0.01"), Decimal(1))


def _days(text: str) -> list[int]:
    written = [date.fromisoformat(one).toordinal() for one in re.findall(r"\d{4}-\d{2}-\d{2}", text)]
    return written or [date(2025, 1, 1).toordinal()]
