"""What must always be true of a town's ledger (DESIGN §4), as queries that count breaches."""

from jifen.kernel.checks import Check
from scoring import verify_effects, verify_rulebooks, verify_years
from scoring.sql import posting as sql
from scoring.sql import reckoning

_TRIGGERS = (
    "scoring_entry_kept",
    "scoring_posting_kept",
    "scoring_posting_changed",
    "scoring_entries_posted",
    "scoring_balance_follows",
    "scoring_balance_covers",
    "scoring_items_changed",
    "scoring_meetingseat_kept",
    "scoring_meeting_kept",
    "scoring_review_turns",
    "scoring_review_mutual",
    "scoring_review_flow_kept",
    "scoring_year_turns",
    "scoring_deductions_heard",
    "scoring_hearing_turns",
    "scoring_hearing_kept",
    "scoring_items_kept",
    "scoring_marks_kept",
    "scoring_attendance_kept",
    "scoring_inspection_ends",
    "scoring_activity_ends",
    "scoring_undecided_decided",
    "scoring_reckoning_kept",
    "scoring_captake_kept",
    "scoring_effect_kept",
    "scoring_effect_brought",
    "scoring_effectlift_kept",
    "scoring_effect_lifted",
    "scoring_effectleave_kept",
    "scoring_rule_kept",
    "scoring_rule_enters",
    "scoring_version_turns",
    "scoring_version_kept",
    "scoring_version_over_months",
    "scoring_draft_turns",
    "scoring_draftitem_open",
    "scoring_resolution_kept",
    "scoring_deliberation_kept",
    "scoring_dividend_turns",
    "scoring_dividend_kept",
    "scoring_dividendline_kept",
    "scoring_dividend_whole",
    "scoring_dividend_parted",
)

_GUARDS = f"""
SELECT count(*) FROM unnest(ARRAY{list(_TRIGGERS)!r}) AS wanted (name)
WHERE NOT EXISTS (
    SELECT FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE t.tgname = wanted.name AND t.tgenabled = 'O' AND c.relnamespace = current_schema()::text::regnamespace)
"""

_RIGHTS = """
SELECT count(*) FROM unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE']) AS forbidden (act)
WHERE has_table_privilege('scoring_entry', forbidden.act)
    AND NOT pg_has_role((SELECT relowner FROM pg_class WHERE oid = 'scoring_entry'::regclass), 'MEMBER')
"""

_BALANCES = """
SELECT count(*) FROM (
    SELECT e.account_id, e.year_id, e.measure, sum(e.amount) AS posted,
        coalesce(sum(e.amount) FILTER (WHERE (e.amount > 0) = (e.reverses_id IS NULL)), 0) AS positive,
        coalesce(-sum(e.amount) FILTER (WHERE (e.amount > 0) <> (e.reverses_id IS NULL)), 0) AS negative
    FROM scoring_entry e GROUP BY 1, 2, 3) s
FULL JOIN scoring_balance b ON (b.account_id, b.year_id, b.measure) = (s.account_id, s.year_id, s.measure)
WHERE (s.posted, s.positive, s.negative) IS DISTINCT FROM (b.posted, b.positive, b.negative)
"""

_HOLDS = "SELECT count(*) FROM scoring_balance WHERE held < 0 OR (held > 0 AND measure <> 'redeemable')"

_MERIT = "SELECT count(*) FROM scoring_entry WHERE measure = 'merit' AND cause IN ('redemption', 'expiry', 'lapse')"

_CAUSES = """
SELECT count(*) FROM scoring_entry e
JOIN scoring_posting p ON p.id = e.posting_id
LEFT JOIN scoring_declaration d ON d.id = p.declaration_id
LEFT JOIN scoring_reviewitem i ON i.id = p.review_item_id
WHERE p.cause <> e.cause OR p.actor_name = '' OR (e.cause = 'declaration' AND (
    d.id IS NULL OR i.declaration_id <> d.id OR e.rule_id <> d.rule_id
    OR (p.reversed_at IS NULL AND i.verdict NOT IN ('approved', 'adjusted'))))
"""

