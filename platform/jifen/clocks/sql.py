"""The statements of the dispatcher and of the towns' turns. All tables stand in the public schema."""

DUE = """
WITH due AS (
    SELECT d.id FROM clocks_due d
    WHERE d.state = 'waiting' AND d.due_at <= %(business)s AND d.kind = ANY(%(kinds)s)
        AND (d.town = '' OR EXISTS (SELECT 1 FROM {towns} t WHERE t.schema_name = d.town AND t.state = 'ready'))
    ORDER BY d.due_at, d.id LIMIT %(limit)s FOR UPDATE OF d SKIP LOCKED
)
UPDATE clocks_due d SET state = 'sent', sent_at = %(real)s, lease_until = %(lease)s FROM due WHERE d.id = due.id
RETURNING d.due_at, d.id, d.town, d.kind, d.period
"""

LAPSED = """
WITH due AS (
    SELECT d.id FROM clocks_due d
    WHERE d.state = 'sent' AND d.lease_until < %(real)s AND d.kind = ANY(%(kinds)s)
        AND (d.town = '' OR EXISTS (SELECT 1 FROM {towns} t WHERE t.schema_name = d.town AND t.state = 'ready'))
        AND NOT EXISTS (SELECT 1 FROM clocks_work w WHERE w.due_id = d.id)
    ORDER BY d.due_at, d.id LIMIT %(limit)s FOR UPDATE OF d SKIP LOCKED
)
UPDATE clocks_due d SET sent_at = %(real)s, lease_until = %(lease)s FROM due WHERE d.id = due.id
RETURNING d.due_at, d.id, d.town, d.kind, d.period
"""
"""Sent once, and neither done nor in a backlog any more: the job died, or was put off until now."""

REPLAN = """
UPDATE clocks_due d SET due_at = n.due_at
FROM unnest(%(kinds)s::text[], %(periods)s::text[], %(days)s::timestamptz[]) n (kind, period, due_at)
WHERE d.town = %(town)s AND d.kind = n.kind AND d.period = n.period AND d.state = 'waiting' AND d.due_at <> n.due_at
"""

ALL_REPLAN = """
INSERT INTO clocks_due AS d (town, kind, period, due_at, state, attempts, problem)
SELECT DISTINCT w.town, %(kind)s, '', %(business)s::timestamptz, 'waiting', 0, '' FROM clocks_due w
WHERE w.town <> '' AND w.state = 'waiting' AND w.kind <> %(kind)s
ON CONFLICT (town, kind, period) DO UPDATE
SET state = 'waiting', due_at = excluded.due_at, attempts = 0, problem = '', lease_until = NULL
WHERE d.state IN ('done', 'failed') OR d.state = 'waiting' AND d.due_at > excluded.due_at
"""
"""Each town that has a date to come looks once at all of them. Who has yet to look sees the newest table anyway: a look
in progress holds its row until it ends, and is asked for once more."""

DONE_AHEAD = """
SELECT town, kind, count(*) FROM clocks_due
WHERE town <> '' AND state = 'done' AND finished_at > %(false)s GROUP BY 1, 2 ORDER BY 1, 2
"""

SET_BACK = (
    """
DELETE FROM clocks_due d USING clocks_due p
WHERE d.planned_at > %(false)s AND d.state IN ('waiting', 'done') AND d.kind = ANY(%(again)s)
    AND p.id = d.follows AND p.kind = ANY(%(again)s) AND p.finished_at > %(false)s
""",
    """
UPDATE clocks_due SET state = 'waiting', attempts = 0, problem = '', lease_until = NULL, is_again = true
WHERE state = 'done' AND finished_at > %(false)s AND kind = ANY(%(again)s)
""",
    """
WITH gone AS (
    DELETE FROM clocks_due
    WHERE state = 'waiting' AND planned_at > %(false)s AND NOT is_again AND kind = ANY(%(daily)s)
    RETURNING town, kind, due_at
)
INSERT INTO clocks_due (town, kind, period, due_at, state, attempts, problem, planned_at, is_again)
SELECT DISTINCT ON (town, kind) town, kind, to_char(%(tomorrow)s::date, 'YYYY-MM-DD'),
    (%(tomorrow)s::date + (due_at AT TIME ZONE 'Asia/Shanghai')::time) AT TIME ZONE 'Asia/Shanghai',
    'waiting', 0, '', %(now)s, false
FROM gone ORDER BY town, kind, due_at
ON CONFLICT (town, kind, period) DO NOTHING
""",
    """
UPDATE clocks_due SET due_at = %(now)s, planned_at = %(now)s
WHERE state = 'waiting' AND planned_at > %(false)s AND due_at <= planned_at AND kind <> ALL(%(again)s)
""",
)
"""After the clock was set back, in this order: what jobs planned ahead of their time is planned again by themselves;
they are done again on their day; tomorrow's looks are the true tomorrow's; what was to be done at once is."""

