"""余额的上下限: where a rulebook bounds balances, what a deed moves stops at the bound, and the entry says so.

Deeds under such a rulebook are reckoned one by one (``reckoning.is_apart``), so that each finds the balance that the
ones before it left; the caller holds the village. What concerns a sealed year is not bounded: that balance is closed.
"""

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from scoring.models import Measure, Year, YearState
from scoring.rules.balances import moved
from scoring.rules.spec import Settings
from scoring.rules.spec_settings import Balance
from scoring.sql import bounds as sql

ZERO = Decimal("0.00")
LONGEST = 400
Key = tuple[int, int, str]
Lines = dict[str, list[Any]]
_LINE = ("deeds", "measures", "amounts", "households", "residents", "shares", "classes")


def are_in(settings: Settings) -> bool:
    """Whether ``settings`` bound a balance."""
    return any(_is_bounded(one) for one in (settings.merit, settings.redeemable))


def apply(values: Lines, told: Mapping[int, tuple[date, Settings]]) -> None:
    """Cut the reckoned lines in ``values`` at the bounds; ``told``: by declaration, its day and its book's settings.

    What is kept back is told in the deed's explanation.
    """
    rows = [dict(zip(_LINE, row, strict=True)) for row in zip(*(values[f"line_{name}"] for name in _LINE), strict=True)]
    bounded = [row for row in rows if are_in(told[row["deeds"]][1])]
    if not bounded:
        return
    years = _open_years({told[row["deeds"]][0].year for row in bounded})
    standing = _standing({row["households"] for row in bounded}, years)
    why: dict[int, list[str]] = {}
    for row in bounded:
        day, settings = told[row["deeds"]]
        if day.year in years:
            _cut(row, settings, standing, (row["households"], day.year, row["measures"]), why)
    kept = [row for row in rows if row["amounts"]]
    for name in _LINE:
        values[f"line_{name}"] = [row[name] for row in kept]
    _retell(values, why)


def _cut(
    row: dict[str, Any], settings: Settings, standing: dict[Key, Decimal], key: Key, why: dict[int, list[str]]
) -> None:
    is_merit = row["measures"] == Measure.MERIT
    found = moved(standing.get(key, ZERO), row["amounts"], settings.merit if is_merit else settings.redeemable)
    standing[key] = standing.get(key, ZERO) + found.points
    if found.kept_back:
        row["amounts"] = found.points
        why.setdefault(row["deeds"], []).append(found.why if is_merit else f"可兑换{found.why}")


def _retell(values: Lines, why: Mapping[int, list[str]]) -> None:
    for place, deed in enumerate(values["reckoned"]):
        if deed in why:
            values["told"][place] = "；".join([values["told"][place], *why[deed]])[:LONGEST]


def _is_bounded(bounds: Balance) -> bool:
    return bounds.ceiling is not None or bounds.lowest is not None


def _open_years(numbers: Collection[int]) -> set[int]:
    rows = Year.objects.filter(number__in=numbers).exclude(state=YearState.SEALED)
    return set(rows.values_list("number", flat=True))


def _standing(households: Collection[int], years: Collection[int]) -> dict[Key, Decimal]:
    values: dict[str, Any] = {"households": sorted(households), "years": sorted(years)}
    with connection.cursor() as cursor:
        cursor.execute(sql.LOCK, values)
        cursor.execute(sql.STANDING, values)
        return {(household, year, measure): amount for household, year, measure, amount in cursor.fetchall()}
