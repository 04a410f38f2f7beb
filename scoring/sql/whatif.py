"""The deeds of the months gone by, as they stand in the ledger."""

_POSTED = """
FROM scoring_declaration d
JOIN scoring_posting p ON p.declaration_id = d.id AND p.cause = 'declaration' AND p.reversed_at IS NULL
WHERE d.village_id = ANY(%(villages)s) AND d.happened_on BETWEEN %(since)s AND %(until)s
"""

COUNT = f"SELECT d.village_id, count(*) {_POSTED} GROUP BY d.village_id ORDER BY d.village_id"

DEEDS = """
WITH posted AS MATERIALIZED (
    SELECT d.id, p.id AS posting_id, p.review_item_id, d.rule_id, d.household_id, d.village_id, d.resident_id,
        d.happened_on, d.facts, d.points
    FROM scoring_declaration d
    JOIN scoring_posting p ON p.declaration_id = d.id AND p.cause = 'declaration' AND p.reversed_at IS NULL
    WHERE d.village_id = ANY(%(villages)s) AND d.happened_on BETWEEN %(since)s AND %(until)s
),
sums AS MATERIALIZED (
    SELECT e.posting_id, sum(e.amount) FILTER (WHERE e.measure = 'merit') AS merit,
        sum(e.amount) FILTER (WHERE e.measure = 'redeemable') AS redeemable, max(e.point_class) AS point_class,
        jsonb_agg(jsonb_build_array(e.household_id, e.measure, e.amount::text))
            FILTER (WHERE e.household_id <> posted.household_id) AS others
    FROM posted JOIN scoring_entry e ON e.posting_id = posted.posting_id GROUP BY e.posting_id
)
SELECT posted.id, r.code, posted.household_id, posted.village_id, posted.resident_id, posted.happened_on,
    CASE WHEN posted.facts = '{}' THEN NULL ELSE posted.facts END, posted.points,
    CASE WHEN h.outcome = 'lowered' THEN h.decided_points WHEN i.verdict = 'adjusted' THEN i.points END,
    coalesce(sums.merit, 0), coalesce(sums.redeemable, 0), coalesce(sums.point_class, ''), sums.others
FROM posted
JOIN scoring_rule r ON r.id = posted.rule_id
LEFT JOIN sums ON sums.posting_id = posted.posting_id
LEFT JOIN scoring_reviewitem i ON i.id = posted.review_item_id
LEFT JOIN scoring_hearing h ON h.item_id = i.id AND h.outcome = 'lowered'
ORDER BY posted.happened_on, posted.id
"""
"""One village's posted deeds, with what people decided and what stands in the ledger for each; ``others``: what of it
was credited to other households."""

ITEMS = """
SELECT DISTINCT ON (r.code) r.code, r.title,
    r.spec @? '$ ? (@.effect.kind == "bar_honours" || @.effects[*].kind == "bar_honours")'
FROM scoring_rule r JOIN scoring_rulebookversion v ON v.id = r.version_id
WHERE v.state <> 'draft' ORDER BY r.code, v.effective_from DESC, r.id DESC
"""
