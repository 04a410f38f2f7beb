"""Whether the audit trail is whole."""

from datetime import timedelta

from django.db import connection
from django.utils import timezone

from jifen.audit import sql

GRACE = timedelta(seconds=60)
"""A row older than this must be sealed (DESIGN §9)."""


def problems() -> list[str]:
    """What is wrong with the trail of the schema being served, in Chinese; empty when nothing is."""
    return [*_unsealed(), *(f"第 {number} 号封存与审计记录对不上，记录可能被改动过" for number in broken_seals())]


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


def _unsealed() -> list[str]:
    count = unsealed_count()
    return [f"有 {count} 条审计记录超过 60 秒没有封存"] if count else []
