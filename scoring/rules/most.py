"""The most that one deed under a rule can be worth before multipliers: what a person who decides is held to."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from scoring.rules.base import LARGEST_POINTS
from scoring.rules.spec import (
    Bands,
    Fixed,
    Formula,
    Ladder,
    Percent,
    PerMonth,
    PerUnit,
    Range,
    RuleSpec,
    ScoreCard,
    Tiers,
)


def most_of(rule: RuleSpec) -> Decimal:
    """A magnitude; ``LARGEST_POINTS`` where the amount has no end of its own."""
    found = _MOST[type(rule.amount)](rule.amount)
    return min(found, rule.catch_all.most) if rule.catch_all else found


def least_of(rule: RuleSpec) -> Decimal:
    """The magnitude that one deed is worth at least, where a person decides: below nothing what a rule that gives may
    take."""
    match rule.amount:
        case Tiers(tiers=tiers) if rule.takes:
            return LARGEST_POINTS * -1 if rule.amount.counted else min(tier.ends[0] for tier in tiers)
        case ScoreCard(grades=grades) if rule.takes:
            return min(grade.points for grade in grades)
    return Decimal(0)


def _tiers(amount: Tiers) -> Decimal:
    return LARGEST_POINTS if amount.counted else max(tier.ends[1] for tier in amount.tiers)


def _per_unit(amount: PerUnit) -> Decimal:
    return LARGEST_POINTS if amount.most is None else amount.points * amount.most / amount.each


def _ladder(amount: Ladder) -> Decimal:
    return amount.worth(amount.rungs[-1].at)


def _card(amount: ScoreCard) -> Decimal:
    if amount.grades:
        return max(grade.points for grade in amount.grades)
    return amount.full * amount.factor


_MOST: dict[type, Callable[[Any], Decimal]] = {
    Fixed: lambda amount: amount.points,
    Tiers: _tiers,
    Range: lambda amount: amount.most,
    PerUnit: _per_unit,
    PerMonth: lambda amount: amount.points,
    Bands: lambda amount: max(band.points for band in amount.bands),
    Ladder: _ladder,
    Percent: lambda amount: amount.most or LARGEST_POINTS,
    Formula: lambda amount: amount.most or LARGEST_POINTS,
    ScoreCard: _card,
}
