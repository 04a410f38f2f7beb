"""Hearings of a sheet and of a day."""

VOID = """
UPDATE scoring_hearing h
SET outcome = 'void', decided_at = %(now)s, decided_by_name = %(name)s, decided_points = NULL,
    decided_redeemable = NULL, reason = CASE WHEN i.verdict = 'rejected' OR i.points >= 0
        THEN left('重新审定后不扣分了。' || i.reason, 200) ELSE '扣分重新审定过，请看新的一笔。' END
FROM scoring_reviewitem i
WHERE i.id = h.item_id AND i.review_id = %(review)s AND h.outcome <> 'void' AND i.decided_at > h.opened_at
RETURNING h.id
"""
"""What the committee has decided anew since the hearing was opened, with what became of it."""

TELL = """
WITH reached AS (
    SELECT DISTINCT m.household_id FROM community_householdmember m
    JOIN community_resident p ON p.id = m.resident_id AND p.user_id IS NOT NULL
    WHERE m.from_date <= %(today)s AND (m.to_date IS NULL OR m.to_date > %(today)s)
)
INSERT INTO scoring_hearing (item_id, declaration_id, household_id, points, redeemable, opened_at, days, told_at,
    told_how, told_by_name, until, statement, stated_by_name, channel, outcome, reason, decided_by_name)
SELECT i.id, d.id, d.household_id, coalesce(k.worth, i.points),
    CASE WHEN i.redeemable = i.points THEN coalesce(k.worth, i.redeemable) ELSE i.redeemable END,
    %(now)s, %(days)s, CASE WHEN r.household_id IS NOT NULL THEN %(now)s::timestamptz END,
    CASE WHEN r.household_id IS NULL THEN '' ELSE 'message' END,
    CASE WHEN r.household_id IS NULL THEN '' ELSE %(system)s END,
    CASE WHEN r.household_id IS NOT NULL THEN %(until)s::date END, '', '', '', 'open', '', ''
FROM scoring_reviewitem i JOIN scoring_declaration d ON d.id = i.declaration_id
LEFT JOIN reached r ON r.household_id = d.household_id
LEFT JOIN unnest(%(reckoned)s::bigint[], %(worths)s::numeric[]) AS k (item_id, worth)
    ON k.item_id = i.id AND k.worth < 0
WHERE i.review_id = %(review)s AND i.verdict IN ('approved', 'adjusted') AND i.points < 0 AND d.state <> 'posted'
    AND NOT EXISTS (SELECT FROM scoring_hearing h WHERE h.item_id = i.id AND h.outcome <> 'void')
ORDER BY i.id
"""
"""A household is told of what would be taken as things stand: a repeated deed may cost more than its rule says.

Whoever has an account is told by a message; for the others the days begin when somebody has told them."""

INFORM = """
UPDATE scoring_hearing h
SET told_at = greatest(h.opened_at, %(told_at)s), told_how = %(how)s, told_by_name = %(name)s,
    until = greatest(%(told_on)s::date + h.days + %(more)s, %(today)s::date)
WHERE h.id = ANY(%(hearings)s) AND h.outcome = 'open' AND h.told_at IS NULL
    AND (h.opened_at AT TIME ZONE 'Asia/Shanghai')::date <= %(told_on)s
RETURNING h.until
"""
"""These households have been told; their days begin, and none ends before today."""

LAPSE = """
WITH lapsed AS (
    UPDATE scoring_hearing SET outcome = 'silent', decided_at = %(now)s, decided_by_name = %(name)s
    WHERE outcome = 'open' AND statement = '' AND until <= %(day)s
    RETURNING item_id
)
SELECT DISTINCT i.review_id FROM lapsed JOIN scoring_reviewitem i ON i.id = lapsed.item_id ORDER BY 1
"""
"""Those who said nothing in time; answers with their sheets."""
