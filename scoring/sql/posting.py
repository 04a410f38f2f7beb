"""A month's posting: the sheets' approved deeds become entries, in posting order (day of the deed, then record).

``READY`` says which deeds post now; the other statements are given their items. A deduction waits for its hearing, a
deed that needs the town's consent (catch-all items) for the town's answer.
Limits apply one after another to the whole batch, as ``scoring.rules.limits`` does; each is one step of the statement.
Only what is finally awarded uses a cap, so caps can be recomputed from the postings (see ``scoring.verify``).
"""


def caps(deeds: str = "scoring_declaration", more: str = "") -> str:
    """Every (declaration, limit) of ``deeds`` with the bucket it counts in; ``more``: further columns.

    A village's overlay counts in the buckets of the town's book that it was made from: no cap begins anew with it.
    """
    return f"""
    SELECT d.id AS declaration_id, coalesce(tv.rulebook_id, v.rulebook_id) AS rulebook_id, r.code AS rule_code,
        l.key AS limit_key, l.position, l.kind, l.value, l.period,
        CASE WHEN l.scope = 'resident' AND d.resident_id IS NULL THEN 'household' ELSE l.scope END AS scope_kind,
        CASE l.scope WHEN 'village' THEN d.village_id
            WHEN 'resident' THEN coalesce(d.resident_id, d.household_id) ELSE d.household_id END AS scope_id,
        scoring_period_start(l.period, d.happened_on) AS period_start,
        ''::varchar AS by_value{more}
    FROM {deeds} d
    JOIN scoring_rule r ON r.id = d.rule_id
    JOIN scoring_rulebookversion v ON v.id = r.version_id
    LEFT JOIN scoring_rulebookversion tv ON tv.id = v.town_version_id
    JOIN scoring_rulelimit l ON l.rule_id = r.id
"""


CAPS = caps()
_CHOSEN = caps("(SELECT * FROM scoring_declaration WHERE id = ANY(%(deeds)s) OFFSET 0)")
"""Those of the deeds that post now, found before anything is joined to them, however long the town's history."""

BUCKET = "rulebook_id, rule_code, limit_key, scope_kind, scope_id, period_start, by_value"

READY = """
WITH keys AS (
    SELECT coalesce(tv.rulebook_id, v.rulebook_id) AS rulebook_id, r.code AS rule_code,
        count(DISTINCT l.key) AS longest
    FROM scoring_rulelimit l
    JOIN scoring_rule r ON r.id = l.rule_id
    JOIN scoring_rulebookversion v ON v.id = r.version_id
    LEFT JOIN scoring_rulebookversion tv ON tv.id = v.town_version_id
    GROUP BY 1, 2
)
SELECT i.review_id, array_agg(i.id ORDER BY i.id), array_agg(d.id ORDER BY i.id),
    array_agg(d.id) FILTER (WHERE jsonb_typeof(r.spec -> 'repair') = 'object'), coalesce(max(k.longest), 0)
FROM scoring_reviewitem i
JOIN scoring_declaration d ON d.id = i.declaration_id
LEFT JOIN scoring_hearing h ON h.item_id = i.id AND h.outcome <> 'void'
JOIN scoring_rule r ON r.id = d.rule_id
JOIN scoring_rulebookversion v ON v.id = r.version_id
LEFT JOIN scoring_rulebookversion tv ON tv.id = v.town_version_id
LEFT JOIN keys k ON k.rulebook_id = coalesce(tv.rulebook_id, v.rulebook_id) AND k.rule_code = r.code
WHERE i.review_id = ANY(%(reviews)s) AND i.verdict IN ('approved', 'adjusted') AND d.state <> 'posted'
    AND coalesce(h.outcome, 'none') NOT IN ('open', 'dropped')
    AND (r.spec #>> '{catch_all,approval}' IS DISTINCT FROM 'town' OR 'sent' <> (
        SELECT f.state FROM scoring_filing f WHERE f.review_id = i.review_id ORDER BY f.id DESC LIMIT 1))
GROUP BY i.review_id
"""
"""(sheet, ids of its items that post now, their declarations' ids, those of them that repair, the most limits that one
of their rules has in all its versions: deeds of two versions may post together)."""

