"""Fair shares: each town has a backlog of its own, and the towns take turns at the workers (deficit round robin).

    put ──► the town's backlog ──► feed: at most ``AHEAD`` messages in the broker ──► TownTask ──► turn: start … done

A message is fed when a worker is about to be free, not when the work arises: whoever comes late from a quiet town
stands behind ``AHEAD`` messages at most, however long another town's backlog is. No town has more at work than its
concurrency. Deficits are in seconds of workers' time, charged after the work is done.
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from celery import current_app
from django.db import transaction
from django.utils import timezone
from django_tenants.utils import get_tenant_model
from kombu.exceptions import OperationalError

from jifen.clocks import sql
from jifen.clocks.models import Work, WorkState
from jifen.kernel.database import connection
from jifen.kernel.tasks import TownTask
from jifen.kernel.tenancy import require_town

log = structlog.get_logger(__name__)

AHEAD = 2
"""How many messages may lie in the broker unstarted."""
CONCURRENCY = 1
"""How much of one town is at work at the same time, unless the provider sets another number."""
QUANTUM = 1.0
"""Seconds of work a town gets in each round."""
FED_LEASE = 15.0
"""Seconds after which a message nobody started is taken back; it doubles each time, up to ``LONGEST_LEASE``."""
LONGEST_LEASE = 600.0
LOCKS = 73_001
"""The space of the advisory locks: key 0 is the feeder's, any other is a piece of work being done."""


def put(*, task: str, args: Sequence[int | str], wait: timedelta = timedelta()) -> None:
    """Set the town being served to work: ``task`` gets ``args`` (ids) in the town's turn, after this transaction and
    not before ``wait`` has passed.

    Raises:
        OutsideTown: no town is being served.
    """
    now = timezone.now()
    Work.objects.create(town=require_town(), task=task, args=list(args), put_at=now, ready_at=now + wait)
    transaction.on_commit(soon, robust=True)


def put_once(*, task: str) -> None:
    """``put`` without arguments, unless one of this town has not started yet: that one sees what is committed by now.

    To be called after the commit of what the task is to find.
    """
    unstarted = Work.objects.filter(town=require_town(), task=task, args=[])
    if not unstarted.filter(state__in=(WorkState.WAITING, WorkState.FED)).exists():
        put(task=task, args=[])


def soon() -> None:
    """Feed unless somebody else is at it: the next tick, start or end of work feeds too."""
    feed(patient=False)


def feed(*, patient: bool = True) -> int:
    """Hand the next pieces of work to the broker; returns how many.

    A message that cannot be sent is taken back when its lease ends.
    """
    if not _room():
        return 0
    with transaction.atomic():
        rows = _chosen() if _alone(patient=patient) else []
        transaction.on_commit(lambda: _send(rows), robust=True)
    return len(rows)


def give_back() -> int:
    """Return to the backlog what was fed or started and then lost; returns how many."""
    return len(_rows(sql.GIVE_BACK, real=timezone.now(), space=LOCKS))


def _room() -> int:
    """How many messages may follow; none when nothing waits."""
    [[fed, waiting]] = _rows(sql.IN_HAND)
    return max(0, AHEAD - int(fed)) if waiting else 0


def _alone(*, patient: bool) -> bool:
    """Whether this transaction feeds now; others wait or leave it."""
    call = "pg_advisory_xact_lock" if patient else "pg_try_advisory_xact_lock"
    [[held]] = _rows(f"SELECT {call}({LOCKS}, 0)")
    return patient or bool(held)


def _chosen() -> list[tuple[Any, ...]]:
    room, real = _room(), timezone.now()
    if not room:
        return []
    statement = sql.CHOOSE.format(towns=get_tenant_model()._meta.db_table)
    turns = _rows(statement, real=real, quantum=QUANTUM, concurrency=CONCURRENCY, room=room)
    if not turns:
        return []
    towns, ids, deficits, more = (list(column) for column in zip(*turns, strict=True))
    _take(towns, deficits, rounds=int(more[0]), real=real)
    fed = _rows(sql.FEED, ids=ids, real=real, lease=FED_LEASE, longest=LONGEST_LEASE)
    return sorted(fed, key=lambda row: ids.index(row[0]))


def _take(towns: list[str], deficits: list[float], *, rounds: int, real: datetime) -> None:
    with connection.cursor() as cursor:
        if rounds:
            cursor.execute(sql.ROUND, {"more": rounds})
        cursor.execute(sql.TAKE, {"towns": towns, "deficits": deficits, "real": real})


def _send(rows: list[tuple[Any, ...]]) -> None:
    for number, town, task, args, ticket in rows:
        headers = {"_schema_name": town, "work": number, "ticket": ticket}
        try:
            current_app.send_task(task, args=json.loads(args), queue=TownTask.queue, headers=headers)
        except OperationalError:
            log.warning("clocks.broker_away", town=town, work=number)
            return


def _rows(statement: str, **values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
