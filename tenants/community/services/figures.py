"""What the district is told about a village whenever its people, its households, their joining or stars change. No
names."""

import json
from collections.abc import Iterable
from typing import Any

from django.db import connection

from jifen.kernel import clock
from jifen.outbox import services as outbox
from tenants.community import stars

_FIGURES = """
WITH joined AS (
    SELECT household_id FROM community_application
    WHERE state IN ('joined', 'left') AND joined_on <= %(day)s AND (left_on IS NULL OR left_on > %(day)s)
), rows AS (
    SELECT h.village_id, h.stars > 0 AND h.id <> ALL(%(fallen)s) AS starred, h.is_party,
        j.household_id IS NOT NULL AS joined, (
        SELECT count(*) FROM community_householdmember m
        WHERE m.household_id = h.id AND m.from_date <= %(day)s AND (m.to_date IS NULL OR m.to_date > %(day)s)) AS people
    FROM community_household h LEFT JOIN joined j ON j.household_id = h.id WHERE h.village_id = ANY(%(villages)s)
)
SELECT jsonb_build_object('village_id', v.id, 'name', v.name,
    'households', coalesce((SELECT t.total FROM community_householdtotal t
        WHERE t.village_id = v.id AND t.as_of <= %(day)s ORDER BY t.as_of DESC LIMIT 1), 0),
    'joined', count(*) FILTER (WHERE r.joined), 'residents', coalesce(sum(r.people), 0),
    'star_households', count(*) FILTER (WHERE r.starred), 'star_joined', count(*) FILTER (WHERE r.starred AND r.joined),
    'party_households', count(*) FILTER (WHERE r.is_party),
    'party_joined', count(*) FILTER (WHERE r.is_party AND r.joined))
FROM community_village v LEFT JOIN rows r ON r.village_id = v.id
WHERE v.id = ANY(%(villages)s) GROUP BY v.id ORDER BY v.id
"""


def tell(village_ids: Iterable[int]) -> None:
    """One ``village`` message for each village, in the current transaction, with its figures of today."""
    ids, day = sorted(set(village_ids)), clock.today()
    values: dict[str, Any] = {"day": day, "villages": ids, "fallen": stars.fallen(ids, day)}
    with connection.cursor() as cursor:
        cursor.execute(_FIGURES, values)
        payloads = [json.loads(payload) for (payload,) in cursor.fetchall()]
    for payload in payloads:
        outbox.tell(kind="village", payload=payload)
