"""Villages, and the town itself, that have not done what the calendar asks of them.

Five clocks are watched. The fourth has two steps: the quarter's notice, and the redemption that follows from it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, get_args

from jifen.clocks import lateness
from jifen.clocks.dates import selectors as dates
from jifen.clocks.dates.policy import STEPS, Clock, ClockName
from jifen.kernel import clock
from jifen.kernel.tenancy import require_town
from redemption import selectors as redemption
from reporting.models import Notice, NoticeKind
from scoring.selectors import months
from scoring.selectors.rounds import unrecorded
from scoring.selectors.years import close_day_chosen, is_to_be_closed
from tenants.community.models import Village

Step = Literal["record", "review", "filing", "notice", "redemption", "year"]
WATCHED: tuple[Step, ...] = get_args(Step)
WORDS: Mapping[str, str] = {**STEPS, "redemption": "兑换", "answer": "备案审定"}
"""After a period: “3月审核”“一季度兑换”; what a town does with months that have come is its part of the filing."""
UNANSWERED = ("decided",)


@dataclass(frozen=True, slots=True)
class Behind:
    """A village, or the town itself (``None``), that has not done a step of a period; ``days`` past its last day, 0 or
    less while there is time."""

    step: Step
    period: str
    village: Village | None
    due: date
    days: int

    @property
    def is_late(self) -> bool:
        return self.days > 0

    @property
    def name(self) -> str:
        return words("answer" if self.step == "filing" and self.village is None else self.step, self.period)

    @property
    def place(self) -> str:
        return self.village.name if self.village else "全镇"


def words(step: str, period: str) -> str:
    """“2026年3月审核”."""
    return f"{dates.words(period)}{WORDS[step]}"


def clock_of(step: Step) -> ClockName:
    """Redemption has the grace, the reminders and the escalation of the notice that it follows."""
    return "notice" if step == "redemption" else step


def rules(step: Step, period: str) -> Clock:
    return dates.calendar_of(period).clock(clock_of(step))


def last_day(step: Step, period: str, village: int | None = None) -> date | None:
    """When the step is due; None: in this period nothing is asked for."""
    if step == "redemption":
        return redemption.exchange_due(*_days(period))
    if step == "year" and (chosen := close_day_chosen(dates.last_month(period).year)):
        return chosen
    return dates.dates(step, period, village).due


def earliest_day(step: Step, period: str) -> date | None:
    """The town's last day, or that of a village which is earlier."""
    own = (last_day(step, period, pk) for pk in dates.calendar_of(period).exceptions(clock_of(step)))
    return min((day for day in (last_day(step, period), *own) if day), default=None)


def behind(step: Step, period: str) -> list[Behind]:
    """Who has not done the step, by their own days."""
    due = last_day(step, period)
    if due is None:
        return []
    if step == "year":
        number = dates.last_month(period).year
        return [_behind(step, period, None, due)] if is_to_be_closed(number) else []
    own = {pk: last_day(step, period, pk) for pk in dates.calendar_of(period).exceptions(clock_of(step))}
    rows = Village.objects.filter(pk__in=_UNDONE[step](period)).order_by("code")
    found = [_behind(step, period, village, own.get(village.pk) or due) for village in rows]
    return [*found, *_town(step, period, due)]


def _town(step: Step, period: str, due: date) -> list[Behind]:
    """Months that have come and that the town has not received or confirmed: the town is behind, not the village."""
    waits = step == "filing" and months.villages_in(dates.last_month(period), UNANSWERED)
    return [_behind(step, period, None, due)] if waits else []


def late_now(villages: Iterable[int] | None = None) -> list[Behind]:
    """Everything that is late in the town being served, or in some of its villages, oldest first."""
    wanted = None if villages is None else set(villages)
    rows = lateness.late_in([require_town()]).values_list("clock", "period")
    found = [one for name, period in rows for one in behind(known(name), period) if one.is_late]
    return [one for one in found if wanted is None or (one.village is not None and one.village.pk in wanted)]


def known(name: str) -> Step:
    found: Step = next(one for one in WATCHED if one == name)
    return found


def periods(step: Step, year: int) -> list[str]:
    return dates.periods(clock_of(step), year)


def _behind(step: Step, period: str, village: Village | None, due: date) -> Behind:
    late_from = due + timedelta(days=rules(step, period).grace + 1)
    return Behind(step, period, village, due, (clock.today() - late_from).days + 1)


def _days(period: str) -> tuple[date, date]:
    """The first and last day of a quarter."""
    last = dates.last_month(period)
    return date(last.year, last.month - 2, 1), clock.next_month(last) - timedelta(days=1)


def _without(done: Iterable[int]) -> set[int]:
    return set(Village.objects.exclude(pk__in=list(done)).values_list("pk", flat=True))


def _unreviewed(period: str) -> set[int]:
    """Who closes a sheet has sent it to the town."""
    return _without(months.villages_in(dates.last_month(period), months.DECIDED))


def _unnoticed(period: str) -> set[int]:
    month = dates.last_month(period)
    hung = Notice.objects.filter(kind=NoticeKind.VILLAGE_QUARTER, year=month.year, quarter=clock.quarter_of(month))
    return _without(hung.values_list("village_id", flat=True))


def _unexchanged(period: str) -> set[int]:
    """Neither in the quarter nor in the month after, in which its notice hangs, is there a day of redemption."""
    first, last = _days(period)
    return _without(redemption.villages_with_windows(first, clock.next_month(last) + timedelta(days=27)))


_UNDONE: Mapping[str, Callable[[str], set[int]]] = {
    "record": lambda period: unrecorded(dates.last_month(period)),
    "review": _unreviewed,
    "filing": _unreviewed,
    "notice": _unnoticed,
    "redemption": _unexchanged,
}
