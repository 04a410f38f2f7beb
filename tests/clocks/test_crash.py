"""A worker that is killed half-way leaves nothing behind, and the job runs again."""

import subprocess
import sys
from datetime import timedelta

import pytest
from django.utils import timezone

from jifen.clocks import jobs, services
from jifen.clocks.models import Due
from jifen.kernel import clock
from jifen.outbox.models import Message
from tenants.models import Town

pytestmark = pytest.mark.slow

VICTIM = """
import time
import django
django.setup()
from django.db import connection
from jifen.clocks import jobs
from jifen.kernel.tenancy import entered
from jifen.outbox import services as outbox

def body(period):
    outbox.tell(kind="half", payload={})
    print("at work", flush=True)
    time.sleep(60)

jobs.known()
with entered("t_alpha"):
    jobs.run(jobs.Job("year.close", "town", body), "2025")
"""


def die_at_work() -> None:
    """A process starts the job, writes its first row and is killed."""
    with subprocess.Popen([sys.executable, "-c", VICTIM], stdout=subprocess.PIPE, text=True) as victim:
        assert victim.stdout is not None
        assert victim.stdout.readline() == "at work\n"
        assert services.dispatch(now=clock.now() + timedelta(days=1)) == 0  # it is alive: nobody else gets the job
        victim.kill()


def test_a_job_killed_half_way_leaves_nothing_and_runs_again(committing_town: Town) -> None:
    services.schedule(town="t_alpha", kind="year.close", period="2025", due_at=clock.now())
    Due.objects.update(state="sent", lease_until=timezone.now() - timedelta(seconds=1))
    die_at_work()
    row = Due.objects.get()
    assert (row.state, row.attempts) == ("sent", 1)
    assert not Message.objects.filter(kind="half").exists()

    Due.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert services.dispatch() == 1
    jobs.run(jobs.Job("year.close", "town", lambda period: None), "2025")
    assert Due.objects.get().state == "done"
