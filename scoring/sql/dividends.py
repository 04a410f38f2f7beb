"""Whose points take part in a dividend, and which villages have not posted its period."""

POINTS = """
SELECT h.id, sum(e.amount)
FROM scoring_entry e
JOIN community_household h ON h.id = e.household_id
JOIN scoring_year y ON y.id = e.year_id AND y.number = %(year)s
LEFT JOIN scoring_entry mended ON mended.id = e.reverses_id
WHERE (%(village)s::bigint IS NULL OR h.village_id = %(village)s) AND e.measure = %(measure)s
    AND e.month BETWEEN %(first)s AND %(last)s AND e.concerns_year IS NULL
    AND coalesce(mended.cause, e.cause) <> ALL(ARRAY['redemption', 'expiry', 'lapse'])
GROUP BY h.id HAVING sum(e.amount) > 0
ORDER BY h.id
"""
"""Earned in the months of the period, as notices count them; what was exchanged or ended was earned all the same."""

UNPOSTED = """
SELECT v.name FROM community_village v
WHERE (%(village)s::bigint IS NULL OR v.id = %(village)s)
    AND (EXISTS (SELECT FROM scoring_review r WHERE r.village_id = v.id AND r.state <> 'posted'
            AND r.month BETWEEN %(since)s AND %(until)s)
        OR EXISTS (SELECT FROM scoring_review r WHERE r.village_id = v.id AND r.month <= %(until)s)
            AND NOT EXISTS (SELECT FROM scoring_review r WHERE r.village_id = v.id
                AND r.month = date_trunc('month', %(until)s::date)))
ORDER BY v.code
"""
"""Villages with a sheet of the period that is not posted, or without one of its last month."""

LINES = """
INSERT INTO scoring_dividendline (dividend_id, household_id, points, fen)
SELECT %(dividend)s, household, points, fen
FROM unnest(%(households)s::bigint[], %(points)s::numeric[], %(fen)s::bigint[]) AS line (household, points, fen)
ORDER BY household
"""

PEOPLE = """
SELECT array_agg(r.user_id ORDER BY r.user_id), l.points, l.fen
FROM scoring_dividendline l
JOIN community_householdmember m ON m.household_id = l.household_id AND m.from_date <= %(today)s
    AND (m.to_date IS NULL OR m.to_date > %(today)s)
JOIN community_resident r ON r.id = m.resident_id AND r.user_id IS NOT NULL
WHERE l.dividend_id = %(dividend)s
GROUP BY l.id
ORDER BY l.id
"""
"""For each household that has accounts: those, its points and its share in fen."""

POOLED = """
SELECT EXISTS (SELECT FROM scoring_rulebookversion v
    WHERE v.state = ANY(%(states)s) AND v.effective_from <= %(day)s
        AND (v.effective_to IS NULL OR v.effective_to > %(day)s) AND v.head @? '$.settings.pools[*]')
"""
"""Whether any rulebook in force names a pool."""

WRONG_SUMS = """
SELECT count(*) FROM scoring_dividend d
LEFT JOIN scoring_dividend before ON before.id = d.carried_from_id
LEFT JOIN LATERAL (SELECT count(*) AS households, sum(l.points) AS points, sum(l.fen) AS fen
    FROM scoring_dividendline l WHERE l.dividend_id = d.id) s ON true
WHERE (s.fen + d.residue_fen, s.households, s.points, d.carried_fen) IS DISTINCT FROM
    (d.amount_fen + d.carried_fen, d.households::bigint, d.points, coalesce(before.residue_fen, 0))
"""
