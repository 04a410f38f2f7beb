"""What makes a deed acceptable, and what it is worth: shared by single records and batches."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from jifen.kernel import clock
from scoring import errors, locks
from scoring.models import Channel, Declarer, Rule
from scoring.rulebook_errors import RulesEnded
from scoring.rules import engine
from scoring.selectors.rulebooks import ended, last_day
from scoring.selectors.rules import spec_of, versions_in_force
from tenants.community.models import Household, Resident

FACTS = frozenset({"quantity", "tier", "points", "inputs"})
"""What ``facts`` may hold: a quantity, a tier's code, discretionary points, the rule's own fields by name."""

_FIGURES = {"quantity": "数量", "tier": "档次", "points": "评定分数"}
_COUNTED = {"per_unit": "quantity", "tiers": "tier", "range": "points"}
"""Which figure each kind of amount counts."""


@dataclass(frozen=True, slots=True)
class Telling:
    """The circumstances of a deed as they were told."""

    happened_on: date
    place: str
    reason: str
    channel: str
    declared_by: str

    def check(self) -> None:
        """Raises DeedInFuture, YearNotOpen, YearSealed, PlaceMissing, ReasonMissing or ChannelUnknown."""
        if self.happened_on > clock.today():
            raise errors.DeedInFuture
        locks.open_year(self.happened_on.year)
        if not 0 < len(self.place.strip()) <= 80:
            raise errors.PlaceMissing
        if not 0 < len(self.reason.strip()) <= 300:
            raise errors.ReasonMissing
        if self.channel not in Channel.values:
            raise errors.ChannelUnknown


def check_rule(rule: Rule, *, village_id: int, day: date) -> None:
    """The rule is in force on ``day`` in the rulebook that the village uses that day; RuleOutOfForce, RulesEnded."""
    if rule.version_id in versions_in_force(village_id, day)[:1]:
        return
    last = ended(village_id, day)
    if last is not None:
        raise RulesEnded(title=last.rulebook.title, day=last_day(last))
    raise errors.RuleOutOfForce(rule=rule.title, day=day)


def check_declarer(rule: Rule, *, declared_by: str) -> None:
    """The rule may be declared by such a person; DeclarerNotAllowed."""
    allowed = spec_of(rule).declarers
    if declared_by not in allowed:
        names = "、".join(Declarer(name).label for name in allowed)
        told = Declarer(declared_by).label if declared_by in Declarer.values else declared_by
        raise errors.DeclarerNotAllowed(rule=rule.title, declarer=told, allowed=names)


def check_village(household: Household, village_id: int) -> None:
    if household.village_id != village_id:
        raise errors.HouseholdForeign(household=household.number)


def not_joined(household: Household, day: date) -> errors.HouseholdNotJoined:
    return errors.HouseholdNotJoined(household=household.number, day=day)


def not_member(household: Household, resident: Resident, day: date) -> errors.ResidentNotMember:
    return errors.ResidentNotMember(resident=resident.name, household=household.number, day=day)


def check_facts(rule: Rule, *, day: date, facts: Mapping[str, Any]) -> None:
    """``facts`` are enough for a deed of anybody whom the rule is about; raises what ``price`` raises."""
    _priced(rule, day, "resident" if rule.subject == "resident" else "household", facts)


def price(rule: Rule, *, day: date, resident: Resident | None, facts: Mapping[str, Any]) -> engine.Award:
    """What the deed is worth before caps.

    Raises:
        RuleError: a fact does not fit the rule. FactsMissing: one is missing. ConditionUnmet: it earns nothing.
        FactsUnknown: ``facts`` has other keys than ``FACTS``. FactUnused: one that this rule does not count.
    """
    return _priced(rule, day, "resident" if resident else "household", facts)


def _priced(rule: Rule, day: date, subject: Literal["resident", "household"], facts: Mapping[str, Any]) -> engine.Award:
    unknown = sorted(set(facts) - FACTS)
    if unknown:
        raise errors.FactsUnknown(names="、".join(unknown))
    _refuse_unused(rule, facts)
    award = engine.price(
        spec_of(rule),
        engine.Facts(
            date=day,
            subject=subject,
            quantity=facts.get("quantity"),
            tier=facts.get("tier"),
            points=facts.get("points"),
            inputs=facts.get("inputs") or {},
        ),
    )
    if award.undecided:
        raise errors.FactsMissing(what=award.undecided)
    if not award.met:
        raise errors.ConditionUnmet(what=award.explanation)
    return award


def _refuse_unused(rule: Rule, facts: Mapping[str, Any]) -> None:
    spec = spec_of(rule)
    used = {_COUNTED.get(spec.amount.kind)}
    if any("quantity" in condition.when for condition in spec.conditions):
        used.add("quantity")
    for name, label in _FIGURES.items():
        if name not in used and facts.get(name) not in (None, ""):
            raise errors.FactUnused(rule=rule.title, what=label, field=name)
