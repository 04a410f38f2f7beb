"""Deeds that are reckoned one by one, what was posted before them, and the caps they take from."""

from scoring.sql.effects import MARKS
from scoring.sql.posting import BUCKET, ITEMS

_LOOKS_BACK = (
    "cooldown", "streak", "repeat", "after_warning", "group", "not_with", "repair", "point_class"
)  # fmt: skip
_BOUNDS = '$.settings.*[*] ? (@.floor != null || @.ceiling != null || @.negative == "zero")'
BOUNDED = f"v.head @? '{_BOUNDS}'"
"""Of a version ``v``: some balance of its rulebook stops somewhere."""
TAKES = '(@.amount.grades[*].points starts with "-" || @.amount.tiers[*].points starts with "-")'
"""Of a rule: what it gives on one grade it takes on another."""
_PATH = (
    "$ ? ("
    + " || ".join(
        [
            *(f"@.{name} != null" for name in _LOOKS_BACK),
            '@.amount.kind == "ladder"',
            "@.ranked == false",
            TAKES,
            '@.limits[*].period == "halfyear"',
            "@.limits[*].by != null",
            "exists (@.shares[*])",
            '(@.attribution != "household" && @.attribution != "resident")',
            '@.effect.kind == "freeze_positive"',
            '@.effects[*].kind == "freeze_positive"',
        ]
    )
    + ")"
)

VERSIONS = f"""
SELECT id, looks, marks, lapses FROM (
    SELECT v.id, v.head @? '$.settings.limits[*]' OR v.head @? '$.categories[*].limits[*]' OR {BOUNDED}
            OR EXISTS (SELECT FROM scoring_rule o WHERE o.version_id = v.id AND o.spec @? '{_PATH}') AS looks,
        EXISTS (SELECT FROM scoring_rule o WHERE o.version_id = v.id AND o.spec @? '{MARKS}') AS marks,
        v.head @? '$.settings.classes[*] ? (@.expires != null)'
            OR EXISTS (SELECT FROM scoring_rule o WHERE o.version_id = v.id AND o.spec @? '$.expires.*') AS lapses
    FROM scoring_rulebookversion v
    WHERE v.id IN (SELECT r.version_id FROM scoring_reviewitem i {ITEMS}
        JOIN scoring_declaration d ON d.id = i.declaration_id JOIN scoring_rule r ON r.id = d.rule_id)) v
WHERE looks OR marks OR lapses
"""
"""Versions of which some rule may look back, give to others or stop gains, or that bound balances (``looks``; which
rules the rulebook itself says); of which some rule brings more than points (``marks``) or some points end by themselves
(``lapses``)."""

FREEZING = f"""
SELECT DISTINCT d.household_id FROM scoring_reviewitem i {ITEMS}
JOIN scoring_declaration d ON d.id = i.declaration_id JOIN scoring_rule r ON r.id = d.rule_id
WHERE (r.version_id, r.code) IN (SELECT * FROM unnest(%(versions)s::bigint[], %(codes)s::text[]))
"""
"""Households with a deed at hand whose rule stops later gains."""

DEEDS = """
SELECT i.id, d.id, d.rule_id, r.version_id, r.code, d.household_id, d.village_id, d.resident_id, d.happened_on,
    d.facts, coalesce(m.household_id, d.household_id), j.id IS NOT NULL,
    CASE WHEN h.outcome = 'lowered' THEN h.decided_points WHEN i.verdict = 'adjusted' THEN i.points END,
    coalesce(h.decided_redeemable, i.redeemable), coalesce(h.decided_points, h.points),
    concat_ws('；',
        CASE WHEN i.verdict = 'adjusted' THEN format('审核调整为%%s分（%%s）', trim_scale(i.points), i.reason) END,
        CASE WHEN h.outcome = 'lowered'
            THEN format('听取说明后减为%%s分（%%s）', trim_scale(h.decided_points), h.reason) END)
FROM scoring_reviewitem i {items}
JOIN scoring_declaration d ON d.id = i.declaration_id
JOIN scoring_rule r ON r.id = d.rule_id
LEFT JOIN community_householdmember m ON m.resident_id = d.resident_id AND m.from_date <= d.happened_on
    AND (m.to_date IS NULL OR m.to_date > d.happened_on)
LEFT JOIN community_application j ON j.household_id = coalesce(m.household_id, d.household_id)
    AND (d.resident_id IS NULL OR m.id IS NOT NULL)
    AND j.state IN ('joined', 'left') AND j.joined_on <= d.happened_on
    AND (j.left_on IS NULL OR j.left_on > d.happened_on)
LEFT JOIN scoring_hearing h ON h.item_id = i.id AND h.outcome <> 'void'
WHERE (r.version_id, r.code) IN (SELECT * FROM unnest(%(versions)s::bigint[], %(codes)s::text[]))
    OR d.household_id = ANY(%(frozen)s)
ORDER BY d.id
"""
DEEDS_OF_ITEMS = DEEDS.format(items=ITEMS)

