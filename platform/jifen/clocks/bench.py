"""``jifen bench clocks`` and ``jifen bench fairness``, each in a database of its own.

The towns of these benches are rows without schemas: the clocks touch public tables alone.
"""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from celery import shared_task
from django.core.cache import cache
from django.utils import timezone

from jifen.audit import services as audit
from jifen.clocks import backlog, periodic, sealing, services
from jifen.clocks.models import Due, Work
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM
from jifen.kernel.database import connection
from jifen.kernel.scratch import scratch_database
from jifen.kernel.tasks import TownTask
from jifen.kernel.tenancy import entered

TOWNS = 3_000
KINDS = ("review.open", "notice.quarter", "year.close")
TICKS = 50
SEALED = 200
TARGETS = {"idle_tick_ms": 20, "all_due_s": 10}

HEAVY_SECONDS = 0.5
NORMAL_JOBS = 4
TIMES = 50
"""How many times the normal number of jobs the busy town has."""
NORMAL_TOWNS = 6
SAMPLES = 20
PAUSE = 0.9
SECOND_BROKER = "/15"

ADD_TOWNS = """
WITH district AS (INSERT INTO tenants_district (code, name) VALUES ('310115', '测量') RETURNING id)
INSERT INTO tenants_town (schema_name, code, name, scheme_code, shard, state, created_at, district_id)
SELECT 't_bench_' || n, (310115000 + n)::text, '测量' || n, 'seed_000', 'default', 'ready', now(), district.id
FROM district, generate_series(1, %s) n
"""


def clocks(n: int = TOWNS) -> dict[str, Any]:
    """``n`` towns with twenty dates each: a tick with nothing due, and one with a job of every town due at once.

    Every idle tick measured does the recurring work too, the sealing of all trails included; ``seal_new_ms`` is what
    the sealing costs when one trail has ``sealed_rows`` new rows.
    """
    with scratch_database():
        _add_towns(n)
        _plan(n)
        idle = [_idle_tick() for _ in range(TICKS + 1)][1:]
        sealing_new = _sealing(SEALED)
        Due.objects.filter(period="1").update(due_at=clock.now() - timedelta(minutes=1))
        due = _timed(services.dispatch)
        ready = list(Work.objects.order_by("ready_at").values_list("ready_at", flat=True))
        if len(ready) != n:
            raise RuntimeError(f"{len(ready)} of {n} jobs are in a backlog")
        return {
            "bench": "clocks",
            "towns": n,
            "due_rows": Due.objects.count(),
            "idle_tick_ms": round(statistics.median(idle), 2),
            "idle_tick_max_ms": round(max(idle), 2),
            "seal_new_ms": round(sealing_new * 1000, 2),
            "sealed_rows": SEALED,
            "all_due_s": round(due, 3),
            "feed_ms": round(_timed(backlog.feed) * 1000, 2),
            "spread_s": round((ready[-1] - ready[0]).total_seconds(), 1),
            "targets": TARGETS,
        }


def fairness(n: int = TIMES) -> dict[str, Any]:
    """How long a light job waits while a town with ``n`` times the normal jobs, and others, fill two workers."""
    with scratch_database(), _broker(), _workers(2):
        _add_towns(NORMAL_TOWNS + 2)
        _load("t_bench_1", NORMAL_JOBS * n)
        delays = [_sample(number) for number in range(SAMPLES)]
        left = Work.objects.filter(town="t_bench_1").count()
        return {
            "bench": "fairness",
            "times": n,
            "heavy_seconds": HEAVY_SECONDS,
            "light_delay_s": round(max(delays), 3),
            "light_delay_median_s": round(statistics.median(delays), 3),
            "busy_town_left": left,
            "samples": SAMPLES,
            "target_s": 2,
        }


@shared_task(base=TownTask, name="clocks.bench.heavy")
def heavy() -> None:
    time.sleep(HEAVY_SECONDS)


@shared_task(base=TownTask, name="clocks.bench.light")
def light(number: int) -> None:
    cache.set(_key(number), time.time(), timeout=600)


def _sample(number: int) -> float:
    """Seconds from putting a light job to its start; the normal towns are kept busy meanwhile."""
    for town in range(3, NORMAL_TOWNS + 3):
        if not Work.objects.filter(town=f"t_bench_{town}").exists():
            _load(f"t_bench_{town}", NORMAL_JOBS)
    time.sleep(PAUSE + 0.07 * (number % 7))
    put = time.time()
    with entered("t_bench_2"):
        backlog.put(task=light.name, args=[number])
        key = connection.schema_name
    for _ in range(6000):
        started = _started(key, number)
        if started:
            return started - put
        time.sleep(0.01)
    raise RuntimeError("the light job did not start within a minute")


def _started(schema: str, number: int) -> float:
    with entered(schema):
        return float(cache.get(_key(number)) or 0)


def _key(number: int) -> str:
    return f"bench:light:{number}"


def _idle_tick() -> float:
    """Milliseconds of a tick in which all that recurs is done."""
    periodic.all_due()
    return _timed(services.tick) * 1000


def _sealing(rows: int) -> float:
    """Seconds to seal so many new rows of one trail."""
    for _ in range(rows):
        audit.record(by=SYSTEM, action="clocks.bench")
    seconds = _timed(sealing.seal_new)
    if sealing.waiting():
        raise RuntimeError("something is left unsealed")
    return seconds


def _load(town: str, jobs: int) -> None:
    now = timezone.now()
    work = [Work(town=town, task=heavy.name, args=[], put_at=now, ready_at=now) for _ in range(jobs)]
    Work.objects.bulk_create(work)
    backlog.feed()


def _add_towns(n: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(ADD_TOWNS, [n])


def _plan(n: int) -> None:
    """Twenty rows for each town, all in the future."""
    far = clock.now() + timedelta(days=30)
    rows = [
        Due(town=f"t_bench_{town}", kind=KINDS[number % 3], period=f"{number}", due_at=far + timedelta(days=number))
        for town in range(1, n + 1)
        for number in range(1, 21)
    ]
    Due.objects.bulk_create(rows, batch_size=5_000)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM clocks_due WHERE state = 'waiting'")


def _timed(act: Any) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


@contextmanager
def _broker() -> Iterator[None]:
    """A database of the broker's own, so that no running worker takes part."""
    app, before = heavy.app, os.environ["BROKER_URL"]
    _use(app, urlsplit(before)._replace(path=SECOND_BROKER).geturl())
    try:
        app.control.purge()
        yield
        app.control.purge()
    finally:
        _use(app, before)


def _use(app: Any, url: str) -> None:
    os.environ["BROKER_URL"] = app.conf.broker_url = url


@contextmanager
def _workers(count: int) -> Iterator[None]:
    """``count`` real workers of one process each; when this enters they answer."""
    names = [f"bench{number}@local" for number in range(count)]
    running = [_worker(name) for name in names]
    try:
        for _ in range(120):
            if len(heavy.app.control.ping(destination=names, timeout=0.5)) == count:
                break
        else:
            raise RuntimeError("the workers did not start")
        yield
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait()


def _worker(name: str) -> subprocess.Popen[bytes]:
    command = [
        sys.executable, "-m", "celery", "-A", "jifen.celery", "--quiet", "worker", "-I", "jifen.clocks.bench",
        "-Q", "town", "-c", "1", "-n", name, "--without-gossip", "--without-mingle", "-l", "WARNING",
    ]  # fmt: skip
    return subprocess.Popen(command, env={**os.environ, "JIFEN_PROCESS": "worker", "PYTHONWARNINGS": "ignore"})
