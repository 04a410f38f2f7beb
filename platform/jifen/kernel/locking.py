"""Locks are taken in sorted order and never waited for longer than ``TIMEOUT``."""

from collections.abc import Iterable

from jifen.kernel.database import connection

TIMEOUT = "5s"


def limit_waiting(timeout: str = TIMEOUT) -> None:
    """No lock of the current transaction is waited for longer than ``timeout``."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [timeout])


def advisory(*names: str) -> None:
    """Hold the town's advisory locks ``names`` until the transaction ends."""
    hold(f"{connection.schema_name}:{name}" for name in names)


def hold(keys: Iterable[str]) -> None:
    with connection.cursor() as cursor:
        for key in sorted(keys):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
