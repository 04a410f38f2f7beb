"""基础分 for everybody who takes part, in one statement."""

GRANT = """
WITH due AS (
    SELECT h.id AS household_id, h.number, CASE WHEN j.joined_on < %(first)s THEN %(first)s ELSE j.joined_on END AS day,
        CASE WHEN j.joined_on < %(first)s THEN %(per_year)s::numeric ELSE %(at_joining)s::numeric END AS points
    FROM community_application j JOIN community_household h ON h.id = j.household_id
    WHERE j.state = 'joined' AND j.joined_on <= %(today)s AND NOT EXISTS (
        SELECT FROM scoring_entry e JOIN scoring_posting p ON p.id = e.posting_id
        WHERE e.household_id = h.id AND e.year_id = %(year)s AND e.cause = 'base_grant')
),
account AS (
    INSERT INTO scoring_account (household_id) SELECT household_id FROM due WHERE points > 0 ORDER BY household_id
    ON CONFLICT DO NOTHING RETURNING id, household_id
),
posting AS (
    INSERT INTO scoring_posting (cause, document, reason, explanation, posted_at, actor_realm, actor_id, actor_name)
    SELECT 'base_grant', '户号' || number, %(reason)s, '', %(now)s, %(realm)s, %(actor)s, %(name)s
    FROM due WHERE points > 0 ORDER BY household_id
    RETURNING id, document
)
INSERT INTO scoring_entry (posting_id, account_id, household_id, year_id, month, measure, amount, cause, happened_on,
    posted_at)
SELECT p.id, coalesce(own.id, fresh.id), due.household_id, %(year)s, extract(month FROM due.day), side.measure,
    due.points, 'base_grant', due.day, %(now)s
FROM posting p JOIN due ON '户号' || due.number = p.document
LEFT JOIN scoring_account own ON own.household_id = due.household_id
LEFT JOIN account fresh ON fresh.household_id = due.household_id
CROSS JOIN (VALUES ('merit'), ('redeemable')) AS side (measure)
ORDER BY p.id, side.measure
"""
"""A posting for each household, found again by the number in its document. What was taken back is not granted anew."""
