"""What deeds bring beyond their points, carried out when they post, and what is in force of it."""

MARKS = "$ ? (@.effect != null || exists (@.effects[*]) || @.repair.lifts == true)"
"""Rules whose deeds bring something, or end it."""

RULES = f"""
SELECT DISTINCT r.id FROM scoring_declaration d JOIN scoring_rule r ON r.id = d.rule_id
WHERE d.id = ANY(%(deeds)s) AND r.spec @? '{MARKS}'
"""

BROUGHT = """
SELECT p.id, d.rule_id, d.household_id, d.resident_id, d.happened_on
FROM scoring_posting p
JOIN scoring_declaration d ON d.id = p.declaration_id
LEFT JOIN scoring_reckoning k ON k.posting_id = p.id
LEFT JOIN community_application j ON j.household_id = d.household_id AND j.state IN ('joined', 'left')
    AND j.joined_on <= d.happened_on AND (j.left_on IS NULL OR j.left_on > d.happened_on)
WHERE p.declaration_id = ANY(%(deeds)s) AND d.rule_id = ANY(%(rules)s) AND p.cause = 'declaration'
    AND p.reversed_at IS NULL AND CASE WHEN k.id IS NULL THEN j.id IS NOT NULL ELSE k.is_effective END
ORDER BY d.happened_on, p.id
"""
"""Postings of deeds under those rules that took effect: not those that only warned or were shut out."""

KEEP = """
INSERT INTO scoring_effect (posting_id, position, household_id, resident_id, kind, first, last, until_repair, stars,
    at_zero, text)
SELECT * FROM unnest(%(postings)s::bigint[], %(positions)s::int[], %(households)s::bigint[], %(residents)s::bigint[],
    %(kinds)s::text[], %(firsts)s::date[], %(lasts)s::date[], %(repairs)s::boolean[], %(stars)s::int[],
    %(at_zeros)s::boolean[], %(texts)s::text[]) AS e (posting, place) ORDER BY posting, place
"""

LIFT = """
INSERT INTO scoring_effectlift (effect_id, posting_id, day)
SELECT e.id, p.id, d.happened_on
FROM scoring_posting p
JOIN scoring_declaration d ON d.id = p.declaration_id
JOIN scoring_rule r ON r.id = d.rule_id
JOIN scoring_effect e ON e.household_id = d.household_id AND e.until_repair AND e.first <= d.happened_on
JOIN scoring_posting b ON b.id = e.posting_id AND b.reversed_at IS NULL
JOIN scoring_declaration bad ON bad.id = b.declaration_id
JOIN scoring_rule broken ON broken.id = bad.rule_id
WHERE p.id = ANY(%(mends)s)
    AND (r.spec -> 'repair' -> 'rules' = '[]' OR r.spec -> 'repair' -> 'rules' ? broken.code)
ORDER BY e.id, p.id
"""

LOCK = """
SELECT count(*) FROM (
    SELECT b.id FROM scoring_balance b JOIN scoring_account a ON a.id = b.account_id
    WHERE a.household_id = ANY(%(households)s) AND b.measure = 'redeemable' ORDER BY b.id FOR UPDATE OF b) held
"""
"""No exchange begins meanwhile: whoever holds points locks the same rows, then looks for a bar."""

OPEN_ACCOUNTS = """
INSERT INTO scoring_account (household_id) SELECT DISTINCT h FROM unnest(%(households)s::bigint[]) AS h ORDER BY h
ON CONFLICT DO NOTHING
"""