AWAITED = """
SELECT d.id, b.id FROM scoring_declaration d
JOIN scoring_rule r ON r.id = d.rule_id AND jsonb_typeof(r.spec -> 'repair') = 'object'
JOIN scoring_declaration b ON (b.household_id = d.household_id OR b.resident_id = d.resident_id
        OR b.village_id = d.village_id AND r.spec #>> '{repair,scope}' = 'village')
    AND CASE WHEN r.spec #>> '{repair,scope}' = 'village' THEN true
        WHEN r.spec #>> '{repair,scope}' = 'resident' AND d.resident_id IS NOT NULL THEN b.resident_id = d.resident_id
        ELSE b.household_id = d.household_id END
    AND b.happened_on <= d.happened_on AND b.state NOT IN ('posted', 'rejected', 'withdrawn')
    AND scoring_period_start(r.spec #>> '{repair,period}', b.happened_on)
        = scoring_period_start(r.spec #>> '{repair,period}', d.happened_on)
JOIN scoring_rule o ON o.id = b.rule_id AND o.sign = 'negative'
    AND (r.spec #> '{repair,rules}' = '[]' OR r.spec #> '{repair,rules}' ? o.code)
JOIN scoring_reviewitem i ON i.declaration_id = b.id AND i.verdict <> 'rejected'
JOIN scoring_review v ON v.id = i.review_id AND v.state <> 'open'
WHERE d.id = ANY(%(repairs)s) AND b.id <> ALL(%(posting)s)
ORDER BY d.id, b.happened_on, b.id
"""
"""(repair, deduction that it gives back): what a committee has decided and what has not posted yet, nor posts now.

A repair waits for it. A deduction never waits for a repair, so nobody waits in a circle.
"""

ITEMS = "JOIN unnest(%(items)s::bigint[]) AS ready (id) ON ready.id = i.id"

OPEN_ACCOUNTS = f"""
WITH deed AS (
    SELECT d.household_id, d.resident_id, d.happened_on FROM scoring_reviewitem i {ITEMS}
    JOIN scoring_declaration d ON d.id = i.declaration_id
)
INSERT INTO scoring_account (household_id, resident_id)
SELECT coalesce(m.household_id, deed.household_id), NULL::bigint FROM deed
LEFT JOIN community_householdmember m ON m.resident_id = deed.resident_id AND m.from_date <= deed.happened_on
    AND (m.to_date IS NULL OR m.to_date > deed.happened_on)
UNION SELECT NULL::bigint, resident_id FROM deed WHERE resident_id IS NOT NULL
ORDER BY 1, 2
ON CONFLICT DO NOTHING
"""

OPEN_CAPS = f"""
INSERT INTO scoring_capuse ({BUCKET}, used)
SELECT DISTINCT {BUCKET}, 0 FROM ({_CHOSEN}) cap
ORDER BY {BUCKET}
ON CONFLICT ({BUCKET}) DO NOTHING
"""

LOCK_CAPS = f"""
SELECT count(*) FROM (
    SELECT use.id FROM scoring_capuse use
    WHERE ({BUCKET}) IN (SELECT {BUCKET} FROM ({_CHOSEN}) cap)
    ORDER BY {BUCKET} FOR UPDATE) held
"""

_SAME_BUCKET = " AND ".join(f"use.{name} = wanted.{name}" for name in BUCKET.split(", "))
"""One probe of the unique index for each bucket, whatever the planner believes of tables that grew a moment ago."""

