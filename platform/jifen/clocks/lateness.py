"""Who is behind, as figures in the public schema: a row for each step and period, gone when all have done it."""

from collections.abc import Collection
from datetime import date

from django.db.models import F, QuerySet

from jifen.clocks.models import Late
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


def count_reminder(*, clock_name: str, period: str) -> None:
    Late.objects.filter(town=require_town(), clock=clock_name, period=period).update(told=F("told") + 1)


def late_in(towns: Collection[str]) -> QuerySet[Late]:
    """Of the towns with these schemas."""
    return Late.objects.filter(town__in=towns)
