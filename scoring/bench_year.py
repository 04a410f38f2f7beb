"""``jifen bench year``: how long a town's year takes to close, and how that grows with its households.

In a database of its own: three towns of 36 villages with a quarter, a half and all of N households, each household with
14 postings of two entries. What is measured is the sealing that two people have approved: every household's expiry
with balances and outbox by trigger, the standings with their ranks and hash, the hash over all entries, the commit.
"""

import math
import time
from datetime import date
from itertools import pairwise
from typing import Any

from django.db import transaction
from django.utils import timezone

from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM, Actor
from jifen.kernel.database import connection
from jifen.kernel.scratch import scratch_database
from jifen.kernel.tenancy import entered
from scoring.models import Entry, Year, YearStanding
from scoring.services import year_requests, years
from scoring.sql import bench_year as sql
from tenants import owner
from tenants.models import District, Town, TownState
from tenants.provisioning import provision

SHARES = (4, 2, 1)
ONE, OTHER = Actor("bench", 1, "提出人"), Actor("bench", 2, "批准人")


def year(n: int = 36_000) -> dict[str, Any]:
    """Seconds to close the year of a town of ``n`` households, and the growth exponent over three sizes."""
    with scratch_database():
        return measured(n)


def measured(n: int) -> dict[str, Any]:
    """The same in the database that is being served, where three towns are added."""
    runs = [_run(number, n // share) for number, share in enumerate(SHARES, start=1)]
    return {
        "bench": "year",
        "close_s": runs[-1]["seconds"],
        "exponent": round(_exponent(runs), 3),
        "households": runs[-1]["households"],
        "entries": runs[-1]["entries"],
        "sizes": [run["households"] for run in runs],
        "seconds": [run["seconds"] for run in runs],
    }


def _run(number: int, households: int) -> dict[str, Any]:
    town = _open_town(number)
    with entered(town.schema_name):
        lived = _seed(max(1, households // sql.VILLAGES))
        entries = Entry.objects.filter(year=lived).count()
        _analyze()
        request = year_requests.propose(year=lived, kind="close", by=ONE)
        year_requests.confirm(request=request, by=OTHER)
        began = time.perf_counter()
        with transaction.atomic(durable=True):
            years.seal(year=lived, by=SYSTEM)
        seconds = time.perf_counter() - began
        return {"seconds": round(seconds, 3), "households": YearStanding.objects.count(), "entries": entries}


def _seed(households: int) -> Year:
    """Last year, lived through by ``households`` in each village."""
    number = clock.today().year - 1
    lived = years.open_year(number=number, by=SYSTEM)
    with connection.cursor() as cursor:
        for statement in sql.SEED:
            cursor.execute(statement, {"households": households})
        for turn in range(sql.POSTINGS):
            cursor.execute(sql.ROUND, {"year": lived.pk, "round": turn, "day": date(number, 1 + turn % 12, 5)})
    return lived


def _exponent(runs: list[dict[str, Any]]) -> float:
    """1 when twice the households take twice as long: the mean slope between neighbours, both scales logarithmic."""
    slopes = [
        math.log(larger["seconds"] / smaller["seconds"]) / math.log(larger["households"] / smaller["households"])
        for smaller, larger in pairwise(runs)
    ]
    return sum(slopes) / len(slopes)


def _analyze() -> None:
    with owner.connect() as found:
        found.execute("ANALYZE")


def _open_town(number: int) -> Town:
    district, _ = District.objects.get_or_create(code="310115", defaults={"name": "测量"})
    town = Town.objects.create(
        schema_name=f"t_bench{number}",
        district=district,
        code=f"31011599{number}",
        name=f"测量{number}镇",
        scheme_code="seed_000",
        state=TownState.READY,
        created_at=timezone.now(),
    )
    provision(town)
    return town
