"""Choosing a town's calendar. Planning by it is ``jifen.flows.calendar``'s."""

from datetime import date
from typing import Any

from django.db import transaction
from pydantic import ValidationError

from jifen.audit import services as audit
from jifen.clocks.dates import errors
from jifen.clocks.dates.models import CalendarPolicy
from jifen.clocks.dates.policy import TownCalendar
from jifen.kernel import clock
from jifen.kernel.actors import Actor


@transaction.atomic
def choose(*, section: dict[str, Any], effective_from: date, by: Actor) -> TownCalendar:
    """Keep ``section`` (the shape of ``policy.TownCalendar``) as the town's calendar from ``effective_from`` on.

    A calendar that was to begin on the same day is replaced; what it said stays in the audit trail.

    Raises:
        CalendarInvalid: naming each wrong key. CalendarInPast: nothing changes.
    """
    if effective_from < clock.today():
        raise errors.CalendarInPast
    calendar = checked(section)
    data = calendar.model_dump(mode="json")
    row, _ = CalendarPolicy.objects.update_or_create(
        effective_from=effective_from, defaults={"data": data, "made_at": clock.now(), "made_by_name": by.name}
    )
    audit.record(by=by, action="calendar.choose", subject=row, effective_from=effective_from.isoformat(), calendar=data)
    return calendar


def checked(section: dict[str, Any]) -> TownCalendar:
    """Raises CalendarInvalid."""
    try:
        return TownCalendar.model_validate(section)
    except ValidationError as error:
        wrong = "、".join(_told(problem) for problem in error.errors()[:5])
        raise errors.CalendarInvalid(problems=wrong) from error


def _told(problem: Any) -> str:
    if problem["type"] == "value_error":
        return str(problem["ctx"]["error"])
    return ".".join(str(part) for part in problem["loc"])