_DECIDED = """
SELECT count(*) FROM scoring_entry e
JOIN scoring_posting p ON p.id = e.posting_id
JOIN scoring_reviewitem i ON i.id = p.review_item_id
JOIN scoring_declaration d ON d.id = p.declaration_id
JOIN scoring_rule o ON o.id = d.rule_id
LEFT JOIN scoring_reckoning k ON k.posting_id = p.id
WHERE e.cause = 'declaration' AND p.reversed_at IS NULL
    AND CASE WHEN k.id IS NOT NULL THEN k.worth WHEN e.measure = 'merit' THEN i.points ELSE i.redeemable END
        * CASE WHEN e.measure = 'redeemable' AND o.spec ->> 'sharing' = 'each'
            THEN greatest(jsonb_array_length(d.facts #> '{people,members}'), 1) ELSE 1 END
        * sign(e.amount) < abs(e.amount)
"""
"""Where each member of a household gets the whole, the household exchanges what all of them got."""

_MIRRORS = """
SELECT count(*) FROM scoring_entry e
JOIN scoring_posting p ON p.id = e.posting_id
JOIN scoring_posting r ON r.reverses_id = p.id
LEFT JOIN scoring_entry m ON m.reverses_id = e.id
WHERE (m.id IS NULL OR m.amount <> -e.amount OR m.posting_id <> r.id)
    AND NOT (e.measure = 'redeemable' AND EXISTS (
        SELECT FROM scoring_entry o WHERE o.posting_id = r.id AND o.concerns_year IS NOT NULL))
"""

_REVERSED = """
SELECT count(*) FROM scoring_posting p LEFT JOIN scoring_posting r ON r.reverses_id = p.id
WHERE (p.reversed_at IS NULL) <> (r.id IS NULL)
"""

_SEALS = """
SELECT count(*) FROM scoring_yearseal s LEFT JOIN scoring_yearseal p ON p.id = s.previous_id
WHERE s.hash <> scoring_seal_hash(s.kind, s.year_id, s.entries, p.hash)
"""

_SEALED = """
SELECT count(*) FROM scoring_year y
LEFT JOIN LATERAL (SELECT s.kind, s.entries FROM scoring_yearseal s
    WHERE s.year_id = y.id AND s.kind <> 'supplement' ORDER BY s.id DESC LIMIT 1) last ON true
WHERE y.state = 'sealed' AND (last.kind IS DISTINCT FROM 'close'
    OR last.entries <> (SELECT count(*) FROM scoring_entry e WHERE e.year_id = y.id))
"""

_SUPPLEMENTS = """
SELECT count(*) FROM scoring_entry e
JOIN scoring_year y ON y.number = e.concerns_year AND y.id <> e.year_id
WHERE NOT EXISTS (SELECT FROM scoring_yearseal s
    WHERE s.year_id = y.id AND s.kind = 'supplement' AND s.sealed_at >= e.posted_at)
"""

_HOUSEHOLDS = """
SELECT count(*) FROM scoring_entry e
JOIN scoring_posting p ON p.id = e.posting_id
JOIN scoring_account a ON a.id = e.account_id
LEFT JOIN scoring_declaration d ON d.id = p.declaration_id
WHERE e.cause <> 'reversal' AND p.reversed_at IS NULL AND (
    (a.household_id IS NOT NULL AND a.household_id <> e.household_id)
    OR (coalesce(a.resident_id, CASE e.share WHEN '' THEN d.resident_id END) IS NOT NULL AND NOT EXISTS (
        SELECT FROM community_householdmember m
        WHERE m.resident_id = coalesce(a.resident_id, d.resident_id) AND m.household_id = e.household_id
            AND m.from_date <= e.happened_on AND (m.to_date IS NULL OR m.to_date > e.happened_on))))
"""

_JOINED = """
SELECT count(*) FROM scoring_entry e JOIN scoring_posting p ON p.id = e.posting_id
WHERE e.cause IN ('declaration', 'base_grant') AND p.reversed_at IS NULL AND NOT EXISTS (
    SELECT FROM community_application j WHERE j.household_id = e.household_id AND j.state IN ('joined', 'left')
        AND j.joined_on <= e.happened_on AND (j.left_on IS NULL OR j.left_on > e.happened_on))
"""

_ONCE = """
SELECT count(*) FROM (
    SELECT declaration_id FROM scoring_posting
    WHERE declaration_id IS NOT NULL AND reversed_at IS NULL AND reverses_id IS NULL
    GROUP BY declaration_id HAVING count(*) > 1) twice
"""

