"""What a deed is worth: a pure function of the rule and the facts.

``price`` knows no database and no history; caps are applied afterwards, in posting order (``scoring.rules.limits``).
A rule that cannot be decided gives no points silently: bad facts raise RuleError, missing ones come back as
``undecided`` for a person to complete.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Any, Literal

from pydantic_core import PydanticCustomError

from jifen.kernel import cel
from scoring.rules import inputs
from scoring.rules.base import exact, plain
from scoring.rules.errors import (
    OutsideWindow,
    PointsOutOfRange,
    QuantityInvalid,
    RuleError,
    SubjectMismatch,
    TierUnknown,
)
from scoring.rules.spec import Fixed, PerMonth, PerUnit, Range, RuleSpec, Subject, Tiers

ZERO = Decimal("0.00")
_CENT = Decimal("0.01")
_ROUNDINGS = {"down": ROUND_FLOOR, "nearest": ROUND_HALF_UP, "up": ROUND_CEILING}
_ADMITS: dict[Subject, frozenset[str]] = {
    "household": frozenset({"household", "resident"}),
    "resident": frozenset({"resident"}),
    "group": frozenset({"group"}),
}
_SUBJECT_NAMES = {"household": "家庭户", "resident": "个人", "group": "村民小组"}


@dataclass(frozen=True, slots=True)
class Facts:
    """One deed. ``points`` are the points chosen in a range; ``inputs`` are the rule's own fields, as sent."""

    date: date
    subject: Literal["household", "resident", "group"] = "household"
    quantity: Decimal | int | str | None = None
    tier: str | None = None
    points: Decimal | int | str | None = None
    inputs: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Award:
    """Signed points with two places, before caps. ``undecided`` says what is missing; then nothing is awarded.

    ``met`` is False when a condition of the rule does not hold: decided, and worth nothing.
    """

    points: Decimal
    redeemable: Decimal
    explanation: str
    inputs: Mapping[str, Any]
    undecided: str | None = None
    met: bool = True


class _Undecided(Exception):
    """The facts do not suffice; the text says what is missing."""


def price(rule: RuleSpec, facts: Facts) -> Award:
    """What ``rule`` gives or takes for ``facts``; RuleError when they are wrong, ``undecided`` when they are short."""
    _check(rule, facts)
    values = inputs.read(rule, facts.inputs)
    try:
        unmet = _unmet(rule, facts, values)
        if unmet:
            return _nothing(facts, f"{rule.label}：{rule.title}，不计分（{unmet}）", met=False)
        points, sum_text = PRICING[type(rule.amount)](rule, rule.amount, facts)
    except _Undecided as reason:
        return _nothing(facts, f"{rule.label}：{rule.title}，待补充：{reason}", undecided=str(reason))
    return _award(rule, facts, points, f"{rule.label}：{rule.title}{sum_text}")


def _check(rule: RuleSpec, facts: Facts) -> None:
    if not rule.active:
        raise RuleError(f"{rule.label}（{rule.title}）已停用，请另选条目。", field="rule")
    if not rule.counts_on(facts.date):
        raise OutsideWindow(f"{rule.label}（{rule.title}）只计{rule.window_text}的行为，请核对日期或另选条目。")
    if facts.subject not in _ADMITS[rule.subject]:
        raise SubjectMismatch(f"{rule.label}只对{_SUBJECT_NAMES[rule.subject]}计分，请核对对象。")


def _unmet(rule: RuleSpec, facts: Facts, values: inputs.Values) -> str | None:
    """The message of the first condition that does not hold."""
    absent = inputs.missing(rule, values)
    if absent:
        raise _Undecided(f"没有填写{'、'.join(absent)}")
    scope = inputs.scope(rule, values) | {"deed_date": facts.date, "quantity": _optional_quantity(facts)}
    for condition in rule.conditions:
        if not _holds(rule, condition.when, condition.message, scope):
            return condition.message
    return None


def _holds(rule: RuleSpec, when: str, message: str, scope: dict[str, cel.Value]) -> bool:
    try:
        return cel.compile_expression(when, rule.cel_fields(), condition=True).holds(scope)
    except (cel.ExpressionFailed, cel.ExpressionInvalid):
        raise _Undecided(f"填写的内容不足以判断“{message}”") from None


