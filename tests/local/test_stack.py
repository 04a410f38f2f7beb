"""The parts beside the services: one log, a word when one dies, nothing left behind."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from jifen.local import LocalError, Services
from jifen.local import stack as stacks
from jifen.local.folder import RunFolder
from jifen.local.stack import Stack, stack
from tests.local.processes import alive

TALK = "import time; print('您好', flush=True); time.sleep(60)"
PARENT = "import subprocess, sys; p = subprocess.Popen(['sleep', '60']); print(p.pid, flush=True); p.wait()"


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    return []


def start(code: str, lines: list[tuple[str, str]], name: str = "worker") -> Stack:
    running = Stack(Services(RunFolder(Path())), lambda name, line: lines.append((name, line)))
    running.start(name, [sys.executable, "-c", code], {})
    deadline = time.monotonic() + 10
    while not lines:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return running


def test_the_lines_of_a_part_carry_its_name(lines: list[tuple[str, str]]) -> None:
    start(TALK, lines).stop()
    assert lines == [("worker", "您好")]


def test_a_part_that_dies_is_named_and_its_children_end_with_the_stop(lines: list[tuple[str, str]]) -> None:
    running = start(PARENT, lines, "web")
    assert running.trouble() is None
    kill(running)
    with pytest.raises(LocalError, match="web 意外停止（信号 9）"):
        running.check()
    running.stop()
    deadline = time.monotonic() + 5
    while alive(int(lines[0][1])) and time.monotonic() < deadline:  # the kill was sent; the kernel takes a moment
        time.sleep(0.02)
    assert not alive(int(lines[0][1]))


def kill(running: Stack) -> None:
    os.kill(running.parts[0].pid, signal.SIGKILL)
    running.parts[0].process.wait()


def until(running: Stack, done: Callable[[], bool]) -> str | None:
    """Ask for trouble as ``wait`` does, until ``done`` or in trouble."""
    deadline = time.monotonic() + 20
    while not (trouble := running.trouble()) and not done():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return trouble


@pytest.mark.parametrize("name", ["worker", "public", "owner", "beat"])
def test_a_worker_that_is_killed_is_started_again(
    lines: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(stacks, "PAUSE", 0.1)
    running = start(PARENT, lines, name)
    first = running.parts[0].pid
    kill(running)
    assert until(running, lambda: bool(running.parts) and len([line for line in lines if line[0] == name]) == 2) is None
    assert [part.name for part in running.parts] == [name] and running.parts[0].pid != first
    assert f"{name} 意外停止（信号 9）" in lines[1][1] and "重新启动" in lines[1][1]
    deadline = time.monotonic() + 5
    while alive(int(lines[0][1])) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not alive(int(lines[0][1]))
    running.stop()
    assert running.parts[0].died()


def test_a_worker_rests_before_it_is_started_again(lines: list[tuple[str, str]]) -> None:
    running = start(TALK, lines)
    kill(running)
    assert running.trouble() is None and running.trouble() is None
    assert running.parts == [] and list(running.resting) == ["worker"]
    running.complete(("worker",))
    assert running.parts == []
    running.stop()


def test_a_worker_that_dies_again_and_again_is_given_up(
    lines: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stacks, "PAUSE", 0.0)
    running = start("print('您好', flush=True)", lines)
    assert until(running, lambda: False) == "worker 意外停止（退出码 0），120秒内停了6次，不再重新启动"
    with pytest.raises(LocalError, match="不再重新启动"):
        running.check()
    running.stop()


def test_a_part_dies_with_its_launcher() -> None:
    code = (
        "import subprocess, sys, time; from jifen.local.processes import spawn\n"
        "print(spawn('part', ['/bin/sleep', '60'], output=subprocess.DEVNULL).pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as launcher:
        assert launcher.stdout is not None
        part = int(launcher.stdout.readline())
        time.sleep(0.3)  # the guard asks the kernel before it becomes the program
        launcher.kill()
    deadline = time.monotonic() + 5
    while alive(part):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_taken_port_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stacks, "commands", lambda *_: {})
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(LocalError, match=str(port)), stack(Services(RunFolder(Path())), port=port):
            pass