ZERO = """
WITH deed AS (
    SELECT p.id, p.explanation, z.zeroes, d.household_id, d.happened_on, d.rule_id, d.reason,
        extract(year FROM d.happened_on)::int AS number, coalesce(own.id, newest.id) AS year_id,
        coalesce(own.number, newest.number) AS booked_in,
        CASE WHEN own.id IS NULL THEN extract(year FROM d.happened_on)::int END AS concerns,
        coalesce(v.month, %(today)s::date) AS month, a.id AS account_id,
        date_trunc('month', d.happened_on)::date AS month_start,
        CASE z.zeroes WHEN 'zero_month' THEN (date_trunc('month', d.happened_on) + interval '1 month - 1 day')::date
            ELSE d.happened_on END AS up_to
    FROM unnest(%(zero_postings)s::bigint[], %(zero_kinds)s::text[]) AS z (posting_id, zeroes)
    JOIN scoring_posting p ON p.id = z.posting_id
    JOIN scoring_declaration d ON d.id = p.declaration_id
    JOIN scoring_account a ON a.household_id = d.household_id
    LEFT JOIN scoring_reviewitem i ON i.id = p.review_item_id
    LEFT JOIN scoring_review v ON v.id = i.review_id
    LEFT JOIN scoring_year own ON own.number = extract(year FROM d.happened_on) AND own.state <> 'sealed'
    CROSS JOIN (SELECT id, number FROM scoring_year WHERE state <> 'sealed' ORDER BY number DESC LIMIT 1) newest
),
stood AS (
    SELECT deed.*,
        CASE zeroes WHEN 'zero_year' THEN (
            SELECT coalesce(sum(e.amount), 0) FROM scoring_entry e JOIN scoring_year y ON y.id = e.year_id
            WHERE e.household_id = deed.household_id AND e.measure = 'merit' AND e.happened_on <= deed.happened_on
                AND coalesce(e.concerns_year, y.number) = deed.number)
            WHEN 'zero_month' THEN least(of_month.merit, of_year.merit) ELSE 0 END AS merit,
        CASE WHEN concerns IS NULL THEN least(of_month.redeemable, coalesce((
            SELECT b.posted - b.held - greatest((
                SELECT coalesce(sum(e.amount), 0) FROM scoring_entry e
                WHERE e.household_id = deed.household_id AND e.year_id = deed.year_id AND e.measure = 'redeemable'
                    AND e.cause = 'declaration' AND e.happened_on > deed.up_to), 0)
            FROM scoring_balance b WHERE b.account_id = deed.account_id AND b.year_id = deed.year_id
                AND b.measure = 'redeemable'), 0)) ELSE 0 END AS redeemable
    FROM deed
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(e.amount), 0) AS merit FROM scoring_entry e JOIN scoring_year y ON y.id = e.year_id
        WHERE zeroes = 'zero_month' AND e.household_id = deed.household_id AND e.measure = 'merit'
            AND coalesce(e.concerns_year, y.number) = deed.number) of_year
    LEFT JOIN LATERAL (
        SELECT coalesce(sum(e.amount) FILTER (WHERE e.measure = 'merit'), 0) AS merit,
            coalesce(sum(e.amount) FILTER (WHERE e.measure = 'redeemable'
                AND coalesce(o.cause, e.cause) NOT IN ('redemption', 'expiry', 'lapse')), 0) AS redeemable
        FROM scoring_entry e LEFT JOIN scoring_entry o ON o.id = e.reverses_id
        WHERE e.household_id = deed.household_id AND e.happened_on BETWEEN deed.month_start AND deed.up_to) of_month
        ON zeroes = 'zero_month'
),
highest AS (
    SELECT stood.*,
        greatest(max(merit) OVER so_far, 0) AS merit_to, greatest(max(merit) OVER before, 0) AS merit_before,
        greatest(max(redeemable) OVER so_far, 0) AS free_to, greatest(max(redeemable) OVER before, 0) AS free_before
    FROM stood
    WINDOW so_far AS (PARTITION BY household_id, year_id, concerns ORDER BY happened_on, id),
        before AS (PARTITION BY household_id, year_id, concerns ORDER BY happened_on, id
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
),
taken AS (
    SELECT highest.*, merit_to - merit_before AS merit_taken, free_to - free_before AS free_taken
    FROM highest
),
posting AS (
    INSERT INTO scoring_posting (cause, follows_id, document, reason, explanation, posted_at, actor_realm, actor_id,
        actor_name)
    SELECT 'zeroing', id, '', reason, left(concat_ws('；', CASE WHEN merit_taken > 0 AND zeroes = 'zero_month' THEN
            format('%%s年%%s月评比积分有%%s分，清零', number, extract(month FROM happened_on), trim_scale(merit_taken))
            WHEN merit_taken > 0 THEN
            format('%%s年评比积分到这一天有%%s分，清零', number, trim_scale(merit_taken)) END,
        CASE WHEN free_taken > 0 THEN format('可兑换积分有%%s分，清零', trim_scale(free_taken)) END), 400),
        %(now)s, %(realm)s, %(actor)s, %(name)s
    FROM taken WHERE merit_taken > 0 OR free_taken > 0 ORDER BY id
    RETURNING id, follows_id
)
INSERT INTO scoring_entry (posting_id, account_id, household_id, year_id, concerns_year, month, measure, amount, cause,
    rule_id, happened_on, share, point_class, posted_at)
SELECT posting.id, t.account_id, t.household_id, t.year_id, t.concerns,
    CASE WHEN t.booked_in = extract(year FROM t.month) THEN extract(month FROM t.month)
        WHEN t.booked_in < extract(year FROM t.month) THEN 12 ELSE 1 END,
    side.measure, -side.amount, 'zeroing', t.rule_id, t.happened_on, '', '', %(now)s
FROM posting JOIN taken t ON t.id = posting.follows_id
CROSS JOIN LATERAL (VALUES ('merit', t.merit_taken), ('redeemable', t.free_taken)) AS side (measure, amount)
WHERE side.amount > 0
ORDER BY posting.id, side.measure
"""
"""What stood on the day of the deed is taken, later deeds' points stay; of its month (``zero_month``, one month at a
time) what all its days have brought by now, as far as the year has it. Of several in one batch each takes what the ones
before left. What is held for an exchange stays held; what a sealed year had to redeem has expired with it."""

