"""What must always be true of rulebooks, as queries that count breaches."""

from jifen.kernel.checks import Check

_SEALED = """
SELECT count(*) FROM scoring_rulebookversion v
WHERE v.content_hash <> '' AND v.content_hash <> scoring_version_hash(v.id)
"""

_NAMED = """
SELECT count(*) FROM scoring_rulebookversion v
LEFT JOIN scoring_rulebookversion town ON town.id = v.town_version_id
LEFT JOIN scoring_rulebook b ON b.id = town.rulebook_id
WHERE (v.overlay IS NOT NULL AND (town.id IS NULL OR b.village_id IS NOT NULL OR town.state IN ('draft', 'submitted')))
    OR (v.overlay IS NOT NULL
        AND (SELECT village_id FROM scoring_rulebook WHERE id = v.rulebook_id) IS NULL)
"""
"""A village's version names a version of the town that was approved; a town's has no overlay."""

_RESOLVED = """
SELECT count(*) FROM scoring_rulebookversion v
JOIN scoring_draft d ON d.id = v.draft_id
JOIN scoring_rulebook b ON b.id = v.rulebook_id AND b.village_id IS NOT NULL
WHERE v.state IN ('approved', 'in_force', 'superseded')
    AND NOT EXISTS (SELECT FROM scoring_resolution r
        WHERE r.draft_id = d.id AND r.revision = d.revision AND r.is_passed
            AND (r.meeting = 'assembly' OR NOT d.is_charter))
    AND NOT EXISTS (SELECT FROM approvals_item i
        WHERE i.subject_kind = 'rulebook' AND i.subject_id = v.id AND i.state = 'approved')
"""
"""A village's rules rest on a resolution that passed on exactly these, or on a flow that asked the meeting."""

_VOTED = """
SELECT count(*) FROM scoring_resolution r
CROSS JOIN LATERAL (SELECT
    coalesce((r.quorum ->> 'numerator')::numeric / nullif((r.quorum ->> 'denominator')::numeric, 0),
        (r.quorum ->> 'percent')::numeric / 100) * r.members AS quorum, (r.quorum ->> 'more')::boolean AS more,
    coalesce((r.majority ->> 'numerator')::numeric / nullif((r.majority ->> 'denominator')::numeric, 0),
        (r.majority ->> 'percent')::numeric / 100) * r.present AS majority, (r.majority ->> 'more')::boolean AS exceeds
) s
WHERE r.is_passed AND (
    r.present < s.quorum - 0.000001 OR (s.more AND r.present <= s.quorum - 0.000001)
    OR r.votes_for < s.majority - 0.000001 OR (s.exceeds AND r.votes_for <= s.majority - 0.000001))
"""

_MONTHS = """
SELECT count(*) FROM scoring_rulebookversion v
JOIN scoring_rulebook b ON b.id = v.rulebook_id
JOIN scoring_review r ON r.state IN ('decided', 'settled', 'posted') AND r.decided_at < v.enacted_at
    AND r.month + interval '1 month' > v.effective_from AND r.village_id = b.village_id
WHERE v.state IN ('in_force', 'superseded', 'withdrawn') AND v.effective_from IS DISTINCT FROM v.effective_to
    AND v.draft_id IS NOT NULL
"""
"""Of a village's own version: no month was decided before it was dated and is judged by it all the same."""

_JUDGED = """
SELECT count(*) FROM scoring_declaration d
JOIN scoring_rule r ON r.id = d.rule_id
JOIN scoring_rulebookversion v ON v.id = r.version_id
JOIN scoring_rulebook b ON b.id = v.rulebook_id
WHERE v.state IN ('draft', 'submitted', 'approved') OR (b.village_id IS NOT NULL AND b.village_id <> d.village_id)
"""

_SIGNED = """
SELECT count(*) FROM scoring_draftfinding f JOIN scoring_draft d ON d.id = f.draft_id
WHERE f.is_blocking AND f.signed_at IS NULL AND d.state IN ('checked', 'tried', 'submitted', 'approved')
"""

_TRIED = """
SELECT count(*) FROM scoring_draft d WHERE d.state IN ('tried', 'submitted', 'approved')
    AND NOT EXISTS (SELECT FROM scoring_drafttrial t WHERE t.draft_id = d.id AND t.revision = d.revision)
"""

_ASKED = """
SELECT count(*) FROM scoring_adaptation a
JOIN scoring_rulebookversion v ON v.id = a.result_id
WHERE v.rulebook_id <> a.rulebook_id OR v.town_version_id <> a.town_version_id
"""

_OVERTAKEN = """
SELECT count(*) FROM approvals_item i JOIN scoring_rulebookversion v ON v.id = i.subject_id
WHERE i.subject_kind IN ('rulebook', 'town_rulebook') AND i.finished_at IS NULL AND v.state = 'withdrawn'
    AND v.effective_from = v.effective_to
"""
"""What ended before it began asks for nobody's word."""


def checks() -> list[Check]:
    """One per rule that a query over one town can ask."""
    return [
        Check("I5", "细则成文后内容没有改动", _SEALED),
        Check("I5", "村的细则写明以镇的哪一版为基础", _NAMED),
        Check("I5", "村的细则有通过的会议决议", _RESOLVED),
        Check("I5", "记为通过的决议人数和票数都够", _VOTED),
        Check("I5", "细则没有倒回已审定的月份", _MONTHS),
        Check("I5", "登记用的是生效过的、本村适用的细则", _JUDGED),
        Check("I5", "修订稿须处理的问题都有签署", _SIGNED),
        Check("I5", "报批的修订稿试算过或写明了理由", _TRIED),
        Check("I5", "村的确认与其版本一致", _ASKED),
        Check("approval_rulebook", "没有生效就作废的细则没有还在办的事项", _OVERTAKEN),
    ]
