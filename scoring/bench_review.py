"""``jifen bench review``: a town's month-end against the bare SQL.

In a database of its own: 36 villages, N declarations of one month, one in fifty of them a deduction. Ours is what the
pages and the clock do: gather the sheets, decide by batch, sign, close and tell the households, receive all, post each
sheet, post the deductions when their days are over; caps, quorum, recusal, guards, balances, audit and outbox included.
The baseline copies the very rows that ours made (items, postings, entries) into logged copies with the same indexes and
constraints, by INSERT … SELECT and one balance upsert. Both commit. ``peak_memory_mb`` is the peak of this process
after the rounds, ``peak_memory_quarter_mb`` after a round of a quarter of the size.
"""

import resource
import statistics
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from django.db import connection, transaction

from jifen.approvals import services as approvals
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM, Actor
from jifen.kernel.scratch import scratch_database
from jifen.kernel.tenancy import entered
from scoring.bench import SCHEMA, analyze, check_equal, open_town, timed
from scoring.models import Entry, Hearing, Review
from scoring.selectors.hearings import untold_in
from scoring.services import filings, hearings, posting, reviews, telling
from scoring.sql import bench_review as sql
from tenants.community.models import Resident, Role, Village, VillageRole
from tenants.community.services import people, roles

VILLAGES, HOUSEHOLDS = 36, 1000
ROUNDS = 3
SEATS = 3


def review(n: int = 150_000) -> dict[str, Any]:
    """Declarations per second of ours and of the baseline over ``n`` of them, medians of three alternating runs."""
    with scratch_database():
        return measured(n)


def measured(n: int, *, villages: int = VILLAGES, households: int = HOUSEHOLDS) -> dict[str, Any]:
    """The same in the database that is being served, where a town is added."""
    open_town(("reviewitem", "posting", "entry", "balance"))
    with entered(SCHEMA):
        _seed(villages, households)
        _month(1, n // 4)
        quarter = _peak()
        stages: dict[str, list[float]] = {}
        runs = [_month(number, n, stages) for number in range(2, ROUNDS + 2)]
        entries = Entry.objects.filter(month=2).count()
        check_equal()
    ours, bare = (statistics.median(side) for side in zip(*runs, strict=True))
    return {
        "bench": "review",
        "unit": "declarations/s",
        "n": n,
        "ours": round(n / ours, 1),
        "baseline": round(n / bare, 1),
        "ratio": round(bare / ours, 3),
        "villages": villages,
        "entries": entries,
        "ours_seconds": round(ours, 3),
        "baseline_seconds": round(bare, 3),
        "stages": {name: round(statistics.median(seconds), 3) for name, seconds in stages.items()},
        "peak_memory_quarter_mb": quarter,
        "peak_memory_mb": _peak(),
        "rounds": ROUNDS,
    }


def _month(number: int, n: int, stages: dict[str, list[float]] | None = None) -> tuple[float, float]:
    """One month: its deeds, ours, the baseline; the seconds of both."""
    month = f"2025-{number:02d}-01"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.DEEDS, {"month": month, "n": n})
    analyze()
    ours = timed(partial(_ours, month, {} if stages is None else stages))
    return ours, timed(partial(_bare, month))


def _ours(month: str, stages: dict[str, list[float]]) -> None:
    first = date.fromisoformat(month)
    acts: dict[str, Callable[[], None]] = {
        "gather": lambda: _act(partial(reviews.open_all, month=first, by=SYSTEM)),
        "decide": lambda: _each(first, _decide),
        "close": lambda: _each(first, _close),
        "receive": lambda: _act(partial(filings.receive_all, month=first, by=SYSTEM)),
        "post": lambda: _each(first, _post),
        "tell": lambda: _each(first, _inform),
        "deductions": _lapse,
    }
    for name, act in acts.items():
        stages.setdefault(name, []).append(timed(act))


def _act(act: Callable[[], object]) -> None:
    with transaction.atomic(durable=True):
        act()


def _each(month: date, act: Callable[[Review], None]) -> None:
    for sheet in Review.objects.filter(month=month).order_by("pk"):
        _act(partial(act, sheet))


def _decide(sheet: Review) -> None:
    """The first member decides on all but her own, the second on those."""
    for role in _seats(sheet)[:2]:
        reviews.decide_rest(review=sheet, by=Actor.of(role.user))


def _close(sheet: Review) -> None:
    for role in _seats(sheet):
        reviews.sign(review=sheet, role=role, by=Actor.of(role.user))
    reviews.close(review=sheet, by=SYSTEM)


def _post(sheet: Review) -> None:
    posting.post_review(review=sheet, by=SYSTEM)


def _inform(sheet: Review) -> None:
    """The steward has told every household, all in one act."""
    untold = list(untold_in([sheet.village_id]).values_list("pk", flat=True))
    if untold:
        telling.inform(village=sheet.village, hearings=untold, how="oral", told_on=clock.today(), by=SYSTEM)


def _lapse() -> None:
    last = Hearing.objects.exclude(until=None).latest("until").until
    _act(partial(hearings.close_due, day=f"{last}"))


def _seats(sheet: Review) -> list[VillageRole]:
    rows = VillageRole.objects.filter(village=sheet.village_id, role=Role.COMMITTEE)
    return list(rows.select_related("user__resident").order_by("pk"))


def _bare(month: str) -> None:
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        for statement in sql.BASELINE:
            cursor.execute(statement, {"month": month})


def _peak() -> float:
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


def _seed(villages: int, households: int) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in sql.SEED:
            cursor.execute(statement, {"villages": villages, "households": households})
    analyze()
    with transaction.atomic():
        who = {"name": "审核委员会", "who": {"role": "committee"}, "how": "quorum", "when": ""}
        step = who | {"quorum": {"numerator": 2, "denominator": 3}}
        approvals.install(subject_kind="review", steps=[step], by=SYSTEM)
        for village in Village.objects.all():
            _appoint(village)


def _appoint(village: Village) -> None:
    heads = Resident.objects.filter(memberships__household__village=village).order_by("pk")
    for resident in heads[:SEATS]:
        user = people.give_account(resident=resident, username=f"r{resident.pk}", password=None, by=SYSTEM)
        roles.appoint(user=user, village=village, role=Role.COMMITTEE, from_date=date(2025, 1, 1), by=SYSTEM)