_POSTED = """
SELECT count(*) FROM scoring_declaration d
WHERE CASE d.state WHEN 'posted' THEN NOT EXISTS (SELECT FROM scoring_posting p WHERE p.declaration_id = d.id)
    ELSE EXISTS (SELECT FROM scoring_posting p WHERE p.declaration_id = d.id AND p.reversed_at IS NULL) END
"""

_HEARD = """
SELECT count(*) FROM scoring_entry e
JOIN scoring_posting p ON p.id = e.posting_id AND p.reversed_at IS NULL
JOIN scoring_hearing h ON h.declaration_id = p.declaration_id AND h.outcome <> 'void'
WHERE e.cause = 'declaration' AND e.amount < 0 AND (h.outcome IN ('open', 'dropped') OR h.told_at IS NULL
    OR (h.outcome = 'silent' AND (h.statement <> '' OR (e.posted_at AT TIME ZONE 'Asia/Shanghai')::date <= h.until))
    OR (e.measure = 'merit' AND e.amount < coalesce(h.decided_points, h.points)))
"""

_TOLD = """
SELECT count(*) FROM scoring_entry e
JOIN scoring_posting p ON p.id = e.posting_id AND p.reversed_at IS NULL
JOIN scoring_reviewitem i ON i.id = p.review_item_id
CROSS JOIN LATERAL (
    SELECT max(f.sent_at) AS at FROM scoring_filing f WHERE f.review_id = i.review_id AND f.sent_at <= p.posted_at) sent
LEFT JOIN LATERAL (
    SELECT c.data -> 'review' ->> 'hearing_days' AS days FROM scoring_reviewpolicy c
    WHERE c.effective_from <= (sent.at AT TIME ZONE 'Asia/Shanghai')::date
    ORDER BY c.effective_from DESC LIMIT 1) chosen ON true
WHERE e.cause = 'declaration' AND e.amount < 0 AND e.measure = 'merit' AND coalesce(chosen.days::int, 3) > 0
    AND NOT EXISTS (SELECT FROM scoring_hearing h
        WHERE h.item_id = i.id AND h.outcome <> 'void' AND h.told_at <= p.posted_at)
"""
"""A deduction that posted though nobody had told the household, in a town that hears it."""

_HEARD_BY = """
SELECT count(*) FROM scoring_hearing h JOIN scoring_declaration d ON d.id = h.declaration_id
JOIN scoring_reviewitem i ON i.id = h.item_id
WHERE i.declaration_id <> d.id OR h.household_id <> d.household_id OR (h.decided_by_resident_id IS NOT NULL AND EXISTS (
    SELECT FROM community_householdmember m WHERE m.household_id = d.household_id AND m.from_date <= d.happened_on
        AND (m.to_date IS NULL OR m.to_date > d.happened_on) AND m.resident_id = h.decided_by_resident_id))
"""

_FINISHED = """
SELECT count(*) FROM scoring_review r
WHERE r.state = 'posted' AND (
    EXISTS (SELECT FROM scoring_hearing h JOIN scoring_reviewitem i ON i.id = h.item_id
        WHERE i.review_id = r.id AND h.outcome = 'open')
    OR NOT EXISTS (SELECT FROM scoring_filing f WHERE f.review_id = r.id AND f.state IN ('received', 'confirmed')))
"""

_BARRED = """
SELECT count(*) FROM scoring_reviewitem i JOIN scoring_declaration d ON d.id = i.declaration_id
WHERE i.decided_by_resident_id IS NOT NULL AND EXISTS (
    SELECT FROM community_householdmember m WHERE m.household_id = d.household_id
        AND m.from_date <= d.happened_on AND (m.to_date IS NULL OR m.to_date > d.happened_on)
        AND (m.resident_id = i.decided_by_resident_id OR EXISTS (
            SELECT FROM community_relative r WHERE r.recorded_at <= i.decided_at
                AND i.decided_by_resident_id IN (r.resident_id, r.other_id)
                AND m.resident_id IN (r.resident_id, r.other_id))))
"""

