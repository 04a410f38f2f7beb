"""Use the embedded services: start what is missing, stop what nobody uses any more."""

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from jifen.env import ConfigError
from jifen.local import objects, postgres, valkey
from jifen.local.credentials import Credentials, credentials
from jifen.local.folder import LocalError, RunFolder, is_held, locked, run_folder, try_lock, wait_until_free

VARIABLES = {
    "postgres": ("DATABASE_URL", "OWNER_DATABASE_URL"),
    "valkey": ("BROKER_URL", "CACHE_URL"),
    "objects": ("S3_ENDPOINT_URL", "S3_ACCESS_KEY", "S3_SECRET_KEY"),
}
"""The variables that replace each embedded service; all of a line or none."""


@dataclass
class Services:
    """What a process needs to reach the services, as environment variables."""

    folder: RunFolder
    environ: dict[str, str] = field(default_factory=dict)
    """Only what was not set from outside."""
    admin_database_url: str | None = None
    """The embedded PostgreSQL's superuser, for tests and repairs; None when the database is not ours."""
    user_file: IO[str] | None = None

    def note_groups(self, groups: list[int]) -> None:
        """Process groups to end when this process is killed."""
        if self.user_file is not None:
            self.user_file.seek(0)
            self.user_file.truncate()
            json.dump(groups, self.user_file)
            self.user_file.flush()

    @property
    def is_gone(self) -> bool:
        """The run folder was deleted while it was used: its data are lost."""
        return self.user_file is not None and self.folder.is_gone

    def lost(self) -> str | None:
        """Why the embedded services are gone (Chinese); None while they run or none are ours."""
        if self.user_file is None:
            return None
        if self.is_gone:
            return f"运行目录 {self.folder.path} 在使用中被删除，里面的数据没有了"
        if self.folder.state_file.exists() and is_held(self.folder.supervisor_lock):
            return None
        crash = self.folder.crash_file
        return crash.read_text(encoding="utf-8") if crash.exists() else "内置服务已停止"


@contextmanager
def services(*, fast: bool = False, run_dir: str | Path | None = None) -> Iterator[Services]:
    """Every service that no environment variable names runs inside the block; the variables are set meanwhile.

    Services that another process has started are shared. They stop when their last user leaves or dies. `fast` gives
    up durability, for tests. In the production mode nothing is started. Enter from the main thread.

    Raises:
        LocalError: a service did not start. ConfigError: one variable of a pair is missing.
    """
    if os.environ.get("JIFEN_MODE") == "production":
        yield Services(RunFolder(Path()))
        return
    folder = run_folder(run_dir)
    with locked(folder.start_lock):
        known = credentials(folder)
    found = Services(folder, {"SECRET_KEY": known.secret_key, "DATA_KEY": known.data_key})
    with joined(found, known, missing_services(os.environ), fast=fast), exported(found.environ):
        yield found


def missing_services(environ: Mapping[str, str]) -> list[str]:
    """The services that no variable names.

    Raises:
        ConfigError: a service is named by some of its variables only.
    """
    missing = []
    for name, variables in VARIABLES.items():
        unset = [variable for variable in variables if not environ.get(variable)]
        if unset and len(unset) < len(variables):
            given = "、".join(variable for variable in variables if variable not in unset)
            raise ConfigError(unset[0], f"没有设置，却设置了 {given}", "这几个要一起设置，或都不设置（用内置服务）")
        if unset:
            missing.append(name)
    return missing


@contextmanager
def joined(found: Services, known: Credentials, needs: list[str], *, fast: bool) -> Iterator[None]:
    """Be a user of the supervisor while inside; starts it first when it is not there.

    Raises:
        LocalError: the folder was deleted meanwhile, whatever that made fail inside, or nothing.
    """
    if not needs:
        yield
        return
    folder = found.folder
    path = folder.users / f"{os.getpid()}-{secrets.token_hex(4)}"
    with locked(folder.start_lock):
        found.user_file = try_lock(path)
        try:
            state = running_state(folder, needs, fast=fast)
        except BaseException:
            path.unlink()
            raise
    fill_in(found, known, needs, {name: part["port"] for name, part in state["parts"].items()})
    try:
        yield
    except Exception as error:
        if found.is_gone:
            raise LocalError(f"{found.lost()}。") from error
        raise
    else:
        if found.is_gone:
            raise LocalError(f"{found.lost()}。")
    finally:
        leave(found, path)


