"""What the archived passbooks of a sealed year say, and how far their making is."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Count, QuerySet

from scoring.models import YearSeal, YearVolume
from scoring.sql import volumes as sql


@dataclass(frozen=True, slots=True)
class Line:
    day: date
    title: str
    merit: Decimal
    redeemable: Decimal


@dataclass(frozen=True, slots=True)
class Book:
    """A household's page: its sealed standing, what expired, every posting in its order."""

    household_id: int
    number: str
    head: str
    group: str
    positive: Decimal
    negative: Decimal
    net: Decimal
    village_rank: int
    town_rank: int
    expired: Decimal
    lines: list[Line]


def volume(pk: int) -> YearVolume | None:
    return YearVolume.objects.select_related("seal__year", "village", "file").filter(pk=pk).first()


def of(seal: YearSeal) -> QuerySet[YearVolume]:
    """The seal's volumes by village."""
    return seal.volumes.select_related("village", "file").order_by("village__code", "number")


def progress(seal: YearSeal) -> tuple[int, int]:
    """(volumes that are archived, volumes)."""
    found = seal.volumes.aggregate(done=Count("file"), total=Count("pk"))
    return found["done"], found["total"]


def books(volume: YearVolume) -> list[Book]:
    """The volume's pages, by household number; two queries however many there are."""
    values: dict[str, Any] = {"seal": volume.seal_id, "year": volume.seal.year_id, "village": volume.village_id}
    values |= {"first": volume.first, "last": volume.last}
    lines: defaultdict[int, list[Line]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(sql.LINES, values)
        for household, *line in cursor.fetchall():
            lines[household].append(Line(*line))
        cursor.execute(sql.BOOKS, values)
        return [Book(*(*row, lines[row[0]])) for row in cursor.fetchall()]
