"""Choosing a town's calendar. Planning by it is ``jifen.flows.calendar``'s."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from pydantic import ValidationError

from jifen.audit import services as audit
from jifen.clocks import holidays
from jifen.clocks.dates import errors, faults, order
from jifen.clocks.dates.faults import Fault
from jifen.clocks.dates.models import CalendarPolicy
from jifen.clocks.dates.policy import TownCalendar
from jifen.kernel import clock
from jifen.kernel.actors import Actor

TOLD = 5
"""How many faults are told at once."""


@transaction.atomic
def choose(
    *, section: dict[str, Any], effective_from: date, by: Actor, places: Mapping[int, str] | None = None
) -> TownCalendar:
    """Keep ``section`` (the shape of ``policy.TownCalendar``) as the town's calendar from ``effective_from`` on.

    A calendar that was to begin on the same day is replaced; what it said stays in the audit trail. ``places``: the
    villages' names, by which faults in their exceptions are told.

    Raises:
        CalendarInvalid: naming each wrong key. CalendarInPast. CalendarOrderWrong: a step would end before the one
        that comes before it. Nothing changes.
    """
    if effective_from < clock.today():
        raise errors.CalendarInPast
    calendar = checked(section)
    if found := order.clashes(calendar, holidays.table(), effective_from, places or {}):
        raise errors.CalendarOrderWrong(field=found[0].field, problems=_joined(found), faults=_data(found))
    data = calendar.model_dump(mode="json")
    row, _ = CalendarPolicy.objects.update_or_create(
        effective_from=effective_from, defaults={"data": data, "made_at": clock.now(), "made_by_name": by.name}
    )
    audit.record(by=by, action="calendar.choose", subject=row, effective_from=effective_from.isoformat(), calendar=data)
    return calendar


@transaction.atomic
def withdraw(*, effective_from: date, by: Actor) -> None:
    """The calendar that was to begin on this day does not come; what it said stays in the audit trail.

    Raises:
        VersionUnknown: none begins then. VersionBegun: it holds or has held. Nothing changes.
    """
    row = CalendarPolicy.objects.select_for_update().filter(effective_from=effective_from).first()
    if row is None:
        raise errors.VersionUnknown
    if effective_from <= clock.today():
        raise errors.VersionBegun
    audit.record(
        by=by, action="calendar.withdraw", subject=row, effective_from=effective_from.isoformat(), calendar=row.data
    )
    row.delete()


def checked(section: dict[str, Any]) -> TownCalendar:
    """Raises CalendarInvalid."""
    try:
        calendar = TownCalendar.model_validate(section)
    except ValidationError as error:
        _refuse([faults.told(problem) for problem in error.errors()], error)
    _refuse(faults.of_rules(calendar))
    return calendar


def _refuse(found: list[Fault], cause: Exception | None = None) -> None:
    if found:
        raise errors.CalendarInvalid(field=found[0].field, problems=_joined(found), faults=_data(found)) from cause


def _joined(found: list[Fault]) -> str:
    return "；".join(fault.text.removesuffix("。") for fault in found[:TOLD])


def _data(found: list[Fault]) -> list[dict[str, str]]:
    return [{"field": fault.field, "detail": fault.text} for fault in found]
