"""A year's seals: a chain of hashes over its entries (I7)."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import connection

from jifen.kernel import clock
from jifen.kernel.actors import Actor
from scoring.models import Year, YearSeal
from scoring.sql import years as sql


def add(*, year: Year, kind: str, by: Actor) -> YearSeal:
    """Seal what stands now; a closing seal fixes the standings too. The caller holds the year's lock."""
    values: dict[str, Any] = {
        "year": year.pk,
        "number": year.number,
        "kind": kind,
        "day": date(year.number, 12, 31),
        "now": clock.now(),
        "realm": by.realm,
        "actor": by.id,
        "name": by.name,
    }
    with connection.cursor() as cursor:
        cursor.execute(sql.CLOSE if kind == "close" else sql.SEAL, values)
        [pk] = cursor.fetchone() or (0,)
    return YearSeal.objects.get(pk=pk)


def supplement(years: Iterable[Year], by: Actor) -> None:
    """Each of the sealed ``years`` gets a supplement over what other years took that concerns it."""
    for year in years:
        add(year=year, kind="supplement", by=by)
