"""How the figures of a deed are called, and whether somebody has to be looked up for it."""

import re
from decimal import Decimal

from scoring.rules.spec import Bands, Formula, Ladder, Percent, PerUnit, Range, RuleSpec, ScoreCard, Tiers
from scoring.rules.spec_amounts import QUANTITY

FIGURES = {
    QUANTITY: "数量",
    "tier": "档次",
    "points": "评定分数",
    "scores": "检查项得分",
    "ratings": "评分",
    "precedent": "比照的条目",
}
"""The figures and how people call them."""

NEEDS_PEOPLE = frozenset({"head", "every_member", "cell", "beneficiary", "responsible"})
"""Targets that somebody has to be looked up for."""


def figures(rule: RuleSpec) -> frozenset[str]:
    """The names of ``FIGURES`` that the rule counts. Marks of several people stand in for points or the quantity."""
    found = set(_of_amount(rule))
    if rule.catch_all and rule.catch_all.names_a_rule:
        found.add("precedent")
    texts = [condition.when for condition in rule.conditions]
    if isinstance(rule.amount, Formula):
        texts.append(rule.amount.formula)
    if any(re.search(rf"\b{QUANTITY}\b", text) for text in texts):
        found.add(QUANTITY)
    return frozenset(found - {QUANTITY, "points"} | {"ratings"} if rule.rating else found)


def _of_amount(rule: RuleSpec) -> tuple[str, ...]:
    match rule.amount:
        case PerUnit() | Ladder() | Bands(by="quantity") | Percent(of="quantity"):
            return (QUANTITY,)
        case Tiers(counted=True):
            return ("tier", QUANTITY)
        case Tiers() if rule.amount.is_open:
            return ("tier", "points")
        case Tiers():
            return ("tier",)
        case Range():
            return ("points",)
        case ScoreCard():
            return ("scores",)
    return ()


def unit(rule: RuleSpec) -> str:
    """What the quantity counts; nothing where only a condition or a formula looks at it."""
    match rule.amount:
        case PerUnit() | Ladder() | Bands(by="quantity") | Percent(of="quantity"):
            return rule.amount.unit or ""
        case Tiers(counted=True):
            return rule.amount.per or ""
    return ""


def span(rule: RuleSpec, tier: str | None) -> tuple[Decimal, Decimal] | None:
    """Least and most, magnitudes, where the rule leaves the points of a deed of ``tier`` to the committee."""
    match rule.amount:
        case Range(least=least, most=most):
            return least, most
        case Tiers():
            found = rule.amount.tier(tier)
            return found.ends if found is not None and found.is_open else None
    return None


def needs_people(rule: RuleSpec) -> bool:
    """Whether a deed is worth something else, or somebody else's, by who acted and who is around."""
    if rule.multipliers is not None or rule.heads != "none":
        return True
    return any(portion.to in NEEDS_PEOPLE for portion in rule.portions)
