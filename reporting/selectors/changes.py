"""What changed in a quarter: the entries booked in its months, and what was handed out at the shops."""

from collections.abc import Collection
from typing import Any

from django.db import connection

from jifen.kernel import clock
from reporting.figures import Change, Goods
from reporting.periods import Quarter

_COLUMNS = """
SELECT h.village_id, e.household_id, a.resident_id, h.number, g.name, e.posting_id, e.happened_on,
       coalesce(r.title, ''), coalesce(r.is_sensitive, false), coalesce(o.cause, e.cause), o.id IS NOT NULL, e.amount
FROM scoring_entry e
JOIN scoring_account a ON a.id = e.account_id
JOIN scoring_year y ON y.id = e.year_id
JOIN community_household h ON h.id = e.household_id
JOIN community_group g ON g.id = h.group_id
LEFT JOIN scoring_entry o ON o.id = e.reverses_id
LEFT JOIN scoring_rule r ON r.id = coalesce(e.rule_id, o.rule_id)
"""
_OF_QUARTER = (
    _COLUMNS
    + """
WHERE y.number = %(year)s AND e.month BETWEEN %(first)s AND %(last)s AND e.measure = 'merit'
  AND (%(villages)s::bigint[] IS NULL OR h.village_id = ANY(%(villages)s))
ORDER BY e.happened_on, h.number, e.id"""
)
_OF_POSTINGS = _COLUMNS + "WHERE e.posting_id = ANY(%(postings)s) AND e.measure = 'merit' ORDER BY e.id"
_GOODS = """
SELECT h.village_id, o.name, sum(r.quantity), sum(r.points)
FROM redemption_redemption r
JOIN redemption_offering o ON o.id = r.offering_id
JOIN community_household h ON h.id = r.household_id
WHERE r.state = 'captured' AND r.ended_at >= %(start)s AND r.ended_at < %(end)s
  AND (%(villages)s::bigint[] IS NULL OR h.village_id = ANY(%(villages)s))
GROUP BY h.village_id, o.name ORDER BY sum(r.quantity) DESC, o.name"""

_SHOWN_BEFORE = """
SELECT DISTINCT n.id, r.id
FROM scoring_posting r
JOIN scoring_entry o ON o.posting_id = r.reverses_id AND o.measure = 'merit'
JOIN scoring_year y ON y.id = o.year_id
JOIN community_household h ON h.id = o.household_id
JOIN reporting_notice n ON n.kind = 'village_quarter' AND n.village_id = h.village_id AND n.year = y.number
    AND n.quarter = (o.month + 2) / 3
WHERE r.id = ANY(%(reversals)s) ORDER BY n.id, r.id"""
_TAKEN_BACK_SINCE = """
SELECT DISTINCT h.village_id, told.id
FROM scoring_entry o
JOIN scoring_year y ON y.id = o.year_id
JOIN community_household h ON h.id = o.household_id
JOIN scoring_posting p ON p.id = o.posting_id AND p.reversed_at IS NOT NULL
JOIN scoring_posting r ON r.reverses_id = p.id
JOIN scoring_posting told ON told.id = r.id OR told.corrects_id = p.id
WHERE y.number = %(year)s AND o.month BETWEEN %(first)s AND %(last)s AND o.measure = 'merit'
  AND h.village_id = ANY(%(villages)s)
  AND NOT EXISTS (SELECT FROM scoring_entry e WHERE e.posting_id = r.id AND e.year_id = o.year_id
      AND e.month BETWEEN %(first)s AND %(last)s)
ORDER BY h.village_id, told.id"""


def of_quarter(quarter: Quarter, villages: Collection[int] | None = None) -> list[Change]:
    bounds = {"year": quarter.year, "first": quarter.first_month, "last": quarter.last_month}
    with connection.cursor() as cursor:
        cursor.execute(_OF_QUARTER, {**bounds, "villages": None if villages is None else list(villages)})
        return [Change(*row) for row in cursor.fetchall()]


def of_postings(postings: Collection[int]) -> list[Change]:
    with connection.cursor() as cursor:
        cursor.execute(_OF_POSTINGS, {"postings": list(postings)})
        return [Change(*row) for row in cursor.fetchall()]


def shown_before(reversals: Collection[int]) -> dict[int, list[int]]:
    """By village notice (id) that stands over the quarter of an original: the ``reversals`` (postings) of it."""
    return _grouped(_SHOWN_BEFORE, {"reversals": list(reversals)})


def taken_back_since(quarter: Quarter, villages: Collection[int]) -> dict[int, list[int]]:
    """By village: what was booked in the quarter and taken back after its end (the reversals' postings, and those that
    stand in the place of the originals)."""
    bounds = {"year": quarter.year, "first": quarter.first_month, "last": quarter.last_month}
    return _grouped(_TAKEN_BACK_SINCE, {**bounds, "villages": list(villages)})


def _grouped(query: str, values: dict[str, Any]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        for key, posting in cursor.fetchall():
            found.setdefault(key, []).append(posting)
    return found


def goods(quarter: Quarter, villages: Collection[int] | None = None) -> list[Goods]:
    start, end = clock.at(quarter.first_day), clock.at(clock.next_month(quarter.last_day))
    with connection.cursor() as cursor:
        cursor.execute(_GOODS, {"start": start, "end": end, "villages": None if villages is None else list(villages)})
        return [Goods(*row) for row in cursor.fetchall()]
