"""A town's calendar at work: a year's dates planned by it, replanned when it changes, and watched.

The watch begins with a step's first reminder, comes again every day while somebody is behind, and stops when all have
done it. It tells the village's people on the days the calendar names, the town's office after its number of days, and
counts the lateness where the district sees it. The year is the town's own: its office is reminded.
"""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from jifen.clocks import holidays, lateness
from jifen.clocks import selectors as scheduled
from jifen.clocks import services as clocks
from jifen.clocks.dates import order
from jifen.clocks.dates import selectors as dates
from jifen.clocks.dates import services as calendars
from jifen.clocks.dates.policy import TownCalendar
from jifen.clocks.jobs import Next
from jifen.flows import dry_run, reminders
from jifen.flows.behind import WATCHED, Behind, Step, behind, earliest_day, known, last_day, periods, rules
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from jifen.kernel.tenancy import require_town
from jifen.web.wording import date_cn
from reporting import calendar as reporting_calendar
from scoring import calendar as scoring_calendar
from scoring import selectors as scoring
from scoring.selectors import closing
from tenants.community.models import Village

WATCH, CLOSE = "calendar.watch", "year.close"
CLOSE_HOUR = 8
HOUR = 7
ENDED = "{since}起的这份日历只执行到下一份为止：{next}起还有一份先前存的日历要执行。不要那份的，请在“日历”页撤销。"
LONGEST = 90
"""Days after which a step that nobody does is not asked about any more."""


def year_jobs(year: int) -> list[Next]:
    """What the calendar puts on the clock for ``year``: sheets, notices and the watch over every step."""
    return [*scoring_calendar.first_jobs(year), *reporting_calendar.first_jobs(year), *_watches(year)]


@transaction.atomic
def choose(*, section: dict[str, Any], effective_from: date, by: Actor) -> list[str]:
    """The town's new calendar; dates that have not struck yet move to it, and what is late is counted by it.

    Returns what the town should know of it: steps that are always late by it, a calendar to come that ends it.

    Raises:
        CalendarInvalid, CalendarInPast, CalendarOrderWrong: nothing changes.
    """
    names = dict(Village.objects.values_list("pk", "name"))
    chosen = calendars.choose(section=section, effective_from=effective_from, by=by, places=names)
    replan(around=effective_from.year)
    for job in scoring_calendar.first_jobs(effective_from.year):
        if "/" in job.period and job.due_at > clock.now():
            clocks.schedule(town=require_town(), kind=job.kind, period=job.period, due_at=job.due_at)
    following = dates.coming_after(effective_from)
    ended = [ENDED.format(since=date_cn(effective_from), next=date_cn(following))] if following else []
    return [*ended, *concerns(chosen, effective_from)]


@transaction.atomic
def withdraw(*, effective_from: date, by: Actor) -> None:
    """A calendar that has not begun does not come; what was planned by it is planned anew.

    Raises:
        VersionUnknown, VersionBegun: nothing changes.
    """
    calendars.withdraw(effective_from=effective_from, by=by)
    replan(around=effective_from.year)


def lasting_concerns() -> list[str]:
    """``concerns`` of the newest calendar, in force or about to be, from when it holds."""
    newest = next(iter(dates.versions()), None)
    return concerns(newest.calendar, max(newest.since, clock.today())) if newest else []


def concerns(chosen: TownCalendar, since: date) -> list[str]:
    """Steps that would always be late by the calendar, in sentences."""
    names = dict(Village.objects.values_list("pk", "name"))
    return [fault.text for fault in order.lags(chosen, holidays.table(), since, names)]


def replan(*, around: int) -> int:
    """Move what has not struck yet, of the year ``around`` and its neighbours, to the days that the calendar and the
    holidays name now; returns how many moved."""
    with dates.read_once():
        years = (around - 1, around, around + 1)
        rows = [*(job for year in years for job in year_jobs(year)), *closes(years)]
        announce(*years)
        recount()
    return clocks.replan(town=require_town(), rows=rows)


