"""A village large enough to measure, its sheets, and the bare way to write the same rows."""

HOUSEHOLDS = 2000

SEED = (
    """
    INSERT INTO community_village (code, name, name_pinyin, is_residents_committee, phone)
    VALUES ('310115999001', '测量村', 'ce liang cun', false, '')""",
    "INSERT INTO community_group (village_id, number, name) SELECT id, 1, '一组' FROM community_village",
    f"""
    INSERT INTO community_household (number, village_id, group_id, address, stars, is_party, has_local_hukou,
        has_homestead, is_lived_in, card_secret, registered_at)
    SELECT lpad(n::text, 6, '0'), g.village_id, g.id, '', 0, false, true, true, true, '', now()
    FROM generate_series(1, {HOUSEHOLDS}) n, community_group g""",
    f"""
    INSERT INTO community_resident (name, name_pinyin, id_number, id_number_index, phone, phone_index, is_female,
        is_party_member)
    SELECT '村民' || n, 'cun min', '', '', '', '', false, false FROM generate_series(1, {HOUSEHOLDS}) n""",
    """
    INSERT INTO community_householdmember (household_id, resident_id, relation, from_date)
    SELECT h.id, r.id, '户主', '2000-01-01'
    FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM community_household) h
    JOIN (SELECT id, row_number() OVER (ORDER BY id) AS n FROM community_resident) r USING (n)""",
    """
    INSERT INTO community_application (household_id, applicant_id, applied_on, state, ground, joined_on, actor_realm,
        actor_id, actor_name)
    SELECT household_id, resident_id, '2024-01-01', 'joined', '户籍', '2024-01-01', 'system', 0, '系统'
    FROM community_householdmember""",
    "INSERT INTO scoring_year (number, state, opened_at) VALUES (2025, 'open', now())",
    """
    INSERT INTO approvals_flow (subject_kind, version, steps, active_from, actor_realm, actor_id, actor_name)
    VALUES ('review', 1, '[]', now(), 'system', 0, '系统')""",
    "INSERT INTO scoring_rulebook (title, template_code) VALUES ('测量', 'bench')",
    """
    INSERT INTO scoring_rulebookversion (rulebook_id, number, state, effective_from, resolution, made_at, actor_realm,
        actor_id, actor_name)
    SELECT id, 1, 'in_force', '2024-01-01', '', now(), 'system', 0, '系统' FROM scoring_rulebook""",
    """
    INSERT INTO scoring_rule (version_id, code, position, sign, subject, category, matter, title, text, is_example,
        is_sensitive, spec)
    SELECT v.id, r.code, r.position, 'positive', r.subject, '测量', '', r.code, r.code, false, false,
        jsonb_build_object('attribution', r.subject)
    FROM scoring_rulebookversion v,
        (VALUES ('plain', 0, 'household'), ('capped', 1, 'household'), ('own', 2, 'resident'))
            r (code, position, subject)
    """,
    """
    INSERT INTO scoring_rulelimit (rule_id, position, key, kind, value, period, scope)
    SELECT id, 0, 'points/month/household', 'points', 6, 'month', 'household' FROM scoring_rule
    WHERE code = 'capped'""",
)

SHEET = (
    """
    INSERT INTO scoring_review (village_id, year_id, month, flow_id, state, opened_at)
    SELECT v.id, y.id, %(month)s::date, f.id, 'open', now()
    FROM community_village v, scoring_year y, approvals_flow f""",
    f"""
    INSERT INTO scoring_declaration (village_id, household_id, resident_id, rule_id, happened_on, place, reason,
        channel, declared_by, facts, state, points, redeemable, explanation, refusal, recorded_at, actor_realm,
        actor_id, actor_name)
    SELECT h.village_id, h.id, CASE WHEN r.code = 'own' THEN m.resident_id END, r.id,
        %(month)s::date + (n %% 28)::int, '村口', '测量', 'window', 'steward', '{{}}', 'approved', 2, 2, '测量，+2分',
        '', now(), 'system', 0, '系统'
    FROM generate_series(1, %(n)s) n
    JOIN (SELECT *, row_number() OVER (ORDER BY id) - 1 AS place FROM community_household) h
        ON h.place = n * 7919 %% {HOUSEHOLDS}
    JOIN community_householdmember m ON m.household_id = h.id
    JOIN scoring_rule r ON r.position = n %% 3
    ORDER BY n""",
    """
    INSERT INTO scoring_reviewitem (review_id, declaration_id, verdict, points, redeemable, reason, decided_at,
        decided_by_name)
    SELECT v.id, d.id, 'approved', d.points, d.redeemable, '', now(), '测量'
    FROM scoring_review v JOIN scoring_declaration d
        ON d.happened_on >= v.month AND d.happened_on < v.month + interval '1 month'
    WHERE v.month = %(month)s::date ORDER BY d.id""",
    "UPDATE scoring_review SET state = 'settled', decided_at = now() WHERE month = %(month)s::date",
    """
    INSERT INTO scoring_filing (review_id, kind, state, sent_at, answered_at, note, actor_realm, actor_id, actor_name)
    SELECT id, 'filing', 'received', now(), now(), '', 'system', 0, '系统' FROM scoring_review
    WHERE month = %(month)s::date""",
)

_POSTING = (
    "id, cause, declaration_id, review_item_id, redemption_id, document, reverses_id, reversed_at, reason, "
    "explanation, posted_at, actor_realm, actor_id, actor_name"
)
_ENTRY = (
    "id, posting_id, account_id, household_id, year_id, concerns_year, month, measure, amount, cause, rule_id, "
    "happened_on, reverses_id, posted_at"
)

BASELINE = (
    f"""
    INSERT INTO bench_posting ({_POSTING}) SELECT {_POSTING} FROM scoring_posting
    WHERE review_item_id IN (SELECT id FROM scoring_reviewitem WHERE review_id = %(review)s)""",
    f"""
    WITH fresh AS (
        INSERT INTO bench_entry ({_ENTRY}) SELECT {_ENTRY} FROM scoring_entry
        WHERE posting_id IN (SELECT p.id FROM scoring_posting p JOIN scoring_reviewitem i ON i.id = p.review_item_id
            WHERE i.review_id = %(review)s)
        RETURNING account_id, year_id, measure, amount
    )
    INSERT INTO bench_balance AS b (account_id, year_id, measure, posted, positive, negative, held)
    SELECT account_id, year_id, measure, sum(amount), sum(greatest(amount, 0)), sum(greatest(-amount, 0)), 0
    FROM fresh GROUP BY account_id, year_id, measure
    ON CONFLICT (account_id, year_id, measure) DO UPDATE SET posted = b.posted + excluded.posted,
        positive = b.positive + excluded.positive, negative = b.negative + excluded.negative""",
)

DIFFERENCE = """
SELECT count(*) FROM scoring_balance s FULL JOIN bench_balance b USING (account_id, year_id, measure)
WHERE s.posted IS DISTINCT FROM b.posted
"""
