"""A year of posted deeds of a large town, over the items of ``scoring.bench_rules``."""

BOOK = ("INSERT INTO scoring_account (household_id) SELECT id FROM community_household ORDER BY id",)

RULE = """
INSERT INTO scoring_rule (version_id, code, position, sign, subject, category, matter, title, text, is_example,
    is_sensitive, spec)
SELECT id, %(code)s::text, %(position)s, %(sign)s, 'household', '测量', '', %(code)s::text, %(code)s::text, false,
    false, %(spec)s::jsonb
FROM scoring_rulebookversion
"""

DEEDS = (
    """
    INSERT INTO scoring_declaration (village_id, household_id, rule_id, happened_on, place, reason, channel,
        declared_by, facts, state, points, redeemable, explanation, refusal, recorded_at, actor_realm, actor_id,
        actor_name)
    SELECT h.village_id, h.id, r.id, DATE '2025-01-01' + (n * 13 %% 360)::int, '村口', '测量', 'window', 'steward',
        CASE left(r.code, 1)
            WHEN 'c' THEN jsonb_build_object('tier', (ARRAY['cun', 'zhen', 'xian'])[1 + n %% 3])
            WHEN 'g' THEN jsonb_build_object('inputs', jsonb_build_object(
                'price', (60000 + n %% 80 * 500)::text, 'tables', (8 + n %% 12)::text))
            WHEN 'b' THEN jsonb_build_object('quantity', (1 + n %% 12)::text)
            WHEN 'e' THEN jsonb_build_object('quantity', (1 + n %% 12)::text)
            WHEN 'h' THEN CASE WHEN r.spec -> 'amount' ->> 'kind' = 'ladder'
                THEN jsonb_build_object('quantity', (1 + n %% 12)::text) ELSE '{}' END
            ELSE '{}' END,
        'posted', r.points, r.points, '测量', '', now(), 'system', 0, '系统'
    FROM generate_series(1, %(n)s) n
    JOIN (SELECT *, row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS all FROM community_household) h
        ON h.place = n::bigint * 7919 %% h.all
    JOIN (SELECT *, row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS all,
            CASE sign WHEN 'negative' THEN -2 ELSE 2 END AS points FROM scoring_rule) r
        ON r.place = n::bigint * 31 %% r.all
    ORDER BY n""",
    """
    INSERT INTO scoring_review (village_id, year_id, month, flow_id, state, opened_at)
    SELECT v.id, y.id, make_date(2025, m, 1), f.id, 'open', now()
    FROM community_village v, scoring_year y, approvals_flow f, generate_series(1, 12) m""",
    """
    INSERT INTO scoring_reviewitem (review_id, declaration_id, verdict, points, redeemable, reason, decided_at,
        decided_by_name)
    SELECT v.id, d.id, 'approved', d.points, d.redeemable, '', now(), '测量'
    FROM scoring_declaration d JOIN scoring_review v
        ON v.village_id = d.village_id AND v.month = date_trunc('month', d.happened_on)
    ORDER BY d.id""",
    """
    INSERT INTO scoring_posting (cause, declaration_id, document, reason, explanation, posted_at, actor_realm, actor_id,
        actor_name, corrects_id, review_item_id)
    SELECT 'declaration', d.id, '', '测量', '测量', now(), 'system', 0, '系统', NULL, i.id
    FROM scoring_declaration d JOIN scoring_reviewitem i ON i.declaration_id = d.id ORDER BY d.id""",
    """
    INSERT INTO scoring_entry (posting_id, account_id, household_id, year_id, month, measure, amount, cause, rule_id,
        happened_on, posted_at)
    SELECT p.id, a.id, d.household_id, y.id, extract(month FROM d.happened_on), side.measure, d.points, 'declaration',
        d.rule_id, d.happened_on, now()
    FROM scoring_posting p JOIN scoring_declaration d ON d.id = p.declaration_id
    JOIN scoring_account a ON a.household_id = d.household_id
    JOIN scoring_year y ON y.number = 2025
    CROSS JOIN (VALUES ('merit'), ('redeemable')) side (measure)
    ORDER BY p.id""",
)
"""The posted deeds with two entries each."""
