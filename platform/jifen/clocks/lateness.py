"""When each step of a town is due, and who is behind, as figures in the public schema that the district reads."""

from collections.abc import Collection, Mapping
from datetime import date

from django.db.models import F, QuerySet

from jifen.clocks.models import Deadline, Late
from jifen.kernel import clock
from jifen.kernel.tenancy import require_town


def note(*, clock_name: str, period: str, due_on: date, villages: int, is_escalated: bool) -> None:
    """How many ``villages`` of the town being served are behind now; nobody takes the row away."""
    key = {"town": require_town(), "clock": clock_name, "period": period}
    if not villages:
        Late.objects.filter(**key).delete()
        return
    figures = {"due_on": due_on, "villages": villages, "is_escalated": is_escalated}
    Late.objects.update_or_create(**key, defaults=figures, create_defaults={**figures, "since": clock.now()})


def is_noted(*, clock_name: str, period: str) -> bool:
    """Whether somebody of the town being served is counted as behind."""
    return Late.objects.filter(town=require_town(), clock=clock_name, period=period).exists()


def count_reminder(*, clock_name: str, period: str) -> None:
    Late.objects.filter(town=require_town(), clock=clock_name, period=period).update(told=F("told") + 1)


def late_in(towns: Collection[str]) -> QuerySet[Late]:
    """Of the towns with these schemas."""
    return Late.objects.filter(town__in=towns)


def announce(days: Mapping[tuple[str, str], date | None]) -> None:
    """The last days of the town being served, by clock and period, for the district; what it told before is changed,
    or taken back where nothing is asked any more."""
    rows = [
        Deadline(town=require_town(), clock=name, period=period, due_on=day)
        for (name, period), day in days.items()
        if day
    ]
    Deadline.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["town", "clock", "period"], update_fields=["due_on"]
    )
    for name, period in [one for one, day in days.items() if not day]:
        Deadline.objects.filter(town=require_town(), clock=name, period=period).delete()


def finish(*, clock_name: str, period: str) -> None:
    """Nobody is behind in the step any more."""
    own = Deadline.objects.filter(town=require_town(), clock=clock_name, period=period, done_on=None)
    own.update(done_on=clock.today())


def deadlines_in(towns: Collection[str], year: int) -> QuerySet[Deadline]:
    """Of the towns with these schemas, for the periods of ``year``."""
    return Deadline.objects.filter(town__in=towns, period__startswith=str(year))
