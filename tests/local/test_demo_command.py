"""What ``jifen demo`` says before it serves."""

import socket

import pytest

from jifen.local import LocalError
from jifen.local.demo import command, show

KEPT = {"built_at": "2026-03-01 08:30", "kept": True, "stages": {"名册": 1.0}, "seconds": 1.0}


def test_an_earlier_runs_data_are_announced_as_such(capsys: pytest.CaptureFixture[str]) -> None:
    assert command._announced(KEPT) is KEPT
    assert capsys.readouterr().out == "沿用 2026-03-01 08:30 建好的示范数据（重新来过：make demo FRESH=1）\n"


def test_nothing_is_announced_before_the_first_run(capsys: pytest.CaptureFixture[str]) -> None:
    assert command._announced(None) is None
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(("kept", "heading"), [(True, "建造时的用时"), (False, "用时")])
def test_the_times_of_an_earlier_run_are_headed_as_its_own(
    kept: bool, heading: str, capsys: pytest.CaptureFixture[str]
) -> None:
    counts = dict.fromkeys((key for key, _ in show.ROWS), 1)
    show.table({**KEPT, **counts, "kept": kept}, 2.0)
    assert heading in (line.strip() for line in capsys.readouterr().out.splitlines())


def test_a_busy_port_is_said_before_anything_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "services", lambda: pytest.fail("services started"))
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        with pytest.raises(LocalError, match="PUBLIC_PORT"):
            command.main(["--port", str(busy.getsockname()[1])])


def test_an_earlier_runs_counts_and_stages_without_time(capsys: pytest.CaptureFixture[str]) -> None:
    counts = dict.fromkeys((key for key, _ in show.ROWS), 1)
    show.table({**KEPT, **counts, "stages": {"名册": 1.0, "归档": 0.04}}, 2.0)
    shown = capsys.readouterr().out
    assert "建成时" in shown and "归档" not in shown
