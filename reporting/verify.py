"""What ``jifen verify`` asks of a town's notices."""

from django.db import connection

from jifen.kernel import clock
from jifen.kernel.checks import Check
from reporting import snapshots
from reporting.models import DraftState, Notice, NoticeDraft
from reporting.selectors.investigators import SIGNED

GUARDS = (
    "reporting_notice_frozen",
    "reporting_listrow_frozen",
    "reporting_objection_final",
    "reporting_objection_kept",
    "reporting_objection_appealed",
    "reporting_objectionfile_kept",
    "reporting_draft_frozen",
    "reporting_draft_kept",
    "reporting_opinion_kept",
)

_UNGUARDED = """
SELECT count(*) FROM unnest(%s::text[]) AS wanted (name) WHERE NOT EXISTS (
    SELECT 1 FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = current_schema() AND t.tgname = wanted.name AND t.tgenabled IN ('O', 'A'))"""

_UNCORRECTED = """
SELECT count(*) FROM reporting_objection o
WHERE o.state = 'upheld' AND o.posting_id IS NOT NULL AND o.reversal_id IS NULL"""

_ASTRAY = """
SELECT count(*) FROM reporting_objection o JOIN scoring_posting p ON p.id = o.reversal_id
WHERE p.reverses_id IS DISTINCT FROM o.posting_id"""

_UNTOLD = """
SELECT count(DISTINCT (n.id, r.id))
FROM scoring_posting r
JOIN scoring_entry o ON o.posting_id = r.reverses_id AND o.measure = 'merit'
JOIN scoring_year y ON y.id = o.year_id
JOIN community_household h ON h.id = o.household_id
JOIN reporting_notice n ON n.kind = 'village_quarter' AND n.village_id = h.village_id AND n.year = y.number
    AND n.quarter = (o.month + 2) / 3
WHERE NOT (r.posted_at < n.published_at AND EXISTS (SELECT FROM scoring_entry e
        WHERE e.posting_id = r.id AND e.year_id = o.year_id AND (e.month + 2) / 3 = n.quarter))
    AND NOT EXISTS (SELECT FROM reporting_notice d WHERE d.corrects_id = n.id
        AND d.snapshot -> 'changes' @> jsonb_build_array(jsonb_build_object('posting', r.id)))"""

_BIASED = f"""
SELECT count(*) FROM reporting_objection o
LEFT JOIN scoring_posting p ON p.id = o.posting_id
LEFT JOIN scoring_declaration d ON d.id = coalesce(o.declaration_id, p.declaration_id)
LEFT JOIN scoring_reviewitem i ON i.declaration_id = d.id
LEFT JOIN community_resident r ON r.user_id = o.answered_by_id
LEFT JOIN reporting_objection f ON f.id = o.appeal_of_id
WHERE o.state <> 'raised' AND o.answered_by_id IS NOT NULL AND (
    (d.actor_realm = current_schema() AND d.actor_id = o.answered_by_id) OR d.declarer_id = r.id
    OR i.decided_by_id = o.answered_by_id OR f.answered_by_id = o.answered_by_id
    OR {SIGNED.format(review="i.review_id", user="o.answered_by_id", by="o.answered_at")}
    OR EXISTS (SELECT FROM community_householdmember m
        WHERE m.household_id IN (o.household_id, d.household_id) AND m.from_date <= o.answered_at::date
            AND (m.to_date IS NULL OR m.to_date > o.answered_at::date)
            AND (m.resident_id = r.id OR EXISTS (SELECT FROM community_relative k
                WHERE k.recorded_at <= o.answered_at
                    AND r.id IN (k.resident_id, k.other_id) AND m.resident_id IN (k.resident_id, k.other_id)))))"""

_UNPLACED = """
SELECT count(*) FROM reporting_objection o JOIN scoring_posting p ON p.declaration_id = o.corrected_id
LEFT JOIN scoring_posting w ON w.id = p.corrects_id
WHERE p.cause = 'declaration' AND p.corrects_id IS NOT NULL AND w.id IS DISTINCT FROM o.posting_id"""

_STUCK = """
SELECT count(*) FROM reporting_objection o
WHERE o.state = 'raised' AND o.overdue_on IS NULL AND o.answer_by < %(today)s::date - 7"""

