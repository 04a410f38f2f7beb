"""The drivers' processes, none of which outlives the demo, however that ends."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager


def end_as_by_ctrl_c() -> None:
    """Who asks for the end otherwise gets the same clean one.

    Also by SIGINT: what a shell starts in the background inherits that ignored, and Python leaves it so.
    """
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)


@contextmanager
def pool(count: int, begin: Callable[[], None]) -> Iterator[ProcessPoolExecutor]:
    """``count`` processes, each of which calls ``begin`` first; an error or a signal ends what they are doing."""
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(count, spawn, _begin, (begin,)) as drivers:
        try:
            yield drivers
        except BaseException:
            for child in multiprocessing.active_children():
                child.kill()
            raise


def _begin(begin: Callable[[], None]) -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    begin()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
