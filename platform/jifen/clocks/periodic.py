"""Work of the platform that recurs every few seconds of real time, done by the tick."""

from collections.abc import Callable
from dataclasses import dataclass

import structlog
from django.core.cache import cache

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Recurring:
    """``run`` is called in the public schema, about every ``seconds``, by one process at a time."""

    name: str
    seconds: int
    run: Callable[[], object]


_registered: dict[str, Recurring] = {}


def every(seconds: int, name: str, run: Callable[[], object]) -> None:
    """A room registers its recurring work when its app is ready."""
    _registered[name] = Recurring(name, seconds, run)


def run_due() -> None:
    """Do what nobody has done for its number of seconds; one piece's failure does not stop the others."""
    for work in _registered.values():
        if cache.add(f"clocks:every:{work.name}", 1, timeout=work.seconds):
            _run(work)


def all_due() -> None:
    """Let the next tick do every piece, whenever it was done last: for measuring."""
    cache.delete_many([f"clocks:every:{name}" for name in _registered])


def _run(work: Recurring) -> None:
    try:
        work.run()
    except Exception:
        log.exception("clocks.periodic_failed", work=work.name)