_MUTUAL = """
WITH own AS MATERIALIZED (
    SELECT r.id AS review, r.village_id, r.flow_id, m.resident_id, i.id AS item, i.decided_by_resident_id AS who,
        i.decided_at
    FROM scoring_review r
    JOIN scoring_reviewitem i ON i.review_id = r.id
    JOIN scoring_declaration d ON d.id = i.declaration_id AND d.batch_id IS NULL
    JOIN community_householdmember m ON m.household_id = d.household_id AND m.from_date <= d.happened_on
        AND (m.to_date IS NULL OR m.to_date > d.happened_on)
    WHERE r.is_mutual AND r.state <> 'open'
)
SELECT count(DISTINCT theirs.item) FROM own theirs
JOIN community_resident p ON p.id = theirs.resident_id AND p.id <> theirs.who
JOIN approvals_flow f ON f.id = theirs.flow_id
JOIN community_villagerole vr ON vr.user_id = p.user_id AND vr.village_id = theirs.village_id
    AND (vr.role = 'committee' OR EXISTS (SELECT FROM jsonb_path_query(f.steps, '$.steps[*].who[*]') AS seat (who)
        WHERE seat.who ->> 'role' = vr.role OR seat.who ->> 'seat' = nullif(vr.seat, '')))
    AND vr.from_date <= theirs.decided_at::date AND (vr.to_date IS NULL OR vr.to_date > theirs.decided_at::date)
WHERE EXISTS (SELECT FROM own mine WHERE mine.review = theirs.review AND mine.resident_id = theirs.who)
"""

_SPOKEN = """
SELECT count(*) FROM approvals_word w
JOIN approvals_item i ON i.id = w.item_id AND i.subject_kind = 'declaration'
JOIN scoring_declaration d ON d.id = i.subject_id
JOIN community_resident p ON p.user_id = w.speaker_id
WHERE w.kind IN ('approve', 'reject') AND EXISTS (
    SELECT FROM community_householdmember m WHERE m.household_id = d.household_id
        AND m.from_date <= d.happened_on AND (m.to_date IS NULL OR m.to_date > d.happened_on)
        AND (m.resident_id = p.id OR EXISTS (
            SELECT FROM community_relative r WHERE r.recorded_at <= w.at
                AND p.id IN (r.resident_id, r.other_id) AND m.resident_id IN (r.resident_id, r.other_id))))
"""

_SHARED = """
WITH part AS (
    SELECT d.id, d.happened_on, home.id AS household FROM scoring_declaration d
    CROSS JOIN LATERAL (VALUES (d.facts #>> '{people,beneficiary}'), (d.facts #>> '{people,responsible}')) named (party)
    CROSS JOIN LATERAL (
        SELECT cell::bigint FROM jsonb_array_elements_text(d.facts #> '{people,cell}') c (cell)
        UNION SELECT h.id FROM community_household h WHERE named.party = 'household:' || h.id
        UNION SELECT m.household_id FROM community_householdmember m WHERE named.party = 'resident:' || m.resident_id
            AND m.from_date <= d.happened_on AND (m.to_date IS NULL OR m.to_date > d.happened_on)) home (id)
    WHERE d.facts ? 'people'
), decided AS (
    SELECT declaration_id AS deed, decided_by_resident_id AS who, decided_at AS at FROM scoring_reviewitem
    UNION ALL SELECT i.subject_id, p.id, w.at FROM approvals_word w
        JOIN approvals_item i ON i.id = w.item_id AND i.subject_kind = 'declaration'
        JOIN community_resident p ON p.user_id = w.speaker_id WHERE w.kind IN ('approve', 'reject')
    UNION ALL SELECT declaration_id, decided_by_resident_id, decided_at FROM scoring_hearing
)
SELECT count(DISTINCT part.id) FROM part JOIN decided ON decided.deed = part.id AND decided.who IS NOT NULL
WHERE EXISTS (SELECT FROM community_householdmember m WHERE m.household_id = part.household
    AND m.from_date <= part.happened_on AND (m.to_date IS NULL OR m.to_date > part.happened_on)
    AND (m.resident_id = decided.who OR EXISTS (
        SELECT FROM community_relative r WHERE r.recorded_at <= decided.at
            AND decided.who IN (r.resident_id, r.other_id) AND m.resident_id IN (r.resident_id, r.other_id))))
"""

_CELLS = """
SELECT count(*) FROM scoring_entry e JOIN scoring_posting p ON p.id = e.posting_id
LEFT JOIN scoring_posting first ON first.id = p.reverses_id
JOIN scoring_declaration d ON d.id = coalesce(p.declaration_id, first.declaration_id)
WHERE e.share = 'cell' AND NOT coalesce(d.facts #> '{people,cell}' ? e.household_id::text, false)
"""

_UNDECIDED = """
SELECT count(*) FROM scoring_reviewitem i JOIN scoring_review r ON r.id = i.review_id
WHERE r.state IN ('decided', 'settled', 'posted') AND i.verdict = 'pending'
"""

