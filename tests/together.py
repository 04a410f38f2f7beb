"""Several people act at the same moment: threads with connections of their own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
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
