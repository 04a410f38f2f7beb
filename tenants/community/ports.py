"""What upper rooms hear from the roster."""

from collections.abc import Callable
from datetime import date

from jifen.kernel.actors import Actor
from tenants.community.models import Household, Resident

Rehoused = Callable[[Resident, Household, Household, date, Actor], None]
_rehoused: list[Rehoused] = []


def register_rehoused(listener: Rehoused) -> None:
    """``listener(resident, old, new, day, by)``: she belonged to ``new`` from ``day`` on, not to ``old`` (I9)."""
    if listener not in _rehoused:
        _rehoused.append(listener)


def rehoused(resident: Resident, old: Household, new: Household, day: date, by: Actor) -> None:
    """Told in the transaction in which the roster is put right."""
    for listener in _rehoused:
        listener(resident, old, new, day, by)
