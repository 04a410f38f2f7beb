"""Conditions that nobody can meet, or that never refuse anybody.

A condition that only compares fields with fixed values, joined by and, or, not, changes its answer at those values and
nowhere else. So it is tried at each of them, beside them and between them, together with what the fields allow. Where
an expression computes, nothing is said about it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from itertools import product
from math import prod
from typing import NamedTuple

from jifen.kernel import cel
from scoring.rules.base import plain
from scoring.rules.findings.base import Finding, Found, Mend, active, dumped, only
from scoring.rules.spec import DEED_FIELDS, Condition, Input, PerUnit, Rulebook, RuleSpec

MOST_TRIES = 2_000
SOME_DAY = date(2025, 6, 15)
_TEXT = re.compile(r'"((?:[^"\\]|\\["\\])*)"')
_DATE = re.compile(r'\bdate\s*\(\s*"(\d{4}-\d{2}-\d{2})"\s*\)')
_CALL = re.compile(r"([A-Za-z_]\w*)\s*\(")
_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?")
_NAME = re.compile(r"[A-Za-z_]\w*")
_NEGATIVE = re.compile(r"(?:^|[(<>=!&|,?:\[])\s*-\s*\d")
_KNOWN_CALLS = frozenset({"date", "known", "in"})
_CENT = Decimal("0.01")


class Constants(NamedTuple):
    """What the conditions of a rule compare with."""

    numbers: tuple[Decimal, ...]
    texts: tuple[str, ...]
    dates: tuple[date, ...]


def find(book: Rulebook) -> Found:
    """Conditions that contradict each other or the fields, that are never met, or always."""
    for rule in active(book):
        for item in rule.inputs:
            if item.least is not None and item.most is not None and item.least > item.most:
                span = f"下限{plain(item.least)}高于上限{plain(item.most)}"
                told = f"“{rule.title}”的填写项“{item.label}”{span}，什么都填不了。"
                yield Finding("input_impossible", "blocking", (rule.code,), told, Mend("改正上下限"))
        if rule.conditions:
            yield from _conditions(rule)


def _conditions(rule: RuleSpec) -> Iterator[Finding]:
    answers = _answers(rule.conditions, rule.inputs, _quantity(rule))
    if answers is None:
        return
    never = [place for place, held in enumerate(answers.each) if not held.yes]
    if never or not answers.together:
        told = "、".join(f"“{rule.conditions[place].message}”" for place in never or range(len(rule.conditions)))
        text = f"“{rule.title}”的条件{told}{'永远不成立' if never else '互相矛盾'}，谁也得不到分。"
        drop = never or [len(rule.conditions) - 1]
        yield Finding("condition_impossible", "blocking", (rule.code,), text, _without(rule, drop))
    for place, held in enumerate(answers.each):
        if held.yes and not held.no:
            text = f"“{rule.title}”的条件“{rule.conditions[place].message}”总是成立，等于没有写。"
            yield Finding("condition_idle", "hint", (rule.code,), text, _without(rule, [place]))


def _without(rule: RuleSpec, places: list[int]) -> Mend:
    rest = [one for place, one in enumerate(rule.conditions) if place not in places]
    told = "、".join(f"“{rule.conditions[place].message}”" for place in places)
    return Mend(f"去掉条件{told}，或者改写", only(rule, conditions=dumped(rest)))


class Held(NamedTuple):
    """Whether a condition was met, and whether it was not met, anywhere."""

    yes: bool
    no: bool


class Answers(NamedTuple):
    each: tuple[Held, ...]
    together: bool


def _quantity(rule: RuleSpec) -> tuple[Decimal | None, bool]:
    """(the most at once, only whole ones)"""
    return (rule.amount.most, rule.amount.whole) if isinstance(rule.amount, PerUnit) else (None, False)


@lru_cache(maxsize=2048)
def _answers(
    conditions: tuple[Condition, ...], inputs: tuple[Input, ...], quantity: tuple[Decimal | None, bool]
) -> Answers | None:
    """None where the conditions compute, or have too many cases."""
    texts = [one.when for one in conditions]
    names = {name for text in texts for name in _NAME.findall(_TEXT.sub("", text))}
    fields = dict(DEED_FIELDS) | {name: kind for item in inputs for name, kind in item.cel_fields().items()}
    used = {name: kind for name, kind in fields.items() if name in names}
    ranged = {name for item in inputs if item.kind == "date_range" for name in item.cel_fields()}
    if ranged & set(used) or not all(map(_compares_only, texts)):
        return None
    by_name = {item.name: item for item in inputs}
    constants = _constants(texts)
    values = {name: _values(by_name.get(name), kind, constants, quantity) for name, kind in used.items()}
    if prod(map(len, values.values())) > MOST_TRIES:
        return None
    return _tried([cel.compile_expression(text, fields, condition=True) for text in texts], values)


def _compares_only(text: str) -> bool:
    """Whether ``text`` has no arithmetic and no calls but those that write a constant or ask for presence."""
    bare = _NEGATIVE.sub(" 0", _TEXT.sub("0", text))
    return not set("+-") & set(bare) and set(_CALL.findall(bare)) <= _KNOWN_CALLS


def _constants(texts: Iterable[str]) -> Constants:
    numbers, words, days = set[Decimal](), set[str](), set[date]()
    for text in texts:
        days |= {date.fromisoformat(day) for day in _DATE.findall(text)}
        rest = _DATE.sub("", text)
        words |= set(_TEXT.findall(rest))
        found = {Decimal(number) for number in _NUMBER.findall(_TEXT.sub("", rest))}
        numbers |= found | ({-number for number in found} if _NEGATIVE.search(rest) else set())
    return Constants(tuple(sorted(numbers)), tuple(sorted(words)), tuple(sorted(days)))


def _values(
    item: Input | None, kind: cel.Kind, constants: Constants, quantity: tuple[Decimal | None, bool]
) -> list[cel.Value]:
    """What to try for a field; an optional one may also be left empty."""
    found: list[cel.Value]
    if kind == "yes_no":
        found = [True, False]
    elif kind == "date":
        found = _days(constants.dates)
    elif kind == "text":
        found = list(item.choices) if item and item.choices else [*constants.texts, "（其他）"]
    else:
        found = _numbers(item, constants.numbers, quantity)
    return [*found, None] if item is not None and not item.required else found


def _days(days: tuple[date, ...]) -> list[cel.Value]:
    near = {day + timedelta(step) for day in days for step in (-1, 0, 1)}
    return [*sorted(near | {SOME_DAY})]


def _numbers(
    item: Input | None, constants: tuple[Decimal, ...], quantity: tuple[Decimal | None, bool]
) -> list[cel.Value]:
    """Each constant, its neighbours, and the ends of what the field takes."""
    most, whole = quantity if item is None else (item.most, item.kind in ("count", "photo"))
    least = _least(item)
    step = Decimal(1) if whole else _CENT
    ends = {end for end in (*constants, least, most) if end is not None}
    near = {end + move for end in ends | {Decimal(0)} for move in (-step, Decimal(0), step)}
    inside = [
        one for one in near
        if (least is None or one >= least) and (most is None or one <= most) and not (whole and one % 1)
    ]  # fmt: skip
    return [*sorted(inside)]


def _least(item: Input | None) -> Decimal | None:
    if item is None:
        return _CENT
    floor = Decimal(0) if item.kind in ("count", "money", "photo") else None
    return item.least if floor is None else max(item.least or floor, floor)


def _tried(expressions: list[cel.Expression], values: Mapping[str, list[cel.Value]]) -> Answers:
    yes, no, together = set[int](), set[int](), False
    for case in product(*values.values()):
        scope = dict(zip(values, case, strict=True))
        held = [_holds(expression, scope) for expression in expressions]
        yes |= {place for place, one in enumerate(held) if one}
        no |= {place for place, one in enumerate(held) if one is False}
        together = together or all(held)
    return Answers(tuple(Held(place in yes, place in no) for place in range(len(expressions))), together)


def _holds(expression: cel.Expression, scope: Mapping[str, cel.Value]) -> bool | None:
    """None where it cannot be told, as with a field left empty."""
    try:
        return expression.holds(scope)
    except cel.ExpressionFailed:
        return None
