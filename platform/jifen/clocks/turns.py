"""A town's turn at a worker: what was fed is started once, charged to the town, and taken out of the backlog.

While the work is done, the worker's session holds an advisory lock: when the worker dies, the lock dies with it, and
``backlog.give_back`` returns the work to its town.
"""

import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import DatabaseError, transaction
from django.utils import timezone

from jifen.clocks import backlog, sql
from jifen.clocks.models import Work, WorkState
from jifen.kernel.database import connection
from jifen.kernel.errors import Conflict, JifenError, Unavailable

MAX_ATTEMPTS = 5
RUN_LEASE = timedelta(seconds=15)
"""How long after its start a piece of work that no longer holds its lock counts as dead."""
PATIENCE = timedelta(seconds=5)
"""The first pause after a failure; it doubles each time, up to ``LONGEST``."""
LONGEST = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Turn:
    """One start of the piece of work ``pk``; what is ``scheduled`` is tried again by its due row."""

    pk: int
    town: str
    attempt: int
    scheduled: bool


@contextmanager
def taken(request: Any) -> Iterator[bool]:
    """Around a town's task: whether it is to be done. A message that names no work is done as it comes."""
    number = request.get("work")
    if number is None:
        yield True
        return
    turn = _start(int(number), int(request.get("ticket")))
    if turn is None:
        yield False
        return
    began = time.monotonic()
    try:
        backlog.feed()
        yield True
    except Exception as error:
        with suppress(DatabaseError):
            _end(turn, time.monotonic() - began, error)
        raise
    _end(turn, time.monotonic() - began, None)


def pause(attempt: int) -> timedelta:
    """How long to wait after the ``attempt``-th failure."""
    doubled: timedelta = PATIENCE * 2 ** (max(attempt, 1) - 1)
    return min(doubled, LONGEST)


def described(error: Exception) -> str:
    """Never the text of a foreign error: it may quote personal data."""
    if isinstance(error, JifenError):
        return f"{error.code}:{error.message}"
    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}({place.name}:{place.lineno})"


def waits(error: Exception) -> bool:
    """Whether something is merely not possible yet, and is tried for as long as it takes."""
    return isinstance(error, Conflict | Unavailable)


def _start(number: int, ticket: int) -> Turn | None:
    """None when the message is an old one: the work is done, or fed once more since."""
    real = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(sql.START, {"id": number, "ticket": ticket, "real": real, "until": real + RUN_LEASE})
        row = cursor.fetchone()
        if row is None:
            return None
        cursor.execute(sql.HOLD, {"space": backlog.LOCKS, "key": number % 2147483647})
    return Turn(pk=number, town=connection.schema_name, attempt=row[0], scheduled=row[1])


def _end(turn: Turn, seconds: float, error: Exception | None) -> None:
    """The worker keeps its session: one that could not let go of the lock is closed, and the lock with it."""
    try:
        _finish(turn, seconds, error)
    except DatabaseError:
        connection.close()
        raise


def _finish(turn: Turn, seconds: float, error: Exception | None) -> None:
    charge = {"id": turn.pk, "town": turn.town, "seconds": seconds}
    with connection.cursor() as cursor:
        if error is None or turn.scheduled:
            cursor.execute(sql.DONE, charge)
        else:
            with transaction.atomic():
                Work.objects.filter(pk=turn.pk).update(**_put_off(turn, error))
                cursor.execute(sql.CHARGE, charge)
        cursor.execute(sql.LET_GO, {"space": backlog.LOCKS, "key": turn.pk % 2147483647})
    backlog.feed()


def _put_off(turn: Turn, error: Exception) -> dict[str, Any]:
    over = turn.attempt >= MAX_ATTEMPTS and not waits(error)
    return {
        "state": WorkState.FAILED if over else WorkState.WAITING,
        "attempts": turn.attempt - 1 if waits(error) else turn.attempt,
        "ready_at": timezone.now() + pause(turn.attempt),
        "until": None,
        "problem": described(error),
    }
