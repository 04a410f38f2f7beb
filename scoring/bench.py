"""``jifen bench posting``: a month's posting against the bare SQL.

In a database of its own, so that no town is touched: one village, its settled sheets of N approved deeds each, a mix of
plain, capped and personal rules. Ours is ``post_review``: caps, explanations, guards, balances by trigger,
audit, outbox, states. The baseline copies the very rows that ours made into logged copies of posting, entry and balance
with the same indexes and constraints, by INSERT … SELECT and one balance upsert. Both commit.
"""

import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import psycopg
from django.db import transaction
from django.utils import timezone
from psycopg import sql as names

from jifen.kernel.actors import SYSTEM
from jifen.kernel.database import connection
from jifen.kernel.scratch import scratch_database
from jifen.kernel.tenancy import entered
from scoring.models import Entry, Review
from scoring.services.posting import post_review
from scoring.sql import bench as sql
from tenants import owner
from tenants.models import District, Town, TownState
from tenants.provisioning import provision

ROUNDS = 5
SCHEMA = "t_bench"
WARMING = 200


def posting(n: int = 10_000) -> dict[str, Any]:
    """Rows per second of ours and of the baseline over ``n`` deeds, medians of five alternating runs."""
    with scratch_database():
        return measured(n)


def measured(n: int) -> dict[str, Any]:
    """The same in the database that is being served, where a town is added."""
    open_town()
    with entered(SCHEMA):
        _warm_up()
        sheets = [_sheet(number, n) for number in range(1, ROUNDS + 1)]
        analyze()
        runs = [(timed(partial(_ours, sheet)), timed(partial(_bare, sheet))) for sheet in sheets]
        entries = Entry.objects.filter(posting__review_item__review__in=sheets).count() // ROUNDS
        check_equal()
    ours, bare = (statistics.median(side) for side in zip(*runs, strict=True))
    return {
        "bench": "posting",
        "unit": "declarations/s",
        "n": n,
        "ours": round(n / ours, 1),
        "baseline": round(n / bare, 1),
        "ratio": round(bare / ours, 3),
        "entries": entries,
        "ours_seconds": round(ours, 3),
        "baseline_seconds": round(bare, 3),
        "rounds": ROUNDS,
    }


def timed(act: Callable[[], None]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def _ours(sheet: Review) -> None:
    with transaction.atomic(durable=True):
        post_review(review=sheet, by=SYSTEM)


def _bare(sheet: Review) -> None:
    values = {"review": sheet.pk}
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        for statement in sql.BASELINE:
            cursor.execute(statement, values)


def _warm_up() -> None:
    """Both sides once, so that neither pays for the first plan and the first page."""
    _seed()
    sheet = _sheet(0, WARMING)
    _ours(sheet)
    _bare(sheet)


def check_equal() -> None:
    """The copies hold what the ledger holds, or the figures mean nothing."""
    with connection.cursor() as cursor:
        cursor.execute(sql.DIFFERENCE)
        [difference] = cursor.fetchone() or (1,)
    if difference:
        raise RuntimeError(f"the baseline differs in {difference} balances")


def _seed() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in sql.SEED:
            cursor.execute(statement)


def _sheet(number: int, n: int) -> Review:
    """A settled sheet with ``n`` approved deeds."""
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in sql.SHEET:
            cursor.execute(statement, {"month": f"2025-{number + 1:02d}-01", "n": n})
    return Review.objects.get(month=f"2025-{number + 1:02d}-01")


def analyze() -> None:
    with owner.connect() as found:
        found.execute("ANALYZE")


def open_town(tables: tuple[str, ...] = ("posting", "entry", "balance")) -> None:
    """A town in the database being served, with bare copies of ``tables``."""
    district, _ = District.objects.get_or_create(code="310115", defaults={"name": "测量"})
    town = Town.objects.create(
        schema_name=SCHEMA,
        district=district,
        code="310115999",
        name="测量镇",
        scheme_code="seed_000",
        state=TownState.READY,
        created_at=timezone.now(),
    )
    provision(town)
    with owner.connect() as found:
        found.execute(f"SET search_path = {SCHEMA}, public")
        for table in tables:
            _copy_table(found, table)


def _copy_table(found: psycopg.Connection[Any], table: str) -> None:
    """A logged copy with the same indexes, checks and foreign keys, and no triggers of ours."""
    source, copy = f"scoring_{table}", f"bench_{table}"
    found.execute(f"CREATE TABLE {copy} (LIKE {source} INCLUDING ALL)")
    keys = found.execute(
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = to_regclass(%s) AND contype = 'f'",
        [source],
    ).fetchall()
    for (definition,) in keys:
        target = definition.replace("scoring_posting(", "bench_posting(").replace("scoring_entry(", "bench_entry(")
        found.execute(f"ALTER TABLE {copy} ADD {target}")
    role = names.Identifier(owner.app_role())
    found.execute(names.SQL("GRANT ALL ON {} TO {}").format(names.Identifier(copy), role))