IN_HAND = """
SELECT (SELECT count(*) FROM clocks_work WHERE state = 'fed'), EXISTS (SELECT FROM clocks_work WHERE state = 'waiting')
"""

CHOOSE = """
WITH RECURSIVE waiting (town) AS (
    SELECT min(w.town)::text FROM clocks_work w WHERE w.state = 'waiting'
    UNION ALL
    SELECT (SELECT min(w.town)::text FROM clocks_work w WHERE w.state = 'waiting' AND w.town > t.town)
    FROM waiting t WHERE t.town IS NOT NULL
), platform AS (
    SELECT coalesce((SELECT l.round FROM clocks_lane l WHERE l.town = ''), 0) AS round
), ready AS (
    SELECT t.town, head.id, l.fed_at,
        least(%(quantum)s, coalesce(l.deficit, %(quantum)s) + (p.round - coalesce(l.round, p.round)) * %(quantum)s)
            AS deficit
    FROM waiting t CROSS JOIN platform p
    JOIN {towns} n ON n.schema_name = t.town AND n.state = 'ready'
    LEFT JOIN clocks_lane l ON l.town = t.town
    CROSS JOIN LATERAL (
        SELECT w.id FROM clocks_work w
        WHERE w.state = 'waiting' AND w.town = t.town AND w.ready_at <= %(real)s ORDER BY w.id LIMIT 1
    ) head
    WHERE (SELECT count(*) FROM clocks_work w WHERE w.town = t.town AND w.state IN ('fed', 'running'))
        < coalesce(l.concurrency, %(concurrency)s)
), rounds AS (
    SELECT r.*, CASE WHEN max(deficit) OVER () > 0 THEN 0
        ELSE floor(-max(deficit) OVER () / %(quantum)s)::bigint + 1 END AS more
    FROM ready r
)
SELECT r.town, r.id, least(%(quantum)s, r.deficit + r.more * %(quantum)s), r.more
FROM rounds r WHERE r.deficit + r.more * %(quantum)s > 0
ORDER BY r.fed_at NULLS FIRST, r.id LIMIT %(room)s
"""
"""The towns whose turn it is, with their oldest piece of work. Those that waited longest since their last turn go
first, so that a town that wakes up does not stand behind a whole round; those that used up their seconds wait until
nobody else has any, and then ``more`` rounds begin."""

ROUND = """
INSERT INTO clocks_lane (town, deficit, round) VALUES ('', 0, %(more)s)
ON CONFLICT (town) DO UPDATE SET round = clocks_lane.round + excluded.round
"""

TAKE = """
INSERT INTO clocks_lane AS l (town, deficit, round, fed_at)
SELECT c.town, c.deficit, coalesce((SELECT p.round FROM clocks_lane p WHERE p.town = ''), 0), %(real)s
FROM unnest(%(towns)s::text[], %(deficits)s::float[]) c (town, deficit)
ON CONFLICT (town) DO UPDATE SET deficit = excluded.deficit, round = excluded.round, fed_at = excluded.fed_at
"""

FEED = """
UPDATE clocks_work SET state = 'fed', ticket = ticket + 1,
    until = %(real)s + least(%(lease)s * 2 ^ least(ticket, 10), %(longest)s) * interval '1 second'
WHERE id = ANY(%(ids)s) RETURNING id, town, task, args::text, ticket
"""

START = """
UPDATE clocks_work SET state = 'running', started_at = %(real)s, until = %(until)s, attempts = attempts + 1
WHERE id = %(id)s AND ticket = %(ticket)s AND state = 'fed' RETURNING attempts, due_id IS NOT NULL
"""

HOLD = "SELECT pg_advisory_lock(%(space)s, %(key)s)"

LET_GO = "SELECT pg_advisory_unlock(%(space)s, %(key)s)"

CHARGE = """
INSERT INTO clocks_lane AS l (town, deficit, round)
VALUES (%(town)s, -(%(seconds)s), coalesce((SELECT p.round FROM clocks_lane p WHERE p.town = ''), 0))
ON CONFLICT (town) DO UPDATE SET deficit = l.deficit - %(seconds)s
"""

DONE = f"WITH done AS (DELETE FROM clocks_work WHERE id = %(id)s) {CHARGE}"

GIVE_BACK = """
WITH silent AS MATERIALIZED (
    SELECT id, state FROM clocks_work WHERE state IN ('fed', 'running') AND until < %(real)s
)
UPDATE clocks_work w SET state = 'waiting', until = NULL FROM silent s
WHERE w.id = s.id AND w.state = s.state
    AND (s.state = 'fed' OR pg_try_advisory_xact_lock(%(space)s, (s.id %% 2147483647)::int))
RETURNING w.id
"""
"""What was fed and never started, and what was started by somebody who is gone: the lock went with the session."""