_UNPRICED = """
SELECT count(*) FROM scoring_reviewitem i JOIN scoring_declaration d ON d.id = i.declaration_id
WHERE d.undecided <> '' AND i.verdict = 'approved'
"""

_UNSIGNED = """
SELECT count(*) FROM scoring_filing f JOIN scoring_review r ON r.id = f.review_id
WHERE r.state IN ('decided', 'settled', 'posted') AND f.state <> 'returned'
    AND NOT EXISTS (SELECT FROM scoring_reviewseat s WHERE s.review_id = r.id)
    AND NOT EXISTS (SELECT FROM scoring_meeting m WHERE m.review_id = r.id AND m.paper_id IS NOT NULL)
"""

_CAPS = f"""
SELECT count(*) FROM scoring_capuse use
FULL JOIN (
    SELECT {sql.BUCKET}, sum(used) AS used FROM ({sql.CAPS_IN_USE} UNION ALL {reckoning.TAKEN}) part
    GROUP BY {sql.BUCKET}) seen USING ({sql.BUCKET})
WHERE coalesce(use.used, 0) <> coalesce(seen.used, 0)
"""

_OVER_CAP = f"""
SELECT count(*) FROM (
    SELECT {sql.BUCKET}, max(value) AS value FROM ({sql.CAPS}) cap GROUP BY {sql.BUCKET}) cap
JOIN scoring_capuse use USING ({sql.BUCKET})
WHERE use.used > cap.value
"""

_OVERTAKEN = """
SELECT count(*) FROM approvals_item i JOIN scoring_declaration d ON d.id = i.subject_id
WHERE i.subject_kind = 'declaration' AND i.finished_at IS NULL AND d.state <> 'submitted'
"""


def checks() -> list[Check]:
    """One per rule of DESIGN §4 that a query over one town can ask."""
    return [
        Check("I1", "账目的保护触发器都在", _GUARDS),
        Check("I1", "运行账号无权改动、删除、清空账目", _RIGHTS),
        Check("I2", "余额等于账目之和", _BALANCES),
        Check("I3", "冻结只在可兑换积分上", _HOLDS),
        Check("I4", "兑换和清零不动评比积分", _MERIT),
        Check("I5", "每笔账有来由、经办和决定", _CAUSES),
        Check("I5", "记账不超过审定的分值", _DECIDED),
        Check("I5", "扣分在听取该户说明以后记账", _HEARD),
        Check("I5", "扣分记账以前都告知过该户", _TOLD),
        Check("I5", "记完账的审核表镇里办过、没有待听取的扣分", _FINISHED),
        Check("I11", "没有人决定自己家的说明", _HEARD_BY),
        Check("I5", "更正与原账目逐笔相反", _MIRRORS),
        Check("I5", "更正与更正标记一一对应", _REVERSED),
        Check("I5", "审定的审核表没有未定的条目", _UNDECIDED),
        Check("I5", "算不出分值的登记由人认定", _UNPRICED),
        Check("I5", "审定的审核表有委员签字或签字原件", _UNSIGNED),
        Check("I7", "封账摘要可重新算出", _SEALS),
        Check("I7", "封账年度没有新账目", _SEALED),
        Check("I7", "封账后的更正有补记", _SUPPLEMENTS),
        Check("approval_declaration", "已了结的申报没有还在办的事项", _OVERTAKEN),
        *verify_years.checks(),
        *verify_rulebooks.checks(),
        *verify_effects.checks(),
        Check("I9", "积分计入行为当日所在的户", _HOUSEHOLDS),
        Check("I9", "联户组的积分只计给行为当日在组的户", _CELLS),
        Check("I9", "只给参加的户计分", _JOINED),
        Check("I10", "一条登记至多一次未更正的记账", _ONCE),
        Check("I10", "登记的状态与记账一致", _POSTED),
        Check("I11", "没有人审定自己家或亲属家的行为", _BARRED),
        Check("I11", "互评须回避的表上没有人审定同审委员家的行为", _MUTUAL),
        Check("I11", "没有人核实自己家或亲属家的申报", _SPOKEN),
        Check("I11", "没有人审定、核实自己家或亲属家分得的行为", _SHARED),
        Check("I12", "上限用量等于账目所用", _CAPS),
        Check("I12", "没有超过上限", _OVER_CAP),
    ]