_DEEDS = f"""
deed AS MATERIALIZED (
    SELECT row_number() OVER (ORDER BY d.happened_on, d.id) AS place, i.id AS item_id, d.id AS declaration_id,
        d.resident_id, d.rule_id, d.happened_on, d.reason,
        coalesce(m.household_id, d.household_id) AS household_id,
        r.spec ->> 'attribution' = 'resident' AND d.resident_id IS NOT NULL AS is_personal,
        abs(coalesce(h.decided_redeemable, i.redeemable)) AS redeemable, sign(i.points) AS sign, v.month,
        concat_ws('；', d.explanation,
            CASE WHEN i.verdict = 'adjusted' THEN format('审核调整为%%s分（%%s）', trim_scale(i.points), i.reason) END,
            CASE WHEN h.outcome = 'lowered'
                THEN format('听取说明后减为%%s分（%%s）', trim_scale(h.decided_points), h.reason) END,
            CASE WHEN j.id IS NULL THEN '行为当日该户未参加积分制，不计分' END) AS explanation,
        CASE WHEN j.id IS NULL THEN 0 ELSE abs(coalesce(h.decided_points, i.points)) END AS points_0
    FROM scoring_reviewitem i {ITEMS}
    JOIN scoring_review v ON v.id = i.review_id
    JOIN scoring_declaration d ON d.id = i.declaration_id
    JOIN scoring_rule r ON r.id = d.rule_id
    LEFT JOIN community_householdmember m ON m.resident_id = d.resident_id AND m.from_date <= d.happened_on
        AND (m.to_date IS NULL OR m.to_date > d.happened_on)
    LEFT JOIN community_application j ON j.household_id = coalesce(m.household_id, d.household_id)
        AND (d.resident_id IS NULL OR m.id IS NOT NULL)
        AND j.state IN ('joined', 'left') AND j.joined_on <= d.happened_on
        AND (j.left_on IS NULL OR j.left_on > d.happened_on)
    LEFT JOIN scoring_hearing h ON h.item_id = i.id AND h.outcome <> 'void'
),
wanted AS MATERIALIZED ({_CHOSEN}),
turn AS MATERIALIZED (
    SELECT rulebook_id, rule_code, limit_key, row_number() OVER (
        PARTITION BY rulebook_id, rule_code ORDER BY min(position), limit_key) - 1 AS turn
    FROM wanted GROUP BY rulebook_id, rule_code, limit_key
),
cap AS MATERIALIZED (
    SELECT wanted.*, turn.turn, use.used
    FROM wanted JOIN turn USING (rulebook_id, rule_code, limit_key) CROSS JOIN LATERAL (
        SELECT use.used FROM scoring_capuse use WHERE {_SAME_BUCKET} OFFSET 0) use
)"""
"""A limit's turn is the same for all its deeds, also where another version has it at another place."""

_STEP = """
running_{n} AS (
    SELECT s.*, c.kind, c.value, c.period, c.used,
        CASE c.kind
            WHEN 'count' THEN count(*) FILTER (WHERE s.points > 0) OVER earlier
            WHEN 'points' THEN sum(s.points) OVER earlier END AS taken
    FROM step_{n} s LEFT JOIN cap c ON c.declaration_id = s.declaration_id AND c.turn = {n}
    WINDOW earlier AS (PARTITION BY c.rulebook_id, c.rule_code, c.scope_kind, c.scope_id, c.period_start
        ORDER BY s.place ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
),
clipped_{n} AS (
    SELECT r.*,
        CASE r.kind
            WHEN 'count' THEN CASE WHEN r.used + r.taken < r.value THEN r.points ELSE 0 END
            WHEN 'points' THEN least(r.points, greatest(r.value - r.used - coalesce(r.taken, 0), 0))
            ELSE r.points END AS allowed,
        least(r.used + coalesce(r.taken, 0), greatest(r.value, r.used)) AS before
    FROM running_{n} r
),
step_{m} AS (
    SELECT place, declaration_id, sign, allowed AS points,
        CASE WHEN allowed = points THEN told ELSE {told} END AS told
    FROM clipped_{n}
)"""

