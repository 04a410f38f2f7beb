"""Who has redeemable points left, and the warnings before they end. What outlives the year is no reason to warn."""

from scoring.sql.lapses import KEPT_BY_ACCOUNT

_LEFT = f"""
    SELECT b.account_id, a.household_id, b.posted - b.held - coalesce(k.points, 0) AS points
    FROM scoring_balance b
    JOIN scoring_account a ON a.id = b.account_id
    LEFT JOIN ({KEPT_BY_ACCOUNT}) k ON k.account_id = b.account_id
    WHERE b.year_id = %(year)s AND b.measure = 'redeemable' AND b.posted - b.held > greatest(coalesce(k.points, 0), 0)
"""

LEFT = f"""
SELECT h.village_id, count(*), sum(b.points) FROM ({_LEFT}) b
JOIN community_household h ON h.id = b.household_id
WHERE h.village_id = ANY(%(villages)s)
GROUP BY h.village_id
"""

PEOPLE = f"""
SELECT DISTINCT r.user_id FROM ({_LEFT}) b
JOIN community_household h ON h.id = b.household_id
JOIN community_householdmember m ON m.household_id = h.id AND m.from_date <= %(today)s
    AND (m.to_date IS NULL OR m.to_date > %(today)s)
JOIN community_resident r ON r.id = m.resident_id
WHERE h.village_id = %(village)s AND r.user_id IS NOT NULL
"""

HOMES = f"""
SELECT b.household_id, b.points FROM ({_LEFT}) b JOIN community_household h ON h.id = b.household_id
WHERE (%(village)s::bigint IS NULL OR h.village_id = %(village)s)
    AND (%(household)s::bigint IS NULL OR h.id = %(household)s)
ORDER BY b.points DESC, h.number
"""
