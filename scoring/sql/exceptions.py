"""What on a sheet needs a person's eye: one statement for the whole sheet.

Each part answers with rows of (item, code, other declaration, its day, how many, how many are usual).
"""

_ITEM = """
item AS MATERIALIZED (
    SELECT i.id, i.declaration_id, d.village_id, d.household_id, d.resident_id, d.rule_id, d.happened_on, d.batch_id,
        d.declared_by, d.actor_realm, d.actor_id, coalesce(-d.batch_id, d.id) AS telling, d.facts ->> 'tier' AS tier,
        d.points, r.code, r.sign, r.spec
    FROM scoring_reviewitem i
    JOIN scoring_declaration d ON d.id = i.declaration_id
    JOIN scoring_rule r ON r.id = d.rule_id
    WHERE i.review_id = %(review)s
)"""

_NEGATIVE = """
SELECT id, 'negative', NULL::bigint, NULL::date, NULL::int, NULL::numeric FROM item
WHERE sign = 'negative' OR points < 0"""

_DISCRETION = """
SELECT id, 'discretion', NULL, NULL, NULL, NULL FROM item WHERE spec -> 'amount' ->> 'kind' = 'range'
    OR EXISTS (SELECT FROM jsonb_path_query(spec, '$.amount.tiers[*] ? (@.most != null)') tier
        WHERE tier ->> 'code' = item.tier)"""

_ANALOGY = """
SELECT id, 'analogy_' || (spec #>> '{catch_all,approval}'), NULL, NULL, NULL, NULL FROM item
WHERE spec #>> '{catch_all,approval}' IS NOT NULL"""

_BARE = """
SELECT id, 'bare', NULL, NULL, NULL, NULL FROM item
WHERE batch_id IS NULL AND spec ->> 'evidence' <> 'none'
    AND NOT EXISTS (SELECT FROM scoring_declarationevidence e WHERE e.declaration_id = item.declaration_id)"""

# Two looks that are near have a part in common (files.looks). Photos of one place resemble each other in parts, so that
# an index over the town's photos would bring up most of them: a village's own are few enough to be joined at once.
_PARTS = " UNION ".join(
    f"""
    SELECT l.file_id, o.file_id AS other_id FROM looked l JOIN others o ON {part.format("o")} = {part.format("l")}
    WHERE o.file_id <> l.file_id AND bit_count((o.look # l.look)::bit(64)) <= %(near)s"""
    for part in ("({}.look & 65535)", *(f"(({{}}.look >> {bits}) & 65535)" for bits in (16, 32, 48)))
)

# A list's photo counts once, however many households are on the list: its telling is the list.
_PICTURES = f"""
mine AS MATERIALIZED (
    SELECT a.telling, a.village_id, f.id AS file_id, f.sha256, f.look, min(a.declaration_id) AS declaration_id
    FROM item a JOIN scoring_declarationevidence e ON e.declaration_id = a.declaration_id
    JOIN files_file f ON f.id = e.file_id
    GROUP BY a.telling, a.village_id, f.id
),
looked AS MATERIALIZED (SELECT DISTINCT file_id, look FROM mine WHERE look IS NOT NULL),
kept AS MATERIALIZED (
    SELECT d.id AS declaration_id, coalesce(-d.batch_id, d.id) AS telling, f.id AS file_id, f.look
    FROM scoring_declaration d JOIN scoring_declarationevidence e ON e.declaration_id = d.id
    JOIN files_file f ON f.id = e.file_id
    WHERE EXISTS (SELECT FROM looked) AND f.look IS NOT NULL AND d.state <> 'withdrawn'
        AND d.village_id = (SELECT min(village_id) FROM item)
        AND d.happened_on > (SELECT min(happened_on) FROM item) - %(window)s
),
others AS MATERIALIZED (SELECT DISTINCT file_id, look FROM kept),
alike AS MATERIALIZED ({_PARTS}),
shared AS MATERIALIZED (
    SELECT m.telling, min(o.declaration_id) AS other FROM mine m
    JOIN LATERAL (SELECT d.id AS declaration_id FROM files_file f
        JOIN scoring_declarationevidence e ON e.file_id = f.id JOIN scoring_declaration d ON d.id = e.declaration_id
        WHERE f.sha256 = m.sha256 AND e.declaration_id <> m.declaration_id
            AND coalesce(-d.batch_id, d.id) <> m.telling AND d.state <> 'withdrawn' LIMIT 1) o ON true
    GROUP BY m.telling
    UNION
    SELECT m.telling, min(o.declaration_id) FROM mine m JOIN alike USING (file_id)
    JOIN kept o ON o.file_id = alike.other_id AND o.telling <> m.telling
    GROUP BY m.telling
)"""

