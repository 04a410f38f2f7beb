"""A month's sheets."""

OPEN = """
INSERT INTO scoring_review (village_id, year_id, month, flow_id, state, opened_at, is_mutual)
SELECT v.id, %(year)s, %(month)s, %(flow)s, 'open', %(now)s, %(mutual)s
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
UPDATE scoring_reviewitem i
SET verdict = 'approved', points = d.points, redeemable = d.redeemable, decided_at = %(now)s,
    decided_by_id = %(id)s, decided_by_name = %(name)s, decided_by_resident_id = %(resident)s,
    entered_by_name = %(entered_by)s
FROM scoring_declaration d
WHERE i.review_id = %(review)s AND i.verdict = 'pending' AND d.id = i.declaration_id AND i.id <> ALL(%(but)s)
    AND d.undecided = ''
    AND NOT EXISTS (SELECT FROM scoring_rule r
        WHERE r.id = d.rule_id AND r.spec #>> '{catch_all,approval}' IS NOT NULL)
    AND i.id NOT IN (SELECT scoring_stands_back(%(review)s, %(resident)s))
"""

STANDS_BACK = "SELECT scoring_stands_back(%(review)s, %(resident)s)"
"""Ids of the sheet's items from which the villager stands back (I11)."""

_KEPT = """
    SELECT kept.id FROM scoring_review r
    JOIN LATERAL (SELECT f.id FROM scoring_filing f WHERE f.review_id = r.id ORDER BY f.id DESC LIMIT 1) last
        ON EXISTS (SELECT FROM scoring_returneditem t WHERE t.filing_id = last.id)
    JOIN scoring_reviewitem kept ON kept.review_id = r.id
    WHERE r.state = 'returned'
        AND NOT EXISTS (SELECT FROM scoring_returneditem t WHERE t.filing_id = last.id AND t.item_id = kept.id)
"""
"""What the town left as it was when it sent back others of the sheet: it keeps its decision (I5)."""

REOPEN = f"""
UPDATE scoring_reviewitem i
SET verdict = 'pending', decided_at = NULL, decided_by_id = NULL, decided_by_name = '', decided_by_resident_id = NULL,
    entered_by_name = ''
FROM (SELECT DISTINCT r.id AS review, made.decided_by_resident_id AS who
    FROM scoring_review r JOIN scoring_reviewitem made ON made.review_id = r.id
    WHERE r.state IN ('open', 'returned') AND (%(month)s::date IS NULL OR r.month = %(month)s)
        AND CASE WHEN %(who)s::bigint[] IS NULL THEN r.is_mutual AND made.decided_by_resident_id IS NOT NULL
            ELSE made.decided_by_resident_id = ANY(%(who)s) END
        AND (%(villages)s::bigint[] IS NULL OR r.village_id = ANY(%(villages)s))) by
CROSS JOIN LATERAL scoring_stands_back(by.review, by.who) AS back (item)
WHERE i.id = back.item AND i.decided_by_resident_id = by.who AND NOT EXISTS (SELECT FROM ({_KEPT}) k WHERE k.id = i.id)
RETURNING i.review_id
"""
"""What was decided by somebody who now has to stand back: because a deed of hers or a substitute has joined since, or
because a relation of hers (``who``) has been declared."""

KEPT_BY_BARRED = f"""
SELECT i.id
FROM (SELECT DISTINCT made.review_id AS review, made.decided_by_resident_id AS who
    FROM scoring_reviewitem made
    WHERE made.review_id = %(review)s AND made.decided_by_resident_id IS NOT NULL) by
CROSS JOIN LATERAL scoring_stands_back(by.review, by.who) AS back (item)
JOIN scoring_reviewitem i ON i.id = back.item AND i.decided_by_resident_id = by.who
WHERE i.id IN ({_KEPT})
"""
"""What the town left as it was, though whoever decided it now has to stand back from it."""

_SEAT = """
seat AS (
    SELECT vr.id, c.weight, u.display_name AS member,
        coalesce(nullif(vr.seat, ''), CASE vr.role WHEN 'volunteer' THEN '积分志愿者'
            WHEN 'group_leader' THEN '村民小组组长' WHEN 'steward' THEN '积分管理员' ELSE '' END) AS seat,
        p.id AS own, c.grp, g.name AS group_name, a.substitute_id AS other, sub.name AS substitute,
        coalesce(a.presence, '') AS presence, s.id IS NOT NULL AS has_signed,
        s.id IS NOT NULL OR a.presence <> 'absent' AS present,
        s.id IS NOT NULL OR (a.presence <> 'absent' AND m.paper_id IS NOT NULL) AS signed
    FROM unnest(%(chairs)s::bigint[], %(weights)s::bigint[], %(groups)s::bigint[]) AS c (id, weight, grp)
    JOIN community_villagerole vr ON vr.id = c.id
    LEFT JOIN community_group g ON g.id = c.grp
    JOIN accounts_user u ON u.id = vr.user_id
    LEFT JOIN community_resident p ON p.user_id = vr.user_id
    LEFT JOIN scoring_reviewseat s ON s.review_id = %(review)s AND s.role_id = vr.id
    LEFT JOIN scoring_meeting m ON m.review_id = %(review)s
    LEFT JOIN scoring_meetingseat a ON a.meeting_id = m.id AND a.role_id = vr.id
    LEFT JOIN community_resident sub ON sub.id = a.substitute_id
)"""

