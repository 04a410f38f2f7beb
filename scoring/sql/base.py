"""基础分 for everybody who takes part, in one statement: by the town's policy, or as the rulebooks say."""

GRANT = """
WITH due AS (
    SELECT h.id AS household_id, h.number, greatest(%(first)s, %(since)s, j.joined_on) AS day,
        CASE WHEN j.joined_on < %(first)s THEN '年初已经参加' ELSE '年中参加' END AS told,
        CASE WHEN j.joined_on < %(first)s THEN %(per_year)s::numeric ELSE %(at_joining)s::numeric END AS points
    FROM community_application j JOIN community_household h ON h.id = j.household_id
    WHERE j.state = 'joined' AND j.joined_on <= %(today)s AND h.village_id <> ALL(%(apart)s) AND NOT EXISTS (
        SELECT FROM scoring_entry e JOIN scoring_posting p ON p.id = e.posting_id
        WHERE e.household_id = h.id AND e.year_id = %(year)s AND e.cause = 'base_grant')
),
account AS (
    INSERT INTO scoring_account (household_id) SELECT household_id FROM due WHERE points > 0 ORDER BY household_id
    ON CONFLICT DO NOTHING RETURNING id, household_id
),
posting AS (
    INSERT INTO scoring_posting (cause, document, reason, explanation, posted_at, actor_realm, actor_id, actor_name)
    SELECT 'base_grant', '户号' || number, %(reason)s, '基础分：' || told || '的，每户计' || trim_scale(points) || '分',
        %(now)s, %(realm)s, %(actor)s, %(name)s
    FROM due WHERE points > 0 ORDER BY household_id
    RETURNING id, document
)
INSERT INTO scoring_entry (posting_id, account_id, household_id, year_id, month, measure, amount, cause, happened_on,
    posted_at)
SELECT p.id, coalesce(own.id, fresh.id), due.household_id, %(year)s, extract(month FROM due.day), side.measure,
    due.points, 'base_grant', due.day, %(now)s
FROM posting p JOIN due ON '户号' || due.number = p.document
LEFT JOIN scoring_account own ON own.household_id = due.household_id
LEFT JOIN account fresh ON fresh.household_id = due.household_id
CROSS JOIN (VALUES ('merit'), ('redeemable')) AS side (measure)
ORDER BY p.id, side.measure
"""
"""A posting for each household, found again by the number in its document. What was taken back is not granted anew."""