def running_state(folder: RunFolder, needs: list[str], *, fast: bool) -> dict[str, Any]:
    """The supervisor's state; it is started when none runs. Call while holding the start lock."""
    state = folder.state() if is_held(folder.supervisor_lock) else None
    if state is None:
        if not wait_until_free(folder.supervisor_lock, 30):
            raise LocalError(f"上一次的内置服务还没有停完（见 {folder.path}/log）：请稍候再试。")
        state = start_supervisor(folder, needs, fast=fast)
    absent = [name for name in needs if name not in state["parts"]]
    if absent:
        raise LocalError(
            f"正在运行的内置服务里没有 {'、'.join(absent)}：请先结束使用它们的进程，再以现在的环境变量启动。"
        )
    return state


def start_supervisor(folder: RunFolder, needs: list[str], *, fast: bool) -> dict[str, Any]:
    command = [sys.executable, "-m", "jifen.local.supervisor", str(folder.path), "fast" if fast else "durable", *needs]
    with folder.log("supervisor").open("ab") as log:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, start_new_session=True, cwd="/"
        )
    with process, process.stdout or sys.stdin.buffer as pipe:
        first = pipe.readline().decode()
        if first.strip() != "ready":
            raise LocalError(f"内置服务没有启动成功。{first}{pipe.read().decode()}")
        process.returncode = 0  # it outlives this block
    state = folder.state()
    if state is None:
        raise LocalError(f"内置服务刚启动就停止了，见 {folder.log('supervisor')}。")
    return state


def fill_in(found: Services, known: Credentials, needs: list[str], ports: dict[str, int]) -> None:
    """The variables of the embedded services."""
    if "postgres" in needs:
        port = ports["postgres"]
        found.environ["DATABASE_URL"] = postgres.url(port, postgres.APP, known.postgres_app)
        found.environ["OWNER_DATABASE_URL"] = postgres.url(port, postgres.OWNER, known.postgres_owner)
        found.admin_database_url = postgres.url(port, postgres.ADMIN, known.postgres_admin)
    if "valkey" in needs:
        found.environ["BROKER_URL"] = valkey.url(ports["valkey"], known.valkey, 0)
        found.environ["CACHE_URL"] = valkey.url(ports["valkey"], known.valkey, 1)
    if "objects" in needs:
        found.environ["S3_ENDPOINT_URL"] = objects.url(ports["objects"])
        found.environ["S3_ACCESS_KEY"] = known.s3_access_key
        found.environ["S3_SECRET_KEY"] = known.s3_secret_key
        found.environ["S3_BUCKET"] = objects.BUCKET


@contextmanager
def exported(variables: Mapping[str, str]) -> Iterator[None]:
    """Set the variables that are not set, for this process and its children."""
    added = {name: value for name, value in variables.items() if not os.environ.get(name)}
    os.environ.update(added)
    try:
        yield
    finally:
        for name in added:
            os.environ.pop(name, None)


def leave(found: Services, path: Path) -> None:
    """Stop being a user; when nobody else is one, wait until everything has stopped.

    Of a deleted folder nothing is left to wait for: the supervisor sees that for itself.
    """
    folder = found.folder
    if found.is_gone:
        return
    with locked(folder.start_lock):
        path.unlink(missing_ok=True)
        if found.user_file is not None:
            found.user_file.close()
        others = any(is_held(other) for other in folder.users.iterdir())
    if not others:
        wait_until_free(folder.supervisor_lock, 30)
