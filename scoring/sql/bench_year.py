"""A town that has lived through a year: 36 villages, every household with the same number of postings."""

VILLAGES = 36
POSTINGS = 14
"""Per household; each of two entries, so that 36,000 households have about a million."""

SEED = (
    f"""
    INSERT INTO community_village (code, name, name_pinyin, is_residents_committee, phone)
    SELECT '310115999' || lpad(n::text, 3, '0'), '测量' || n || '村', 'ce liang cun', false, ''
    FROM generate_series(1, {VILLAGES}) n""",
    "INSERT INTO community_group (village_id, number, name) SELECT id, 1, '一组' FROM community_village",
    """
    INSERT INTO community_household (number, village_id, group_id, address, stars, is_party, has_local_hukou,
        has_homestead, is_lived_in, card_secret, registered_at)
    SELECT lpad(row_number() OVER ()::text, 6, '0'), g.village_id, g.id, '', 0, false, true, true, true, '', now()
    FROM generate_series(1, %(households)s) n, community_group g""",
    """
    INSERT INTO community_resident (name, name_pinyin, id_number, id_number_index, phone, phone_index, is_female,
        is_party_member)
    SELECT '村民' || id, 'cun min', '', '', '', '', false, false FROM community_household ORDER BY id""",
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
    "INSERT INTO scoring_account (household_id) SELECT id FROM community_household ORDER BY id",
)

ROUND = """
WITH posting AS (
    INSERT INTO scoring_posting (cause, document, reason, explanation, posted_at, actor_realm, actor_id, actor_name)
    SELECT 'opening', h.number, '测量', '', now(), 'system', 0, '系统' FROM community_household h ORDER BY h.id
    RETURNING id, document
)
INSERT INTO scoring_entry (posting_id, account_id, household_id, year_id, month, measure, amount, cause, happened_on,
    posted_at)
SELECT p.id, a.id, h.id, %(year)s, 1 + %(round)s %% 12, side.measure, 1 + (h.id + %(round)s) %% 5, 'opening', %(day)s,
    now()
FROM posting p JOIN community_household h ON h.number = p.document JOIN scoring_account a ON a.household_id = h.id
CROSS JOIN (VALUES ('merit'), ('redeemable')) AS side (measure)
ORDER BY p.id, side.measure
"""
"""One posting for each household; its document carries the number by which it is found again."""
