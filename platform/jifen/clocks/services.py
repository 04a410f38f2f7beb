"""Schedule, dispatch, and (in the embedded mode) move the clock."""

import time
from datetime import datetime, timedelta
from typing import Any

import structlog
from celery import current_app
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django_tenants.utils import get_tenant_model

from jifen.clocks import errors, jobs, offset, periodic
from jifen.clocks.models import Due, Offset
from jifen.kernel import clock
from jifen.kernel.tasks import PublicTask, TownTask
from jifen.kernel.tenancy import PUBLIC, outside
from jifen.outbox import selectors as outbox_selectors
from jifen.outbox import services as outbox

log = structlog.get_logger(__name__)

BATCH = 500
SENT_LEASE = timedelta(minutes=2)
"""How long a job may lie in the queue before it is sent once more."""

CLAIM = """
WITH due AS (
    SELECT d.id FROM clocks_due d
    WHERE (d.state = 'waiting' AND d.due_at <= %(business)s OR d.state = 'sent' AND d.lease_until < %(real)s)
        AND d.kind = ANY(%(kinds)s)
        AND (d.town = '' OR EXISTS (SELECT 1 FROM {towns} t WHERE t.schema_name = d.town AND t.state = 'ready'))
    ORDER BY d.due_at, d.id LIMIT %(limit)s FOR UPDATE OF d SKIP LOCKED
)
UPDATE clocks_due d SET state = 'sent', sent_at = %(real)s, lease_until = %(lease)s FROM due WHERE d.id = due.id
RETURNING d.town, d.kind, d.period
"""


def schedule(*, town: str, kind: str, period: str, due_at: datetime) -> None:
    """Put ``kind`` for ``period`` of ``town`` (a schema; ``""`` for the platform) on the calendar, once.

    Raises:
        KindUnknown: no room has such a job.
    """
    jobs.plan(town, [jobs.Next(kind, period, due_at)])


def cancel(*, town: str, kind: str, period: str) -> None:
    """Take a job off the calendar that has not been sent yet."""
    Due.objects.filter(town=town, kind=kind, period=period, state="waiting").delete()


def tick(*, now: datetime | None = None) -> int:
    """Send what is due at ``now`` (business time), apply what the outbox holds, do the periodic work.

    Returns how many jobs were sent.
    """
    with outside():
        sent = dispatch(now=now)
        if outbox_selectors.waiting():
            while outbox.drain(limit=BATCH) == BATCH:
                pass
        periodic.run_due()
    return sent


def dispatch(*, now: datetime | None = None) -> int:
    """Send what is due to the workers; returns how many. A crash before that is caught up when the lease ends."""
    with outside(), transaction.atomic():
        rows = _claim(now or clock.now())
        transaction.on_commit(lambda: _send(rows))
    return len(rows)


def retry(*, due: Due) -> None:
    """Let a failed job try again from the start."""
    Due.objects.filter(pk=due.pk, state="failed").update(state="waiting", attempts=0, problem="")


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


def _claim(now: datetime) -> list[tuple[str, str, str]]:
    real = timezone.now()
    values: dict[str, Any] = {
        "business": now,
        "real": real,
        "lease": real + SENT_LEASE,
        "kinds": list(jobs.known()),
        "limit": BATCH,
    }
    with connection.cursor() as cursor:
        cursor.execute(CLAIM.format(towns=get_tenant_model()._meta.db_table), values)
        return [(town, kind, period) for town, kind, period in cursor.fetchall()]


def _send(rows: list[tuple[str, str, str]]) -> None:
    for town, kind, period in rows:
        job = jobs.lookup(kind)
        queue = TownTask.queue if job.realm == "town" else PublicTask.queue
        current_app.send_task(job.task, args=[period], queue=queue, headers={"_schema_name": town or PUBLIC})
