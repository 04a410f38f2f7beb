"""Where business time's offset is kept in the embedded mode, read at most every ``FRESH`` seconds by each process."""

import time
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection

FRESH = 0.05


@dataclass(slots=True)
class _Kept:
    value: timedelta = timedelta()
    until: float = 0.0


_kept = _Kept()


def current() -> timedelta:
    """Business time minus real time."""
    # A transaction that has failed answers no query: what was read last has to do.
    if time.monotonic() >= _kept.until and not connection.needs_rollback:
        keep(_stored())
    return _kept.value


def keep(value: timedelta) -> None:
    """What this process believes for the next ``FRESH`` seconds."""
    _kept.value, _kept.until = value, time.monotonic() + FRESH


def forget() -> None:
    """Ask the database at the next call."""
    _kept.until = 0.0


def _stored() -> timedelta:
    with connection.cursor() as cursor:
        cursor.execute("SELECT microseconds FROM public.clocks_offset WHERE id = 1")
        row = cursor.fetchone()
    return timedelta(microseconds=row[0]) if row else timedelta()
