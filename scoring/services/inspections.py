"""入户检查: open a round, mark it house by house in any order and over any connection, hand it in once."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import connection, transaction

from jifen.audit import services as audit
from jifen.files.models import File
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from jifen.kernel.errors import JifenError
from jifen.kernel.points import ZERO, plain
from scoring import round_errors
from scoring.models import Inspection, Rule
from scoring.rules.spec import Range, ScoreCard, Tiers
from scoring.selectors.rounds import is_walkable
from scoring.selectors.rules import rules_in_force, spec_of
from scoring.services import batches, deeds, rounds
from scoring.sql import rounds as sql
from tenants.community import selectors as community
from tenants.community.models import Village

KIND = "inspection"
MOST_ITEMS = 20


@dataclass(frozen=True, slots=True)
class Mark:
    """One household's result as a phone sends it.

    ``rule`` None: nobody at home. ``tier`` for a rule with tiers, ``scores`` (item name → points, or ``""`` → the
    points) for one with a range, ``""`` → the points for a tier with one, by the item's code for one with a card.
    ``made_at``: when it was marked, by the phone's clock.
    """

    household: int
    rule: int | None
    made_at: datetime
    tier: str = ""
    scores: Mapping[str, str] = field(default_factory=dict)
    note: str = ""


@transaction.atomic
def open_inspection(
    *,
    village: Village,
    title: str,
    place: str,
    happened_on: date,
    rules: Collection[int],
    items: Sequence[Mapping[str, Any]] = (),
    by: Actor,
) -> Inspection:
    """``rules``: ids of household rules of which each household gets one; ``items``: ``{"name", "most"}`` of the card.

    Raises:
        RoundTitleMissing, PlaceMissing, DeedInFuture, YearNotOpen, YearSealed, RoundRulesMissing, RoundRuleOff,
        RoundRuleUnfit, CardItemWrong, CardUnfit, CardTooHigh.
    """
    rounds.check_frame(title, place, happened_on)
    chosen = list(rules_in_force(village, happened_on).filter(pk__in=rules, subject="household"))
    if not chosen:
        deeds.check_not_ended(village.pk, happened_on)
    if not chosen or len(chosen) < len(set(rules)):
        raise round_errors.RoundRulesMissing
    if unfit := [rule.title for rule in chosen if not is_walkable(spec_of(rule))]:
        raise round_errors.RoundRuleUnfit(rule=unfit[0])
    rounds.check_counts(chosen, happened_on, field="rules")
    made = Inspection.objects.create(
        village=village,
        title=title.strip(),
        place=place.strip(),
        happened_on=happened_on,
        items=_items(items, chosen),
        opened_at=clock.now(),
        **by.columns(),
    )
    made.rules.set(chosen)
    audit.record(by=by, action="inspection.open", subject=made, village_id=village.pk)
    return made


@transaction.atomic
def mark(*, inspection: Inspection, marks: Iterable[Mark], by: Actor) -> dict[int, str]:
    """Keep the marks, each household's newest; returns household id → what was wrong, for those not kept.

    Sent twice or late, a mark changes nothing that is newer. A bad one loses no good one.

    Raises:
        RoundOver: the round was handed in or cancelled.
    """
    held = _held(inspection)
    rules = {rule.pk: rule for rule in held.rules.all()}
    homes = set(community.joined(held.village, held.happened_on).values_list("pk", flat=True))
    wrong: dict[int, str] = {}
    rows = []
    for one in marks:
        try:
            rows.append(_row(held, one, rules, homes, by))
        except JifenError as error:
            wrong[one.household] = error.message
    with connection.cursor() as cursor:
        cursor.executemany(sql.MARK, rows)
    return wrong


@transaction.atomic
def submit(*, inspection: Inspection, evidence: Sequence[File] = (), by: Actor) -> Inspection:
    """Turn the marks into one batch of deeds for the month's sheet; houses where nobody was at home get none.

    Raises:
        RoundOver, BatchEmpty (nothing was marked), BatchInvalid (``data["problems"]``): nothing is written.
    """
    held = _held(inspection)
    marks = held.marks.exclude(rule=None).select_related("household", "rule").order_by("household__number")
    rows: list[batches.Row] = [(one.household, None, one.rule, _facts(one)) for one in marks if one.rule]
    rounds.hand_in(held, kind=KIND, rows=rows, evidence=evidence, by=by)
    return held


@transaction.atomic
def cancel(*, inspection: Inspection, by: Actor) -> None:
    """The round counts for nothing; its marks stay to be read.

    Raises:
        RoundOver
    """
    rounds.cancel(_held(inspection), kind=KIND, by=by)


def _held(inspection: Inspection) -> Inspection:
    """Open, and held until the transaction ends."""
    rows = Inspection.objects.select_for_update(of=("self",), no_key=True).select_related("village")
    held = rows.get(pk=inspection.pk)
    rounds.check_open(held)
    return held


def _items(items: Sequence[Mapping[str, Any]], rules: Sequence[Rule]) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    for item in items:
        name, most = str(item.get("name", "")).strip(), _number(item.get("most"))
        if not 0 < len(name) <= 20 or most is None or most <= 0 or name in {one["name"] for one in found}:
            raise round_errors.CardItemWrong(name=name or "未命名")
        found.append({"name": name, "most": plain(most)})
    amounts = [spec_of(rule).amount for rule in rules]
    highest = max((amount.most for amount in amounts if isinstance(amount, Range)), default=None)
    if not found:
        return found
    if highest is None:
        raise round_errors.CardUnfit(rule=rules[0].title)
    total = sum((Decimal(one["most"]) for one in found), ZERO)
    if len(found) > MOST_ITEMS or total > highest:
        raise round_errors.CardTooHigh(total=plain(total), most=plain(highest), items=MOST_ITEMS)
    return found


def _row(inspection: Inspection, one: Mark, rules: Mapping[int, Rule], homes: set[int], by: Actor) -> dict[str, Any]:
    if one.household not in homes:
        raise round_errors.MarkForeign
    if one.rule is not None and one.rule not in rules:
        raise round_errors.MarkRuleWrong
    rule = rules.get(one.rule) if one.rule is not None else None
    now = clock.now()
    return {
        "inspection": inspection.pk,
        "household": one.household,
        "rule": one.rule,
        "tier": _tier(rule, one.tier),
        "scores": sql.json({name: str(score) for name, score in one.scores.items()}),
        "total": _total(inspection, rule, one),
        "note": one.note.strip()[:100],
        "made_at": min(one.made_at, now),
        "now": now,
        "realm": by.realm,
        "actor": by.id,
        "name": by.name,
    }


def _tier(rule: Rule | None, code: str) -> str:
    amount = spec_of(rule).amount if rule else None
    if not isinstance(amount, Tiers):
        return ""
    if code not in {tier.code for tier in amount.tiers}:
        raise round_errors.MarkTierMissing
    return code


def _total(inspection: Inspection, rule: Rule | None, one: Mark) -> Decimal:
    """The sum over the card's items, or the one figure; each within its bounds. A rule's own card says what is sent."""
    amount, scores = spec_of(rule).amount if rule else None, one.scores
    if isinstance(amount, ScoreCard):
        return _card_total(amount, scores)
    if isinstance(amount, Tiers):
        return _tier_total(amount, one.tier, scores)
    if not isinstance(amount, Range):
        return ZERO
    most = {item["name"]: Decimal(item["most"]) for item in inspection.items} or {"": amount.most}
    total = ZERO
    for name, limit in most.items():
        score = _number(scores.get(name))
        if score is None or not 0 <= score <= limit:
            raise round_errors.MarkScoreWrong(item=name or inspection.title, most=plain(limit))
        total += score
    return _stepped(total, amount.least, amount.most, amount.step)


def _tier_total(amount: Tiers, code: str, scores: Mapping[str, str]) -> Decimal:
    """The points chosen within the tier; a fixed one has none."""
    tier = amount.tier(code)
    if tier is None or not tier.is_open:
        return ZERO
    least, most = tier.ends
    score = _number(scores.get(""))
    if score is None:
        raise round_errors.MarkScoreWrong(item=tier.name, most=plain(most))
    return _stepped(score, least, most, amount.step)


def _stepped(total: Decimal, least: Decimal, most: Decimal, step: Decimal) -> Decimal:
    if not least <= total <= most or (total - least) % step:
        raise round_errors.MarkTotalWrong(least=plain(least), most=plain(most), step=plain(step))
    return total


def _card_total(card: ScoreCard, scores: Mapping[str, str]) -> Decimal:
    """What the house has on the card. What was not written down is nothing taken off, or a score that is missing."""
    is_off = card.marks == "deduct"
    total = ZERO
    for item in card.items:
        sent = scores.get(item.code, "")
        score = ZERO if is_off and not sent else _number(sent)
        least = ZERO if is_off else item.least
        if score is None or not least <= score <= item.most:
            raise round_errors.MarkItemWrong(item=item.name, least=plain(least), most=plain(item.most))
        total += max(item.most - score, item.least) if is_off else score
    return total


def _number(value: object) -> Decimal | None:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() and number * 100 % 1 == 0 else None


def _facts(one: Any) -> dict[str, Any]:
    amount = spec_of(one.rule).amount
    if isinstance(amount, Tiers):
        tier = amount.tier(one.tier)
        return {"tier": one.tier} | ({"points": plain(one.total)} if tier is not None and tier.is_open else {})
    if isinstance(amount, ScoreCard):
        return {"scores": {item.code: one.scores.get(item.code) or "0" for item in amount.items}}
    return {"points": plain(one.total)} if isinstance(amount, Range) else {}
