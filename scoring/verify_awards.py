"""The engine once more over what was posted: each deed's points from the rule and the facts that were kept (I5).

Equal deeds (same rule, day, facts and result) are asked about once; the rows come from a cursor on the server, so that
memory stays flat however many there are. What was done afterwards (caps, look back, bounds) has checks of its own.
"""

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any, NamedTuple

from django.db import connection

from jifen.kernel.checks import Check
from jifen.kernel.points import plain
from scoring.models import Rule
from scoring.rules import engine, steps
from scoring.rules.errors import RuleError
from scoring.selectors.books import settings_of
from scoring.selectors.rules import spec_of
from scoring.services.pricing import facts_of

FIRST = 5
ROWS = 2_000

_POSTED = """
SELECT d.rule_id, d.happened_on, d.facts::text, d.resident_id IS NOT NULL, d.points, d.redeemable,
    CASE WHEN jsonb_array_length(k.steps) > 0 THEN k.steps::text END, count(*), min(h.number)
FROM scoring_posting p
JOIN scoring_declaration d ON d.id = p.declaration_id AND d.undecided = ''
JOIN community_household h ON h.id = d.household_id
LEFT JOIN scoring_reckoning k ON k.posting_id = p.id
WHERE p.cause = 'declaration' AND p.reversed_at IS NULL
GROUP BY 1, 2, 3, 4, 5, 6, 7 ORDER BY 1, 2
"""


class _Deeds(NamedTuple):
    rule: int
    day: date
    facts: str
    is_personal: bool
    points: Decimal
    redeemable: Decimal
    steps: str | None
    times: int
    number: str


class _Difference(NamedTuple):
    deeds: _Deeds
    text: str


def checks() -> list[Check]:
    """One; it reads every posted deed."""
    return [Check("I5", "记账的分值按细则和登记的要素可重新算出", run=_count, told=_first)]


def _count() -> int:
    return sum(one.deeds.times for one in _differences())


def _first() -> list[str]:
    return [one.text for one in islice(_differences(), FIRST)]


def _differences() -> Iterator[_Difference]:
    rule: Rule | None = None
    with connection.chunked_cursor() as cursor:
        cursor.execute(_POSTED)
        while rows := cursor.fetchmany(ROWS):
            for deeds in map(_Deeds._make, rows):
                if rule is None or rule.pk != deeds.rule:
                    rule = Rule.objects.select_related("version").get(pk=deeds.rule)
                found = _difference(rule, deeds)
                if found:
                    where = f"户号{deeds.number}{'等' if deeds.times > 1 else ''}，{deeds.times}条"
                    yield _Difference(deeds, f"{rule.title} {deeds.day}（{where}）：{found}")


def _difference(rule: Rule, deeds: _Deeds) -> str:
    """What is otherwise than it was; empty when it comes out the same."""
    kept: dict[str, Any] = json.loads(deeds.facts)
    told = facts_of(kept, deeds.day, subject="resident" if deeds.is_personal else "household", people=None)
    try:
        award = engine.price(spec_of(rule), told, settings_of(rule.version))
    except RuleError as error:
        return f"登记为{plain(deeds.points)}分，现在算不出（{error.message}）"
    if award.undecided:
        return f"登记为{plain(deeds.points)}分，现在算不出（{award.undecided}）"
    if (award.points, award.redeemable) != (deeds.points, deeds.redeemable):
        return f"登记为{plain(deeds.points)}分，重算为{plain(award.points)}分"
    first = steps.dump(award.steps)
    if deeds.steps is not None and json.loads(deeds.steps)[: len(first)] != first:
        return "分值相同，算法说明与记账时不同"
    return ""