_PHOTO = """
SELECT a.id, 'photo', d.id, d.happened_on, NULL, NULL FROM item a
JOIN (SELECT telling, min(other) AS other FROM shared GROUP BY telling) s USING (telling)
JOIN scoring_declaration d ON d.id = s.other"""

_TWIN = """
SELECT a.id, 'twin', o.id, o.happened_on, NULL, NULL FROM item a
JOIN LATERAL (SELECT n.id, n.happened_on FROM scoring_declaration n JOIN scoring_rule nr ON nr.id = n.rule_id
    WHERE n.household_id = a.household_id AND n.resident_id IS NOT DISTINCT FROM a.resident_id AND nr.code = a.code
        AND n.happened_on BETWEEN a.happened_on - %(days)s AND a.happened_on + %(days)s AND n.id < a.declaration_id
        AND n.state NOT IN ('rejected', 'withdrawn') AND (a.batch_id IS NULL OR n.batch_id IS DISTINCT FROM a.batch_id)
    ORDER BY n.id LIMIT 1) o ON true"""

_USE = """
bucket AS MATERIALIZED (
    SELECT a.id, l.id AS cap, l.kind, l.value, l.period, l.scope, a.code, a.village_id,
        CASE l.scope WHEN 'village' THEN a.village_id WHEN 'resident' THEN coalesce(a.resident_id, -a.household_id)
            ELSE a.household_id END AS holder,
        scoring_period_start(l.period, a.happened_on) AS start
    FROM item a JOIN scoring_rulelimit l ON l.rule_id = a.rule_id
),
cap AS MATERIALIZED (SELECT DISTINCT cap, kind, period, scope, code FROM bucket),
used AS MATERIALIZED (
    SELECT cap, holder, start, count(*) AS deeds, CASE kind WHEN 'count' THEN count(*) ELSE sum(abs(points)) END AS used
    FROM (SELECT c.cap, c.kind, n.points, scoring_period_start(c.period, n.happened_on) AS start,
            CASE c.scope WHEN 'village' THEN n.village_id
                WHEN 'resident' THEN coalesce(n.resident_id, -n.household_id) ELSE n.household_id END AS holder
        FROM scoring_declaration n JOIN scoring_rule r ON r.id = n.rule_id JOIN cap c ON c.code = r.code
        WHERE n.village_id = (SELECT min(village_id) FROM item) AND n.state NOT IN ('rejected', 'withdrawn')
            AND n.happened_on >= (SELECT min(start) FROM bucket)) told
    GROUP BY cap, kind, holder, start
)"""

_CAPPED = """
SELECT b.id, CASE WHEN bool_or(u.used > b.value) THEN 'over' ELSE 'near' END, NULL, NULL, NULL, NULL
FROM bucket b JOIN used u USING (cap, holder, start)
WHERE u.used > b.value OR (u.deeds > 1 AND u.used >= b.value * %(share)s)
GROUP BY b.id"""

_VOLUME = """
household AS MATERIALIZED (
    SELECT household_id, count(*) AS n FROM item WHERE batch_id IS NULL GROUP BY 1
),
declarer AS MATERIALIZED (
    SELECT actor_realm, actor_id, count(*) AS n FROM item
    WHERE batch_id IS NULL AND declared_by IN ('self', 'neighbour', 'group_leader') GROUP BY 1, 2
)"""


def _busy(code: str, table: str, keys: str) -> str:
    return f"""
SELECT a.id, '{code}', NULL, NULL, c.n::int, usual.n
FROM item a JOIN {table} c USING ({keys})
CROSS JOIN (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY n)::numeric AS n FROM {table}) usual
WHERE a.batch_id IS NULL AND c.n >= %(many)s AND c.n > usual.n * %(times)s"""


FIND = f"""
WITH {_ITEM}, {_PICTURES}, {_USE}, {_VOLUME}
{
    " UNION ALL ".join(
        [
            _NEGATIVE,
            _DISCRETION,
            _ANALOGY,
            _BARE,
            _PHOTO,
            _TWIN,
            _CAPPED,
            _busy("busy_household", "household", "household_id"),
            _busy("busy_declarer", "declarer", "actor_realm, actor_id")
            + " AND a.declared_by IN ('self', 'neighbour', 'group_leader')",
        ]
    )
}
"""
