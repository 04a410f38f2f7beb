"""Days off and worked weekends, in the public schema: one table for all towns, which the provider keeps."""

from datetime import date, datetime

from django.db import connection, transaction

from jifen.audit import services as audit
from jifen.clocks import sql
from jifen.clocks.days import Holidays
from jifen.clocks.models import Holiday
from jifen.kernel import clock
from jifen.kernel.actors import Actor

REPLAN = "calendar.replan"
"""The job that moves a town's dates after a change of the table."""


def table() -> Holidays:
    """All that is known; what lies beyond it follows the plain week."""
    rows = list(Holiday.objects.values_list("day", "is_off"))
    return Holidays(
        off=frozenset(day for day, is_off in rows if is_off),
        worked=frozenset(day for day, is_off in rows if not is_off),
    )


def last_known_year() -> int | None:
    """The last year with a row in the table."""
    row = Holiday.objects.order_by("-day").first()
    return row.day.year if row else None


@transaction.atomic
def enter(*, day: date, is_off: bool, name: str, by: Actor) -> Holiday:
    """Write down a day off or a worked weekend day; a day that is there already is changed. Towns' dates follow."""
    row, _ = Holiday.objects.update_or_create(day=day, defaults={"is_off": is_off, "name": name.strip()})
    audit.record(by=by, action="holiday.enter", subject=row, day=day.isoformat(), is_off=is_off)
    replan_towns()
    return row


@transaction.atomic
def remove(*, holiday: Holiday, by: Actor) -> None:
    audit.record(by=by, action="holiday.remove", subject=holiday, day=holiday.day.isoformat())
    holiday.delete()
    replan_towns()


def replan_towns(*, since: datetime | None = None) -> None:
    """In one statement, however many towns: each moves its own dates when it is its turn, before whatever else is due
    after ``since`` (now)."""
    with connection.cursor() as cursor:
        cursor.execute(sql.ALL_REPLAN, {"kind": REPLAN, "business": since or clock.now()})
