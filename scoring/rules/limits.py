"""Caps, applied in posting order: the plain reference for the set-based SQL that posting uses.

A rule's limits apply one after another, each to the whole batch: the second sees what the first left. Within a bucket
(rule, limit, period, subject) a count limit lets the first n deeds with points left in, a points limit clips the
running total of magnitudes. So deductions are capped like awards. A posted deed is never repriced; a late deed comes
after it and takes what is left of its own period.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from scoring.rules import periods
from scoring.rules.base import plain
from scoring.rules.spec import Limit, RuleSpec
from scoring.rules.spec_limits import keyed

ZERO = Decimal("0.00")


class Bucket(NamedTuple):
    """Where a limit counts: ``limit`` is its key (``spec_limits.keyed``), ``start`` the period's first day."""

    rule: str
    limit: str
    start: date
    subject: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A priced deed waiting to be posted. Ids are opaque; ``resident`` is None when a whole household did it."""

    key: str
    rule: RuleSpec
    date: date
    points: Decimal
    household: str
    village: str
    resident: str | None = None


@dataclass(frozen=True, slots=True)
class Awarded:
    """What is left of a candidate; ``explanation`` says why when a limit took something."""

    key: str
    points: Decimal
    explanation: str | None = None


def apply_limits(candidates: Sequence[Candidate], used: Mapping[Bucket, Decimal] | None = None) -> list[Awarded]:
    """What each of ``candidates``, in posting order, is awarded.

    ``used`` is what posted, unreversed entries already take in each bucket: points (magnitude) for a points limit,
    the number of entries that are not zero for a count limit.
    """
    spent: defaultdict[Bucket, Decimal] = defaultdict(lambda: ZERO, used or {})
    awarded = [Awarded(item.key, item.points) for item in candidates]
    turns = _turns(candidates)
    for turn in range(max(map(len, turns.values()), default=0)):
        keys = {code: rule_keys[turn] for code, rule_keys in turns.items() if turn < len(rule_keys)}
        awarded = [
            _clipped(item, left, keys.get(item.rule.code, ""), spent)
            for item, left in zip(candidates, awarded, strict=True)
        ]
    return awarded


def _turns(candidates: Sequence[Candidate]) -> dict[str, list[str]]:
    """By rule the keys of its limits in the order they apply, also where versions have them at other places."""
    first: dict[str, dict[str, int]] = {}
    for rule in {id(item.rule): item.rule for item in candidates}.values():
        known = first.setdefault(rule.code, {})
        for place, (key, _) in enumerate(keyed(rule.effective_limits)):
            known[key] = min(place, known.get(key, place))
    return {code: sorted(known, key=lambda key: (known[key], key)) for code, known in first.items()}


def bucket(item: Candidate, index: int) -> Bucket:
    """The bucket that ``item`` falls into for the limit at ``index``."""
    key, limit = keyed(item.rule.effective_limits)[index]
    subject = f"household:{item.household}"
    if limit.scope == "village":
        subject = f"village:{item.village}"
    elif limit.scope == "resident" and item.resident:
        subject = f"resident:{item.resident}"
    return Bucket(item.rule.code, key, periods.start(limit.period, item.date), subject)


def _clipped(item: Candidate, left: Awarded, key: str, spent: defaultdict[Bucket, Decimal]) -> Awarded:
    keys = [own for own, _ in keyed(item.rule.effective_limits)]
    if key not in keys or not left.points:
        return left
    index = keys.index(key)
    limit, where = item.rule.effective_limits[index], bucket(item, index)
    before, wanted = spent[where], abs(left.points)
    allowed = _allowed(limit, before, wanted)
    if allowed:
        spent[where] = before + (allowed if limit.kind == "points" else 1)
    if allowed == wanted:
        return left
    signed = allowed if left.points > 0 else -allowed
    return replace(left, points=signed + ZERO, explanation=_explained(limit, before, allowed, left.points))


def _allowed(limit: Limit, before: Decimal, wanted: Decimal) -> Decimal:
    if limit.kind == "count":
        return wanted if before < limit.value else ZERO
    return min(wanted, max(limit.value - before, ZERO))


def _explained(limit: Limit, before: Decimal, allowed: Decimal, points: Decimal) -> str:
    period, most, had = periods.NAMES[limit.period], plain(limit.value), plain(before)
    if limit.kind == "count":
        return f"{period}限计{most}次，已计{had}次，不再计分"
    if points < 0:
        return (
            f"{period}扣分上限{most}分，已扣{had}分，计−{plain(allowed)}分"
            if allowed
            else f"{period}扣分上限{most}分，已扣满"
        )
    return f"{period}上限{most}分，已得{had}分，计{plain(allowed)}分"
