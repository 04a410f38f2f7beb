"""The close of a year."""

from scoring.sql.classes import WEIGHTS

_SEAL = """
counted AS (
    SELECT count(*)::int AS n FROM scoring_entry e
    WHERE CASE WHEN %(kind)s = 'supplement' THEN e.concerns_year = %(number)s AND e.year_id <> %(year)s
        ELSE e.year_id = %(year)s END
),
last AS (SELECT id, hash FROM scoring_yearseal WHERE year_id = %(year)s ORDER BY id DESC LIMIT 1),
made AS (
    INSERT INTO scoring_yearseal (year_id, kind, entries, hash, standings_hash, previous_id, sealed_at, actor_realm,
        actor_id, actor_name)
    SELECT %(year)s, %(kind)s, n, scoring_seal_hash(%(kind)s, %(year)s, n, (SELECT hash FROM last)), ({standings}),
        (SELECT id FROM last), %(now)s, %(realm)s, %(actor)s, %(name)s
    FROM counted
    RETURNING id
)"""

_NONE = "SELECT ''"
SEAL = f"WITH {_SEAL.format(standings=_NONE)} SELECT id FROM made"

PLACED = """
    SELECT a.household_id, bool_or(a.left_on IS NULL OR a.left_on > %(day)s) AS stays FROM community_application a
    WHERE a.state IN ('joined', 'left') AND a.joined_on <= %(day)s
        AND (a.left_on IS NULL OR a.left_on > date_trunc('year', %(day)s)::date)
    GROUP BY a.household_id
"""
"""Households that took part in the year that ends with ``day``; ``stays``: to its end."""

RANKED = f"""
    SELECT p.household_id FROM ({PLACED}) p
    WHERE p.stays OR EXISTS (SELECT FROM scoring_entry e WHERE e.household_id = p.household_id
        AND e.year_id = %(year)s AND e.measure = 'merit' AND e.concerns_year IS NULL)
"""
"""Who stands in the year's seal: who took part to its end, and who left before with points."""

SUMS = f"""
    SELECT household_id, positive, positive - net AS negative, net
    FROM (
        SELECT household_id, round(coalesce(sum(amount) FILTER (WHERE is_gain), 0), 2)::numeric(12, 2) AS positive,
            round(sum(amount), 2)::numeric(12, 2) AS net
        FROM (
            SELECT p.household_id, 0::numeric AS amount, true AS is_gain FROM ({PLACED}) p WHERE p.stays
            UNION ALL
            SELECT e.household_id, e.amount * coalesce(w.weight, 1), (e.amount > 0) = (e.reverses_id IS NULL)
            FROM scoring_entry e
            JOIN ({PLACED}) p ON p.household_id = e.household_id
            JOIN community_household h ON h.id = e.household_id
            LEFT JOIN ({WEIGHTS}) w ON w.village_id = h.village_id AND w.code = e.point_class
            WHERE e.year_id = %(year)s AND e.measure = 'merit' AND e.concerns_year IS NULL
        ) line GROUP BY household_id
    ) summed
"""
"""Of a year's own merit, by the weights of its classes on the last day; a reversal counts on the side of what it takes
back. A household that joined after the year has no place in it, also when a supplement concerns it: that stands beside
the seal."""

CLOSE = (
    "WITH sums AS MATERIALIZED (" + SUMS + "),"
    """
standing AS MATERIALIZED (
    SELECT household_id, positive, negative, net, rank() OVER (PARTITION BY h.village_id ORDER BY net DESC)
        AS village_rank, rank() OVER (ORDER BY net DESC) AS town_rank
    FROM sums JOIN community_household h ON h.id = household_id
),"""
    + _SEAL.format(
        standings="""
        SELECT encode(sha256(convert_to(coalesce(string_agg(concat_ws('|', household_id, positive, negative, net,
            village_rank, town_rank), E'\\n' ORDER BY household_id), ''), 'UTF8')), 'hex') FROM standing"""
    )
    + """,
stood AS (
    INSERT INTO scoring_yearstanding (seal_id, household_id, positive, negative, net, village_rank, town_rank)
    SELECT made.id, household_id, positive, negative, net, village_rank, town_rank FROM made CROSS JOIN standing
    ORDER BY household_id
)
SELECT id FROM made"""
)
"""The seal and the standings it fixes, as ``scoring_standings_hash`` reads them."""

SEALED_OF = """
SELECT y.number FROM scoring_year y
WHERE y.state = 'sealed' AND EXISTS (
    SELECT FROM scoring_reviewitem i JOIN scoring_declaration d ON d.id = i.declaration_id
    WHERE i.id = ANY(%(items)s) AND extract(year FROM d.happened_on) = y.number)
ORDER BY y.number
"""
"""Sealed years that some of the items' deeds belong to."""
