"""The embedded PostgreSQL: a cluster of its own in the run folder, on a loopback port, as nobody when we are root."""

import os
import shutil
import signal
import time
from contextlib import suppress
from pathlib import Path

import psycopg
from psycopg import sql

from jifen.local.binaries import postgres_bin
from jifen.local.credentials import Credentials
from jifen.local.folder import AS_ROOT, NOBODY, LocalError, RunFolder
from jifen.local.processes import Part, spawn, tail, wait_ready

DATABASE = "jifen"
OWNER, APP, ADMIN = "jifen_owner", "jifen_app", "postgres"

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "min_wal_size": "256MB",
    "wal_compression": "on",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "jit": "off",
    # A town is a schema with dozens of tables; dumping, dropping or migrating many takes a lock on each.
    "max_locks_per_transaction": "512",
    "log_line_prefix": "%m [%p] %d ",
    "log_timezone": "Asia/Shanghai",
    "log_checkpoints": "off",
}
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_wal_size": "512MB"}
"""For tests alone: a power cut may lose everything."""


def start(folder: RunFolder, known: Credentials, port: int, *, fast: bool) -> Part:
    """Initialise when new, clear what a kill left behind, start, and make the roles and the database.

    Raises:
        LocalError: PostgreSQL did not come up; carries the end of its log.
    """
    programs, data = postgres_bin(folder), folder.path / "postgres"
    if not data.exists():
        initialise(folder, programs, known.postgres_admin)
    clear_leftovers(data)
    options = {**SETTINGS, **(FAST if fast else {}), "port": str(port)}
    command: list[str | Path] = [
        programs / "postgres",
        "-D",
        data,
        *(f"--{name}={value}" for name, value in options.items()),
    ]
    with folder.log("postgres").open("ab") as log:
        part = spawn(
            "postgres", command, output=log, unprivileged=True, environ={"LC_ALL": "C.UTF-8", "PATH": os.defpath},
            polite=signal.SIGINT, quick=signal.SIGQUIT,
        )  # fmt: skip
    admin = url(port, ADMIN, known.postgres_admin, "postgres")
    wait_ready(part, lambda: psycopg.connect(admin, connect_timeout=2).close(), log=folder.log("postgres"))
    prepare(admin, known)
    return part


def url(port: int, role: str, password: str, database: str = DATABASE) -> str:
    return f"postgresql://{role}:{password}@127.0.0.1:{port}/{database}"


def initialise(folder: RunFolder, programs: Path, password: str) -> None:
    """`initdb` in a draft folder that gets its name when it is whole: a kill in between leaves no half of one."""
    draft, secret = folder.data("postgres.draft"), folder.path / "postgres.password"
    empty(draft)
    secret.touch(mode=0o600)
    secret.write_text(password)
    if AS_ROOT:
        os.chown(secret, NOBODY, NOBODY)
    command: list[str | Path] = [
        programs / "initdb", "-D", draft, "-U", ADMIN, "--auth=scram-sha-256", f"--pwfile={secret}", "--encoding=UTF8",
        "--locale=C.UTF-8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
    ]  # fmt: skip
    with folder.log("postgres").open("ab") as log:
        code = spawn("initdb", command, output=log, unprivileged=True, environ={"PATH": os.defpath}).process.wait()
    secret.unlink()
    if code != 0:
        raise LocalError(f"不能建立数据库目录 {draft}:\n{tail(folder.log('postgres'))}")
    draft.rename(folder.path / "postgres")


def empty(data: Path) -> None:
    """Remove what an interrupted `initdb` left."""
    for path in data.iterdir():
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()


def clear_leftovers(data: Path) -> None:
    """End server processes that a kill -9 of the postmaster left on this data, then remove its lock file.

    Only the supervisor of the run folder calls this, and there is one, so nobody else starts a server meanwhile.
    """
    deadline = time.monotonic() + 20
    while left := processes_in(data):
        if time.monotonic() > deadline:
            raise LocalError(f"数据库目录 {data} 仍被进程 {left} 占用：请结束它们再启动。")
        for pid in left:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGQUIT)
        time.sleep(0.1)
    (data / "postmaster.pid").unlink(missing_ok=True)


def processes_in(data: Path) -> list[int]:
    """Processes whose working directory is the data folder: the postmaster and its children."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if (entry / "cwd").readlink() == data:
                found.append(int(entry.name))
    return found


def prepare(admin: str, known: Credentials) -> None:
    """Make the two roles and the database; safe to repeat.

    jifen_owner owns the schemas and may make databases (the tests clone theirs); jifen_app serves and owns nothing.
    """
    with psycopg.connect(admin, autocommit=True) as connection:
        for role, password, rights in (
            (OWNER, known.postgres_owner, sql.SQL("LOGIN CREATEDB")),
            (APP, known.postgres_app, sql.SQL("LOGIN")),
        ):
            exists = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
            verb = sql.SQL("ALTER ROLE" if exists else "CREATE ROLE")
            connection.execute(
                sql.SQL("{} {} {} PASSWORD {}").format(verb, sql.Identifier(role), rights, sql.Literal(password))
            )
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(*map(sql.Identifier, (DATABASE, OWNER))))
