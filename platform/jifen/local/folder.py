"""The run folder of a checkout: data, logs, secrets and the state of the embedded services.

It lies outside the checkout, in a place that every account may traverse, because PostgreSQL refuses to run as root and
then runs as `nobody`. `JIFEN_RUN_DIR` names another one.
"""

import fcntl
import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

CHECKOUT = Path(__file__).resolve().parents[3]
NOBODY = 65534
MEMORY = Path("/dev/shm")  # noqa: S108 - whoever made the folder below it is checked
ENOUGH_MEMORY = 4 * 2**30
"""Bytes; the tests' services take less than one GiB."""
AS_ROOT = os.geteuid() == 0
FOLDERS = ("users", "log", "bin", "postgres", "postgres.draft", "valkey", "objects")
FILES = ("secrets.json", "state.json", "ports.json", "demo.json", "crash.txt", "supervisor.lock", "template.lock")
OURS = (*FOLDERS, *FILES, "postgres.password", "start.lock")
"""All that ever stands in a run folder; the lock that starters wait for goes last."""


class LocalError(Exception):
    """An embedded service cannot be started or used; the text (Chinese) says why and what to do."""


@dataclass(frozen=True)
class RunFolder:
    path: Path

    @property
    def state_file(self) -> Path:
        """Exists while the services run; ports stay remembered in `ports.json`."""
        return self.path / "state.json"

    @property
    def secrets_file(self) -> Path:
        return self.path / "secrets.json"

    @property
    def ports_file(self) -> Path:
        return self.path / "ports.json"

    @property
    def crash_file(self) -> Path:
        """Which part died unasked the last time, in Chinese."""
        return self.path / "crash.txt"

    @property
    def users(self) -> Path:
        """One locked file for each process that uses the services."""
        return self.path / "users"

    @property
    def start_lock(self) -> Path:
        """Held while somebody joins, starts or leaves."""
        return self.path / "start.lock"

    @property
    def supervisor_lock(self) -> Path:
        """Held by the supervisor as long as it lives."""
        return self.path / "supervisor.lock"

    @property
    def is_gone(self) -> bool:
        """Somebody has deleted it under those who use it."""
        return not self.users.is_dir()

    def log(self, part: str) -> Path:
        return self.path / "log" / f"{part}.log"

    def state(self) -> dict[str, Any] | None:
        return read_json(self.state_file)

    def data(self, part: str) -> Path:
        """The data folder of a part, owned by the account it runs as."""
        path = self.path / part
        if not path.exists():
            path.mkdir(mode=0o700)
            if AS_ROOT:
                os.chown(path, NOBODY, NOBODY)
        return path

    def wipe(self) -> None:
        """Remove everything of ours, data too, and nothing else: the folder may be one that somebody chose.

        The services must have stopped.
        """
        for name in OURS:
            path = self.path / name
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
        with suppress(OSError):
            self.path.rmdir()


def run_folder(path: str | Path | None = None) -> RunFolder:
    """The run folder, made when missing: `path`, else `JIFEN_RUN_DIR`, else one below /var/tmp for this checkout.

    Raises:
        LocalError: somebody else made it, or it cannot be made.
    """
    chosen = Path(path or os.environ.get("JIFEN_RUN_DIR") or default_path()).absolute()
    try:
        chosen.mkdir(mode=0o755, parents=True, exist_ok=True)
        for name in ("users", "log"):
            (chosen / name).mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise LocalError(
            f"不能建立运行目录 {chosen}:{error.strerror}。请用环境变量 JIFEN_RUN_DIR 另指一个目录。"
        ) from error
    if chosen.is_symlink() or chosen.stat().st_uid != os.geteuid():
        raise LocalError(f"运行目录 {chosen} 属于另一个用户。请删除它，或用环境变量 JIFEN_RUN_DIR 另指一个目录。")
    return RunFolder(chosen.resolve())


def default_path() -> Path:
    mark = hashlib.sha256(str(CHECKOUT).encode()).hexdigest()[:10]
    return Path("/var/tmp") / f"jifen-{os.geteuid()}-{mark}"  # noqa: S108 - checked for its owner above


def tests_paths() -> tuple[Path, Path]:
    """Where the tests' services may keep their data, never in the demo's: in memory, and on disk."""
    name = f"{default_path().name}-tests"
    return MEMORY / name, default_path().with_name(name)


def tests_path() -> Path:
    """In memory where there is enough of it: a database is copied there in a twentieth of the time."""
    in_memory, on_disk = tests_paths()
    try:
        programs_run = not os.statvfs(MEMORY).f_flag & os.ST_NOEXEC
        return in_memory if programs_run and shutil.disk_usage(MEMORY).free >= ENOUGH_MEMORY else on_disk
    except OSError:
        return on_disk


def read_json(path: Path) -> dict[str, Any] | None:
    """The object in the file; None when it is missing or half written."""
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return None
    return content


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Replace the file in one step; only this user reads it."""
    temporary = path.with_suffix(".new")
    temporary.unlink(missing_ok=True)
    temporary.touch(mode=0o600)
    temporary.write_text(json.dumps(content, ensure_ascii=False, indent=2), encoding="utf-8")
    temporary.replace(path)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Wait for the file's lock and hold it; the kernel frees it when the process dies."""
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def try_lock(path: Path) -> IO[str] | None:
    """The open file with its lock held, or None when another process holds it."""
    file = path.open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return None
    return file


def is_held(path: Path) -> bool:
    """Whether a living process holds the file's lock."""
    with suppress(FileNotFoundError):
        file = try_lock(path) if path.exists() else None
        if file is None:
            return path.exists()
        file.close()
    return False


def wait_until_free(path: Path, seconds: float) -> bool:
    """Whether the lock became free in time."""
    deadline = time.monotonic() + seconds
    while is_held(path):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
