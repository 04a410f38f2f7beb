"""Several people act at the same moment: threads with connections of their own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from queue import Queue
from threading import Barrier
from time import sleep
from typing import Any

from django.db import connections

from jifen.kernel.database import connection


def together(*acts: Callable[[], Any]) -> list[Any]:
    """Run the acts at once in the town being served; each result, or the exception it raised, in order.

    Only with ``committing_town``: a thread sees what was committed.
    """
    town, gate = connection.tenant, Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        connection.set_tenant(town)
        gate.wait()
        try:
            return act()
        except Exception as error:  # noqa: BLE001 - the test looks at it
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def meanwhile(act: Callable[[], Any]) -> Callable[[], Any]:
    """Run the act beside the caller's open transaction, and return once it waits for a lock of hers.

    What comes back gives its result, or the exception it raised, when she has let go.
    """
    town, pids, pool = connection.tenant, Queue[int](), ThreadPoolExecutor(1)

    def run() -> Any:
        connection.set_tenant(town)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            pids.put(cursor.fetchone()[0])
        try:
            return act()
        except Exception as error:  # noqa: BLE001 - the test looks at it
            return error
        finally:
            connections.close_all()

    future, pid = pool.submit(run), pids.get()
    while not future.done() and not _waits(pid):
        sleep(0.01)
    pool.shutdown(wait=False)
    return future.result


def _waits(pid: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT cardinality(pg_blocking_pids(%s)) > 0", [pid])
        return bool(cursor.fetchone()[0])
