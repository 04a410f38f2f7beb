"""A month's sheets."""

OPEN = """
INSERT INTO scoring_review (village_id, year_id, month, flow_id, state, opened_at)
SELECT v.id, %(year)s, %(month)s, %(flow)s, 'open', %(now)s
FROM community_village v
WHERE %(villages)s::bigint[] IS NULL OR v.id = ANY(%(villages)s)
ORDER BY v.id
ON CONFLICT (village_id, month) DO NOTHING
"""

GATHER = """
WITH taken AS (
    UPDATE scoring_declaration d SET state = 'in_review'
    FROM scoring_review r
    WHERE r.month = %(month)s AND r.state = 'open' AND r.village_id = d.village_id
        AND (%(villages)s::bigint[] IS NULL OR d.village_id = ANY(%(villages)s))
        AND d.state = 'ready' AND d.happened_on < %(until)s
        AND (%(recorded_before)s::timestamptz IS NULL OR d.recorded_at < %(recorded_before)s)
    RETURNING r.id AS review, d.id, d.happened_on, d.points, d.redeemable
)
INSERT INTO scoring_reviewitem (review_id, declaration_id, verdict, points, redeemable, reason, decided_by_name)
SELECT review, id, 'pending', points, redeemable, '', '' FROM taken ORDER BY review, happened_on, id
"""

APPROVE_REST = """
WITH near AS (
    SELECT %(resident)s::bigint AS who
    UNION SELECT other_id FROM community_relative WHERE resident_id = %(resident)s
    UNION SELECT resident_id FROM community_relative WHERE other_id = %(resident)s
),
barred AS MATERIALIZED (
    SELECT m.household_id, m.to_date FROM near JOIN community_householdmember m ON m.resident_id = near.who
)
UPDATE scoring_reviewitem i
SET verdict = 'approved', points = d.points, redeemable = d.redeemable, decided_at = %(now)s,
    decided_by_id = %(id)s, decided_by_name = %(name)s, decided_by_resident_id = %(resident)s
FROM scoring_declaration d
WHERE i.review_id = %(review)s AND i.verdict = 'pending' AND d.id = i.declaration_id AND i.id <> ALL(%(but)s)
    AND d.undecided = ''
    AND NOT EXISTS (SELECT FROM barred b WHERE b.household_id = d.household_id
        AND (b.to_date IS NULL OR b.to_date > d.happened_on))
"""
"""What ``scoring_is_barred`` says of one deed, asked once for the sheet."""

STANDING = """
WITH seat AS (
    SELECT vr.id, coalesce(a.substitute_id, p.id) AS resident, s.id IS NOT NULL OR a.presence <> 'absent' AS present,
        s.id IS NOT NULL OR (a.presence <> 'absent' AND m.paper_id IS NOT NULL) AS signed
    FROM community_villagerole vr
    LEFT JOIN community_resident p ON p.user_id = vr.user_id
    LEFT JOIN scoring_reviewseat s ON s.review_id = %(review)s AND s.role_id = vr.id
    LEFT JOIN scoring_meeting m ON m.review_id = %(review)s
    LEFT JOIN scoring_meetingseat a ON a.meeting_id = m.id AND a.role_id = vr.id
    WHERE vr.village_id = %(village)s AND vr.role = 'committee' AND vr.from_date <= %(today)s
        AND (vr.to_date IS NULL OR vr.to_date > %(today)s)
),
near AS (
    SELECT id, resident AS who FROM seat
    UNION SELECT seat.id, f.other_id FROM seat JOIN community_relative f ON f.resident_id = seat.resident
    UNION SELECT seat.id, f.resident_id FROM seat JOIN community_relative f ON f.other_id = seat.resident
),
barred AS MATERIALIZED (
    SELECT near.id, m.household_id, m.to_date FROM near
    JOIN community_householdmember m ON m.resident_id = near.who
),
item AS (
    SELECT false AS is_sheet, d.household_id AS household, d.happened_on AS day
    FROM scoring_reviewitem i JOIN scoring_declaration d ON d.id = i.declaration_id
    WHERE i.review_id = %(review)s
    UNION ALL SELECT true, NULL, NULL
),
standing AS (
    SELECT item.is_sheet, count(seat.id) AS eligible, count(seat.id) FILTER (WHERE seat.present) AS present,
        count(seat.id) FILTER (WHERE seat.signed) AS signed
    FROM (SELECT row_number() OVER () AS place, is_sheet, household, day FROM item) item
    LEFT JOIN seat ON item.household IS NULL OR NOT EXISTS (
        SELECT FROM barred b WHERE b.id = seat.id AND b.household_id = item.household
            AND (b.to_date IS NULL OR b.to_date > item.day))
    GROUP BY item.place, item.is_sheet
)
SELECT is_sheet, eligible, present, signed, count(*) FROM standing
GROUP BY is_sheet, eligible, present, signed ORDER BY is_sheet DESC
"""
"""(of the sheet itself, seats not barred, those of them at the meeting, those that signed, items). The sheet, from
which nobody is barred, is the first row; the others are its items. A substitute stands for her seat; who signed was
there; with the scan of the signed paper everybody who was there has signed."""

SEATS = """
SELECT vr.id, u.display_name, vr.seat, coalesce(a.presence, ''), coalesce(sub.name, ''), s.id IS NOT NULL,
    own.items, subs.items
FROM community_villagerole vr
JOIN accounts_user u ON u.id = vr.user_id
LEFT JOIN community_resident p ON p.user_id = vr.user_id
LEFT JOIN scoring_reviewseat s ON s.review_id = %(review)s AND s.role_id = vr.id
LEFT JOIN scoring_meeting m ON m.review_id = %(review)s
LEFT JOIN scoring_meetingseat a ON a.meeting_id = m.id AND a.role_id = vr.id
LEFT JOIN community_resident sub ON sub.id = a.substitute_id
CROSS JOIN LATERAL (SELECT coalesce(array_agg(i.id), '{}') AS items FROM scoring_reviewitem i
    JOIN scoring_declaration d ON d.id = i.declaration_id
    WHERE i.review_id = %(review)s AND scoring_is_barred(p.id, d.household_id, d.happened_on)) own
CROSS JOIN LATERAL (SELECT coalesce(array_agg(i.id), '{}') AS items FROM scoring_reviewitem i
    JOIN scoring_declaration d ON d.id = i.declaration_id
    WHERE i.review_id = %(review)s AND scoring_is_barred(sub.id, d.household_id, d.happened_on)) subs
WHERE vr.village_id = %(village)s AND vr.role = 'committee' AND vr.from_date <= %(today)s
    AND (vr.to_date IS NULL OR vr.to_date > %(today)s)
ORDER BY vr.seat, vr.id
"""
"""Each seat of the committee: (role, member, seat, presence, substitute, signed, items from which the member stands
back, items from which the substitute does)."""

SETTLE = """
UPDATE scoring_declaration d
SET state = CASE i.verdict WHEN 'rejected' THEN 'rejected' ELSE 'approved' END,
    refusal = CASE i.verdict WHEN 'rejected' THEN i.reason ELSE '' END
FROM scoring_reviewitem i
WHERE i.review_id = %(review)s AND d.id = i.declaration_id AND d.state NOT IN ('posted', 'rejected')
    AND (i.verdict = 'rejected' OR %(waits)s
        OR EXISTS (SELECT FROM scoring_hearing h WHERE h.item_id = i.id AND h.outcome = 'open'))
"""
"""Those that post at once go straight to their entries; the others are told that they wait."""