def recount() -> None:
    """What is late is counted anew, without waiting for the next look: nobody is reminded, and who is late no more
    need not read that she was."""
    for name, period in sorted(_looked_at()):
        _count(known(name), period, is_corrected=True)


def announce(*years: int) -> None:
    """Tell the district the last days of the steps that are watched in these years."""
    watched = scheduled.planned(require_town(), WATCH)
    asked = [(step, period) for year in years for step in WATCHED for period in periods(step, year)]
    lateness.announce(
        {(step, period): last_day(step, period) for step, period in asked if f"{step}/{period}" in watched}
    )


def watch(step: str, *, since: date | None = None) -> list[Next]:
    """``review/2026-03``, later ``review/2026-03#2`` …: remind, tell, count; again tomorrow while it is open.

    ``since``: the day for which this look was planned, when that has passed; else today.
    """
    base, _, run = step.partition("#")
    name, _, period = base.partition("/")
    with dates.read_once():
        longest = _look(known(name), period, since or clock.today())
    if longest is None or longest > LONGEST:
        return []
    tomorrow = clock.at(clock.today() + timedelta(days=1), HOUR)
    return [Next(WATCH, f"{base}#{int(run or 1) + 1}", tomorrow)]


def _look(step: Step, period: str, since: date) -> int | None:
    """Count and remind; how many days somebody is late at most, None when nobody is behind."""
    found = _count(step, period)
    if reminders.send(found, rules(step, period), since):
        lateness.count_reminder(clock_name=step, period=period)
    return max(0, *(one.days for one in found)) if found else None


def _count(step: Step, period: str, *, is_corrected: bool = False) -> list[Behind]:
    """Who is behind; how many are late is told the district. With other days than before (``is_corrected``) what was
    told of the old ones is over."""
    found, due, asked = behind(step, period), last_day(step, period), rules(step, period)
    late = [one for one in found if one.is_late]
    is_escalated = max((one.days for one in late), default=0) > asked.district
    was_late = lateness.is_noted(clock_name=step, period=period)
    lateness.note(
        clock_name=step, period=period, due_on=due or clock.today(), villages=len(late), is_escalated=is_escalated
    )
    if is_corrected and was_late:
        reminders.correct(step, period, late, asked)
    else:
        reminders.settle(step, period, found)
    if not found:
        lateness.finish(clock_name=step, period=period)
    return found


def _looked_at() -> set[tuple[str, str]]:
    """Steps and periods on which the watch is: somebody was behind when it looked last."""
    town = require_town()
    again = scheduled.pending(town).filter(kind=WATCH, period__contains="#").values_list("period", flat=True)
    watched = {(name, period) for name, _, period in (one.partition("#")[0].partition("/") for one in again)}
    return watched | set(lateness.late_in([town]).values_list("clock", "period"))


def close_job(year: Any) -> Next:
    """On its day, whether anybody has approved it or not."""
    return Next(CLOSE, f"{year.number}", clock.at(dry_run.close_day(year), CLOSE_HOUR))


def approved_close(year: Any, request: Any) -> Next:
    """On its day, or at once when that is over."""
    return Next(CLOSE, f"{year.number}#{request.pk}", max(clock.now(), close_job(year).due_at))


def closes(years: Collection[int]) -> list[Next]:
    """When those of the years that are not sealed are closed, also by what has been approved already."""
    found = []
    for year in scoring.years():
        if year.number in years and year.state == "open":
            asked = closing.open_request(year)
            found += [close_job(year), *([approved_close(year, asked)] if asked else [])]
    return found


def _watches(year: int) -> list[Next]:
    asked = [(step, period) for step in WATCHED for period in periods(step, year)]
    return [watch for step, period in asked if (watch := _first_watch(step, period))]


def _first_watch(step: Step, period: str) -> Next | None:
    due = earliest_day(step, period)
    if due is None:
        return None
    first = due - timedelta(days=max(rules(step, period).before, default=0))
    return Next(WATCH, f"{step}/{period}", clock.at(first, HOUR))
