"""The archived passbooks of a sealed year."""

PLAN = """
WITH placed AS (
    SELECT h.village_id, h.number,
        1 + (row_number() OVER (PARTITION BY h.village_id ORDER BY h.number) - 1) / %(size)s AS volume
    FROM scoring_yearstanding s JOIN community_household h ON h.id = s.household_id
    WHERE s.seal_id = %(seal)s
)
INSERT INTO scoring_yearvolume (seal_id, village_id, number, first, last, households)
SELECT %(seal)s, village_id, volume, min(number), max(number), count(*) FROM placed GROUP BY village_id, volume
ORDER BY village_id, volume
ON CONFLICT DO NOTHING
"""
"""Every household with a sealed standing is in one volume of its village."""

BOOKS = """
SELECT h.id, h.number, coalesce(head.name, ''), g.name, s.positive, s.negative, s.net, s.village_rank, s.town_rank,
    coalesce(-x.amount, 0)
FROM scoring_yearstanding s
JOIN community_household h ON h.id = s.household_id
JOIN community_group g ON g.id = h.group_id
LEFT JOIN community_resident head ON head.id = h.head_id
LEFT JOIN LATERAL (SELECT sum(e.amount) AS amount FROM scoring_entry e
    WHERE e.household_id = h.id AND e.year_id = %(year)s AND e.measure = 'redeemable' AND e.cause = 'expiry') x ON true
WHERE s.seal_id = %(seal)s AND h.village_id = %(village)s AND h.number BETWEEN %(first)s AND %(last)s
ORDER BY h.number
"""

LINES = """
SELECT e.household_id, min(e.happened_on),
    CASE p.cause WHEN 'zeroing' THEN '积分清零：' ELSE '' END
        || coalesce(CASE WHEN r.is_sensitive THEN '其他（事由不公开）' ELSE r.title END,
        CASE p.cause WHEN 'redemption' THEN '积分兑换' WHEN 'base_grant' THEN '基础分'
        WHEN 'opening' THEN '期初积分' WHEN 'expiry' THEN '年终清零' WHEN 'lapse' THEN '积分到期' ELSE '更正' END),
    coalesce(sum(e.amount) FILTER (WHERE e.measure = 'merit'), 0),
    coalesce(sum(e.amount) FILTER (WHERE e.measure = 'redeemable'), 0)
FROM scoring_entry e
JOIN scoring_posting p ON p.id = e.posting_id
LEFT JOIN scoring_rule r ON r.id = e.rule_id
JOIN community_household h ON h.id = e.household_id
WHERE e.year_id = %(year)s AND h.village_id = %(village)s AND h.number BETWEEN %(first)s AND %(last)s
GROUP BY e.household_id, p.id, r.id
ORDER BY min(e.happened_on), p.id
"""