_PERIOD = (
    "CASE period WHEN 'day' THEN '当天' WHEN 'week' THEN '本周' WHEN 'month' THEN '本月' "
    "WHEN 'quarter' THEN '本季度' WHEN 'year' THEN '本年' ELSE '累计' END"
)

_TOLD = f"""CASE
        WHEN kind = 'count' THEN format('%%s限计%%s次，已计%%s次，不再计分', {_PERIOD},
            trim_scale(value), trim_scale(before))
        WHEN sign > 0 THEN format('%%s上限%%s分，已得%%s分，计%%s分', {_PERIOD}, trim_scale(value),
            trim_scale(before), trim_scale(allowed))
        WHEN allowed > 0 THEN format('%%s扣分上限%%s分，已扣%%s分，计−%%s分', {_PERIOD}, trim_scale(value),
            trim_scale(before), trim_scale(allowed))
        ELSE format('%%s扣分上限%%s分，已扣满', {_PERIOD}, trim_scale(value)) END"""
"""What a limit took, in the words of ``scoring.rules.limits``."""

_POST = """
award AS MATERIALIZED (
    SELECT deed.*, s.points * deed.sign AS merit, least(deed.redeemable, s.points) * deed.sign AS spendable,
        left({told}, 400) AS told,
        coalesce(own.id, newest.id) AS year_id, CASE WHEN own.id IS NULL THEN extract(year FROM deed.happened_on) END
            AS concerns_year,
        CASE WHEN coalesce(own.number, newest.number) = extract(year FROM deed.month)
            THEN extract(month FROM deed.month)
            WHEN coalesce(own.number, newest.number) < extract(year FROM deed.month) THEN 12
            ELSE 1 END AS booked
    FROM step_{last} s JOIN deed USING (declaration_id){reckoned}
    LEFT JOIN scoring_year own ON own.number = extract(year FROM deed.happened_on) AND own.state <> 'sealed'
    CROSS JOIN (SELECT id, number FROM scoring_year WHERE state <> 'sealed' ORDER BY number DESC LIMIT 1) newest
),
posting AS (
    INSERT INTO scoring_posting (cause, declaration_id, review_item_id, document, reason, explanation, posted_at,
        actor_realm, actor_id, actor_name)
    SELECT 'declaration', declaration_id, item_id, '', reason, told, %(now)s, %(realm)s, %(actor)s, %(name)s
    FROM award ORDER BY place
    RETURNING id, declaration_id
),
line AS (
    SELECT posting.id AS posting_id, award.household_id, award.year_id, award.concerns_year, award.booked,
        award.rule_id, award.happened_on, ''::varchar AS share, ''::varchar AS point_class, side.*
    FROM posting JOIN award USING (declaration_id)
    JOIN scoring_account home ON home.household_id = award.household_id
    LEFT JOIN scoring_account own ON own.resident_id = award.resident_id AND award.is_personal
    CROSS JOIN LATERAL (VALUES ('merit', merit, coalesce(own.id, home.id)), ('redeemable', spendable, home.id))
        AS side (measure, amount, account_id)
    WHERE side.amount <> 0{shares}
),
told AS (
    UPDATE scoring_declaration SET state = 'posted' WHERE id = ANY(ARRAY(SELECT declaration_id FROM posting))
)
INSERT INTO scoring_entry (posting_id, account_id, household_id, year_id, concerns_year, month, measure, amount, cause,
    rule_id, happened_on, share, point_class, posted_at)
SELECT posting_id, account_id, household_id, year_id, concerns_year, booked, measure, amount, 'declaration', rule_id,
    happened_on, share, point_class, %(now)s
FROM line ORDER BY posting_id, measure
"""

_TOLD_PLAIN = "concat_ws('；', deed.explanation, s.told)"
_TOLD_RECKONED = f"coalesce(k.told, {_TOLD_PLAIN})"
_RECKONED = """
    LEFT JOIN unnest(%(reckoned)s::bigint[], %(told)s::text[]) AS k (declaration_id, told) USING (declaration_id)"""
