"""Jobs: what happens when something is due.

    @job("review.open")
    def open_reviews(period: str) -> Iterable[Next]: ...

makes the Celery task ``clocks.review.open``. Its body runs in one transaction, at the end of which the ``Due`` row is
done and the following rows are scheduled: a job that is killed half-way leaves nothing and runs again, a second
delivery of a done job does nothing. While the body runs, the row's lock says that somebody is at work; the lease says
when a silent job is given up.
"""

from collections.abc import Callable, Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Literal

import structlog
from celery import shared_task
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules

from jifen.clocks import errors
from jifen.clocks.models import Due, DueState
from jifen.clocks.turns import MAX_ATTEMPTS, RUN_LEASE, described, pause, waits
from jifen.kernel import clock
from jifen.kernel.errors import Conflict, Unavailable
from jifen.kernel.tasks import PublicTask, TownTask
from jifen.kernel.tenancy import PUBLIC, current_schema

log = structlog.get_logger(__name__)

Realm = Literal["town", "public"]


@dataclass(frozen=True, slots=True)
class Next:
    """A job to schedule for the same town; ``due_at`` is business time."""

    kind: str
    period: str
    due_at: datetime


Body = Callable[[str], Iterable[Next] | None]


@dataclass(frozen=True, slots=True)
class Job:
    """``again``: it may be done a second time on its day, after a clock stood ahead. ``daily``: its period is the day,
    and any day will do."""

    kind: str
    realm: Realm
    body: Body
    again: bool = False
    daily: bool = False

    @property
    def task(self) -> str:
        return f"clocks.{self.kind}"


_jobs: dict[str, Job] = {}
_doing: ContextVar[int | None] = ContextVar("due", default=None)
"""The row whose body runs."""


def job(kind: str, *, realm: Realm = "town", again: bool = False, daily: bool = False) -> Callable[[Body], Any]:
    """Register the decorated function as what is done when ``kind`` is due; it gets the period.

    ``again``, ``daily``: what a clock that is set back may do with its rows, see ``backwards``.

    Raises:
        KindTaken: the kind has a job already.
    """

    def register(body: Body) -> Any:
        if kind in _jobs and _jobs[kind].body is not body:
            raise errors.KindTaken(kind=kind)
        registered = _jobs[kind] = Job(kind, realm, body, again or daily, daily)
        base = TownTask if realm == "town" else PublicTask

        @shared_task(base=base, name=registered.task)
        def task(period: str) -> None:
            run(registered, period)

        return task

    return register


@cache
def known() -> dict[str, Job]:
    """The registered jobs by kind: those in the rooms' modules named ``jobs``."""
    autodiscover_modules("jobs")
    return _jobs


def lookup(kind: str) -> Job:
    """Raises:
    KindUnknown: no room has such a job.
    """
    if kind not in known():
        raise errors.KindUnknown(kind=kind)
    return _jobs[kind]


def run(job: Job, period: str) -> None:
    """Do ``job`` for the schema being served, if its row is sent and nobody is at it."""
    key = {"town": _town(), "kind": job.kind, "period": period}
    attempt = _begin(key)
    if attempt is None:
        return
    try:
        _perform(job, key)
    except (Conflict, Unavailable) as refusal:
        _refused(key, attempt, refusal)
        log.info("clocks.refused", **key, code=refusal.code)
    except Exception as error:
        _postpone(key, attempt, error)
        raise


def plan(town: str, rows: Iterable[Next]) -> None:
    """Write ``rows`` for ``town``; those that exist already stay as they are. Each keeps when, and in the course of
    which job, it was planned.

    Raises:
        KindUnknown: a row's kind has no job.
    """
    told = {"town": town, "planned_at": clock.now(), "follows": _doing.get()}
    due = [Due(kind=lookup(row.kind).kind, period=row.period, due_at=row.due_at, **told) for row in rows]
    Due.objects.bulk_create(due, ignore_conflicts=True)


def _town() -> str:
    return "" if current_schema() == PUBLIC else current_schema()


def _begin(key: dict[str, str]) -> int | None:
    """Count this start in a transaction of its own; None when there is nothing to do."""
    with transaction.atomic():
        due = _claimed(key)
        if due is None:
            return None
        over = due.attempts >= MAX_ATTEMPTS
        due.state, due.attempts = (DueState.FAILED if over else DueState.SENT), due.attempts + 1
        due.lease_until = timezone.now() + RUN_LEASE
        due.save(update_fields=["state", "attempts", "lease_until"])
    return None if over else due.attempts


def _perform(job: Job, key: dict[str, str]) -> None:
    with transaction.atomic():
        due = _claimed(key)
        if due is None:
            return
        doing = _doing.set(due.pk)
        try:
            plan(key["town"], job.body(key["period"]) or ())
        finally:
            _doing.reset(doing)
        due.state, due.finished_at, due.problem, due.lease_until = DueState.DONE, clock.now(), "", None
        due.save(update_fields=["state", "finished_at", "problem", "lease_until"])


def _claimed(key: dict[str, str]) -> Due | None:
    return Due.objects.select_for_update(skip_locked=True).filter(**key, state=DueState.SENT).first()


def _refused(key: dict[str, str], attempt: int, refusal: Conflict | Unavailable) -> None:
    """What was done once before, and cannot be done again, is done."""
    again = Due.objects.filter(**key, state=DueState.SENT, is_again=True)
    if isinstance(refusal, Unavailable) or not again.update(state=DueState.DONE, finished_at=clock.now()):
        _postpone(key, attempt, refusal)


def _postpone(key: dict[str, str], attempt: int, error: Exception) -> None:
    """Say what went wrong and when to try again. What is merely not possible yet is tried for ever."""
    not_yet = waits(error)
    Due.objects.filter(**key, state=DueState.SENT).update(
        state=DueState.FAILED if attempt >= MAX_ATTEMPTS and not not_yet else DueState.SENT,
        attempts=F("attempts") - 1 if not_yet else F("attempts"),
        lease_until=timezone.now() + pause(attempt),
        problem=described(error),
    )
