"""Whom a notice may name: adults who agreed, masked (DESIGN §9)."""

from collections.abc import Collection
from datetime import date
from typing import Any

from reporting.figures import Names
from reporting.snapshots import Json
from tenants.community.models import Household
from tenants.community.selectors import public_names


def on(day: date, households: Collection[int], residents: Collection[int] = ()) -> Names:
    """The masked names that may be shown on ``day``: a household is named by its head."""
    heads = dict(Household.objects.filter(pk__in=households, head__isnull=False).values_list("pk", "head_id"))
    agreed = public_names(day, {*heads.values(), *residents})
    return Names(
        households={household: agreed[head] for household, head in heads.items() if head in agreed},
        residents={resident: agreed[resident] for resident in residents if resident in agreed},
    )


def as_of(snapshot: Json, day: date) -> Json:
    """``snapshot`` for display on ``day``: whoever has withdrawn consent since is shown by number.

    Never shows more than was published; the sealed copy stays as it is (I8).
    """
    named = [row for row in _rows(snapshot) if row["name"]]
    allowed = on(
        day,
        {row["household"] for row in named if row.get("resident") is None},
        {row["resident"] for row in named if row.get("resident") is not None},
    )
    shown: Json = _masked(snapshot, allowed)
    return shown


def _rows(value: Any) -> list[Json]:
    """Every row that stands for a household or a person."""
    if isinstance(value, list):
        return [row for part in value for row in _rows(part)]
    if not isinstance(value, dict):
        return []
    return [value] if "household" in value else [row for part in value.values() for row in _rows(part)]


def _masked(value: Any, allowed: Names) -> Any:
    if isinstance(value, list):
        return [_masked(part, allowed) for part in value]
    if not isinstance(value, dict):
        return value
    if "household" not in value:
        return {key: _masked(part, allowed) for key, part in value.items()}
    kept = value["name"] and allowed.of(value["household"], value.get("resident"))
    return {**value, "name": value["name"] if kept else ""}