def _award(rule: RuleSpec, facts: Facts, points: Decimal, explanation: str) -> Award:
    signed = (rule.factor * points).quantize(_CENT, ROUND_HALF_UP) + ZERO
    return Award(signed, signed if rule.redeemable else ZERO, explanation, dict(facts.inputs))


def _nothing(facts: Facts, explanation: str, **why: Any) -> Award:
    return Award(ZERO, ZERO, explanation, dict(facts.inputs), **why)


def _fixed(rule: RuleSpec, amount: Fixed, _facts: Facts) -> tuple[Decimal, str]:
    per = f"/{amount.per}" if amount.per else ""
    return amount.points, f"，{_mark(rule)}{plain(amount.points)}分{per}"


def _tiers(rule: RuleSpec, amount: Tiers, facts: Facts) -> tuple[Decimal, str]:
    names = "、".join(tier.name for tier in amount.tiers)
    if not facts.tier:
        raise _Undecided(f"没有选档次（{names}）")
    for tier in amount.tiers:
        if tier.code == facts.tier:
            per = f"/{amount.per}" if amount.per else ""
            return tier.points, f"（{tier.name}），{_mark(rule)}{plain(tier.points)}分{per}"
    raise TierUnknown(f"{rule.label}没有“{facts.tier}”这一档，请从{names}中选。")


def _range(rule: RuleSpec, amount: Range, facts: Facts) -> tuple[Decimal, str]:
    span = f"{plain(amount.least)}至{plain(amount.most)}分"
    if facts.points is None:
        raise _Undecided(f"没有评定分数（{span}）")
    chosen = _decimal(facts.points, PointsOutOfRange, "评定的分数")
    if not amount.least <= chosen <= amount.most or (chosen - amount.least) % amount.step:
        raise PointsOutOfRange(f"{rule.label}的分数应在{span}之间，每档相差{plain(amount.step)}分。")
    return chosen, f"，在{span}内评定，{_mark(rule)}{plain(chosen)}分"


def _per_unit(rule: RuleSpec, amount: PerUnit, facts: Facts) -> tuple[Decimal, str]:
    sent = _optional_quantity(facts)
    if sent is None:
        raise _Undecided(f"没有填写数量（单位：{amount.unit}）")
    _check_quantity(rule, amount, sent)
    counted = sent if amount.rounding == "exact" else sent.to_integral_value(_ROUNDINGS[amount.rounding])
    points = (amount.points * counted).quantize(_CENT, ROUND_HALF_UP)
    total = plain(rule.factor * points)
    return points, f"{plain(amount.points)}分/{amount.unit} × {plain(counted)}{amount.unit} = {total}分"


def _check_quantity(rule: RuleSpec, amount: PerUnit, sent: Decimal) -> None:
    if sent <= 0:
        raise QuantityInvalid(f"{rule.label}的数量应当大于 0{amount.unit}。")
    if amount.whole and sent % 1:
        raise QuantityInvalid(f"{rule.label}按整{amount.unit}计，“{plain(sent)}”不是整数。")
    if amount.most is not None and sent > amount.most:
        raise QuantityInvalid(f"{rule.label}一次最多{plain(amount.most)}{amount.unit}，请分次申报或核对。")


def _per_month(rule: RuleSpec, amount: PerMonth, facts: Facts) -> tuple[Decimal, str]:
    month = f"{facts.date.year}年{facts.date.month}月"
    return amount.points, f"，{month}，{_mark(rule)}{plain(amount.points)}分/月"


PRICING: dict[type, Callable[[RuleSpec, Any, Facts], tuple[Decimal, str]]] = {
    Fixed: _fixed,
    Tiers: _tiers,
    Range: _range,
    PerUnit: _per_unit,
    PerMonth: _per_month,
}
"""One pricing function per kind of amount: magnitude and the sum in words."""


def _mark(rule: RuleSpec) -> str:
    return "+" if rule.factor > 0 else "−"


def _optional_quantity(facts: Facts) -> Decimal | None:
    return None if facts.quantity in (None, "") else _decimal(facts.quantity, QuantityInvalid, "数量")


def _decimal(sent: Any, error: type[RuleError], name: str) -> Decimal:
    try:
        return exact(sent.strip() if isinstance(sent, str) else sent)
    except PydanticCustomError as reason:
        raise error(f"{name}：{reason.message()}。") from None
