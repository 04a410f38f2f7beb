"""The process that owns the embedded services of a run folder: `python -m jifen.local.supervisor FOLDER FAST PART…`.

It starts the services, says `ready` on its standard output, and lives as long as some process uses them, which each
user shows by a locked file in `users/`. A user that is killed loses its lock, so nothing is left running whatever
happens to the users. When a service dies unasked, it stops the others and leaves word in `crash.txt`.
"""

import json
import os
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import IO

from jifen.local import objects, postgres, valkey
from jifen.local.credentials import credentials
from jifen.local.folder import LocalError, RunFolder, read_json, try_lock, write_json
from jifen.local.processes import Part, free_port, kill_group, stop

STARTERS = {"postgres": postgres.start, "valkey": valkey.start, "objects": objects.start}
LOOK_EVERY = 0.2
LOG_LIMIT = 10_000_000


class StopRequested(BaseException):
    """A signal asked for the end; like KeyboardInterrupt, no `except Exception` may swallow it."""


def main(arguments: list[str]) -> int:
    folder, fast, names = RunFolder(Path(arguments[0])), arguments[1] == "fast", arguments[2:]
    lock = own(folder)
    if lock is None:
        return report("另一个进程正在管理这个运行目录。")
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, raise_stop)
    parts: list[Part] = []
    try:
        start_all(folder, names, parts, fast=fast)
        say_ready(folder)
        watch(folder, parts)
    except LocalError as error:
        return report(str(error))
    except StopRequested:
        pass
    finally:
        folder.state_file.unlink(missing_ok=True)
        ignore_signals()
        stop(parts)
    return 0


def own(folder: RunFolder) -> IO[str] | None:
    """The supervisor's lock. Users touch it for a moment to see whether we live, hence the patience."""
    deadline = time.monotonic() + 2
    while (lock := try_lock(folder.supervisor_lock)) is None and time.monotonic() < deadline:
        time.sleep(0.01)
    return lock


def report(problem: str) -> int:
    print(problem, flush=True)
    return 1


def raise_stop(_number: int, _frame: FrameType | None) -> None:
    raise StopRequested


def ignore_signals() -> None:
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


def start_all(folder: RunFolder, names: list[str], parts: list[Part], *, fast: bool) -> None:
    """Start the named services one after the other, on the ports of the last time when they are free."""
    known, ports = credentials(folder), read_json(folder.ports_file) or {}
    for name in names:
        rotate(folder.log(name))
        ports[name] = free_port(ports.get(name))
        parts.append(STARTERS[name](folder, known, ports[name], fast=fast))
    write_json(folder.ports_file, ports)
    folder.crash_file.unlink(missing_ok=True)
    running = {part.name: {"pid": part.pid, "port": ports[part.name]} for part in parts}
    write_json(folder.state_file, {"supervisor": os.getpid(), "fast": fast, "parts": running})


def rotate(log: Path) -> None:
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        log.replace(log.with_suffix(".old.log"))


def say_ready(folder: RunFolder) -> None:
    """Tell the starter, then let go of its pipe."""
    print("ready", flush=True)
    with folder.log("supervisor").open("ab") as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)


def watch(folder: RunFolder, parts: list[Part]) -> None:
    """Return when nobody uses the services any more, when one of them has died, or with it when the folder is gone."""
    while not folder.is_gone:
        for part in parts:
            if part.died():
                folder.crash_file.write_text(f"{part.name} 意外停止（{part.ending()}）", encoding="utf-8")
                return
        if not in_use(folder):
            return
        time.sleep(LOOK_EVERY)


def in_use(folder: RunFolder) -> bool:
    """Whether a living process has its file in `users/`; clears up after the dead. No state file means: going down."""
    gate = try_lock(folder.start_lock)
    if gate is None:  # somebody is just joining or leaving
        return True
    with gate:
        used = False
        for path in folder.users.iterdir():
            used |= not clear_dead(path)
        if not used:
            folder.state_file.unlink(missing_ok=True)
        return used


def clear_dead(path: Path) -> bool:
    """Whether the user is gone; then end the process groups it had started and remove its file."""
    file: IO[str] | None = try_lock(path)
    if file is None:
        return False
    with file, suppress(json.JSONDecodeError):
        file.seek(0)
        for group in json.load(file):
            kill_group(group)
    path.unlink(missing_ok=True)
    return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
