"""Single movements of the ledger."""

LOCK_BALANCE = """
SELECT b.posted - b.held FROM scoring_balance b JOIN scoring_account a ON a.id = b.account_id
WHERE a.household_id = %(household)s AND b.year_id = %(year)s AND b.measure = 'redeemable' FOR UPDATE OF b
"""
"""What a deed stops or zeroes holds the same row (``scoring.sql.effects.LOCK``)."""

HOLD = """
UPDATE scoring_balance b SET held = b.held + %(points)s
FROM scoring_account a
WHERE a.household_id = %(household)s AND b.account_id = a.id AND b.year_id = %(year)s AND b.measure = 'redeemable'
    AND b.posted - b.held - %(base)s >= %(points)s
"""
"""``base``: what of it cannot be exchanged."""

FREE = """
UPDATE scoring_balance SET held = held - %(points)s
WHERE id = (
    SELECT b.id FROM scoring_balance b
    JOIN scoring_account a ON a.id = b.account_id
    JOIN scoring_year y ON y.id = b.year_id
    WHERE a.household_id = %(household)s AND b.measure = 'redeemable' AND b.held >= %(points)s
        AND (%(year)s::int IS NULL OR y.number = %(year)s)
    ORDER BY y.number DESC LIMIT 1 FOR UPDATE OF b
) AND held >= %(points)s
RETURNING year_id, account_id
"""

ACCOUNT = """
INSERT INTO scoring_account (household_id, resident_id) VALUES (%(household)s, NULL) ON CONFLICT DO NOTHING
"""

MIRROR = """
INSERT INTO scoring_entry (posting_id, account_id, household_id, year_id, concerns_year, month, measure, amount, cause,
    rule_id, happened_on, reverses_id, share, point_class, ends_on, posted_at)
SELECT %(reversal)s, e.account_id, e.household_id, %(year)s, coalesce(%(concerns)s::int, e.concerns_year), %(month)s,
    e.measure, -e.amount, 'reversal', e.rule_id, e.happened_on, e.id, e.share, e.point_class, e.ends_on, %(now)s
FROM scoring_entry e
WHERE e.posting_id = %(posting)s AND (%(concerns)s::int IS NULL OR e.measure = 'merit')
ORDER BY e.id
"""
"""What concerns a year is taken back concerning it. What a sealed year's redeemable points were has expired with it:
only merit is corrected afterwards."""

LEDGERED = """
SELECT p.declaration_id, coalesce(sum(e.amount) FILTER (WHERE e.measure = 'merit'), 0.00),
    coalesce(sum(e.amount) FILTER (WHERE e.measure = 'redeemable'), 0.00), bool_or(p.reversed_at IS NULL)
FROM scoring_posting p
CROSS JOIN LATERAL (
    SELECT p.id UNION ALL SELECT r.id FROM scoring_posting r WHERE r.reverses_id = p.id) AS booked (id)
LEFT JOIN scoring_entry e ON e.posting_id = booked.id
WHERE p.declaration_id = ANY(%(deeds)s)
GROUP BY p.declaration_id
"""
"""(declaration, merit, redeemable points, whether a posting of it stands), corrections counted."""
