"""A town large enough to measure a month's end, its deeds, and the bare way to write the same rows."""

from scoring.sql import bench

SEED = (
    """
    INSERT INTO community_village (code, name, name_pinyin, is_residents_committee, phone)
    SELECT '310115999' || lpad(n::text, 3, '0'), '测量' || n || '村', 'ce liang cun', false, ''
    FROM generate_series(1, %(villages)s) n""",
    "INSERT INTO community_group (village_id, number, name) SELECT id, 1, '一组' FROM community_village",
    """
    INSERT INTO community_household (number, village_id, group_id, address, stars, is_party, has_local_hukou,
        has_homestead, is_lived_in, card_secret, registered_at)
    SELECT lpad((row_number() OVER (ORDER BY g.village_id, n))::text, 6, '0'), g.village_id, g.id, '', 0, false, true,
        true, true, '', now()
    FROM community_group g, generate_series(1, %(households)s) n""",
    """
    INSERT INTO community_resident (name, name_pinyin, id_number, id_number_index, phone, phone_index, is_female,
        is_party_member)
    SELECT '村民' || n, 'cun min', '', '', '', '', false, false
    FROM generate_series(1, %(villages)s * %(households)s) n""",
    *bench.SEED[4:10],
    """
    INSERT INTO scoring_rule (version_id, code, position, sign, subject, category, matter, title, text, is_example,
        is_sensitive, spec)
    SELECT v.id, r.code, r.position, r.sign, r.subject, '测量', '', r.code, r.code, false, false,
        jsonb_build_object('attribution', r.subject)
    FROM scoring_rulebookversion v,
        (VALUES ('plain', 0, 'household', 'positive'), ('capped', 1, 'household', 'positive'),
            ('own', 2, 'resident', 'positive'), ('minus', 3, 'household', 'negative')) r (code, position, subject, sign)
    """,
    bench.SEED[-1],
)

DEEDS = """
INSERT INTO scoring_declaration (village_id, household_id, resident_id, rule_id, happened_on, place, reason, channel,
    declared_by, facts, state, points, redeemable, explanation, refusal, recorded_at, actor_realm, actor_id, actor_name)
SELECT h.village_id, h.id, CASE WHEN r.code = 'own' THEN m.resident_id END, r.id, %(month)s::date + (n %% 28)::int,
    '村口', '测量', 'window', 'steward', '{}', 'ready', r.points, r.points, '测量', '', now(), 'system', 0, '系统'
FROM (SELECT n, n * 7919 %% (SELECT count(*) FROM community_household) AS place
    FROM generate_series(1, %(n)s::bigint) n) n
JOIN (SELECT *, row_number() OVER (ORDER BY id) - 1 AS place FROM community_household) h USING (place)
JOIN community_householdmember m ON m.household_id = h.id
JOIN (SELECT *, CASE sign WHEN 'negative' THEN -2 ELSE 2 END AS points FROM scoring_rule) r
    ON r.position = CASE WHEN n %% 50 = 0 THEN 3 ELSE n %% 3 END
ORDER BY n
"""
"""One in fifty is a deduction."""

_ITEM = (
    "id, review_id, declaration_id, verdict, points, redeemable, reason, decided_at, decided_by_id, decided_by_name, "
    "decided_by_resident_id"
)
_OF = (
    "SELECT i.id FROM scoring_reviewitem i JOIN scoring_review r ON r.id = i.review_id WHERE r.month = %(month)s::date"
)

BASELINE = (
    f"INSERT INTO bench_reviewitem ({_ITEM}) SELECT {_ITEM} FROM scoring_reviewitem WHERE id IN ({_OF})",
    *(
        statement.replace("SELECT id FROM scoring_reviewitem WHERE review_id = %(review)s", _OF).replace(
            "JOIN scoring_reviewitem i ON i.id = p.review_item_id\n            WHERE i.review_id = %(review)s",
            f"WHERE p.review_item_id IN ({_OF})",
        )
        for statement in bench.BASELINE
    ),
)
"""What ours wrote, with the same indexes and constraints: items, postings, entries, balances."""
