"""Whoever has an objection in hand answers in time, or it goes up the line: village → town → the district's figures."""

from datetime import date, datetime, timedelta

from django.db import transaction

from jifen.approvals import services as approvals
from jifen.approvals.models import Item, ItemState
from jifen.audit import services as audit
from jifen.clocks import services as clocks
from jifen.clocks.jobs import Next
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM
from jifen.kernel.tenancy import current_schema
from reporting import locks, policies
from reporting.models import Level, Objection, ObjectionState
from reporting.selectors import inquiries
from reporting.selectors import objections as selectors
from reporting.services import deltas, telling

KIND = "objection.deadline"
OVERDUE = "objections_overdue"


def allowed(level: str, day: date) -> int:
    """Days for an answer, as the town has chosen."""
    chosen = policies.on(day)
    return chosen.town_answer_days if level == Level.TOWN else chosen.answer_days


def schedule(objection: Objection) -> None:
    """The clock looks again on the day after the deadline."""
    row = _next(objection)
    clocks.schedule(town=current_schema(), kind=row.kind, period=row.period, due_at=row.due_at)


def cancel(objection: Objection) -> None:
    clocks.cancel(town=current_schema(), kind=KIND, period=_period(objection))


def pass_to_town(objection: Objection) -> None:
    """The village does not answer in time, or has nobody whom it does not concern."""
    today = clock.today()
    objection.level, objection.escalated_on = Level.TOWN, today
    objection.answer_by = today + timedelta(days=allowed(Level.TOWN, today))
    objection.save(update_fields=["level", "escalated_on", "answer_by"])
    audit.record(by=SYSTEM, action="objection.escalate", subject=objection, village_id=objection.village_id)


@transaction.atomic
def passed(period: str) -> list[Next]:
    """What the clock does when a deadline (``12/village``) is over: an answered objection is left alone."""
    pk, _, level = period.partition("/")
    item = locks.item(inquiries.KIND, int(pk))
    objection = Objection.objects.select_for_update().filter(pk=int(pk)).first()
    if objection is None or objection.state != ObjectionState.RAISED or objection.level != level:
        return []
    if objection.level == Level.VILLAGE:
        pass_to_town(objection)
        _to_the_office(objection, item)
        telling.escalated(objection)
        return [_next(objection)]
    _overdue(objection)
    return []


def _to_the_office(objection: Objection, item: Item | None) -> None:
    """Outside a flow it is the office's now; in one the office may decide too, wherever it stands.

    No objection rests past its term: what the village has suspended goes on.
    """
    if item is None:
        telling.asked(objection)
        return
    if item.state == ItemState.SUSPENDED:
        item = approvals.wake(item=item, by=SYSTEM)
    if item.state == ItemState.OPEN:
        approvals.escalate(item=item, reason="超过村里的答复期限，镇里可以一并办理")


def settle(objection: Objection) -> None:
    """It is answered: off the calendar, and off the district's figures if it stood there."""
    cancel(objection)
    if objection.overdue_on is not None:
        _tell(objection, -1)


def _overdue(objection: Objection) -> None:
    objection.overdue_on = clock.today()
    objection.save(update_fields=["overdue_on"])
    _tell(objection, 1)
    village = None if objection.is_direct else objection.village_id
    audit.record(by=SYSTEM, action="objection.overdue", subject=objection, village_id=village)


def _tell(objection: Objection, value: int) -> None:
    year = selectors.year_of(objection)
    deltas.tell(village_id=objection.village_id, year=year, key=OVERDUE, value=value)


def _next(objection: Objection) -> Next:
    return Next(KIND, _period(objection), _morning_after(objection.answer_by))


def _period(objection: Objection) -> str:
    return f"{objection.pk}/{objection.level}"


def _morning_after(day: date) -> datetime:
    return clock.at(day + timedelta(days=1), minute=5)
