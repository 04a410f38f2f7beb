"""A closed sheet bears the signatures that its flow asks for."""

from collections.abc import Iterator

from django.db import connection

from jifen.approvals import quorum
from jifen.approvals.models import Flow
from jifen.kernel.checks import Check

FIRST = 5

_SIGNED = """
SELECT r.flow_id, v.name || to_char(r.month, 'YYYY"年"FMMM"月"'), count(seat.id),
    count(seat.id) FILTER (WHERE seat.signed)
FROM scoring_review r
JOIN community_village v ON v.id = r.village_id
LEFT JOIN LATERAL (
    SELECT vr.id, found.signed FROM community_villagerole vr
    LEFT JOIN scoring_reviewseat s ON s.review_id = r.id AND s.role_id = vr.id
    LEFT JOIN scoring_meeting m ON m.review_id = r.id AND m.paper_id IS NOT NULL
    LEFT JOIN scoring_meetingseat a ON a.meeting_id = m.id AND a.role_id = vr.id
    CROSS JOIN LATERAL (
        SELECT s.id IS NOT NULL OR coalesce(a.presence <> 'absent', false) AS signed,
            (r.decided_at AT TIME ZONE 'Asia/Shanghai')::date AS day) found
    WHERE vr.village_id = r.village_id AND vr.role = 'committee' AND (found.signed
        OR (vr.from_date < found.day AND (vr.to_date IS NULL OR vr.to_date > found.day)))
) seat ON true
WHERE r.state IN ('decided', 'settled', 'posted')
GROUP BY r.id, r.flow_id, v.name
ORDER BY r.id
"""
"""(flow, sheet, seats, signed) of every closed sheet: who sat on a seat before the day it was closed, and who signed;
with the scan of the signed paper everybody who was there has signed."""


def checks() -> list[Check]:
    return [Check("I5", "审定的审核表签字够法定人数", run=lambda: sum(1 for _ in _short()), told=_told)]


def _told() -> list[str]:
    return [f"{sheet}：{signed}席签字，须{needed}席" for sheet, signed, needed in list(_short())[:FIRST]]


def _short() -> Iterator[tuple[str, int, int]]:
    """(sheet, signed, needed) of those that fall short."""
    flows = Flow.objects.in_bulk()
    with connection.cursor() as cursor:
        cursor.execute(_SIGNED)
        rows = cursor.fetchall()
    known: dict[tuple[int, int], int] = {}
    for flow, sheet, seats, signed in rows:
        if (flow, seats) not in known:
            known[flow, seats] = quorum.needed(flows[flow], seats)
        if signed < known[flow, seats]:
            yield sheet, signed, known[flow, seats]
