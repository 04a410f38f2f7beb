"""Whether the audit trail is whole, and which schemas wait for a seal."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from django.db import connection
from django.utils import timezone

from jifen.audit import sql

GRACE = timedelta(seconds=60)
"""A row older than this must be sealed (DESIGN §9)."""

LATE_WINDOW = timedelta(hours=1)
TOWNS_AT_ONCE = 200


def problems() -> list[str]:
    """What is wrong with the trail of the schema being served, in Chinese; empty when nothing is."""
    return [*_unsealed(), *(f"第 {number} 号封存与审计记录对不上,记录可能被改动过" for number in broken_seals())]


def broken_seals() -> list[int]:
    """Ids of seals that cannot be recomputed from their rows and the seal before; one statement over the chain."""
    with connection.cursor() as cursor:
        cursor.execute(sql.BROKEN)
        return [number for [number] in cursor.fetchall()]


def unsealed_count() -> int:
    """How many rows older than ``GRACE`` have no seal."""
    with connection.cursor() as cursor:
        cursor.execute(sql.UNSEALED, {"before": timezone.now() - GRACE})
        [count] = cursor.fetchone() or (0,)
    return int(count)


def schemas_to_seal(schemas: Sequence[str], *, late: bool = False) -> list[str]:
    """Which of ``schemas`` have rows to seal: newer ones, or with ``late`` any of the last hour."""
    probe, values = (sql.LATE, {"since": timezone.now() - LATE_WINDOW}) if late else (sql.NEWER, {})
    found: list[str] = []
    with connection.cursor() as cursor:
        for some in _slices(schemas):
            cursor.execute(" UNION ALL ".join(probe.format(town=schema) for schema in some), values)
            found.extend(schema for [schema] in cursor.fetchall())
    return found


def _unsealed() -> list[str]:
    count = unsealed_count()
    return [f"有 {count} 条审计记录超过 60 秒没有封存"] if count else []


def _slices(schemas: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(schemas), TOWNS_AT_ONCE):
        yield schemas[start : start + TOWNS_AT_ONCE]
