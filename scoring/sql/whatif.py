"""The deeds of the months gone by, as they stand in the ledger."""

from scoring.sql.reckoning import BOUNDED

_POSTED = """
FROM scoring_declaration d
JOIN scoring_posting p ON p.declaration_id = d.id AND p.cause = 'declaration' AND p.reversed_at IS NULL
WHERE d.village_id = ANY(%(villages)s) AND d.happened_on BETWEEN %(since)s AND %(until)s
"""

COUNT = f"SELECT d.village_id, count(*) {_POSTED} GROUP BY d.village_id ORDER BY d.village_id"

DEEDS = f"""
WITH posted AS MATERIALIZED (
    SELECT d.id, p.id AS posting_id, p.review_item_id, p.posted_at, d.rule_id, d.household_id AS recorded,
        coalesce(m.household_id, d.household_id) AS household_id, d.village_id, d.resident_id, d.happened_on, d.facts,
        d.points, j.id IS NOT NULL AS joined
    FROM (SELECT * FROM scoring_declaration d
        WHERE d.village_id = ANY(%(villages)s) AND d.happened_on BETWEEN %(since)s AND %(until)s) d
    JOIN scoring_posting p ON p.declaration_id = d.id AND p.cause = 'declaration' AND p.reversed_at IS NULL
    LEFT JOIN community_householdmember m ON m.resident_id = d.resident_id AND m.from_date <= d.happened_on
        AND (m.to_date IS NULL OR m.to_date > d.happened_on)
    LEFT JOIN community_application j ON j.household_id = coalesce(m.household_id, d.household_id)
        AND (d.resident_id IS NULL OR m.id IS NOT NULL)
        AND j.state IN ('joined', 'left') AND j.joined_on <= d.happened_on
        AND (j.left_on IS NULL OR j.left_on > d.happened_on)
),
bounded AS MATERIALIZED (SELECT v.id FROM scoring_rulebookversion v WHERE {BOUNDED}),
sums AS MATERIALIZED (
    SELECT e.posting_id, sum(e.amount) FILTER (WHERE e.measure = 'merit') AS merit,
        sum(e.amount) FILTER (WHERE e.measure = 'redeemable') AS redeemable, max(e.point_class) AS point_class,
        jsonb_agg(jsonb_build_array(e.household_id, e.measure, e.amount::text))
            FILTER (WHERE e.household_id <> posted.household_id) AS others
    FROM posted JOIN scoring_entry e ON e.posting_id = posted.posting_id GROUP BY e.posting_id
)
SELECT posted.id, r.code, posted.household_id, posted.village_id, posted.resident_id, posted.happened_on,
    CASE WHEN posted.facts = '{{}}' THEN NULL ELSE posted.facts END, posted.points,
    CASE WHEN h.outcome = 'lowered' THEN h.decided_points WHEN i.verdict = 'adjusted' THEN i.points END,
    coalesce(sums.merit, 0), coalesce(sums.redeemable, 0), coalesce(sums.point_class, ''), posted.recorded,
    posted.joined, posted.posted_at, k.worth, bounded.id IS NOT NULL, sums.others
FROM posted
JOIN scoring_rule r ON r.id = posted.rule_id
LEFT JOIN bounded ON bounded.id = r.version_id
LEFT JOIN sums ON sums.posting_id = posted.posting_id
LEFT JOIN scoring_reckoning k ON k.posting_id = posted.posting_id
LEFT JOIN scoring_reviewitem i ON i.id = posted.review_item_id
LEFT JOIN scoring_hearing h ON h.item_id = i.id AND h.outcome = 'lowered'
ORDER BY posted.happened_on, posted.id
"""
"""One village's posted deeds, with what people decided and what stands in the ledger for each; ``others``: what of it
was credited to other households. Whom it counts for, and whether they took part, is as in ``scoring.sql.posting``."""

EARLIER = """
SELECT d.id, r.code, d.household_id, d.village_id, d.resident_id, d.happened_on,
    CASE WHEN d.facts = '{}' THEN NULL ELSE d.facts END,
    coalesce(k.worth, (SELECT sum(e.amount) FROM scoring_entry e WHERE e.posting_id = p.id AND e.measure = 'merit'), 0),
    coalesce(k.is_effective, true), p.posted_at
FROM unnest(%(codes)s::text[], %(firsts)s::date[]) AS wanted (code, first)
JOIN scoring_rule r ON r.code = wanted.code
JOIN scoring_declaration d ON d.rule_id = r.id AND d.happened_on >= wanted.first
JOIN scoring_posting p ON p.declaration_id = d.id AND p.cause = 'declaration' AND p.reversed_at IS NULL
LEFT JOIN scoring_reckoning k ON k.posting_id = p.id
WHERE d.village_id = ANY(%(villages)s) AND d.happened_on NOT BETWEEN %(since)s AND %(until)s
"""
"""Posted deeds outside the days that are tried, of the items (``codes``) that bear on those, each from its day on."""

ITEMS = """
SELECT DISTINCT ON (r.code) r.code, r.title,
    r.spec @? '$ ? (@.effect.kind == "bar_honours" || @.effects[*].kind == "bar_honours")'
FROM scoring_rule r JOIN scoring_rulebookversion v ON v.id = r.version_id
WHERE v.state <> 'draft' ORDER BY r.code, v.effective_from DESC, r.id DESC
"""