POSTED = f"""
SELECT d.id, r.version_id, r.code, d.household_id, d.village_id, d.resident_id, d.happened_on, d.facts,
    CASE WHEN (r.spec ->> 'ranked')::boolean AND {BOUNDED}
        THEN sign(k.worth) * least(abs(k.worth), abs(coalesce(line.amount, 0)))
        ELSE coalesce(k.worth, line.amount, 0) END,
    coalesce(k.is_effective, true)
FROM scoring_declaration d
JOIN scoring_rule r ON r.id = d.rule_id
JOIN scoring_rulebookversion v ON v.id = r.version_id
JOIN scoring_posting p ON p.declaration_id = d.id AND p.cause = 'declaration' AND p.reversed_at IS NULL
LEFT JOIN scoring_reckoning k ON k.posting_id = p.id
CROSS JOIN LATERAL (
    SELECT sum(e.amount) AS amount FROM scoring_entry e WHERE e.posting_id = p.id AND e.measure = 'merit') line
WHERE d.happened_on >= %(since)s
    AND (r.code = ANY(%(codes)s) OR r.spec -> 'group' ->> 'code' = ANY(%(groups)s)
        OR (%(negatives)s AND (r.sign = 'negative' OR jsonb_typeof(r.spec -> 'repair') = 'object')))
    AND (d.household_id = ANY(%(households)s) OR d.resident_id = ANY(%(residents)s)
        OR d.village_id = ANY(%(villages)s))
ORDER BY p.id
"""
"""What bears on the deeds: of their households and people, and of whole villages where a rule counts those. Of a
bounded balance counts what was moved: nothing is given back that was never taken."""

_KEYS = (
    "unnest(%(rulebooks)s::bigint[], %(codes)s::text[], %(keys)s::text[], %(kinds)s::text[], %(ids)s::bigint[], "
    f"%(starts)s::date[], %(values)s::text[]) AS key ({BUCKET})"
)

OPEN = f"""
INSERT INTO scoring_capuse ({BUCKET}, used) SELECT {BUCKET}, 0 FROM {_KEYS} ORDER BY {BUCKET}
ON CONFLICT ({BUCKET}) DO NOTHING
"""

HELD = f"""
SELECT {BUCKET}, use.id, use.used FROM scoring_capuse use JOIN {_KEYS} USING ({BUCKET})
ORDER BY {BUCKET} {{lock}}
"""

TAKE = """
UPDATE scoring_capuse use SET used = use.used + fresh.part
FROM (SELECT cap, sum(part) AS part FROM unnest(%(take_caps)s::bigint[], %(take_parts)s::numeric[]) AS t (cap, part)
    GROUP BY cap) fresh
WHERE use.id = fresh.cap
"""

OPEN_ACCOUNTS = """
INSERT INTO scoring_account (household_id, resident_id)
SELECT CASE WHEN r IS NULL THEN h END, r FROM unnest(%(line_households)s::bigint[], %(line_residents)s::bigint[])
    AS l (h, r)
GROUP BY 1, 2 ORDER BY 1, 2
ON CONFLICT DO NOTHING
"""

KEEP = """
WITH posting AS (
    SELECT p.id, p.declaration_id FROM scoring_posting p
    WHERE p.declaration_id = ANY(%(reckoned)s) AND p.reversed_at IS NULL AND p.reverses_id IS NULL
),
reckoning AS (
    INSERT INTO scoring_reckoning (posting_id, worth, is_effective, steps)
    SELECT posting.id, k.worth, k.is_effective, k.steps
    FROM unnest(%(reckoned)s::bigint[], %(worths)s::numeric[], %(effective)s::boolean[], %(steps)s::jsonb[])
        AS k (declaration_id, worth, is_effective, steps) JOIN posting USING (declaration_id)
    ORDER BY posting.id
)
INSERT INTO scoring_captake (posting_id, cap_id, part)
SELECT posting.id, t.cap, t.part
FROM unnest(%(take_deeds)s::bigint[], %(take_caps)s::bigint[], %(take_parts)s::numeric[])
    AS t (declaration_id, cap, part) JOIN posting USING (declaration_id)
ORDER BY posting.id, t.cap
"""

GIVE = """
UPDATE scoring_capuse use SET used = use.used - t.part
FROM scoring_captake t WHERE t.posting_id = %(posting)s AND use.id = t.cap_id
"""

TAKEN = f"""
SELECT {BUCKET}, sum(t.part) AS used FROM scoring_captake t
JOIN scoring_posting p ON p.id = t.posting_id AND p.reversed_at IS NULL
JOIN scoring_capuse use ON use.id = t.cap_id
GROUP BY {BUCKET}
"""
"""What unreversed reckoned deeds use of each cap."""
