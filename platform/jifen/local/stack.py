"""Web, workers and beat as real processes beside the services, with their output merged into one readable log."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from jifen.local.client import Services
from jifen.local.folder import LocalError
from jifen.local.processes import Part, free_port, kill_group, spawn, stop

BIN = Path(sys.executable).parent
COLOURS = {"web": 32, "worker": 36, "public": 36, "owner": 35, "beat": 34, "postgres": 90, "valkey": 90, "objects": 90}
WORKERS = 2
REVIVED = ("worker", "public", "owner", "beat")
"""Parts that are started again when they die; what they had in hand is done once all the same. Web ends everything."""
PAUSE = 2.0
"""Seconds before a part that died is started again; each further death in a short time adds as much."""
MOST_DEATHS = 5
SHORT_TIME = 120.0
"""Seconds: what dies more than ``MOST_DEATHS`` times within them is given up."""
# Known and meant: under root the workers stay root, and without a manifest no static files are collected.
QUIET = "ignore:You're running the worker,ignore:No directory at"

Log = Callable[[str, str], None]
"""Takes the part's name and one line."""


def coloured(name: str, line: str) -> None:
    """Print `name │ line`; the colour only on a terminal. A closed terminal is no error."""
    label = f"{name:<8} │ "
    if sys.stdout.isatty():
        label = f"\x1b[{COLOURS.get(name, 33)}m{label}\x1b[0m"
    with suppress(OSError):
        print(label + line, flush=True)


def silent(_name: str, _line: str) -> None:
    """Drops the line."""


def commands(host: str, port: int, threads: int) -> dict[str, tuple[list[str], dict[str, str]]]:
    """Each part's command and what it adds to the environment."""
    celery = [str(BIN / "celery"), "-A", "jifen.celery", "--quiet"]
    worker = [*celery, "worker", "--without-gossip", "--without-mingle", "--without-heartbeat"]
    granian = [str(BIN / "granian"), "--interface", "wsgi", "--host", host, "--port", str(port)]
    web = [
        *granian,
        "--blocking-threads",
        str(threads),
        "--no-ws",
        "--respawn-failed-workers",
        "jifen.wsgi:application",
    ]
    alone = [*worker, "-P", "solo"]  # one process instead of two, for what comes one at a time
    as_worker = {"JIFEN_PROCESS": "worker"}
    return {
        "web": (web, {"JIFEN_PROCESS": "web"}),
        "worker": ([*worker, "-n", "town@%h", "-Q", "town", "-c", str(WORKERS)], as_worker),
        # The tick must not wait behind a town's work.
        "public": ([*alone, "-n", "public@%h", "-Q", "public"], as_worker),
        "owner": ([*alone, "-n", "owner@%h", "-Q", "owner"], {**as_worker, "JIFEN_DB_ROLE": "owner"}),
        "beat": ([*celery, "beat"], as_worker),
    }


