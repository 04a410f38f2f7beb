"""Inspections and activities of some villages, and how far they have come."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet

from jifen.kernel import clock
from jifen.kernel.points import ZERO
from jifen.web.wording import points_text
from scoring.models import (
    Activity,
    Attendance,
    Declaration,
    DeclarationState,
    Inspection,
    InspectionMark,
    RoundState,
    Rule,
)
from scoring.round_errors import RoundUnknown
from scoring.rules import asking
from scoring.rules.spec import CardItem, Fixed, Range, RuleSpec, ScoreCard, Tiers
from scoring.selectors.rules import spec_of
from tenants.community import selectors as community
from tenants.community.models import Household, HouseholdMember

NO_SCORE = "—"


def inspections(villages: Collection[int] | None) -> QuerySet[Inspection]:
    """Newest first, with ``marked`` and ``absent`` households; ``villages`` None means the whole town."""
    rows = Inspection.objects.select_related("village").annotate(
        marked=Count("marks", filter=Q(marks__rule__isnull=False)), absent=Count("marks", filter=Q(marks__rule=None))
    )
    return rows if villages is None else rows.filter(village__in=villages)


def inspection(pk: int, villages: Collection[int] | None) -> Inspection:
    """Raises:
    RoundUnknown: there is none, or not in these villages.
    """
    found = inspections(villages).filter(pk=pk).first()
    if found is None:
        raise RoundUnknown
    return found


def unrecorded(month: date) -> set[int]:
    """Villages in which something of the month (its first day) is told or begun and not on record yet: a villager's
    declaration that nobody has looked at, an inspection or an activity that is still open."""
    days = {"happened_on__gte": month, "happened_on__lt": clock.next_month(month)}
    told = Declaration.objects.filter(state=DeclarationState.SUBMITTED, **days).values_list("village", flat=True)
    open_rounds = [
        rows.filter(state=RoundState.OPEN, **days).values_list("village", flat=True)
        for rows in (Inspection.objects.all(), Activity.objects.all())
    ]
    return {village for rows in (told, *open_rounds) for village in rows}


@dataclass(frozen=True, slots=True)
class Outcome:
    """One result a household can have: ``key`` is what a phone sends, ``points`` what it is worth, signed.

    ``items``: of the rule's own card; with ``deducts`` what is taken off is sent for each. ``ends``: least and most of
    the points chosen within a tier.
    """

    key: str
    label: str
    points: str
    is_negative: bool
    scored: bool = False
    items: tuple[CardItem, ...] = ()
    deducts: bool = False
    ends: tuple[Decimal, Decimal] | None = None


SHOWN = Fixed | Tiers | Range | ScoreCard
"""What a walk can ask for: nothing, a tier, points or the items of a card."""


def is_walkable(spec: RuleSpec) -> bool:
    """Whether a result of a walk is all that the rule has to be told."""
    return isinstance(spec.amount, SHOWN) and not spec.inputs and asking.figures(spec) <= {"tier", "points", "scores"}


def is_credited_at_once(spec: RuleSpec) -> bool:
    """Whether everybody on a list can get the rule's points by one figure at most."""
    return not spec.inputs and (asking.figures(spec) <= {"quantity"} or asking.figures(spec) in ({"tier"}, {"points"}))


def only_gives(spec: RuleSpec) -> bool:
    """Whether nobody can lose points by it."""
    return spec.sign == "positive" and not spec.takes


def outcomes(round_: Inspection) -> list[Outcome]:
    """The results of the round's rules in the rulebook's order; a tier is a result of its own."""
    found: list[Outcome] = []
    for rule in round_.rules.order_by("position"):
        spec, negative = spec_of(rule), rule.sign == "negative"
        if isinstance(spec.amount, Tiers):
            sign = "-" if negative else "+"
            found += [
                Outcome(
                    f"{rule.pk}:{tier.code}", tier.name,
                    tier.text if tier.ends[0] < 0 else f"{sign}{tier.text}", negative or tier.ends[0] < 0, tier.is_open,
                    ends=tier.ends if tier.is_open else None,
                )
                for tier in spec.amount.tiers
            ]  # fmt: skip
        else:
            scored = isinstance(spec.amount, Range | ScoreCard)
            deducts = isinstance(spec.amount, ScoreCard) and spec.amount.marks == "deduct"
            card = spec.amount.items if isinstance(spec.amount, ScoreCard) else ()
            found.append(Outcome(str(rule.pk), rule.title, spec.price_text, negative, scored, card, deducts))
    return found


