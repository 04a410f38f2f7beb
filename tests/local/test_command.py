"""The `jifen` command itself."""

import os
import subprocess
import sys

import pytest

from jifen import __main__ as command
from jifen.env import ConfigError
from jifen.local import LocalError


def test_a_wrong_variable_ends_with_code_2_and_its_name() -> None:
    environ = {**os.environ, "PUBLIC_PORT": "eighty"}
    done = subprocess.run(
        [sys.executable, "-m", "jifen", "check"], env=environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "环境变量 PUBLIC_PORT" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(("error", "code"), [(ConfigError("X", "错了", "改"), 2), (LocalError("没有启动"), 1)])
def test_a_known_trouble_is_one_line(
    error: Exception, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> int:
        raise error

    monkeypatch.setattr(command, "run", fail)
    assert command.main() == code
    assert capsys.readouterr().err.strip() == str(error)


def test_commands_of_the_owner_get_its_role(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIFEN_DB_ROLE", "")
    monkeypatch.delenv("JIFEN_DB_ROLE")
    monkeypatch.setattr(command, "django", lambda *_: 0)
    command.run("migrate_all", [])
    assert os.environ.pop("JIFEN_DB_ROLE") == "owner"
