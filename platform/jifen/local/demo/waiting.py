"""Waiting for work that runs elsewhere."""

import time
from collections.abc import Callable

from jifen.local.folder import LocalError

PATIENCE = 240.0


def until(done: Callable[[], bool], what: str, check: Callable[[], None] | None = None) -> None:
    """Until ``done``; asks every 50 ms.

    Raises:
        LocalError: it took longer than four minutes, or ``check`` found a part dead.
    """
    limit = time.monotonic() + PATIENCE
    while not done():
        if check is not None:
            check()
        if time.monotonic() > limit:
            raise LocalError(f"等待“{what}”超过{PATIENCE:.0f}秒，请看日志。")
        time.sleep(0.05)
