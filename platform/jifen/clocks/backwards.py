"""A clock that stood ahead and is set back does no lasting harm: what was planned from the false time is planned anew.

A tick keeps the newest business time it has seen. When the clock stands more than ``SLACK`` before it, jobs have been
done before their time, and what they planned lies too far ahead:

* a job that may be done a second time (``job(..., again=True)``) stands on its old day once more, and what it planned
  from the false time is taken off the calendar: it will plan it again;
* a look planned by people's acts for “tomorrow” (``daily``) is made on the true tomorrow;
* what was to be done at once is done at once;
* every town counts anew who is late, and hears what was done while the clock stood ahead: that stays.
"""

from datetime import date, datetime, timedelta
from typing import Any

import structlog
from django.db import transaction
from django.utils import timezone

from jifen.clocks import holidays, jobs, sql
from jifen.clocks.models import Beat, Deadline, Due, SetBack
from jifen.kernel import clock
from jifen.kernel.database import connection

log = structlog.get_logger(__name__)

SLACK = timedelta(minutes=5)
"""Corrections of the machine's clock that nobody need know of."""
EVERY = timedelta(minutes=1)
"""How far the time moves before it is written down again."""
FIRST = clock.at(date(2020, 1, 1))
"""Before anything else that is due: towns are told and count anew, and then look."""
TELL = "clocks.back"
"""The job that puts a town's limits right and tells it."""


def notice() -> bool:
    """Called by every tick: whether the clock has been set back since the last one. One question when it has not."""
    now = clock.now()
    seen = Beat.objects.values_list("business", flat=True).first()
    if seen is not None and now < seen - SLACK:
        return _set_back(now)
    if seen is None or now > seen + EVERY:
        Beat.objects.update_or_create(id=1, defaults={"business": now})
    return False


def _set_back(now: datetime) -> bool:
    with transaction.atomic():
        beat = Beat.objects.select_for_update().get()
        ahead = beat.business
        if now >= ahead - SLACK:
            return False
        beat.business = now
        beat.save(update_fields=["business"])
        _undo(now, ahead)
    log.warning("clocks.set_back", ahead=ahead.isoformat(), back=now.isoformat())
    return True


def _undo(now: datetime, ahead: datetime) -> None:
    false = now + SLACK
    done = _done(false)
    kinds = [one for one in jobs.known().values() if one.again]
    values: dict[str, Any] = {
        "now": now,
        "false": false,
        "again": [one.kind for one in kinds],
        "daily": [one.kind for one in kinds if one.daily],
        "tomorrow": now.astimezone(clock.TIME_ZONE).date() + timedelta(days=1),
    }
    with connection.cursor() as cursor:
        for statement in sql.SET_BACK:
            cursor.execute(statement, values)
    Deadline.objects.filter(done_on__gt=clock.today()).update(done_on=clock.today())
    holidays.replan_towns(since=FIRST + timedelta(minutes=1))
    _tell(SetBack.objects.create(ahead=ahead, back=now, noticed_at=timezone.now(), done=done))


def _done(false: datetime) -> dict[str, dict[str, int]]:
    """By town, how many jobs of each kind were done while the clock stood ahead."""
    found: dict[str, dict[str, int]] = {}
    for town, kind, count in _rows(sql.DONE_AHEAD, {"false": false}):
        found.setdefault(town, {})[kind] = count
    return found


def _tell(made: SetBack) -> None:
    told: dict[str, Any] = {"kind": jobs.lookup(TELL).kind, "period": f"{made.pk}", "planned_at": made.back}
    waiting = Due.objects.exclude(town="").filter(state="waiting").values_list("town", flat=True)
    rows = [Due(town=town, due_at=FIRST, **told) for town in sorted({*made.done, *waiting.distinct().order_by()})]
    Due.objects.bulk_create(rows, ignore_conflicts=True)


def _rows(statement: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
