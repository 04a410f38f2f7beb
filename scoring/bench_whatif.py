"""``jifen bench whatif``: a year of a town tried under another rulebook.

In a database of its own: 36 villages, 30,000 households, N posted deeds over the 80 items of ``bench_rules``. Ours is
what the worker does: read the deeds, price and post them anew in memory, rank, compare, keep a row for each household.
``peak_mb`` is the peak of this process.
"""

import json
import resource
import time
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db import connection, transaction

from jifen.kernel.actors import SYSTEM
from jifen.kernel.scratch import scratch_database
from jifen.kernel.tenancy import entered
from scoring import bench_rules
from scoring.bench import SCHEMA, analyze, open_town
from scoring.models import WhatIfRun
from scoring.rules.spec import Rulebook
from scoring.sql import bench_review, bench_whatif
from scoring.whatif import runs

VILLAGES, HOUSEHOLDS = 36, 834
TARGET_S = 60


def whatif(n: int = 300_000) -> dict[str, Any]:
    """Seconds and memory of one run over ``n`` deeds."""
    with scratch_database():
        return measured(n)


def measured(n: int, *, villages: int = VILLAGES, households: int = HOUSEHOLDS) -> dict[str, Any]:
    """The same in the database that is being served, where a town is added."""
    open_town()
    with entered(SCHEMA):
        _seed(n, villages, households)
        run = _run()
        start = time.perf_counter()
        run = runs.carry_out(run=run)
        seconds = time.perf_counter() - start
        kept = run.households.count()
    if run.summary is None or run.done != n:
        raise RuntimeError(f"the run ended as {run.state} after {run.done} deeds")
    return {
        "bench": "whatif",
        "unit": "declarations/s",
        "n": n,
        "ours": round(n / seconds, 1),
        "whatif_s": round(seconds, 3),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
        "target_s": TARGET_S,
        "households": kept,
        "winners": run.summary["winners"],
        "losers": run.summary["losers"],
    }


def _run() -> WhatIfRun:
    """As ``runs.start`` makes it, without a worker."""
    with transaction.atomic():
        return runs.made(
            rulebook=_draft(), village=None, title="测量", since=date(2025, 1, 1), until=date(2025, 12, 31), by=SYSTEM
        )


def _draft() -> Rulebook:
    """The rulebook with other figures: what is tried."""
    kept = bench_rules.rulebook().model_dump(mode="json")
    for rule in kept["rules"]:
        if rule["amount"]["kind"] == "fixed":
            rule["amount"]["points"] = str(int(rule["amount"]["points"]) + 1)
    return Rulebook.model_validate_json(json.dumps(kept))


def _seed(n: int, villages: int, households: int) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in (*bench_review.SEED[:-2], *bench_whatif.BOOK):
            cursor.execute(statement, {"villages": villages, "households": households})
        cursor.executemany(bench_whatif.RULE, list(_rules()))
        for statement in bench_whatif.DEEDS:
            cursor.execute(statement, {"n": n})
    analyze()


def _rules() -> Iterator[dict[str, Any]]:
    for place, rule in enumerate(bench_rules.rulebook().rules):
        yield {"code": rule.code, "position": place, "sign": rule.sign, "spec": rule.model_dump_json()}
