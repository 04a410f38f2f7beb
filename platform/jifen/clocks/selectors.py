"""What is on the calendar, and how the towns' work stands."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django_tenants.utils import get_tenant_model

from jifen.clocks.backlog import CONCURRENCY
from jifen.clocks.models import Due, DueState, Lane, Work, WorkState
from jifen.clocks.naming import name_of
from jifen.kernel import clock

LATE_AFTER = timedelta(minutes=10)
"""A job that is not done this long after its moment is late."""


def pending(town: str | None = None, until: datetime | None = None) -> QuerySet[Due]:
    """What is neither done nor failed: of one town (``""`` is the platform) or all, due up to ``until``."""
    rows = Due.objects.filter(state__in=[DueState.WAITING, DueState.SENT]).order_by("due_at", "id")
    if town is not None:
        rows = rows.filter(town=town)
    return rows if until is None else rows.filter(due_at__lte=until)


def failed(town: str | None = None) -> QuerySet[Due]:
    """What was given up and waits for somebody to look (``problem`` says why)."""
    rows = Due.objects.filter(state=DueState.FAILED).order_by("due_at", "id")
    return rows if town is None else rows.filter(town=town)


def planned_for(town: str, kind: str, period: str) -> date | None:
    """The day, in China, on which a job of ``town`` was to be done; None when there is no such job."""
    due = Due.objects.filter(town=town, kind=kind, period=period).values_list("due_at", flat=True).first()
    return due.astimezone(clock.TIME_ZONE).date() if due else None


def planned(town: str, kind: str) -> set[str]:
    """The periods for which ``town`` has ever had such a job."""
    return set(Due.objects.filter(town=town, kind=kind).values_list("period", flat=True))


@dataclass(frozen=True, slots=True)
class TownWork:
    """How one town's background work stands. ``oldest``: since when the longest waiting piece waits."""

    town: Any
    waiting: int
    running: int
    oldest: datetime | None
    failed: int
    late: int
    concurrency: int


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something given up or late. ``is_work``: in the backlog (else a due row); ``pk`` names it for a retry."""

    pk: int
    is_work: bool
    is_failed: bool
    name: str
    period: str
    since: datetime
    problem: str


def town_work() -> list[TownWork]:
    """All towns, those with trouble first; four queries, however many towns there are."""
    lanes = dict(Lane.objects.exclude(concurrency=None).values_list("town", "concurrency"))
    due = _by_town(
        Due.objects.filter(_is_failed() | _is_late()), failed=Count("id", filter=_is_failed()), all=Count("id")
    )
    work = _by_town(
        Work.objects.all(),
        waiting=Count("id", filter=Q(state=WorkState.WAITING)),
        running=Count("id", filter=Q(state__in=[WorkState.FED, WorkState.RUNNING])),
        failed=Count("id", filter=Q(state=WorkState.FAILED)),
        oldest=Min("put_at", filter=Q(state=WorkState.WAITING)),
    )
    rows = [
        _line(town, due.get(town.schema_name, {}), work.get(town.schema_name, {}), lanes.get(town.schema_name))
        for town in get_tenant_model().objects.exclude(state="archived").order_by("code")
    ]
    return sorted(rows, key=lambda row: (-row.failed, -row.late, -row.waiting))


def troubles(town: str) -> list[Trouble]:
    """What of ``town`` (a schema) was given up or is late, oldest first."""
    due = Due.objects.filter(_is_failed() | _is_late(), town=town).order_by("due_at", "id")[:100]
    work = Work.objects.filter(town=town, state=WorkState.FAILED).order_by("id")[:100]
    found = [
        Trouble(row.pk, False, row.state == DueState.FAILED, name_of(row.kind), row.period, row.due_at, row.problem)
        for row in due
    ]
    return [*found, *(Trouble(row.pk, True, True, name_of(row.task), "", row.put_at, row.problem) for row in work)]


def _is_failed() -> Q:
    return Q(state=DueState.FAILED)


def _is_late() -> Q:
    """Due for a while and not done; a town that is not served is late too, and catches up."""
    return Q(state__in=[DueState.WAITING, DueState.SENT], due_at__lt=clock.now() - LATE_AFTER)


def _by_town(rows: QuerySet[Any], **figures: Any) -> dict[str, dict[str, Any]]:
    found: Iterable[dict[str, Any]] = rows.exclude(town="").values("town").annotate(**figures).order_by("town")
    return {row["town"]: row for row in found}


def _line(town: Any, due: dict[str, Any], work: dict[str, Any], concurrency: int | None) -> TownWork:
    given_up = due.get("failed", 0)
    return TownWork(
        town=town,
        waiting=work.get("waiting", 0),
        running=work.get("running", 0),
        oldest=work.get("oldest"),
        failed=given_up + work.get("failed", 0),
        late=due.get("all", 0) - given_up,
        concurrency=concurrency or CONCURRENCY,
    )
