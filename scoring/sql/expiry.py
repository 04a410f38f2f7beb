"""Who has redeemable points left, and the warnings before they end."""

LEFT = """
SELECT h.village_id, count(*), sum(b.posted - b.held) FROM scoring_balance b
JOIN scoring_account a ON a.id = b.account_id
JOIN community_household h ON h.id = a.household_id
WHERE b.year_id = %(year)s AND b.measure = 'redeemable' AND b.posted > b.held AND h.village_id = ANY(%(villages)s)
GROUP BY h.village_id
"""

PEOPLE = """
SELECT DISTINCT r.user_id FROM scoring_balance b
JOIN scoring_account a ON a.id = b.account_id
JOIN community_household h ON h.id = a.household_id
JOIN community_householdmember m ON m.household_id = h.id AND m.from_date <= %(day)s
    AND (m.to_date IS NULL OR m.to_date > %(day)s)
JOIN community_resident r ON r.id = m.resident_id
WHERE b.year_id = %(year)s AND b.measure = 'redeemable' AND b.posted > b.held AND h.village_id = %(village)s
    AND r.user_id IS NOT NULL
"""
