"""The shape of a rule, a rulebook and a scheme file (DESIGN §5).

A ``RuleSpec`` is JSON in and JSON out: ``RuleSpec.model_validate(spec.model_dump(mode="json")) == spec``, decimals as
strings. Amounts are magnitudes; the rule's sign says whether they are added or taken. What a rule consists of stands in
the modules ``spec_*``; each field has a default that means what holds where a rulebook is silent.
"""

from datetime import date
from typing import Annotated, Self

from pydantic import Field, model_validator

from scoring.rules.base import Model, Name, Slug, Stated, Text, refused
from scoring.rules.policy import Policy
from scoring.rules.spec_amounts import (
    Amount,
    Band,
    Bands,
    CardItem,
    Fixed,
    Formula,
    Grade,
    Ladder,
    Percent,
    PerMonth,
    PerUnit,
    Range,
    Rung,
    ScoreCard,
    Tier,
    Tiers,
)
from scoring.rules.spec_effects import Effect
from scoring.rules.spec_inputs import DEED_FIELDS, DEED_LABELS, Condition, Input
from scoring.rules.spec_limits import (
    AfterWarning,
    BookLimit,
    Cooldown,
    Figures,
    Group,
    Limit,
    NotWith,
    Period,
    Repair,
    Repeat,
    Scope,
    SharedLimit,
    Sign,
    Streak,
    keyed,
)
from scoring.rules.spec_people import MANY, Multiplier, Multipliers, Portion, Target
from scoring.rules.spec_rule import RuleSpec, Subject
from scoring.rules.spec_settings import (
    PLAIN,
    Balance,
    BaseGrant,
    Cells,
    Expiry,
    Fractions,
    MemberPoints,
    PointClass,
    Pool,
    Settings,
)
from scoring.rules.spec_sources import CatchAll, Declarer, Feed, Proof, Rating, Source

__all__ = [
    "DEED_FIELDS",
    "DEED_LABELS",
    "MANY",
    "PLAIN",
    "AfterWarning",
    "Amount",
    "Balance",
    "Band",
    "Bands",
    "BaseGrant",
    "BookLimit",
    "CardItem",
    "CatchAll",
    "Category",
    "Cells",
    "Condition",
    "Cooldown",
    "Declarer",
    "Effect",
    "Expiry",
    "Feed",
    "Figures",
    "Fixed",
    "Formula",
    "Fractions",
    "Grade",
    "Group",
    "Input",
    "Ladder",
    "Limit",
    "MemberPoints",
    "Multiplier",
    "Multipliers",
    "NotWith",
    "PerMonth",
    "PerUnit",
    "Percent",
    "Period",
    "PointClass",
    "Pool",
    "Portion",
    "Proof",
    "Range",
    "Rating",
    "Repair",
    "Repeat",
    "RuleSpec",
    "Rulebook",
    "Rung",
    "Scheme",
    "Scope",
    "ScoreCard",
    "Settings",
    "SharedLimit",
    "Sign",
    "Source",
    "Streak",
    "Subject",
    "Target",
    "Tier",
    "Tiers",
]


class Category(Model):
    """A main class of behaviours (大类). ``limits`` cap all its rules together."""

    name: Name
    summary: Text | None = None
    limits: Annotated[tuple[SharedLimit, ...], Field(strict=False)] = ()


class Rulebook(Model):
    categories: Annotated[tuple[Category, ...], Field(strict=False, min_length=1)]
    rules: Annotated[tuple[RuleSpec, ...], Field(strict=False, min_length=1)]
    settings: Settings = PLAIN

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        names = {category.name for category in self.categories}
        seen: set[str] = set()
        for rule in self.rules:
            if rule.category not in names:
                raise refused("category", f"“{rule.title}”的大类“{rule.category}”没有列在大类（categories）里")
            if rule.code in seen:
                raise refused("code", f"“{rule.title}”的代码（{rule.code}）和别的条目重复")
            if rule.point_class and self.settings.point_class(rule.point_class) is None:
                raise refused(
                    "class", f"“{rule.title}”的积分类别（{rule.point_class}）没有列在分类积分（settings.classes）里"
                )
            seen.add(rule.code)
        return self

    def rule(self, code: str) -> RuleSpec:
        """The rule with ``code``; KeyError when there is none."""
        for rule in self.rules:
            if rule.code == code:
                return rule
        raise KeyError(code)

    def shared_limits(self, rule: RuleSpec) -> tuple[tuple[str, str, SharedLimit], ...]:
        """The caps ``rule`` shares with others, as (category or ``*`` for the rulebook, key, limit)."""
        own = next((one.limits for one in self.categories if one.name == rule.category), ())
        return tuple(
            (name, key, limit)
            for name, limits in ((rule.category, own), ("*", self.settings.limits))
            for key, limit in keyed(limits)
            if limit.sign == rule.sign and (not isinstance(limit, BookLimit) or limit.covers(rule.code))
        )

    def is_sequenced(self, rule: RuleSpec) -> bool:
        """Whether deeds under ``rule`` have to be posted one after another, in posting order."""
        return rule.is_sequenced or bool(self.shared_limits(rule)) or self._bears_on(rule)

    def yielding_to(self, rule: RuleSpec) -> tuple[RuleSpec, ...]:
        """The other rules that do not count together with ``rule``."""
        return tuple(
            one for one in self.rules if one.not_with and rule.code in one.not_with.rules and one.code != rule.code
        )

    def _bears_on(self, rule: RuleSpec) -> bool:
        """Whether another rule looks at deeds under ``rule``."""
        return any(_looks_at(other, rule) for other in self.rules)


class Scheme(Stated):
    """A template: a rulebook, and the policy that the source document states around it."""

    code: Slug
    title: Text
    seed: Annotated[str, Field(pattern=r"^\d{3}(\+\d{3})*$")]
    issuer: Text | None = Field(default=None, description="发文机关")
    issued: Annotated[date, Field(strict=False)] | None = None
    effective_from: Annotated[date, Field(strict=False)]
    effective_to: Annotated[date, Field(strict=False)] | None = Field(
        default=None, description="有效期最后一天（含当日）"
    )
    source_note: Text
    rulebook: Rulebook
    policy: Policy

    @model_validator(mode="after")
    def _dates_ordered(self) -> Self:
        if self.effective_to and self.effective_to < self.effective_from:
            raise refused("dates", "有效期的截止日早于起始日")
        return self


def _looks_at(other: RuleSpec, rule: RuleSpec) -> bool:
    """Whether ``other`` asks what was posted under ``rule``."""
    if other.not_with and rule.code in other.not_with.rules:
        return True
    if other.after_warning and other.after_warning.rule == rule.code:
        return True
    if other.repair is None or rule.sign == "positive":
        return False
    return not other.repair.rules or rule.code in other.repair.rules