@dataclass
class Stack:
    """The running parts."""

    services: Services
    log: Log
    parts: list[Part] = field(default_factory=list)
    readers: list[threading.Thread] = field(default_factory=list)
    launched: dict[str, tuple[list[str], Mapping[str, str]]] = field(default_factory=dict)
    deaths: dict[str, list[float]] = field(default_factory=dict)
    resting: dict[str, float] = field(default_factory=dict)
    """Names of parts that died, and when they are started again."""

    def start(self, name: str, command: list[str], added: Mapping[str, str]) -> None:
        """Start one part from the main thread; its lines go to the log."""
        environ = {"PYTHONWARNINGS": QUIET, **os.environ, "PYTHONUNBUFFERED": "1", **added}
        part = spawn(name, command, output=subprocess.PIPE, environ=environ)
        self.launched[name] = (command, added)
        self.parts.append(part)
        self.services.note_groups([part.pid for part in self.parts])
        if part.process.stdout is not None:
            reader = threading.Thread(target=self.forward, args=(name, part.process.stdout), daemon=True)
            reader.start()
            self.readers.append(reader)

    def complete(self, names: tuple[str, ...], *, host: str = "127.0.0.1", port: int = 8000, threads: int = 8) -> None:
        """Start those of ``names`` that do not run yet."""
        have = {part.name for part in self.parts} | set(self.resting)
        for name, (command, added) in commands(host, port, threads).items():
            if name in names and name not in have:
                self.start(name, command, added)

    def forward(self, name: str, stream: IO[bytes]) -> None:
        with stream:
            for line in stream:
                self.log(name, line.decode(errors="replace").rstrip())

    def trouble(self) -> str | None:
        """What has died unasked (Chinese) and cannot be started again; None while everything runs or will.

        To be asked from the main thread again and again: it is what starts parts again.
        """
        if lost := self.services.lost():
            return lost
        for part in [part for part in self.parts if part.died()]:
            if trouble := self.bury(part):
                return trouble
        for name in [name for name, when in self.resting.items() if when <= time.monotonic()]:
            del self.resting[name]
            self.start(name, *self.launched[name])
        return None

    def bury(self, part: Part) -> str | None:
        """Let a dead part rest a while; or say why it is not started again (Chinese)."""
        died = f"{part.name} 意外停止（{part.ending()}）"
        if part.name not in REVIVED:
            return died
        now = time.monotonic()
        deaths = [when for when in self.deaths.get(part.name, []) if when > now - SHORT_TIME] + [now]
        if len(deaths) > MOST_DEATHS:
            return f"{died}，{SHORT_TIME:.0f}秒内停了{len(deaths)}次，不再重新启动"
        kill_group(part.pid)
        self.parts.remove(part)
        pause = PAUSE * len(deaths)
        self.deaths[part.name], self.resting[part.name] = deaths, now + pause
        self.log("jifen", f"{died}，{pause:.0f}秒后重新启动它，别的照常运行。")
        return None

    def check(self) -> None:
        """Raises LocalError when a part or a service has died."""
        if trouble := self.trouble():
            raise LocalError(f"{trouble}。")

    def stop(self) -> None:
        """Web and beat first, so that nothing new comes in; then the workers, which finish what they hold."""
        first = [part for part in self.parts if part.name in ("web", "beat")]
        rest = [part for part in self.parts if part not in first]
        stop(first, patience=5)
        stop(rest, patience=10)
        for reader in self.readers:
            reader.join(1)


def web_port(port: int | None) -> int:
    """``port``, or PUBLIC_PORT."""
    return port or int(os.environ.get("PUBLIC_PORT", "8000"))


def check_port(port: int | None) -> int:
    """The web's port, once it is sure to be free; asked before services are started, too.

    Raises:
        LocalError: it is taken.
    """
    wanted = web_port(port)
    if free_port(wanted) != wanted:
        raise LocalError(f"端口 {wanted} 已被占用：请先停掉占用它的程序，或用环境变量 PUBLIC_PORT 换一个端口。")
    return wanted


@contextmanager
def stack(
    services: Services,
    names: tuple[str, ...] = ("web", "worker", "public", "owner", "beat"),
    *,
    log: Log = coloured,
    host: str = "127.0.0.1",
    port: int | None = None,
    threads: int = 4,
) -> Iterator[Stack]:
    """Run the named parts inside the block, which is `with services() as found: with stack(found): …`.

    `port` of the web defaults to PUBLIC_PORT. Enter from the main thread.

    Raises:
        LocalError: the web's port is taken.
    """
    wanted = check_port(port) if "web" in names else web_port(port)
    running = Stack(services, log)
    try:
        for name, (command, added) in commands(host, wanted, threads).items():
            if name in names:
                running.start(name, command, added)
        yield running
    finally:
        running.stop()


class Interrupted:
    """Set by Ctrl-C, SIGTERM or a closed terminal; the second signal ends the process at once."""

    def __init__(self) -> None:
        self.happened = False

    def __call__(self, number: int, _frame: object) -> None:
        if self.happened:
            os._exit(128 + number)
        self.happened = True


def wait(running: Stack) -> int:
    """Until somebody asks for the end (0) or something has died (1, after saying what)."""
    interrupted = Interrupted()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupted)
    while not interrupted.happened:
        if trouble := running.trouble():
            again = "重新启动会从头再来" if running.services.is_gone else "数据没有丢失，可以重新启动"
            running.log("jifen", f"{trouble}，全部停止。{again}。")
            return 1
        time.sleep(0.2)
    running.log("jifen", "正在停止……")
    return 0