STANDING = """
SELECT e.id, e.posting_id, e.household_id, e.kind, e.first, e.last, e.until_repair, e.stars, e.at_zero, e.text,
    r.code, r.title, r.category, r.is_sensitive, lifted.day, least(e.last, lifted.day - 1) AS until
FROM scoring_effect e
JOIN scoring_posting p ON p.id = e.posting_id AND p.reversed_at IS NULL
JOIN scoring_declaration d ON d.id = p.declaration_id
JOIN scoring_rule r ON r.id = d.rule_id
LEFT JOIN LATERAL (
    SELECT min(l.day) AS day FROM scoring_effectlift l
    JOIN scoring_posting m ON m.id = l.posting_id AND m.reversed_at IS NULL
    WHERE l.effect_id = e.id) lifted ON true
"""
"""Effects whose deed stands; ``until`` is the last day by now, a repair counted."""

HELD_ON = "e.first <= %(day)s AND coalesce(least(e.last, lifted.day - 1), 'infinity') >= %(day)s"

OF_HOUSEHOLD = f"""{STANDING}
WHERE e.household_id = %(household)s AND d.happened_on <= %(end)s
    AND (extract(year FROM d.happened_on) = %(year)s
        OR coalesce(least(e.last, lifted.day - 1), 'infinity') >= %(start)s)
ORDER BY e.first DESC, e.id
"""

OF_POSTING = f"{STANDING} WHERE e.posting_id = %(posting)s ORDER BY e.position"

BAR = f"""{STANDING}
WHERE e.household_id = %(household)s AND e.kind = %(kind)s AND {HELD_ON}
ORDER BY coalesce(least(e.last, lifted.day - 1), 'infinity') DESC, e.id LIMIT 1
"""

BARRED = f"SELECT DISTINCT household_id FROM ({STANDING} WHERE e.kind = %(kind)s AND {HELD_ON}) held"

LOWERED = f"""
SELECT household_id, sum(stars)::int, nullif(max(coalesce(until, 'infinity')), 'infinity') FROM ({STANDING}
    WHERE e.kind = 'downgrade_star' AND e.household_id = ANY(%(households)s) AND {HELD_ON}) held
GROUP BY household_id
"""

FROZEN = "SELECT DISTINCT household_id FROM scoring_effect WHERE kind = 'freeze_positive'"
FREEZES = f"{STANDING} WHERE e.kind = 'freeze_positive' AND e.household_id = ANY(%(households)s) ORDER BY e.id"

LEAVING = f"""
SELECT s.id, s.at_zero FROM ({STANDING} WHERE e.kind = 'leave_programme' AND (%(effect)s::bigint IS NULL
    OR e.id = %(effect)s)) s
JOIN community_application j ON j.household_id = s.household_id AND j.state = 'joined' AND j.joined_on <= s.first
WHERE NOT s.at_zero OR (
    SELECT coalesce(sum(e.amount), 0) FROM scoring_entry e JOIN scoring_year y ON y.id = e.year_id
    WHERE e.household_id = s.household_id AND e.measure = 'merit' AND y.number = %(year)s) <= 0
ORDER BY s.id
"""
"""Effects by which a household that still takes part leaves: at once, or because its merit is used up."""

ANY_LEAVING = "SELECT EXISTS (SELECT FROM scoring_effect WHERE kind = 'leave_programme')"
