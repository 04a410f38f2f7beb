"""Child processes that cannot outlive their parent: start, watch, stop."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from jifen.local.folder import AS_ROOT, NOBODY, LocalError

GUARD = Path(__file__).with_name("guard.py")


@dataclass
class Part:
    """One running program and what its polite and its quick stop are."""

    name: str
    process: subprocess.Popen[bytes]
    polite: signal.Signals = signal.SIGTERM
    quick: signal.Signals = signal.SIGKILL

    @property
    def pid(self) -> int:
        return self.process.pid

    def died(self) -> bool:
        return self.process.poll() is not None

    def ending(self) -> str:
        """How it ended, in Chinese."""
        code = self.process.returncode
        return f"信号 {-code}" if code is not None and code < 0 else f"退出码 {code}"


def spawn(
    name: str,
    command: Sequence[str | Path],
    *,
    output: IO[bytes] | int,
    environ: Mapping[str, str] | None = None,
    given: str | None = None,
    unprivileged: bool = False,
    polite: signal.Signals = signal.SIGTERM,
    quick: signal.Signals = signal.SIGKILL,
) -> Part:
    """Start a program in a session of its own; `polite` is also what the kernel sends it when this process dies.

    Call from the main thread: the kernel counts the death of the calling thread. `given` is fed to its standard input;
    `unprivileged` runs it as nobody when we are root.
    """
    uid = NOBODY if unprivileged and AS_ROOT else -1
    guard = [sys.executable, "-I", "-S", str(GUARD), str(os.getpid()), str(polite.value), str(uid), "--"]
    process = subprocess.Popen(
        [*guard, *map(str, command)],
        stdin=subprocess.DEVNULL if given is None else subprocess.PIPE,
        stdout=output,
        stderr=subprocess.STDOUT,
        env=dict(os.environ if environ is None else environ),
        start_new_session=True,
    )
    if given is not None and process.stdin is not None:
        with suppress(BrokenPipeError), process.stdin as pipe:
            pipe.write(given.encode())
    return Part(name, process, polite, quick)


def stop(parts: Sequence[Part], patience: float = 10.0) -> None:
    """End the programs: all politely, each quickly after `patience` seconds, then what is left of its process group.

    Returns when they are gone.
    """
    for part in parts:
        part.process.send_signal(part.polite)
    deadline = time.monotonic() + patience
    for part in parts:
        with suppress(subprocess.TimeoutExpired):
            part.process.wait(max(0.1, deadline - time.monotonic()))
    for part in parts:
        end(part)


def end(part: Part) -> None:
    if not part.died():
        part.process.send_signal(part.quick)
        with suppress(subprocess.TimeoutExpired):
            part.process.wait(3)
    kill_group(part.pid)
    part.process.wait()


def kill_group(group: int) -> None:
    """Whatever is left of a part's children."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


def free_port(wanted: int | None = None) -> int:
    """`wanted` when nobody listens there, else any free loopback port."""
    for port in (wanted, 0):
        if port is None:
            continue
        with socket.socket() as sock:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with suppress(OSError):
                sock.bind(("127.0.0.1", port))
                return int(sock.getsockname()[1])
    raise LocalError("本机没有空闲的端口。")


def wait_ready(part: Part, probe: Callable[[], object], *, log: Path, seconds: float = 60.0) -> None:
    """Repeat `probe` until it raises nothing, whatever it raises: every client library has errors of its own.

    Raises:
        LocalError: the program ended, or was not ready in time; carries the end of its log.
    """
    deadline = time.monotonic() + seconds
    while True:
        try:
            probe()
        except Exception as error:
            if part.died() or time.monotonic() > deadline:
                raise LocalError(f"{part.name} 没有启动成功：{error}\n{tail(log)}") from error
            time.sleep(0.02)
        else:
            return


def tail(log: Path, lines: int = 12) -> str:
    """The last lines of a log file."""
    if not log.exists():
        return ""
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])
