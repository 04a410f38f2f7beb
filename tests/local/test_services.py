"""The embedded services: shared, durable, and gone with their last user however it ends."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from jifen.env import ConfigError
from jifen.local import LocalError, Services, services
from jifen.local.client import VARIABLES, missing_services
from jifen.local.folder import is_held, run_folder, wait_until_free
from jifen.local.postgres import processes_in
from jifen.local.stack import Stack, wait

pytestmark = pytest.mark.slow

USER = (
    "import sys; from jifen.local import services\nwith services(fast=True): print('in', flush=True); sys.stdin.read()"
)


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A run folder of its own, which nobody may traverse too, and no variable that names a service."""
    path = Path(tempfile.mkdtemp(prefix="jifen-test-", dir="/var/tmp"))
    path.chmod(0o755)
    for variables in VARIABLES.values():
        for variable in variables:
            monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("JIFEN_RUN_DIR", str(path))
    yield path
    shutil.rmtree(path, ignore_errors=True)


def user(folder: Path) -> subprocess.Popen[bytes]:
    """Another process that uses the services, once it does."""
    process = subprocess.Popen([sys.executable, "-c", USER], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"in\n"
    return process


def execute(found: Services, statement: str) -> object:
    assert found.admin_database_url is not None
    with psycopg.connect(found.admin_database_url) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchone() if cursor.description else None


def has_stopped(folder: Path) -> bool:
    return wait_until_free(run_folder(folder).supervisor_lock, 15) and processes_in(folder / "postgres") == []


def test_services_are_shared_and_stop_with_their_last_user(folder: Path) -> None:
    with user(folder) as other:
        with services() as found:
            assert execute(found, "SHOW fsync") == ("off",)
        assert is_held(run_folder(folder).supervisor_lock)
        other.communicate(b"")
    assert has_stopped(folder)


def test_a_killed_user_leaves_nothing_running(folder: Path) -> None:
    with user(folder) as other:
        other.kill()
    assert has_stopped(folder)


def test_data_outlives_a_killed_database(folder: Path) -> None:
    with services() as found:
        execute(found, "CREATE TABLE kept AS SELECT 46 AS points")
        postmaster = int((folder / "postgres" / "postmaster.pid").read_text().split()[0])
        os.kill(postmaster, signal.SIGKILL)
        deadline = time.monotonic() + 10
        while (lost := found.lost()) is None:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        assert "postgres" in lost
    with services() as found:
        assert execute(found, "SELECT points FROM kept") == (46,)
        assert execute(found, "SHOW fsync") == ("on",)


def _delete(folder: Path) -> None:
    """All of it, also what the services write into it meanwhile."""
    while folder.exists():
        shutil.rmtree(folder, ignore_errors=True)


def test_a_deleted_folder_is_named_whatever_it_made_fail(folder: Path) -> None:
    with pytest.raises(LocalError, match=f"{folder} 在使用中被删除"), services(fast=True) as found:
        pids = processes_in(folder / "postgres")
        _delete(folder)
        execute(found, "SELECT pg_sleep(30)")
    deadline = time.monotonic() + 20
    while any(Path(f"/proc/{pid}").exists() for pid in pids):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_who_serves_from_a_deleted_folder_stops_and_says_so(folder: Path) -> None:
    lines: list[str] = []
    with pytest.raises(LocalError, match="在使用中被删除"), services(fast=True) as found:
        _delete(folder)
        assert wait(Stack(found, lambda _, line: lines.append(line))) == 1
    assert lines == [f"运行目录 {folder} 在使用中被删除，里面的数据没有了，全部停止。重新启动会从头再来。"]


def test_a_half_made_database_folder_is_made_anew(folder: Path) -> None:
    (folder / "postgres.draft").mkdir()
    (folder / "postgres.draft" / "PG_VERSION").write_text("18")
    if os.geteuid() == 0:
        os.chown(folder / "postgres.draft", 65534, 65534)
    with services(fast=True) as found:
        assert execute(found, "SELECT 1") == (1,)


def test_a_run_folder_of_somebody_else_is_refused(folder: Path) -> None:
    if os.geteuid() != 0:
        folder = Path("/")
    else:
        os.chown(folder, 1, 1)
    with pytest.raises(LocalError, match="JIFEN_RUN_DIR"), services(run_dir=folder):
        pass


def test_a_given_address_replaces_the_embedded_service() -> None:
    given = {"BROKER_URL": "redis://broker/0", "CACHE_URL": "redis://broker/1"}
    assert missing_services(given) == ["postgres", "objects"]


def test_half_a_pair_of_addresses_is_refused() -> None:
    with pytest.raises(ConfigError) as caught:
        missing_services({"DATABASE_URL": "postgresql://app@db/jifen"})
    assert caught.value.variable == "OWNER_DATABASE_URL"
