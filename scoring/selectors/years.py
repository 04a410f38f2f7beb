"""The points year."""

from datetime import date

from scoring.errors import NoOpenYear, YearNotOpen
from scoring.models import Year, YearSeal, YearState
from scoring.selectors.reviews import unposted_reviews
from scoring.year_errors import LOOK

__all__ = ["close_day_chosen", "closing_seal", "current_year", "is_to_be_closed", "unposted_reviews", "year", "years"]


def year(number: int) -> Year:
    """Raises:
    YearNotOpen: there is no such year.
    """
    found = Year.objects.filter(number=number).first()
    if found is None:
        raise YearNotOpen(year=number, what=LOOK.what, check=LOOK.check)
    return found


def years() -> list[Year]:
    """All years, newest first."""
    return list(Year.objects.order_by("-number"))


def current_year(number: int) -> Year:
    """The year ``number``, or the newest one there is."""
    found = Year.objects.filter(number__lte=number).last() or Year.objects.first()
    if found is None:
        raise NoOpenYear
    return found


def is_to_be_closed(number: int) -> bool:
    """Whether there is such a year and it is not sealed."""
    return Year.objects.filter(number=number).exclude(state=YearState.SEALED).exists()


def close_day_chosen(number: int) -> date | None:
    """The day that the town has set for the close itself, instead of its calendar's."""
    return Year.objects.filter(number=number).values_list("closes_on", flat=True).first()


def closing_seal(year: Year) -> YearSeal | None:
    """The seal that closed the year, unless it is open (again)."""
    if year.state != YearState.SEALED:
        return None
    return year.seals.filter(kind="close").order_by("pk").last()
