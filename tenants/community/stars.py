"""星级: as the roster has it, less what deeds took of it while that is in force.

Who knows of deeds registers the answer when its app is ready; the roster's own figure is never changed by a deed.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from tenants.community.models import Household


class Lowered(NamedTuple):
    """How many stars deeds took of a household, and the last day of that; None while no end is known."""

    stars: int
    until: date | None


@dataclass(frozen=True, slots=True)
class Star:
    rated: int
    lowered: Lowered | None = None

    @property
    def level(self) -> int:
        """The stars that count."""
        return max(self.rated - (self.lowered.stars if self.lowered else 0), 0)

    @property
    def words(self) -> str:
        """3星（评为5星，按细则降2星，到2026年12月31日）; empty for a household without stars."""
        if not self.rated:
            return ""
        if self.lowered is None:
            return f"{self.rated}星"
        end = self.lowered.until
        until = f"，到{end.year}年{end.month}月{end.day}日" if end else ""
        now = f"{self.level}星" if self.level else "没有星级"
        return f"{now}（评为{self.rated}星，按细则降{self.lowered.stars}星{until}）"


Source = Callable[[Collection[int], date], Mapping[int, Lowered]]
_sources: list[Source] = []


def register(source: Source) -> None:
    """``source`` tells what deeds took, by household (id), on a day."""
    if source not in _sources:
        _sources.append(source)


def fallen(villages: Collection[int], day: date) -> list[int]:
    """Households (ids) of ``villages`` (ids) that the roster has with stars and that have none left on ``day``."""
    rated = Household.objects.filter(village__in=villages, stars__gt=0).only("stars")
    return [pk for pk, star in of(rated, day).items() if not star.level]


def of(households: Iterable[Household], day: date) -> dict[int, Star]:
    """The stars of ``households`` on ``day``, by id."""
    rows = list(households)
    starred = [row.pk for row in rows if row.stars]
    lowered: dict[int, Lowered] = {}
    for source in _sources if starred else ():
        lowered |= source(starred, day)
    return {row.pk: Star(row.stars, lowered.get(row.pk)) for row in rows}
