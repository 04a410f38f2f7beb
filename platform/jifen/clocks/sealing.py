"""Sealing the audit trails of the public schema and of every served town, by what is new in them.

A trail's trigger tells the public schema its new rows in the transaction that writes them: one that commits late is
told late, and sealed then. What was told is forgotten in the transaction that seals it.
"""

from django.db import connection, transaction
from django_tenants.utils import get_tenant_model

from jifen.audit import services as audit
from jifen.kernel.tenancy import PUBLIC, entered, outside

BATCH = 10_000

WAITING = """
SELECT DISTINCT u.town FROM outbox_unsealed u
WHERE u.town = %(public)s OR EXISTS (SELECT FROM {towns} t WHERE t.schema_name = u.town AND t.state = 'ready')
ORDER BY 1
"""

TAKE = """
DELETE FROM public.outbox_unsealed WHERE id IN (
    SELECT id FROM public.outbox_unsealed WHERE town = %(town)s ORDER BY id LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
RETURNING row_ids
"""


def seal_new() -> int:
    """Seal what has been told; returns how many rows."""
    return sum(_seal_one(schema) for schema in waiting())


def waiting() -> list[str]:
    """Schemas with rows that no seal holds yet, of those that are served."""
    with outside(), connection.cursor() as cursor:
        cursor.execute(WAITING.format(towns=get_tenant_model()._meta.db_table), {"public": PUBLIC})
        return [schema for (schema,) in cursor.fetchall()]


def _seal_one(schema: str) -> int:
    total = 0
    with entered(schema):
        while taken := _take(schema):
            total += taken[1]
            if taken[0] < BATCH:
                break
    return total


@transaction.atomic
def _take(schema: str) -> tuple[int, int]:
    """(how much was told, how many rows were sealed)."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE, {"town": schema, "limit": BATCH})
        told = [ids for (ids,) in cursor.fetchall()]
    if not told:
        return 0, 0
    rows = None if None in told else [one for ids in told for one in ids]
    return len(told), _sealed(rows)


def _sealed(rows: list[int] | None) -> int:
    total = 0
    while sealed := audit.seal(limit=BATCH, rows=rows):
        total += sealed
        if sealed < BATCH:
            break
    return total
