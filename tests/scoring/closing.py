"""周主任 and 陈经办 of the town office, who together close a year and open it again."""

from jifen.kernel.actors import SYSTEM, Actor
from scoring.models import Year, YearRequest, YearSeal
from scoring.services import year_requests, years

ZHOU, CHEN = Actor("t_alpha", 901, "周主任"), Actor("t_alpha", 902, "陈经办")


def approve(year: Year, kind: str = "close", reason: str = "") -> YearRequest:
    """Proposed by the one, confirmed by the other."""
    return year_requests.confirm(request=year_requests.propose(year=year, kind=kind, reason=reason, by=ZHOU), by=CHEN)


def seal(year: Year) -> YearSeal:
    approve(year)
    return years.seal(year=year, by=SYSTEM)


def reopen(year: Year, reason: str = "复查") -> YearSeal:
    approve(year, "reopen", reason)
    return years.reopen(year=year, by=SYSTEM)
