"""What ``jifen verify`` asks about people and places of one town."""

from jifen.kernel.checks import Check

TEMPLATE = "t_template_0"
"""``tenants.provisioning.TEMPLATE``, which cannot be imported before the models are ready."""

_TWO_HOMES = """
SELECT count(*) FROM community_householdmember a JOIN community_householdmember b
ON a.resident_id = b.resident_id AND a.id < b.id
AND daterange(a.from_date, a.to_date) && daterange(b.from_date, b.to_date)"""
_JOINED_TWICE = """
SELECT count(*) FROM community_application a JOIN community_application b
ON a.household_id = b.household_id AND a.id < b.id AND a.state IN ('joined', 'left') AND b.state IN ('joined', 'left')
AND daterange(a.joined_on, a.left_on) && daterange(b.joined_on, b.left_on)"""
_OTHER_GROUP = """
SELECT count(*) FROM community_household h JOIN community_group g ON g.id = h.group_id
WHERE g.village_id <> h.village_id"""
_GUARDS_OF = r"""
SELECT c.relname, t.tgname AS name, md5(regexp_replace(f.prosrc, '\s+', ' ', 'g')) AS body FROM pg_trigger t
JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc f ON f.oid = t.tgfoid
WHERE c.relnamespace = {place} AND NOT t.tgisinternal AND t.tgenabled IN ('O', 'A')
UNION ALL
SELECT c.relname, n.conname, '' FROM pg_constraint n JOIN pg_class c ON c.oid = n.conrelid
WHERE n.connamespace = {place} AND n.convalidated"""
_UNGUARDED = f"""
SELECT count(*) FROM (
    ({_GUARDS_OF.format(place=f"to_regnamespace('{TEMPLATE}')")})
    EXCEPT
    ({_GUARDS_OF.format(place="current_schema()::text::regnamespace")})) gone"""
"""Triggers and constraints of the template that this town lacks, has switched off, or has with another body."""

_CHANGES = """
SELECT count(*) FROM community_rosterchange c LEFT JOIN (
    SELECT DISTINCT ON (subject_id) subject_id, state FROM approvals_item
    WHERE subject_kind = 'roster_change' ORDER BY subject_id, id DESC) i ON i.subject_id = c.id
WHERE c.state = 'asked' AND coalesce(i.state, '') NOT IN ('open', 'returned', 'suspended')
    OR c.state = 'done' AND coalesce(i.state, 'approved') <> 'approved'
    OR c.state = 'refused' AND coalesce(i.state, '') <> 'rejected'
    OR c.state = 'withdrawn' AND coalesce(i.state, '') NOT IN ('withdrawn', 'terminated')"""
_OWN_CHANGE = """
SELECT count(*) FROM approvals_word w JOIN approvals_item i ON i.id = w.item_id AND i.subject_kind = 'roster_change'
JOIN community_rosterchange c ON c.id = i.subject_id
JOIN community_resident p ON p.user_id = w.speaker_id
JOIN community_householdmember m ON m.resident_id = p.id AND m.household_id = c.household_id
WHERE w.kind IN ('approve', 'reject')
    AND daterange(m.from_date, m.to_date) @> (w.at AT TIME ZONE 'Asia/Shanghai')::date"""
_WITHOUT_SAY = """
SELECT count(*) FROM approvals_word w JOIN approvals_item i ON i.id = w.item_id
CROSS JOIN LATERAL (SELECT (w.at AT TIME ZONE 'Asia/Shanghai')::date AS day) d
WHERE w.kind IN ('approve', 'reject') AND w.actor_realm <> 'system'
    AND NOT EXISTS (SELECT FROM approvals_assignment a WHERE a.stage_id = w.stage_id AND a.user_id = w.speaker_id
        AND a.origin IN ('rule', 'substitute', 'office', 'escalated'))
    AND NOT EXISTS (SELECT FROM community_villagerole r WHERE r.user_id = w.speaker_id AND r.role <> 'supervisor'
        AND daterange(r.from_date, r.to_date, '[]') @> d.day)
    AND NOT EXISTS (SELECT FROM accounts_rolegrant g WHERE g.user_id = w.speaker_id
        AND daterange(g.from_date, g.to_date, '[]') @> d.day)
    AND NOT EXISTS (SELECT FROM approvals_flow f WHERE f.subject_kind = i.subject_kind AND (
        jsonb_path_exists(f.steps, '$.**.user ? (@ == $who)', jsonb_build_object('who', w.speaker_id))
        OR jsonb_path_exists(f.steps, '$.**.users[*] ? (@ == $who)', jsonb_build_object('who', w.speaker_id))))"""
"""Words of accounts that somebody brought in: no post that decides on the day, no step of the kind's flows names them.

A post that ended on the day counts: it may have ended after the word."""
_TWO_CELLS = """
SELECT count(*) FROM community_cellmember a JOIN community_cellmember b
ON a.household_id = b.household_id AND a.id < b.id
AND daterange(a.from_date, a.to_date) && daterange(b.from_date, b.to_date)"""
_OTHER_CELL = """
SELECT count(*) FROM community_cellmember m JOIN community_cell c ON c.id = m.cell_id
JOIN community_household h ON h.id = m.household_id WHERE h.village_id <> c.village_id"""
_HEADS = """
SELECT count(*) FROM community_household h WHERE h.head_id IS NOT NULL
AND NOT EXISTS (SELECT FROM community_householdmember m WHERE m.household_id = h.id AND m.resident_id = h.head_id)"""


def checks() -> list[Check]:
    return [
        Check("I1", "触发器和约束与模板一致", _UNGUARDED),
        Check("I9", "每人同一天只属于一户", _TWO_HOMES),
        Check("I11", "没有人决定自己家的名册变更", _OWN_CHANGE),
        Check("community.say", "只有能表态的人表态", _WITHOUT_SAY),
        Check("community.changes", "名册变更的状态与审批一致", _CHANGES),
        Check("community.cells", "每户同一天只在一个联户组", _TWO_CELLS),
        Check("community.cell_of_village", "联户组的户都是本村的", _OTHER_CELL),
        Check("community.heads", "户主是本户的成员", _HEADS),
        Check("community.joined_once", "每户同一天只加入一次", _JOINED_TWICE),
        Check("community.group_of_village", "每户的小组属于本村", _OTHER_GROUP),
    ]
