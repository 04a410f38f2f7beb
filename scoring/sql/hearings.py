"""Hearings of a sheet and of a day."""

VOID = """
UPDATE scoring_hearing h
SET outcome = 'void', decided_at = %(now)s, decided_by_name = %(name)s, decided_points = NULL, decided_redeemable = NULL
FROM scoring_reviewitem i
WHERE i.id = h.item_id AND i.review_id = %(review)s AND h.outcome <> 'void' AND i.decided_at > h.told_at
"""
"""What the committee has decided anew since the household was told."""

TELL = """
INSERT INTO scoring_hearing (item_id, declaration_id, household_id, points, redeemable, told_at, until, statement,
    stated_by_name, channel, outcome, reason, decided_by_name)
SELECT i.id, d.id, d.household_id, coalesce(k.worth, i.points),
    CASE WHEN i.redeemable = i.points THEN coalesce(k.worth, i.redeemable) ELSE i.redeemable END,
    %(now)s, %(until)s, '', '', '', 'open', '', ''
FROM scoring_reviewitem i JOIN scoring_declaration d ON d.id = i.declaration_id
LEFT JOIN unnest(%(reckoned)s::bigint[], %(worths)s::numeric[]) AS k (item_id, worth)
    ON k.item_id = i.id AND k.worth < 0
WHERE i.review_id = %(review)s AND i.verdict IN ('approved', 'adjusted') AND i.points < 0 AND d.state <> 'posted'
    AND NOT EXISTS (SELECT FROM scoring_hearing h WHERE h.item_id = i.id AND h.outcome <> 'void')
ORDER BY i.id
"""
"""A household is told of what would be taken as things stand: a repeated deed may cost more than its rule says."""

LAPSE = """
WITH lapsed AS (
    UPDATE scoring_hearing SET outcome = 'silent', decided_at = %(now)s, decided_by_name = %(name)s
    WHERE outcome = 'open' AND statement = '' AND until <= %(day)s
    RETURNING item_id
)
SELECT DISTINCT i.review_id FROM lapsed JOIN scoring_reviewitem i ON i.id = lapsed.item_id ORDER BY 1
"""
"""Those who said nothing in time; answers with their sheets."""
