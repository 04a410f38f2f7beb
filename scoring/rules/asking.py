"""How the figures of a deed are called, and whether somebody has to be looked up for it."""

from scoring.rules.spec import RuleSpec
from scoring.rules.spec_amounts import QUANTITY

FIGURES = {
    QUANTITY: "数量",
    "tier": "档次",
    "points": "评定分数",
    "scores": "检查项得分",
    "ratings": "评分",
    "precedent": "比照的条目",
}
"""What ``RuleSpec.asks`` may name, and how people call it."""

NEEDS_PEOPLE = frozenset({"head", "every_member", "cell", "beneficiary", "responsible"})
"""Targets that somebody has to be looked up for."""


def needs_people(rule: RuleSpec) -> bool:
    """Whether a deed is worth something else, or somebody else's, by who acted and who is around."""
    if rule.multipliers is not None or rule.heads != "none":
        return True
    return any(portion.to in NEEDS_PEOPLE for portion in rule.portions)
