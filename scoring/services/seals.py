"""A year's seals: a chain of hashes over its entries (I7)."""

from typing import Any

from django.db import connection

from jifen.kernel import clock
from jifen.kernel.actors import Actor
from scoring.models import Year, YearSeal
from scoring.sql import years as sql


def add(*, year: Year, kind: str, by: Actor) -> YearSeal:
    """Seal what stands now; the caller holds the year's lock."""
    values: dict[str, Any] = {
        "year": year.pk,
        "number": year.number,
        "kind": kind,
        "now": clock.now(),
        "realm": by.realm,
        "actor": by.id,
        "name": by.name,
    }
    with connection.cursor() as cursor:
        cursor.execute(sql.SEAL, values)
        [pk] = cursor.fetchone() or (0,)
    return YearSeal.objects.get(pk=pk)
