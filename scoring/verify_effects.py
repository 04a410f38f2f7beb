"""What deeds bring beyond their points, asked of the database: it is what their rules say, no more and no less."""

from jifen.kernel.checks import Check

_BROUGHT = """
WITH due AS (
    SELECT p.id AS posting_id, d.household_id, d.happened_on, said.spec, said.place - 1 AS position
    FROM scoring_rule r
    JOIN scoring_declaration d ON d.rule_id = r.id
    JOIN scoring_posting p ON p.declaration_id = d.id AND p.cause = 'declaration'
    LEFT JOIN scoring_reckoning k ON k.posting_id = p.id
    CROSS JOIN LATERAL jsonb_array_elements(scoring_consequences(r.spec)) WITH ORDINALITY AS said (spec, place)
    WHERE r.spec @? '$ ? (@.effect != null || exists (@.effects[*]))'
        AND CASE WHEN k.id IS NOT NULL THEN k.is_effective ELSE EXISTS (
            SELECT FROM community_application j WHERE j.household_id = d.household_id AND j.state IN ('joined', 'left')
                AND j.joined_on <= d.happened_on AND (j.left_on IS NULL OR j.left_on > d.happened_on)) END
)
SELECT count(*) FROM due FULL JOIN scoring_effect e USING (posting_id, position)
WHERE (e.kind, e.household_id, e.first, e.text, e.at_zero)
        IS DISTINCT FROM (due.spec ->> 'kind', due.household_id, CASE WHEN due.spec ->> 'until' = 'next_year'
            THEN make_date(extract(year FROM due.happened_on)::int + 1, 1, 1) ELSE due.happened_on END,
            due.spec ->> 'text', (due.spec ->> 'at_zero')::boolean)
    OR e.last IS DISTINCT FROM CASE
        WHEN e.kind NOT IN ('bar_honours', 'bar_redemption', 'freeze_positive', 'downgrade_star') THEN e.first
        WHEN due.spec ->> 'until' = 'year_end' THEN make_date(extract(year FROM e.first)::int, 12, 31)
        WHEN due.spec ->> 'until' = 'next_year' THEN make_date(extract(year FROM e.first)::int, 12, 31)
        WHEN due.spec ->> 'until' = 'next_year_end' THEN make_date(extract(year FROM e.first)::int + 1, 12, 31)
        WHEN due.spec ->> 'until' = 'months'
            THEN (e.first + make_interval(months => (due.spec ->> 'months')::int))::date
        ELSE (due.spec ->> 'day')::date END
"""
"""The engine's ``effects.outcomes``, once more in SQL."""

_MENDED = """
SELECT count(*) FROM scoring_posting p
JOIN scoring_declaration d ON d.id = p.declaration_id
JOIN scoring_rule r ON r.id = d.rule_id AND r.spec @? '$ ? (@.repair.lifts == true)'
JOIN scoring_reckoning k ON k.posting_id = p.id AND k.is_effective
JOIN scoring_effect e ON e.household_id = d.household_id AND e.until_repair AND e.first <= d.happened_on
    AND e.posting_id < p.id
JOIN scoring_posting b ON b.id = e.posting_id AND coalesce(b.reversed_at, 'infinity') > p.posted_at
JOIN scoring_declaration bad ON bad.id = b.declaration_id
JOIN scoring_rule broken ON broken.id = bad.rule_id
WHERE (r.spec -> 'repair' -> 'rules' = '[]' OR r.spec -> 'repair' -> 'rules' ? broken.code)
    AND NOT EXISTS (SELECT FROM scoring_effectlift l WHERE l.effect_id = e.id AND l.posting_id = p.id)
"""

_GAINED = """
SELECT count(*) FROM scoring_effect e
JOIN scoring_posting b ON b.id = e.posting_id
JOIN scoring_declaration bad ON bad.id = b.declaration_id
JOIN scoring_rule broken ON broken.id = bad.rule_id
JOIN scoring_declaration d ON d.household_id = e.household_id AND d.happened_on > e.first
JOIN scoring_rule r ON r.id = d.rule_id AND r.sign = 'positive'
JOIN scoring_posting p ON p.declaration_id = d.id AND p.cause = 'declaration' AND p.posted_at > b.posted_at
    AND p.posted_at < coalesce(b.reversed_at, 'infinity')
WHERE e.kind = 'freeze_positive' AND d.happened_on <= coalesce(e.last, 'infinity')
    AND NOT (jsonb_typeof(r.spec -> 'repair') = 'object' AND (r.spec -> 'repair' ->> 'lifts')::boolean
        AND (r.spec -> 'repair' -> 'rules' = '[]' OR r.spec -> 'repair' -> 'rules' ? broken.code))
    AND NOT EXISTS (SELECT FROM scoring_effectlift l WHERE l.effect_id = e.id AND l.day <= d.happened_on)
    AND EXISTS (SELECT FROM scoring_entry g WHERE g.posting_id = p.id AND g.amount > 0)
"""
"""A gain of a frozen day, posted while the freeze stood."""

_ZEROED = """
SELECT count(*) FROM scoring_posting z JOIN scoring_posting p ON p.id = z.follows_id
WHERE z.cause = 'zeroing' AND ((z.reversed_at IS NULL) <> (p.reversed_at IS NULL)
    OR NOT EXISTS (SELECT FROM scoring_effect e WHERE e.posting_id = p.id
        AND e.kind IN ('zero_year', 'zero_month', 'zero_balance'))
    OR EXISTS (SELECT FROM scoring_entry e WHERE e.posting_id = z.id AND (e.amount >= 0 OR e.happened_on
        <> (SELECT d.happened_on FROM scoring_declaration d WHERE d.id = p.declaration_id))))
"""

_LEFT = """
SELECT count(*) FROM scoring_effectleave l
JOIN scoring_effect e ON e.id = l.effect_id
JOIN scoring_posting p ON p.id = e.posting_id
JOIN community_application j ON j.id = l.application_id
WHERE j.household_id <> e.household_id OR e.kind <> 'leave_programme'
    OR (p.reversed_at IS NULL AND j.left_on IS DISTINCT FROM l.left_on)
"""


def checks() -> list[Check]:
    """Of freezes, bars, zeroings and leaving."""
    return [
        Check("effects", "后果与记账的登记所说的一致", _BROUGHT),
        Check("effects", "整改到位的后果都已解除", _MENDED),
        Check("effects", "暂停加分期间没有加分", _GAINED),
        Check("effects", "清零随引起它的登记一起记账和更正", _ZEROED),
        Check("effects", "按细则退出的户都已退出", _LEFT),
    ]
