"""Marks as they arrive, late ones and doubles among them."""

from collections.abc import Mapping
from typing import Any

from psycopg.types.json import Jsonb


def json(value: Mapping[str, Any]) -> Jsonb:
    return Jsonb(dict(value))


MARK = """
INSERT INTO scoring_inspectionmark (inspection_id, household_id, rule_id, tier, scores, total, note, made_at,
    received_at, actor_realm, actor_id, actor_name)
VALUES (%(inspection)s, %(household)s, %(rule)s, %(tier)s, %(scores)s, %(total)s, %(note)s, %(made_at)s, %(now)s,
    %(realm)s, %(actor)s, %(name)s)
ON CONFLICT (inspection_id, household_id) DO UPDATE SET
    (rule_id, tier, scores, total, note, made_at, received_at, actor_realm, actor_id, actor_name) =
    (EXCLUDED.rule_id, EXCLUDED.tier, EXCLUDED.scores, EXCLUDED.total, EXCLUDED.note, EXCLUDED.made_at,
    EXCLUDED.received_at, EXCLUDED.actor_realm, EXCLUDED.actor_id, EXCLUDED.actor_name)
WHERE EXCLUDED.made_at > scoring_inspectionmark.made_at
"""