def to_walk(round_: Inspection) -> QuerySet[Household]:
    """The households the round goes to, by group and number."""
    joined = community.joined(round_.village, round_.happened_on)
    return joined.select_related("head", "group").order_by("group__number", "number")


def marks_of(round_: Inspection) -> dict[int, InspectionMark]:
    """By household."""
    return {mark.household_id: mark for mark in round_.marks.select_related("rule")}


def missing(round_: Inspection) -> int:
    """Households that nobody has looked at, once something is marked."""
    seen = set(round_.marks.values_list("household", flat=True))
    return to_walk(round_).exclude(pk__in=seen).count() if seen else 0


def results(
    round_: Inspection, homes: Iterable[tuple[Household, InspectionMark | None]]
) -> list[tuple[Household, InspectionMark | None, str, str]]:
    """With the result in words, its tier included, and what it is worth."""
    worth = {one.key: one for one in outcomes(round_)}
    return [(home, mark, *_result(mark, worth)) for home, mark in homes]


def _result(mark: InspectionMark | None, worth: Mapping[str, Outcome]) -> tuple[str, str]:
    if mark is None:
        return "没有查", NO_SCORE
    if mark.rule is None:
        return "没人在家", NO_SCORE
    outcome = worth.get(f"{mark.rule_id}:{mark.tier}" if mark.tier else str(mark.rule_id))
    if outcome is None:
        return mark.rule.title, points_text(mark.total)
    if outcome.items:
        return _of_card(mark.rule, mark.total)
    title = f"{mark.rule.title}：{outcome.label}" if mark.tier else mark.rule.title
    if not outcome.scored:
        return title, outcome.points.removesuffix("分")
    return title, points_text(-mark.total if outcome.is_negative else mark.total, signed=True)


def _of_card(rule: Rule, total: Decimal) -> tuple[str, str]:
    """卫生检查：90分，A等 and +5: what the walk found, and what it is worth."""
    spec = spec_of(rule)
    amount = spec.amount
    if not isinstance(amount, ScoreCard):
        return rule.title, points_text(total)
    grade = amount.grade(total)
    worth = total * amount.factor if not amount.grades else grade.points if grade else ZERO
    signed = -worth if rule.sign == "negative" else worth
    told = f"{rule.title}：{points_text(total)}分"
    return f"{told}，{grade.name}" if grade else told, points_text(signed, signed=True)


def activities(villages: Collection[int] | None) -> QuerySet[Activity]:
    """Newest first, with ``present`` people."""
    rows = Activity.objects.select_related("village", "rule").annotate(present=Count("attendances"))
    return rows if villages is None else rows.filter(village__in=villages)


def activity(pk: int, villages: Collection[int] | None) -> Activity:
    """Raises:
    RoundUnknown: there is none, or not in these villages.
    """
    found = activities(villages).filter(pk=pk).first()
    if found is None:
        raise RoundUnknown
    return found


def activity_by_code(secret: str) -> Activity:
    """Raises:
    RoundUnknown: no activity shows this code.
    """
    found = Activity.objects.select_related("village").filter(secret=secret).first()
    if found is None:
        raise RoundUnknown
    return found


def attendances(one: Activity) -> QuerySet[Attendance]:
    """In the order they came."""
    return one.attendances.select_related("resident", "household")


def to_sign(one: Activity, words: str = "") -> list[Any]:
    """Memberships of people of joined households who are not on the list yet, by household; at most 300."""
    homes = community.searched(community.joined(one.village, one.happened_on), words)
    people = HouseholdMember.objects.filter(community.in_force(one.happened_on), household__in=homes)
    away = people.exclude(resident__in=one.attendances.values("resident"))
    return list(away.select_related("resident", "household").order_by("household__number", "id")[:300])
