"""What households gained: the median, the highest, and for each item the most that one household got by it."""

GAINS = """
WITH gained AS (
    SELECT e.household_id, r.code, sum(e.amount) AS points
    FROM scoring_entry e
    JOIN scoring_rule r ON r.id = e.rule_id
    JOIN community_household h ON h.id = e.household_id
    WHERE e.measure = 'merit' AND r.sign = 'positive' AND e.happened_on > %(after)s AND e.happened_on <= %(until)s
      AND (%(village)s::bigint IS NULL OR h.village_id = %(village)s)
    GROUP BY e.household_id, r.code
), homes AS (
    SELECT sum(points) AS points FROM gained GROUP BY household_id
), items AS (
    SELECT code, max(points) AS points FROM gained GROUP BY code
)
SELECT
    (SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY points) FROM homes),
    (SELECT max(points) FROM homes),
    (SELECT jsonb_object_agg(code, points::text) FROM items)"""
