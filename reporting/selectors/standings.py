"""Who stands where: merit read from the ledger, one statement for any number of villages.

A household's merit is its own entries and those of its members, by the household credited on each entry (I9). The
reversal of a plus lowers the plus, the reversal of a minus lowers the minus. Points of a named class count by the
weight that the village's rulebook gives it on the quarter's last day.
"""

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection

from reporting.figures import Participation
from reporting.periods import Quarter
from reporting.ranking import Standing, Sums
from scoring.selectors import classes, effects
from tenants.community import selectors as community
from tenants.community.models import Village

_STANDINGS = """
WITH joined AS (
    SELECT h.id, h.number, h.village_id, g.name AS group_name
    FROM community_household h JOIN community_group g ON g.id = h.group_id
    WHERE (%(villages)s::bigint[] IS NULL OR h.village_id = ANY(%(villages)s)) AND EXISTS (
        SELECT 1 FROM community_application a WHERE a.household_id = h.id AND a.state IN ('joined', 'left')
        AND a.joined_on <= %(day)s AND (a.left_on IS NULL OR a.left_on > %(day)s))
), lines AS (
    SELECT e.id, e.household_id, a.resident_id, e.amount * coalesce(w.weight, 1) AS amount,
           placed.month >= %(first)s AS recent, (e.amount > 0) <> (e.reverses_id IS NOT NULL) AS plus
    FROM scoring_entry e
    JOIN joined j ON j.id = e.household_id
    JOIN scoring_account a ON a.id = e.account_id
    JOIN scoring_year y ON y.id = e.year_id
    JOIN scoring_posting p ON p.id = e.posting_id
    LEFT JOIN unnest(%(weighty)s::bigint[], %(codes)s::text[], %(weights)s::numeric[]) AS w (village_id, code, weight)
        ON w.village_id = j.village_id AND w.code = e.point_class
    CROSS JOIN LATERAL (SELECT CASE WHEN %(corrected)s AND p.corrects_id IS NOT NULL THEN coalesce(
        (SELECT min(w.month) FROM scoring_entry w WHERE w.posting_id = p.corrects_id AND w.year_id = e.year_id),
        e.month) ELSE e.month END AS month) placed
    WHERE y.number = %(year)s AND e.measure = 'merit' AND placed.month <= %(last)s AND e.concerns_year IS NULL
      AND NOT (%(corrected)s AND (p.reversed_at IS NOT NULL OR e.reverses_id IS NOT NULL))
), sums AS (
    SELECT GROUPING(l.household_id) = 0 AS of_household, l.resident_id,
           (array_agg(l.household_id ORDER BY l.id DESC))[1] AS household_id,
           round(coalesce(sum(l.amount) FILTER (WHERE l.plus AND l.recent), 0), 2) AS plus,
           round(coalesce(sum(l.amount) FILTER (WHERE l.recent), 0), 2) AS net,
           round(coalesce(sum(l.amount) FILTER (WHERE l.plus), 0), 2) AS all_plus,
           round(coalesce(sum(l.amount), 0), 2) AS all_net
    FROM lines l GROUP BY GROUPING SETS ((l.household_id), (l.resident_id))
)
SELECT true, j.id, j.id, j.village_id, j.number, j.group_name,
       coalesce(s.plus, 0), coalesce(s.net, 0), coalesce(s.all_plus, 0), coalesce(s.all_net, 0)
FROM joined j LEFT JOIN sums s ON s.of_household AND s.household_id = j.id
UNION ALL
SELECT false, s.resident_id, j.id, j.village_id, j.number, j.group_name, s.plus, s.net, s.all_plus, s.all_net
FROM sums s JOIN joined j ON j.id = s.household_id
WHERE NOT s.of_household AND s.resident_id IS NOT NULL"""


class Standings(NamedTuple):
    """Every household that belongs to the system on the quarter's last day; everybody with points of her own, under
    the household credited last."""

    households: list[Standing]
    residents: list[Standing]


def at_end_of(quarter: Quarter, villages: Collection[int] | None = None, *, corrected: bool = False) -> Standings:
    """``villages`` None means the whole town; ``corrected`` leaves out what was reversed since, and the reversals; what
    stands in the place of a reversed posting counts in that one's month."""
    weighed = classes.weights(quarter.last_day)
    bounds: dict[str, Any] = {
        "weighty": weighed.villages,
        "codes": weighed.codes,
        "weights": weighed.weights,
        "year": quarter.year,
        "first": quarter.first_month,
        "last": quarter.last_month,
        "day": quarter.last_day,
    }
    with connection.cursor() as cursor:
        cursor.execute(_STANDINGS, {**bounds, "villages": _ids(villages), "corrected": corrected})
        rows = cursor.fetchall()
    barred = effects.barred("bar_honours", quarter.last_day)
    return Standings(
        [_standing(row[1:6], row[6:], barred) for row in rows if row[0]],
        [_standing(row[1:6], row[6:], barred) for row in rows if not row[0]],
    )


def participation(day: date, villages: Collection[int] | None = None) -> dict[int, Participation]:
    """By village."""
    wanted = Village.objects.all() if villages is None else Village.objects.filter(pk__in=villages)
    shares = community.participation_by_village(day, list(wanted))
    return {village.pk: Participation(share.joined, share.total) for village, share in shares}


def _ids(villages: Collection[int] | None) -> list[int] | None:
    return None if villages is None else list(villages)


def _standing(who: tuple[Any, ...], sums: tuple[Decimal, ...], barred: set[int]) -> Standing:
    plus, net, all_plus, all_net = sums
    pk, household_id, village_id, number, group = who
    quarter, cumulative = Sums(plus, plus - net), Sums(all_plus, all_plus - all_net)
    return Standing(pk, household_id, village_id, number, group, quarter, cumulative, household_id in barred)