GRANT_BY_RULES = """
WITH base AS (
    SELECT * FROM unnest(%(ids)s::int[], %(villages)s::bigint[], %(keys)s::text[], %(reasons)s::text[],
        %(names)s::text[], %(days)s::date[], %(firsts)s::date[], %(sinces)s::date[], %(afters)s::date[],
        %(months)s::int[], %(lates)s::boolean[], %(points)s::numeric[], %(parts)s::text[], %(redeemables)s::boolean[],
        %(places)s::int[], %(roundings)s::text[]) AS b (id, village_id, key, reason, name, day, first, since, after,
        months, is_late, points, part, is_redeemable, places, rounding)
),
kind AS (
    SELECT * FROM unnest(%(kind_bases)s::int[], %(kind_places)s::int[], %(kind_members)s::text[],
        %(kind_names)s::text[], %(kind_points)s::numeric[]) AS k (base_id, place, member, name, points)
),
due AS MATERIALIZED (
    SELECT b.*, h.id AS household_id, h.number, j.joined_on, on_day.*, y.id AS year_id
    FROM base b
    JOIN community_household h ON h.village_id = b.village_id
    JOIN community_application j ON j.household_id = h.id AND j.state = 'joined' AND j.joined_on <= b.day
    CROSS JOIN LATERAL (SELECT greatest(b.since, j.joined_on) AS starts_on,
        greatest(b.first, b.since, j.joined_on) AS happened_on) on_day
    JOIN scoring_year y ON y.number = extract(year FROM on_day.happened_on) AND y.state <> 'sealed'
    WHERE CASE WHEN b.months = 0 THEN j.joined_on >= b.first WHEN b.is_late THEN on_day.starts_on > b.first
            ELSE true END
        AND NOT EXISTS (SELECT FROM scoring_posting p WHERE p.granted_to_id = h.id AND p.granted_for = b.key)
),
person AS (
    SELECT m.household_id, b.id AS base_id, coalesce((
        SELECT k.member FROM kind k WHERE k.base_id = b.id AND (
            k.member = %(party)s AND r.is_party_member
            OR k.member = %(elder)s AND extract(year FROM age(b.day, r.born_on)) >= %(elder_from)s
            OR k.member = %(child)s AND extract(year FROM age(b.day, r.born_on)) < %(child_below)s
            OR EXISTS (SELECT FROM community_villagerole v WHERE v.user_id = r.user_id AND v.role = k.member
                AND v.from_date <= b.day AND (v.to_date IS NULL OR v.to_date > b.day)))
        ORDER BY k.place LIMIT 1), %(anybody)s) AS member
    FROM due b
    JOIN community_householdmember m ON m.household_id = b.household_id AND m.from_date <= b.day
        AND (m.to_date IS NULL OR m.to_date > b.day)
    JOIN community_resident r ON r.id = m.resident_id
    WHERE b.id IN (SELECT base_id FROM kind)
),
brought AS (
    SELECT n.household_id, n.base_id, sum(k.points * n.heads) AS points,
        string_agg(k.name || trim_scale(k.points) || '分 × ' || n.heads || '人', ' + ' ORDER BY k.place) AS told
    FROM (SELECT household_id, base_id, member, count(*) AS heads FROM person GROUP BY 1, 2, 3) n
    JOIN kind k ON k.base_id = n.base_id AND k.member = n.member
    GROUP BY 1, 2
),
share AS (
    SELECT due.*, due.points + coalesce(w.points, 0) AS whole,
        coalesce(nullif(concat_ws(' + ', CASE WHEN due.points > 0 THEN '每户' || trim_scale(due.points) || '分' END,
            w.told), ''), '没有符合的成员') AS told,
        CASE WHEN due.starts_on <= due.first OR due.part = 'none' THEN 1
            WHEN due.part = 'days' THEN due.after - due.starts_on
            ELSE due.months - 12 * (extract(year FROM due.starts_on) - extract(year FROM due.first))::int
                - (extract(month FROM due.starts_on) - extract(month FROM due.first))::int END AS n,
        CASE WHEN due.starts_on <= due.first OR due.part = 'none' THEN 1
            WHEN due.part = 'days' THEN due.after - due.first ELSE due.months END AS of
    FROM due LEFT JOIN brought w ON w.household_id = due.household_id AND w.base_id = due.id
),
given AS MATERIALIZED (
    SELECT *, CASE rounding WHEN 'nearest' THEN round(whole * n / of, places)
        WHEN 'down' THEN trunc(whole * n / of, places)
        ELSE ceil(whole * n / of * power(10::numeric, places)) / power(10::numeric, places) END AS amount FROM share
),
account AS (
    INSERT INTO scoring_account (household_id) SELECT DISTINCT household_id FROM given WHERE amount > 0
    ORDER BY household_id ON CONFLICT DO NOTHING RETURNING id, household_id
),
posting AS (
    INSERT INTO scoring_posting (cause, document, reason, explanation, granted_to_id, granted_for, posted_at,
        actor_realm, actor_id, actor_name)
    SELECT 'base_grant', '户号' || number, reason, left('基础分（' || name || '）：' || told || CASE WHEN n = of THEN ''
            ELSE CASE WHEN since > joined_on THEN to_char(since, '"，细则自"FMYYYY"年"FMMM"月"FMDD"日起发放"')
                ELSE '' END || '，按' || n || '/' || of || CASE part WHEN 'days' THEN '天' ELSE '个月' END || '折算' END
            || '，计' || trim_scale(amount) || '分', 400),
        household_id, key, %(now)s, %(realm)s, %(actor)s, %(name)s
    FROM given WHERE amount > 0 ORDER BY household_id, happened_on, key
    ON CONFLICT (granted_to_id, granted_for) WHERE granted_to_id IS NOT NULL DO NOTHING
    RETURNING id, granted_to_id, granted_for
),
entry AS (
    INSERT INTO scoring_entry (posting_id, account_id, household_id, year_id, month, measure, amount, cause,
        happened_on, posted_at)
    SELECT p.id, coalesce(own.id, fresh.id), g.household_id, g.year_id, extract(month FROM g.happened_on), side.measure,
        g.amount, 'base_grant', g.happened_on, %(now)s
    FROM posting p JOIN given g ON g.household_id = p.granted_to_id AND g.key = p.granted_for
    LEFT JOIN scoring_account own ON own.household_id = g.household_id
    LEFT JOIN account fresh ON fresh.household_id = g.household_id
    CROSS JOIN (VALUES ('merit'), ('redeemable')) AS side (measure)
    WHERE side.measure = 'merit' OR g.is_redeemable
    ORDER BY p.id, side.measure
)
SELECT count(*) FROM posting
"""
"""What ``scoring.rules.grants`` says for one household, for all of them at once; the number of grants.

``base``: each grant of each village; ``since``: the day from which its rules grant it; ``months`` 0 is at joining,
``is_late``: the period is over, only who joined in it, or whose rules began to grant in it, is left. A household gets
what a key names once; what was taken back keeps its key.
"""
