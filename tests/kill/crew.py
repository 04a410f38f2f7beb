"""Real parts that do real work and are killed in the middle of it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg

from jifen.local import valkey
from jifen.local.client import VARIABLES
from jifen.local.credentials import credentials
from jifen.local.folder import run_folder
from jifen.local.postgres import processes_in
from jifen.local.processes import free_port

CELERY = [sys.executable, "-m", "celery", "-A", "jifen.celery", "--quiet"]
WORKER = [
    *CELERY, "worker", "-Q", "town,public", "-c", "1", "-n", "victim@%h", "--without-gossip", "--without-mingle", "-l",
    "WARNING",
]  # fmt: skip
BEAT = [*CELERY, "beat", "-l", "WARNING", "-s"]
SOON = {"JIFEN_PROCESS": "worker", "REDELIVERY_SECONDS": "5"}
WAITING = """SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"""


@contextmanager
def working(environ: Mapping[str, str] | None = None, *, beat: bool = True) -> Iterator[subprocess.Popen[bytes]]:
    """A worker with the beat in its process group, on the services that ``environ`` names (the tests' own if None)."""
    with running([*WORKER, "-B"] if beat else WORKER, environ) as process:
        yield process


@contextmanager
def beating(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The beat alone; its schedule is kept in ``folder``."""
    with running([*BEAT, str(folder / "schedule")]) as process:
        yield process


@contextmanager
def running(command: list[str], environ: Mapping[str, str] | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """A part in a process group of its own, killed at the end if it still runs."""
    with subprocess.Popen(command, env={**os.environ, **(environ or {}), **SOON}, start_new_session=True) as process:
        try:
            yield process
        finally:
            kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """``kill -9`` of the worker, its pool and its beat at once; returns when they are gone."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


class Broker:
    """A Valkey of the test's own that keeps nothing on disk: what lies in it when it is killed is gone."""

    def __init__(self, path: Path) -> None:
        self.folder = run_folder(path)
        self.known = credentials(self.folder)
        self.port = free_port()
        self.start()

    @property
    def environ(self) -> dict[str, str]:
        numbers = enumerate(VARIABLES["valkey"])
        return {name: valkey.url(self.port, self.known.valkey, number) for number, name in numbers}

    def start(self) -> None:
        self.part = valkey.start(self.folder, self.known, self.port, fast=True)

    def kill(self) -> None:
        """``kill -9``; returns when it is gone."""
        self.part.process.kill()
        self.part.process.wait()


@contextmanager
def broker(path: Path) -> Iterator[Broker]:
    found = Broker(path)
    try:
        yield found
    finally:
        found.kill()


def kill_database(data: Path) -> None:
    """``kill -9`` of the postmaster and of every backend working in ``data``."""
    for pid in processes_in(data):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


@contextmanager
def in_the_way(sql: psycopg.Connection[Any], statement: str) -> Iterator[None]:
    """``statement`` takes locks that somebody at work will wait for; given up at the end, when there is a database."""
    sql.execute("BEGIN")
    sql.execute(statement)
    try:
        yield
    finally:
        with suppress(psycopg.OperationalError):
            sql.execute("ROLLBACK")


def wait_until_blocked(sql: psycopg.Connection[Any], process: subprocess.Popen[bytes]) -> None:
    """Somebody has come as far as the lock that ``sql`` holds, and waits there inside a transaction."""
    assert eventually(lambda: process.poll() is not None or sql.execute(WAITING).fetchone() != (0,))
    assert process.poll() is None, "the worker died by itself"


def eventually(happened: Callable[[], bool], seconds: float = 180) -> bool:
    """Whether it happened in time; the time is for a machine on which much else is going on."""
    deadline = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


@contextmanager
def no_database_named() -> Iterator[None]:
    """The tests' own database and broker do not exist inside the block, so that others can be started."""
    names = [*VARIABLES["postgres"], *VARIABLES["valkey"]]
    named = {name: os.environ.pop(name) for name in names if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(named)