_UNDECIDED = """
SELECT (SELECT count(*) FROM approvals_item i JOIN reporting_objection o ON o.id = i.subject_id
        WHERE i.subject_kind = 'objection' AND i.finished_at IS NULL AND o.state <> 'raised')
    + (SELECT count(*) FROM reporting_objection o JOIN approvals_item i
            ON i.subject_kind = 'objection' AND i.subject_id = o.id AND i.state IN ('approved', 'rejected')
        WHERE EXISTS (SELECT FROM approvals_word w WHERE w.item_id = i.id AND w.actor_realm <> 'system'
                AND w.kind = CASE i.state WHEN 'approved' THEN 'approve' ELSE 'reject' END)
            AND o.state <> CASE i.state WHEN 'approved' THEN 'upheld' ELSE 'dismissed' END)"""

_UNANSWERED = """
SELECT count(*) FROM approvals_item i JOIN reporting_objection o ON o.id = i.subject_id
WHERE i.subject_kind = 'objection' AND o.answered_at > i.started_at AND o.answered_at <= i.finished_at
    AND i.state IN ('approved', 'rejected') AND NOT EXISTS (SELECT FROM approvals_word w
        WHERE w.item_id = i.id AND w.speaker_id = o.answered_by_id AND w.kind IN ('approve', 'reject'))"""

_DRAFTS = """
SELECT (SELECT count(*) FROM reporting_noticedraft d JOIN reporting_notice n ON n.id = d.notice_id
        WHERE (n.kind, n.village_id, n.year, n.quarter) IS DISTINCT FROM (d.kind, d.village_id, d.year, d.quarter))
    + (SELECT count(*) FROM reporting_noticedraft d WHERE d.state = 'waiting' AND NOT EXISTS (
        SELECT FROM approvals_item i WHERE i.subject_kind = 'notice' AND i.subject_id = d.id
            AND i.finished_at IS NULL))
    + (SELECT count(*) FROM reporting_noticedraft d JOIN approvals_item i
            ON i.subject_kind = 'notice' AND i.subject_id = d.id
        WHERE d.state = 'published' AND i.state <> 'approved' OR d.state = 'refused' AND i.state <> 'rejected')"""


def checks() -> list[Check]:
    """For each town."""
    return [
        Check("I8", "已公示内容与其校验值一致", run=changed_notices),
        Check("I8", "公示、红黑榜和异议的数据库保护都在", run=missing_guards),
        Check("I8", "成立的异议都已更正", sql=_UNCORRECTED),
        Check("I8", "公示过的积分更正后都有更正公示", sql=_UNTOLD),
        Check("I8", "异议的更正针对的是所异议的那笔积分", sql=_ASTRAY),
        Check("I8", "更正后的记账记在所异议的那笔积分的位置上", sql=_UNPLACED),
        Check("I11", "没有人答复涉及自己的异议", sql=_BIASED),
        Check("I8", "逾期的异议都已转镇或报区", run=stuck_objections),
        Check("approval_objection", "流程办结的异议都按表态答复，没有答复的还在办", sql=_UNDECIDED),
        Check("approval_objection", "流程里的异议由表过态的人答复", sql=_UNANSWERED),
        Check("approval_notice", "送审的公示草稿都有着落", sql=_DRAFTS),
        Check("approval_notice", "张贴的公示与送审同意的一致", run=changed_drafts),
    ]


def changed_notices() -> int:
    """Notices whose content no longer gives the hash they were published with, or whose dates differ from it."""
    rows = Notice.objects.only("snapshot", "sha256", "number", "closes_on", "objections_until")
    return sum(not _as_published(notice) for notice in rows.iterator(chunk_size=200))


def _as_published(notice: Notice) -> bool:
    header = notice.snapshot["header"]
    days = (notice.closes_on.isoformat(), notice.objections_until.isoformat())
    same = (header["closes_on"], header["objections_until"]) == days and header["number"] == notice.number
    return same and snapshots.digest(notice.snapshot) == notice.sha256


def changed_drafts() -> int:
    """Published drafts whose notice does not say what was approved, or that no longer give their own hash."""
    rows = NoticeDraft.objects.filter(state=DraftState.PUBLISHED).select_related("notice")
    return sum(not _as_approved(draft) for draft in rows.iterator(chunk_size=200))


def _as_approved(draft: NoticeDraft) -> bool:
    kept = [draft.snapshot, *([draft.notice.snapshot] if draft.notice else [])]
    return all(snapshots.digest(snapshots.essence(one)) == draft.sha256 for one in kept)


def stuck_objections() -> int:
    """Objections that nobody has answered a week after their deadline and that the clock has not passed on."""
    with connection.cursor() as cursor:
        cursor.execute(_STUCK, {"today": clock.today()})
        [count] = cursor.fetchone() or (0,)
    return int(count)


def missing_guards() -> int:
    with connection.cursor() as cursor:
        cursor.execute(_UNGUARDED, [list(GUARDS)])
        [count] = cursor.fetchone() or (0,)
    return int(count)
