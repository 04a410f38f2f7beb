-- What was on its way keeps its place: the steps before it have passed, the words said there stay said. Who has work is
-- found when somebody next looks.
INSERT INTO approvals_activation (flow_id, subject_kind, running, moved, at, actor_realm, actor_id, actor_name)
SELECT DISTINCT ON (subject_kind) id, subject_kind, 'finish', 0, active_from, actor_realm, actor_id, actor_name
FROM approvals_flow ORDER BY subject_kind, version DESC;

INSERT INTO approvals_stage (item_id, key, name, run, state, is_blocked, opened_at, closed_at, overdue)
SELECT i.id, f.steps -> n.step ->> 'name', f.steps -> n.step ->> 'name', 1,
    CASE WHEN n.step < i.step OR i.state = 'approved' THEN 'passed'
        WHEN i.state = 'open' THEN 'active' WHEN i.state = 'rejected' THEN 'refused' ELSE 'left' END,
    i.state = 'open' AND n.step = i.step, i.started_at,
    CASE WHEN n.step < i.step OR i.state <> 'open' THEN coalesce(i.finished_at, i.started_at) END, 0
FROM approvals_item i JOIN approvals_flow f ON f.id = i.flow_id CROSS JOIN LATERAL generate_series(0, i.step) AS n (step);

INSERT INTO approvals_assignment (stage_id, user_id, holder_id, origin, state, verdict, seat, rank, weight, part, given_at,
    done_at)
SELECT s.id, d.actor_id, d.actor_id, 'rule', 'done', d.verdict,
    row_number() OVER (PARTITION BY s.id ORDER BY d.id) - 1, 0, 1, 0, i.started_at, d.decided_at
FROM approvals_decision d
JOIN approvals_item i ON i.id = d.item_id
JOIN approvals_flow f ON f.id = i.flow_id
JOIN approvals_stage s ON s.item_id = i.id AND s.key = f.steps -> d.step::int ->> 'name'
JOIN accounts_user u ON u.id = d.actor_id;

INSERT INTO approvals_word (item_id, stage_id, kind, speaker_id, text, data, at, actor_realm, actor_id, actor_name)
SELECT d.item_id, s.id, d.verdict, d.actor_id, d.reason, '{}', d.decided_at, d.actor_realm, d.actor_id, d.actor_name
FROM approvals_decision d
JOIN approvals_item i ON i.id = d.item_id
JOIN approvals_flow f ON f.id = i.flow_id
JOIN approvals_stage s ON s.item_id = i.id AND s.key = f.steps -> d.step::int ->> 'name';

SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
