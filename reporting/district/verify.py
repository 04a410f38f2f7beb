"""I15: the district's figures plus what still lies in the outbox are the sums of the towns' ledgers."""

from django.db import connection, transaction

from jifen.kernel.checks import Check
from tenants.models import Town, TownState

KEY = "town, village_id, year, month, measure, cause"

_TOWN = """
SELECT '{schema}' AS town, h.village_id, y.number AS year, e.month, e.measure, e.cause, count(*) AS entries,
       sum(e.amount) AS net
FROM "{schema}".scoring_entry e
JOIN "{schema}".scoring_year y ON y.id = e.year_id
JOIN "{schema}".community_household h ON h.id = e.household_id
GROUP BY h.village_id, y.number, e.month, e.measure, e.cause"""

_TOLD = """
SELECT town, village_id, year, month, measure, cause, entries, positive - negative AS net FROM district_ledgerfigure
WHERE town = ANY(%(towns)s)
UNION ALL
SELECT town, (payload->>'village_id')::bigint, (payload->>'year')::int, (payload->>'month')::int,
       payload->>'measure', payload->>'cause', (payload->>'entries')::bigint,
       (payload->>'positive')::numeric - (payload->>'negative')::numeric
FROM outbox_message WHERE kind = 'ledger' AND town = ANY(%(towns)s)"""

_DIFFERENT = """
WITH ledger AS ({ledger}), told AS ({told}), added AS (
    SELECT {key}, sum(entries) AS entries, sum(net) AS net FROM told GROUP BY {key}
)
SELECT count(*) FROM ledger l FULL JOIN added a USING ({key})
WHERE coalesce(l.entries, 0) <> coalesce(a.entries, 0) OR coalesce(l.net, 0) <> coalesce(a.net, 0)"""


def checks() -> list[Check]:
    """Run once, in the public schema."""
    return [Check("I15", "区级数据加未汇总消息等于各镇台账之和", run=differences)]


def differences() -> int:
    """How many sums differ, all ready towns read in one snapshot: a single statement, so one snapshot by itself."""
    with transaction.atomic():
        towns = list(Town.objects.filter(state=TownState.READY).values_list("schema_name", flat=True))
        if not towns:
            return 0
        with connection.cursor() as cursor:
            cursor.execute(_statement(towns), {"towns": towns})
            [count] = cursor.fetchone() or (0,)
    return int(count)


def _statement(towns: list[str]) -> str:
    """Schema names are ours and checked by the database (``^t_[a-z0-9_]{2,40}$``)."""
    ledger = " UNION ALL ".join(_TOWN.format(schema=schema) for schema in towns)
    return _DIFFERENT.format(ledger=ledger, told=_TOLD, key=KEY)
