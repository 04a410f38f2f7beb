"""The close of a year."""

EXPIRE = """
INSERT INTO scoring_entry (posting_id, account_id, household_id, year_id, month, measure, amount, cause, happened_on,
    posted_at)
SELECT %(posting)s, b.account_id, a.household_id, b.year_id, 12, 'redeemable', -b.posted, 'expiry', %(day)s, %(now)s
FROM scoring_balance b JOIN scoring_account a ON a.id = b.account_id
WHERE b.year_id = %(year)s AND b.measure = 'redeemable' AND b.posted > 0
ORDER BY b.account_id
"""

SEAL = """
WITH counted AS (
    SELECT count(*)::int AS n FROM scoring_entry e
    WHERE CASE WHEN %(kind)s = 'supplement' THEN e.concerns_year = %(number)s AND e.year_id <> %(year)s
        ELSE e.year_id = %(year)s END
),
last AS (SELECT id, hash FROM scoring_yearseal WHERE year_id = %(year)s ORDER BY id DESC LIMIT 1)
INSERT INTO scoring_yearseal (year_id, kind, entries, hash, previous_id, sealed_at, actor_realm, actor_id, actor_name)
SELECT %(year)s, %(kind)s, n, scoring_seal_hash(%(kind)s, %(year)s, n, (SELECT hash FROM last)), (SELECT id FROM last),
    %(now)s, %(realm)s, %(actor)s, %(name)s
FROM counted
RETURNING id
"""

STANDINGS = """
WITH total AS (
    SELECT a.household_id, 0::numeric AS amount, 0::numeric AS original FROM community_application a
    WHERE a.state = 'joined' OR (a.state = 'left' AND a.left_on > %(day)s)
    UNION ALL
    SELECT e.household_id, e.amount, coalesce(o.amount, e.amount) FROM scoring_entry e
    LEFT JOIN scoring_entry o ON o.id = e.reverses_id
    WHERE e.year_id = %(year)s AND e.measure = 'merit' AND e.concerns_year IS NULL
),
sums AS (
    SELECT household_id, coalesce(sum(amount) FILTER (WHERE original > 0), 0) AS positive,
        coalesce(-sum(amount) FILTER (WHERE original < 0), 0) AS negative, sum(amount) AS net
    FROM total GROUP BY household_id
)
INSERT INTO scoring_yearstanding (seal_id, household_id, positive, negative, net, village_rank, town_rank)
SELECT %(seal)s, household_id, positive, negative, net, rank() OVER (PARTITION BY h.village_id ORDER BY net DESC),
    rank() OVER (ORDER BY net DESC)
FROM sums JOIN community_household h ON h.id = household_id
ORDER BY household_id
"""
