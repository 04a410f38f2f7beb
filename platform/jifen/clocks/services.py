"""Schedule, dispatch, and (in the embedded mode) move the clock."""

import time
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from zlib import crc32

from celery import current_app
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone
from django_tenants.utils import get_tenant_model

from jifen.audit import services as audit
from jifen.clocks import backlog, backwards, errors, jobs, offset, periodic, sql
from jifen.clocks.models import Due, Lane, Offset, Work
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from jifen.kernel.tasks import PublicTask
from jifen.kernel.tenancy import PUBLIC, outside
from jifen.outbox import selectors as outbox_selectors
from jifen.outbox import services as outbox

BATCH = 500
SENT_LEASE = timedelta(minutes=2)
"""How long a job may lie about, in no backlog and not at work, before it is sent once more."""
STARTS_PER_SECOND = 50
"""More than ``BATCH`` jobs due at once are spread so that about as many become ready each second."""
LONGEST_SPREAD = timedelta(minutes=2)

MOST_AT_ONCE = 64

Row = tuple[datetime, int, str, str, str]
"""due_at, id, town, kind, period."""


def schedule(*, town: str, kind: str, period: str, due_at: datetime) -> None:
    """Put ``kind`` for ``period`` of ``town`` (a schema; ``""`` for the platform) on the calendar, once.

    Raises:
        KindUnknown: no room has such a job.
    """
    jobs.plan(town, [jobs.Next(kind, period, due_at)])


def replan(*, town: str, rows: Iterable[jobs.Next]) -> int:
    """Move the waiting jobs of ``town`` to these dates; returns how many moved. What was sent or done stays."""
    kinds, periods, days = list[str](), list[str](), list[datetime]()
    for row in rows:
        kinds.append(row.kind)
        periods.append(row.period)
        days.append(row.due_at)
    with connection.cursor() as cursor:
        cursor.execute(sql.REPLAN, {"town": town, "kinds": kinds, "periods": periods, "days": days})
        return int(cursor.rowcount)


def cancel(*, town: str, kind: str, period: str) -> None:
    """Take a job off the calendar that has not been sent yet."""
    Due.objects.filter(town=town, kind=kind, period=period, state="waiting").delete()


def tick(*, now: datetime | None = None) -> int:
    """Send what is due at ``now`` (business time), apply what the outbox holds, do the periodic work; and before that,
    put right what a clock that was set back has left.

    Returns how many jobs were sent.
    """
    with outside():
        backlog.give_back()
        backwards.notice()
        sent = dispatch(now=now)
        backlog.feed()
        if outbox_selectors.waiting():
            while outbox.drain(limit=BATCH) == BATCH:
                pass
        periodic.run_due()
    return sent


def dispatch(*, now: datetime | None = None) -> int:
    """Commit what is due to its towns' backlogs, batch by batch; returns how many.

    What was sent once and died is caught up when its lease has run out.
    """
    business, total = now or clock.now(), 0
    with outside():
        while rows := _batch(business):
            total += len(rows)
    return total


def retry(*, due: Due) -> None:
    """Let a failed job try again from the start."""
    Due.objects.filter(pk=due.pk, state="failed").update(state="waiting", attempts=0, problem="")


@transaction.atomic
def try_again(*, town: str, pk: int, is_work: bool, by: Actor) -> None:
    """The provider lets what was given up run again: a due row, or with ``is_work`` a piece of the backlog.

    Raises:
        NotGivenUp: it runs, is done, or belongs to another town; nothing changes.
    """
    again: dict[str, Any] = {"state": "waiting", "attempts": 0, "problem": ""}
    if is_work:
        again["ready_at"] = timezone.now()
    rows: Any = Work.objects if is_work else Due.objects
    if not rows.filter(pk=pk, town=town, state="failed").update(**again):
        raise errors.NotGivenUp
    audit.record(by=by, action="clocks.try_again", subject=None, town=town, number=pk)
    transaction.on_commit(backlog.soon, robust=True)


@transaction.atomic
def set_concurrency(*, town: str, concurrency: int, by: Actor) -> None:
    """How much of ``town`` is at work at the same time.

    Raises:
        ConcurrencyWrong: not between 1 and 64; nothing changes.
    """
    if not 1 <= concurrency <= MOST_AT_ONCE:
        raise errors.ConcurrencyWrong
    Lane.objects.update_or_create(town=town, defaults={"concurrency": concurrency})
    audit.record(by=by, action="clocks.set_concurrency", subject=None, town=town, concurrency=concurrency)
    transaction.on_commit(backlog.soon, robust=True)


def move_clock(to: datetime) -> None:
    """Make business time ``to`` (aware) for all processes, when this returns.

    Raises:
        ClockFixed: outside the embedded mode.
    """
    if not settings.EMBEDDED:
        raise errors.ClockFixed
    difference = to - timezone.now()
    with outside():
        Offset.objects.update_or_create(id=1, defaults={"microseconds": difference // timedelta(microseconds=1)})
    offset.keep(difference)
    time.sleep(offset.FRESH)  # by now no process believes the old time


def _batch(business: datetime) -> list[Row]:
    with transaction.atomic():
        rows = _claim(sql.DUE, business) or _claim(sql.LAPSED, business)
        _put([row for row in rows if row[2]], spread=_spread(rows, business))
        transaction.on_commit(lambda: _send([row for row in rows if not row[2]]), robust=True)
    return rows


def _claim(statement: str, business: datetime) -> list[Row]:
    real = timezone.now()
    values: dict[str, Any] = {"business": business, "real": real, "lease": real + SENT_LEASE, "limit": BATCH}
    with connection.cursor() as cursor:
        statement = statement.format(towns=get_tenant_model()._meta.db_table)
        cursor.execute(statement, {**values, "kinds": list(jobs.known())})
        return sorted(cursor.fetchall())


def _spread(rows: list[Row], business: datetime) -> timedelta:
    """Over how long the towns begin; nothing unless more is due than fits a batch."""
    if len(rows) < BATCH:
        return timedelta()
    waiting = len(rows) + Due.objects.filter(state="waiting", due_at__lte=business).count()
    return min(LONGEST_SPREAD, timedelta(seconds=waiting / STARTS_PER_SECOND))


def _put(rows: list[Row], *, spread: timedelta) -> None:
    """Into the backlogs in the order of ``due_at``; a town's own work keeps its order, whatever its jitter."""
    real = timezone.now()
    towns = Work.objects.filter(town__in={row[2] for row in rows}, state="waiting", due__isnull=False)
    ready = dict(towns.values_list("town").annotate(last=Max("ready_at")))
    for _, _, town, _, _ in rows:
        ready[town] = max(ready.get(town, real), real + spread * jitter(town))
    work = [
        Work(town=town, task=jobs.lookup(kind).task, args=[period], due_id=pk, put_at=real, ready_at=ready[town])
        for _, pk, town, kind, period in rows
    ]
    Work.objects.bulk_create(work, ignore_conflicts=True)


def jitter(town: str) -> float:
    """Between 0 and 1, the same for a town at all times."""
    return crc32(town.encode()) / 2**32


def _send(rows: list[Row]) -> None:
    """The platform's own jobs stand in no backlog."""
    for _, _, _, kind, period in rows:
        current_app.send_task(
            jobs.lookup(kind).task, args=[period], queue=PublicTask.queue, headers={"_schema_name": PUBLIC}
        )
