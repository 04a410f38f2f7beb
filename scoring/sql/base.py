"""基础分 for everybody who takes part, in one statement."""

GRANT = """
WITH due AS (
    SELECT h.id AS household_id, h.number, CASE WHEN j.joined_on < %(first)s THEN %(first)s ELSE j.joined_on END AS day,
        CASE WHEN j.joined_on < %(first)s THEN %(per_year)s::numeric ELSE %(at_joining)s::numeric END AS points
    FROM community_application j JOIN community_household h ON h.id = j.household_id
    WHERE j.state = 'joined' AND j.joined_on <= %(today)s AND h.village_id <> ALL(%(apart)s) AND NOT EXISTS (
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

JOINED = """
SELECT h.id, h.number, h.village_id, j.joined_on
FROM community_application j JOIN community_household h ON h.id = j.household_id
WHERE j.state = 'joined' AND j.joined_on <= %(day)s AND h.village_id = ANY(%(villages)s)
ORDER BY h.id
"""

MEMBERS = """
SELECT m.household_id, r.is_party_member, r.born_on, array_remove(array_agg(DISTINCT v.role), NULL)
FROM community_householdmember m
JOIN community_resident r ON r.id = m.resident_id
LEFT JOIN community_villagerole v ON v.user_id = r.user_id AND v.from_date <= %(day)s
    AND (v.to_date IS NULL OR v.to_date > %(day)s)
WHERE m.household_id = ANY(%(households)s) AND m.from_date <= %(day)s AND (m.to_date IS NULL OR m.to_date > %(day)s)
GROUP BY m.id, r.id
"""

GRANTED = """
SELECT DISTINCT e.household_id, p.reason FROM scoring_entry e JOIN scoring_posting p ON p.id = e.posting_id
WHERE e.household_id = ANY(%(households)s) AND e.measure = 'merit' AND e.cause = 'base_grant'
"""

GRANT_BY_RULES = """
WITH due AS (
    SELECT * FROM unnest(%(households)s::bigint[], %(numbers)s::text[], %(reasons)s::text[], %(told)s::text[],
        %(days)s::date[], %(points)s::numeric[], %(redeemables)s::numeric[])
        AS d (household_id, number, reason, told, day, points, redeemable)
),
account AS (
    INSERT INTO scoring_account (household_id) SELECT DISTINCT household_id FROM due ORDER BY household_id
    ON CONFLICT DO NOTHING RETURNING id, household_id
),
posting AS (
    INSERT INTO scoring_posting (cause, document, reason, explanation, posted_at, actor_realm, actor_id, actor_name)
    SELECT 'base_grant', '户号' || number, reason, told, %(now)s, %(realm)s, %(actor)s, %(name)s
    FROM due ORDER BY household_id, day, reason
    RETURNING id, document, reason
)
INSERT INTO scoring_entry (posting_id, account_id, household_id, year_id, month, measure, amount, cause, happened_on,
    posted_at)
SELECT p.id, coalesce(own.id, fresh.id), due.household_id, y.id, extract(month FROM due.day), side.measure,
    side.amount, 'base_grant', due.day, %(now)s
FROM posting p JOIN due ON '户号' || due.number = p.document AND due.reason = p.reason
JOIN scoring_year y ON y.number = extract(year FROM due.day)
LEFT JOIN scoring_account own ON own.household_id = due.household_id
LEFT JOIN account fresh ON fresh.household_id = due.household_id
CROSS JOIN LATERAL (VALUES ('merit', due.points), ('redeemable', due.redeemable)) AS side (measure, amount)
WHERE side.amount > 0
ORDER BY p.id, side.measure
"""
