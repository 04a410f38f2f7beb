"""Villages that have not done what the calendar asks of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from jifen.clocks import lateness
from jifen.clocks.dates import selectors as dates
from jifen.clocks.dates.policy import STEPS, ClockName
from jifen.kernel import clock
from jifen.kernel.tenancy import require_town
from reporting.models import Notice, NoticeKind
from scoring.selectors import months
from tenants.community.models import Village

WATCHED: tuple[ClockName, ...] = ("review", "filing", "notice")
SETTLED = ("settled", "posted")


@dataclass(frozen=True, slots=True)
class Behind:
    """A village that has not done a step of a period; ``days`` past its last day, 0 or less while there is time."""

    clock: ClockName
    period: str
    village: Village
    due: date
    days: int

    @property
    def is_late(self) -> bool:
        return self.days > 0

    @property
    def name(self) -> str:
        return f"{dates.words(self.period)}{STEPS[self.clock]}"


def behind(name: ClockName, period: str) -> list[Behind]:
    """Villages that have not done the step, by their own days."""
    done, today = _done(name, period), clock.today()
    calendar, town_dates = dates.calendar_of(period), dates.dates(name, period)
    own = {pk: dates.dates(name, period, pk) for pk in calendar.exceptions(name)}
    found = []
    for village in Village.objects.exclude(pk__in=done).order_by("code"):
        struck = own.get(village.pk, town_dates)
        found.append(Behind(name, period, village, struck.due, (today - struck.late_from).days + 1))
    return found


def late_now(villages: Iterable[int] | None = None) -> list[Behind]:
    """Everything that is late in the town being served, or in some of its villages, oldest first."""
    wanted = None if villages is None else set(villages)
    rows = lateness.late_in([require_town()]).exclude(clock="year").values_list("clock", "period")
    found = [one for name, period in rows for one in behind(known(name), period) if one.is_late]
    return [one for one in found if wanted is None or one.village.pk in wanted]


def _done(name: ClockName, period: str) -> set[int]:
    """Villages that have done the step."""
    month = dates.last_month(period)
    if name == "notice":
        hung = Notice.objects.filter(kind=NoticeKind.VILLAGE_QUARTER, year=month.year, quarter=clock.quarter_of(month))
        return set(hung.values_list("village_id", flat=True))
    cells = months.board(month, today=month, due=month)
    return {cell.village_id for cell in cells if (cell.arrived if name == "review" else cell.state in SETTLED)}


def known(name: str) -> ClockName:
    found: ClockName = next(one for one in WATCHED if one == name)
    return found
