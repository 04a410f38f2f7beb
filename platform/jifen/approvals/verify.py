"""What must always be true of items on their way, as queries that count breaches."""

from jifen.kernel.checks import Check

_LOST = """
SELECT count(*) FROM approvals_item i WHERE i.state = 'open'
    AND NOT EXISTS (SELECT FROM approvals_stage s WHERE s.item_id = i.id AND s.state = 'active')
"""

_UNOWNED = """
SELECT count(*) FROM approvals_stage s JOIN approvals_item i ON i.id = s.item_id
WHERE s.state = 'active' AND NOT s.is_blocked AND NOT EXISTS (
    SELECT FROM approvals_assignment a WHERE a.stage_id = s.id
        AND (a.state IN ('active', 'claimed') OR i.state = 'suspended' AND a.state = 'done'))
"""
"""What rests may have been decided when somebody still to speak stood back: it goes on when it wakes."""

_LEFT_OPEN = """
SELECT (SELECT count(*) FROM approvals_stage s JOIN approvals_item i ON i.id = s.item_id
        WHERE s.state = 'active' AND i.state NOT IN ('open', 'suspended'))
    + (SELECT count(*) FROM approvals_assignment a JOIN approvals_stage s ON s.id = a.stage_id
        WHERE a.state IN ('waiting', 'active', 'claimed') AND s.state <> 'active')
"""

_UNHEARD = """
SELECT count(*) FROM approvals_assignment a JOIN approvals_stage s ON s.id = a.stage_id
WHERE a.state = 'done' AND NOT EXISTS (
    SELECT FROM approvals_word w WHERE w.item_id = s.item_id AND w.stage_id = s.id AND w.speaker_id = a.user_id
        AND w.kind IN ('approve', 'reject', 'skip'))
"""

_UNDECIDED = """
SELECT count(*) FROM approvals_item i
WHERE i.state = 'approved' AND EXISTS (SELECT FROM approvals_stage s WHERE s.item_id = i.id AND s.state = 'refused')
    OR i.state = 'rejected'
    AND (SELECT count(*) FROM approvals_stage s WHERE s.item_id = i.id AND s.state = 'refused') <> 1
"""

_VERSIONS = """
SELECT (SELECT count(*) FROM approvals_activation a JOIN approvals_flow f ON f.id = a.flow_id
        WHERE f.subject_kind <> a.subject_kind)
    + (SELECT count(*) FROM approvals_item i JOIN approvals_flow f ON f.id = i.flow_id
        WHERE f.subject_kind <> i.subject_kind)
"""

_MOVED = """
SELECT count(*) FROM approvals_word w JOIN approvals_item i ON i.id = w.item_id
WHERE w.kind = 'move' AND (w.data ->> 'state' NOT IN ('open', 'returned')
    OR w.data ->> 'state' = 'open' AND w.data -> 'steps' = '[]'
    OR w.data -> 'state' IS NULL AND i.state IN ('approved', 'rejected') AND i.finished_at < w.at + interval '1 second'
        AND NOT EXISTS (SELECT FROM approvals_word l WHERE l.item_id = i.id AND l.id > w.id))
"""

_ENTERED = """
SELECT count(*) FROM approvals_word w
WHERE w.kind IN ('approve', 'reject') AND w.data ? 'scan' AND w.actor_realm = current_schema() AND EXISTS (
    SELECT FROM approvals_assignment a JOIN approvals_stage s ON s.id = a.stage_id
    WHERE s.item_id = w.item_id AND a.user_id = w.actor_id AND a.state = 'recused' AND a.given_at <= w.at)
"""


def checks() -> list[Check]:
    return [
        Check("approval_lost", "在办事项都停在某一步", _LOST),
        Check("approval_unowned", "每一步都有办理人，或标明没有办理人", _UNOWNED),
        Check("approval_left_open", "办结的事项没有留下待办", _LEFT_OPEN),
        Check("approval_unheard", "每个表态都有记录", _UNHEARD),
        Check("approval_undecided", "办结的结果与表态一致", _UNDECIDED),
        Check("approval_moved", "没有事项因为转到新流程而办结", _MOVED),
        Check("approval_entered", "回避的人没有替别人录入签字", _ENTERED),
        Check("approval_versions", "事项和流程版本属于同一类", _VERSIONS),
    ]
