"""What upper rooms hear from the roster, and what it asks of them."""

from collections.abc import Callable
from datetime import date

from jifen.kernel.actors import Actor
from tenants.community.models import Household, Resident

Rehoused = Callable[[Resident, Household, Household, date, Actor], None]
_rehoused: list[Rehoused] = []
Related = Callable[[Resident, Resident, Actor], None]
_related: list[Related] = []
SealedSince = Callable[[date], int | None]
_sealed: list[SealedSince] = []


def register_rehoused(listener: Rehoused) -> None:
    """``listener(resident, old, new, day, by)``: she belonged to ``new`` from ``day`` on, not to ``old`` (I9)."""
    if listener not in _rehoused:
        _rehoused.append(listener)


def rehoused(resident: Resident, old: Household, new: Household, day: date, by: Actor) -> None:
    """Told in the transaction in which the roster is put right."""
    for listener in _rehoused:
        listener(resident, old, new, day, by)


def register_related(listener: Related) -> None:
    """``listener(resident, other, by)``: they are declared relatives from now on (I11)."""
    if listener not in _related:
        _related.append(listener)


def related(resident: Resident, other: Resident, by: Actor) -> None:
    """Told in the transaction in which the relation is declared."""
    for listener in _related:
        listener(resident, other, by)


def register_sealed(source: SealedSince) -> None:
    """``source(day)``: the first sealed year that holds the day or comes after it; none is sealed meanwhile."""
    if source not in _sealed:
        _sealed.append(source)


def sealed_since(day: date) -> int | None:
    """The year that would be concerned by a change of who belonged to what from ``day`` on."""
    return next((year for source in _sealed if (year := source(day)) is not None), None)