_SHARES = """ AND award.declaration_id <> ALL(%(reckoned)s)
    UNION ALL
    SELECT posting.id, l.household_id, award.year_id, award.concerns_year, award.booked, award.rule_id,
        award.happened_on, l.share, l.point_class, l.measure, l.amount, a.id
    FROM posting JOIN award USING (declaration_id)
    JOIN unnest(%(line_deeds)s::bigint[], %(line_measures)s::text[], %(line_amounts)s::numeric[],
        %(line_households)s::bigint[], %(line_residents)s::bigint[], %(line_shares)s::text[],
        %(line_classes)s::text[]) AS l (declaration_id, measure, amount, household_id, resident_id, share, point_class)
        USING (declaration_id)
    JOIN scoring_account a ON CASE WHEN l.resident_id IS NULL THEN a.household_id = l.household_id
        ELSE a.resident_id = l.resident_id END"""
"""Lines that were reckoned stand in the place of those that the statement would make."""


_NOTHING_RECKONED = {"told": _TOLD_PLAIN, "reckoned": "", "shares": ""}


def post(longest: int, *, reckoned: bool = False) -> str:
    """The statement for a sheet whose rules have at most ``longest`` limits each; ``reckoned``: some deeds were."""
    start = "step_0 AS (SELECT place, declaration_id, sign, points_0 AS points, NULL::text AS told FROM deed)"
    steps = [_STEP.format(n=n, m=n + 1, told=_TOLD) for n in range(longest)]
    more = {"told": _TOLD_RECKONED, "reckoned": _RECKONED, "shares": _SHARES} if reckoned else _NOTHING_RECKONED
    return "WITH " + ",".join([_DEEDS, start, *steps, _POST.format(last=longest, **more)])


FINISH = """
UPDATE scoring_review r SET posted_at = coalesce(r.posted_at, %(now)s),
    state = CASE WHEN r.state = 'settled' AND r.id <> ALL(%(waiting)s) AND NOT EXISTS (
        SELECT FROM scoring_hearing h JOIN scoring_reviewitem i ON i.id = h.item_id
        WHERE i.review_id = r.id AND h.outcome = 'open') THEN 'posted' ELSE r.state END
WHERE r.id = ANY(%(reviews)s)
"""
"""A sheet is posted when the town has answered and nothing of it waits."""


_PAID = """(
    SELECT d.*, abs(e.amount) AS posted FROM scoring_posting p
    JOIN scoring_declaration d ON d.id = p.declaration_id
    JOIN scoring_entry e ON e.posting_id = p.id AND e.measure = 'merit'
    WHERE {which} AND NOT EXISTS (SELECT FROM scoring_reckoning k WHERE k.posting_id = p.id))"""

USED_BY = f"""
    SELECT {BUCKET}, sum(CASE kind WHEN 'count' THEN 1 ELSE posted END) AS used
    FROM ({caps(_PAID, more=", d.posted")}) used
    GROUP BY {BUCKET}
"""

USE_CAPS = f"""
UPDATE scoring_capuse use SET used = use.used + %(sign)s * fresh.used
FROM ({USED_BY}) fresh
WHERE (use.rulebook_id, use.rule_code, use.limit_key, use.scope_kind, use.scope_id, use.period_start, use.by_value)
    = (fresh.rulebook_id, fresh.rule_code, fresh.limit_key, fresh.scope_kind, fresh.scope_id, fresh.period_start,
        fresh.by_value)
"""

TAKE_CAPS = USE_CAPS.format(
    which="p.declaration_id = ANY(%(deeds)s) AND d.id = ANY(%(deeds)s) AND p.reversed_at IS NULL "
    "AND p.reverses_id IS NULL"
)
GIVE_CAPS = USE_CAPS.format(which="p.id = %(posting)s")
CAPS_IN_USE = USED_BY.format(which="p.cause = 'declaration' AND p.reversed_at IS NULL")
"""What unreversed postings use of each cap."""