_ELSEWHERE = """
    SELECT i.id FROM scoring_reviewitem i
    JOIN scoring_declaration d ON d.id = i.declaration_id
    JOIN community_household h ON h.id = d.household_id
    WHERE seat.grp IS NOT NULL AND i.review_id = %(review)s AND h.group_id IS DISTINCT FROM seat.grp
"""
"""The sheet's items of other groups than the one for which the seat sits."""

ELSEWHERE = f"SELECT item FROM (SELECT %(group)s::bigint AS grp) seat CROSS JOIN LATERAL ({_ELSEWHERE}) AS of (item)"
"""Ids of the sheet's items that are none of the group's."""

STANDING = f"""
WITH {_SEAT},
whole AS (
    SELECT coalesce(sum(weight), 0)::bigint AS eligible,
        coalesce(sum(weight) FILTER (WHERE present), 0)::bigint AS present,
        coalesce(sum(weight) FILTER (WHERE signed), 0)::bigint AS signed
    FROM seat
),
sheet AS (
    SELECT coalesce(sum(weight), 0)::bigint AS eligible,
        coalesce(sum(weight) FILTER (WHERE present), 0)::bigint AS present,
        coalesce(sum(weight) FILTER (WHERE signed), 0)::bigint AS signed
    FROM seat WHERE grp IS NULL OR NOT EXISTS (SELECT FROM seat AS other WHERE other.grp IS NULL)
),
back AS (
    SELECT b.item, sum(seat.weight)::bigint AS eligible,
        coalesce(sum(seat.weight) FILTER (WHERE seat.present), 0)::bigint AS present,
        coalesce(sum(seat.weight) FILTER (WHERE seat.signed), 0)::bigint AS signed
    FROM seat CROSS JOIN LATERAL (
        SELECT scoring_stands_back(%(review)s, coalesce(seat.other, seat.own)) UNION {_ELSEWHERE}
    ) AS b (item)
    GROUP BY b.item
),
item AS (
    SELECT w.eligible - b.eligible, w.present - b.present, w.signed - b.signed, 1::bigint FROM back b, whole w
    UNION ALL
    SELECT w.*, (SELECT count(*) FROM scoring_reviewitem WHERE review_id = %(review)s) - (SELECT count(*) FROM back)
    FROM whole w
)
SELECT true, sheet.*, 1::bigint FROM sheet
UNION ALL
SELECT false, eligible, present, signed, sum(n)::bigint FROM item AS i (eligible, present, signed, n)
WHERE n > 0 GROUP BY eligible, present, signed
"""
"""Votes, one for a seat unless the flow gives it more: (of the sheet itself, seats not barred, those of them at the
meeting, those that signed, items). The sheet, from which nobody is barred, is the first row; the others are its items.
Who sits for one group counts for the deeds of its households, and not for the sheet itself where others sit for all.
A substitute stands for her seat; who signed was there; with the scan of the signed paper everybody who was there has
signed."""

SEATS = f"""
WITH {_SEAT}
SELECT id, member, seat, presence, coalesce(substitute, ''), has_signed, signed,
    ARRAY(SELECT scoring_stands_back(%(review)s, own)), ARRAY(SELECT scoring_stands_back(%(review)s, other)), weight,
    coalesce(group_name, ''), ARRAY({_ELSEWHERE})
FROM seat ORDER BY seat, group_name NULLS FIRST, id
"""
"""Each seat of the sheet: (role, member, seat, presence, substitute, signed, signed here or on paper, items from which
the member stands back, items from which the substitute does, votes, the group for which alone it sits, items of
others)."""

RECUSALS = f"""
WITH {_SEAT}
SELECT coalesce(substitute, member), count(*)
FROM seat CROSS JOIN LATERAL scoring_stands_back(%(review)s, coalesce(other, own)) AS back (item)
GROUP BY 1 ORDER BY 1
"""
"""(who sits on the seat, how many of the sheet's deeds she stands back from), for those who do."""

SETTLE = """
UPDATE scoring_declaration d
SET state = CASE i.verdict WHEN 'rejected' THEN 'rejected' ELSE 'approved' END,
    refusal = CASE i.verdict WHEN 'rejected' THEN i.reason ELSE '' END
FROM scoring_reviewitem i
WHERE i.review_id = %(review)s AND d.id = i.declaration_id AND d.state NOT IN ('posted', 'rejected')
    AND (i.verdict = 'rejected' OR %(waits)s
        OR EXISTS (SELECT FROM scoring_hearing h WHERE h.item_id = i.id AND h.outcome = 'open')
        OR EXISTS (SELECT FROM scoring_rule r WHERE r.id = d.rule_id AND jsonb_typeof(r.spec -> 'repair') = 'object'))
"""
"""Those that post at once go straight to their entries; the others, and what may wait for what it repairs, are told
that they wait."""
