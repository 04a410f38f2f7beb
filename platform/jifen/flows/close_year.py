"""The year's turn: a year begins with its jobs on the calendar, and closes with its standings sealed.

Deeds of January belong to the new year while the old one is still being reviewed, so a year begins on its first day and
the one before is closed later, on a day of its own: after the fourth notice, its objections and the last exchange. Two
people of the town approve it, before that day or after (where the town has chosen a flow: one proposes, the flow's
people approve); then the clock seals it. Two people may open it again until the next year's first notice.
"""

from datetime import date
from typing import Any

from django.db import transaction

from jifen.approvals import selectors as flows
from jifen.approvals import services as approvals
from jifen.clocks import jobs
from jifen.clocks import services as clocks
from jifen.clocks.dates import selectors as dates
from jifen.flows import archive, calendar, dry_run, errors, expiry
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from jifen.kernel.tenancy import require_town
from jifen.web.wording import date_cn
from redemption.services import redemptions
from reporting.selectors import year as reporting
from scoring import selectors as scoring
from scoring.selectors import closing
from scoring.services import base, rulebook_yearly, year_requests, years

CLOSE, KIND = calendar.CLOSE, "year_close"


@transaction.atomic
def begin(*, number: int, by: Actor, since: date | None = None) -> None:
    """Open the year ``number`` and put its months, quarters and close on the calendar. Done once.

    ``since``: the day a town starts in mid-year; what fell due before it is not this town's to do.
    """
    schema = require_town()
    year = years.open_year(number=number, by=by)
    own = (*base.first_jobs(number), *rulebook_yearly.first_jobs(number), expiry.first_look(number, since))
    with dates.read_once():
        for job in (*calendar.year_jobs(number), *own):
            if since is None or job.due_at >= clock.at(since):
                clocks.schedule(town=schema, kind=job.kind, period=job.period, due_at=job.due_at)
        calendar.announce(number)
    clocks.schedule(town=schema, kind="year.begin", period=str(number + 1), due_at=clock.at(date(number + 1, 1, 1)))
    jobs.plan(schema, [calendar.close_job(year)])


@transaction.atomic
def set_day(*, number: int, day: date, by: Actor) -> None:
    """The day on which the year is sealed, once it is approved.

    Raises:
        YearCloseEarly: the fourth notice, its objections or the last exchange are not over then. YearSealedAlready.
        YearCloseFar: the year after it is over then.
    """
    year = scoring.year(number)
    earliest = dry_run.earliest(number)
    if day < earliest:
        raise errors.YearCloseEarly(year=number, day=date_cn(earliest))
    latest = dry_run.latest(number)
    if day > latest:
        raise errors.YearCloseFar(year=number, day=date_cn(latest))
    years.set_close_day(year=year, day=day, by=by)
    clocks.cancel(town=require_town(), kind=CLOSE, period=str(number))
    due = clock.at(day, calendar.CLOSE_HOUR)
    clocks.schedule(town=require_town(), kind=CLOSE, period=str(number), due_at=due)
    calendar.replan(around=number)  # what is approved already goes with it


@transaction.atomic
def propose(*, number: int, by: Actor) -> int:
    """The first person's word that the year be closed on its day; the request's id.

    In a town that has chosen a flow for it, others approve it there; the one who proposes never does.

    Raises:
        YearNotOpen, YearSealedAlready, YearRequestOpen.
        YearNeedsPeople: also when the flow would pass without a person's word.
    """
    asked = year_requests.propose(year=scoring.year(number), kind="close", by=by)
    if flows.has_flow(KIND):
        approvals.start(
            subject_kind=KIND, subject_id=asked.pk, village_id=None, facts=_facts(scoring.year(number)), by=by
        )
    return int(asked.pk)


def _facts(year: Any) -> dict[str, Any]:
    told = closing.closing(year)
    return {"year": year.number, "households": told.households, "expiring": told.expiring}


@transaction.atomic
def propose_reopening(*, number: int, reason: str, by: Actor) -> int:
    """The first person's word that a sealed year be opened again; the request's id.

    Raises:
        YearReopenLate: the next year's first notice is out. YearNotSealed, ReopenReasonMissing, YearRequestOpen.
    """
    _check_reopening(number)
    return int(year_requests.propose(year=scoring.year(number), kind="reopen", reason=reason, by=by).pk)


@transaction.atomic
def confirm(*, number: int, by: Actor) -> None:
    """The second person's word. A close is carried out on its day by the clock, a reopening at once.

    Raises:
        YearNothingAsked, SecondPersonNeeded, YearRequestAnswered, YearReopenLate: nothing changes.
        YearInFlow: the town approves it in a flow.
    """
    year = scoring.year(number)
    asked = closing.open_request(year)
    if asked is None:
        raise errors.YearNothingAsked(year=number)
    item = flows.open_item(KIND, asked.pk)
    if item is not None:
        raise errors.YearInFlow(year=number, step=flows.waits_at(item), item=item.pk)
    year_requests.confirm(request=asked, by=by)
    if asked.kind == "reopen":
        _check_reopening(number)
        years.reopen(year=year, by=by)
        return
    _schedule(year, asked)


@transaction.atomic
def approved(*, request: int, by: Actor) -> None:
    """A flow's last word on a proposal (id), ``by`` the last person who approved: the clock carries it out.

    Raises:
        YearNeedsPeople: no person has. SecondPersonNeeded, YearRequestAnswered.
    """
    asked = closing.request(request)
    year_requests.confirm(request=asked, by=by)
    _schedule(asked.year, asked)


def _schedule(year: Any, asked: Any) -> None:
    jobs.plan(require_town(), [calendar.approved_close(year, asked)])


@transaction.atomic
def withdraw(*, number: int, by: Actor) -> None:
    """Take back what was asked and is not carried out yet.

    Raises:
        YearNothingAsked.
    """
    asked = closing.open_request(scoring.year(number))
    if asked is None:
        raise errors.YearNothingAsked(year=number)
    item = flows.open_item(KIND, asked.pk)
    if item is not None:
        approvals.withdraw(item=item, by=by)
        return
    year_requests.withdraw(request=asked, by=by)


@transaction.atomic
def close(*, number: int, by: Actor) -> int:
    """Seal the year ``number``, with the next one open; returns the seal's id. A second call returns the same seal.

    Raises:
        Conflict: what ``dry_run.blocks`` names, or nobody has approved it (``YearNotApproved``); nothing changes.
    """
    require_town()
    year = scoring.year(number)
    sealed = scoring.closing_seal(year)
    if sealed is not None:
        return int(sealed.pk)
    _check(number)
    redemptions.release_all(year=number, reason="年度封账", by=by)
    seal = years.seal(year=year, by=by)
    begin(number=number + 1, by=by)
    archive.begin(seal)
    return int(seal.pk)


def _check(number: int) -> None:
    day = dry_run.close_day(scoring.year(number))
    if clock.today() < day:
        raise errors.YearCloseLater(year=number, day=date_cn(day))
    if count := scoring.unposted_reviews(number):
        raise errors.YearHasOpenReviews(year=number, count=count)
    if count := reporting.without_fourth_notice(number).count():
        raise errors.YearLacksNotices(year=number, count=count)
    if count := reporting.open_objections(number).count():
        raise errors.YearHasOpenObjections(year=number, count=count)


def _check_reopening(number: int) -> None:
    if reporting.has_notice(number + 1):
        raise errors.YearReopenLate(year=number, following=number + 1)
