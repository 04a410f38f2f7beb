"""What the outbox tells the district: each kind of message is added up in one statement for a whole batch (I15)."""

import json
from collections.abc import Sequence

from django.db import connection

from jifen.outbox.models import Message

_LEDGER = """
INSERT INTO district_ledgerfigure AS f
    (town, village_id, year, month, measure, cause, entries, positive, negative)
SELECT m.town, m.village_id, m.year, m.month, m.measure, m.cause, sum(m.entries), sum(m.positive), sum(m.negative)
FROM jsonb_to_recordset(%s::jsonb) AS m (town text, village_id bigint, year int, month int, measure text, cause text,
                                         entries bigint, positive numeric, negative numeric)
GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6
ON CONFLICT (town, village_id, year, month, measure, cause) DO UPDATE SET
    entries = f.entries + EXCLUDED.entries,
    positive = f.positive + EXCLUDED.positive,
    negative = f.negative + EXCLUDED.negative"""

_VILLAGE = """
INSERT INTO district_villagefigure AS f
    (town, village_id, name, households, joined, residents, star_households, star_joined, party_households,
     party_joined, message_id)
SELECT DISTINCT ON (m.town, m.village_id)
    m.town, m.village_id, m.name, coalesce(m.households, 0), coalesce(m.joined, 0), coalesce(m.residents, 0),
    coalesce(m.star_households, 0), coalesce(m.star_joined, 0), coalesce(m.party_households, 0),
    coalesce(m.party_joined, 0), m.message_id
FROM jsonb_to_recordset(%s::jsonb) AS m (town text, village_id bigint, name text, households int, joined int,
    residents int, star_households int, star_joined int, party_households int, party_joined int, message_id bigint)
ORDER BY m.town, m.village_id, m.message_id DESC
ON CONFLICT (town, village_id) DO UPDATE SET
    name = EXCLUDED.name, households = EXCLUDED.households, joined = EXCLUDED.joined, residents = EXCLUDED.residents,
    star_households = EXCLUDED.star_households, star_joined = EXCLUDED.star_joined,
    party_households = EXCLUDED.party_households, party_joined = EXCLUDED.party_joined,
    message_id = EXCLUDED.message_id
WHERE f.message_id < EXCLUDED.message_id"""

_DELTA = """
INSERT INTO district_yearfigure AS f (town, village_id, year, key, value)
SELECT m.town, m.village_id, m.year, m.key, sum(m.value)
FROM jsonb_to_recordset(%s::jsonb) AS m (town text, village_id bigint, year int, key text, value numeric)
GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
ON CONFLICT (town, village_id, year, key) DO UPDATE SET value = f.value + EXCLUDED.value"""


def add_ledger(messages: Sequence[Message]) -> None:
    """``ledger``: sums of entries per village, month, measure and cause."""
    _run(_LEDGER, messages)


def replace_village(messages: Sequence[Message]) -> None:
    """``village``: how a village stands now; an older message never overwrites a newer one."""
    _run(_VILLAGE, messages)


def add_delta(messages: Sequence[Message]) -> None:
    """``delta``: a counter of one village and year goes up (or down)."""
    _run(_DELTA, messages)


def _run(sql: str, messages: Sequence[Message]) -> None:
    rows = [{**message.payload, "town": message.town, "message_id": message.pk} for message in messages]
    with connection.cursor() as cursor:
        cursor.execute(sql, [json.dumps(rows)])
