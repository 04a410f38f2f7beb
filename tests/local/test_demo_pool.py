"""Whatever ends the demo while it builds ends its drivers too."""

import signal
import subprocess
import sys
import time

import pytest

from tests.local.processes import alive

BUILDS = """
import multiprocessing, os, signal, time
for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    signal.signal(number, signal.SIG_IGN)
from jifen.local.demo.pool import end_as_by_ctrl_c, pool
end_as_by_ctrl_c()
with pool(2, os.getpid) as drivers:
    busy = [drivers.submit(time.sleep, 60) for _ in range(2)]
    [drivers.submit(os.getpid) for _ in range(2)]
    while not all(one.running() for one in busy):
        time.sleep(0.02)
    print(*(child.pid for child in multiprocessing.active_children()), flush=True)
    busy[0].result()
"""
"""It begins as in the background of a shell, by nohup: with the signals ignored."""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGKILL])
def test_no_driver_outlives_the_demo(number: signal.Signals) -> None:
    with subprocess.Popen([sys.executable, "-c", BUILDS], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as demo:
        assert demo.stdout is not None
        drivers = [int(pid) for pid in demo.stdout.readline().split()]
        time.sleep(0.5)  # they are at work
        demo.send_signal(number)
        demo.wait(10)
    deadline = time.monotonic() + 5
    while any(alive(pid) for pid in drivers) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert len(drivers) == 2 and not any(alive(pid) for pid in drivers)
