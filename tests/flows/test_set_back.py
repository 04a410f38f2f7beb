"""The clock ran ahead for a while: who is late is counted by the true day, and the office hears what was done."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from jifen.clocks import backwards, jobs, offset, services
from jifen.clocks.models import Due, Late, Work
from jifen.flows import behind, calendar
from jifen.inbox.models import Message
from jifen.kernel import clock
from jifen.kernel.tenancy import entered, outside
from tests.scoring.desk import NOW, Desk

TODAY = NOW
PERIOD = f"{TODAY:%Y-%m}"


@pytest.fixture
def ahead(ready_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """The review of this month is due in three days; the clock stands 17 days ahead, and its watch has struck."""
    for module in (behind, calendar):
        monkeypatch.setattr(module, "last_day", lambda *told: TODAY + timedelta(days=3))
    ready_desk.cast.officer()
    Due.objects.all().delete()
    go(0)
    first = clock.at(TODAY + timedelta(days=1), 7)
    services.schedule(town="t_alpha", kind=calendar.WATCH, period=f"review/{PERIOD}", due_at=first)
    go(17)
    yield ready_desk
    offset.forget()


def go(days: int) -> None:
    """Noon so many days from today: a tick sees it, and what it sends is done."""
    with outside():
        services.move_clock(clock.at(TODAY + timedelta(days=days), 12))
        backwards.notice()
        services.dispatch()
    for row in Due.objects.filter(state="sent", town="t_alpha").order_by("due_at", "id"):
        with entered("t_alpha"):
            jobs.run(jobs.lookup(row.kind), row.period)
        Work.objects.filter(due=row).delete()


def watched() -> list[date]:
    rows = Due.objects.filter(kind=calendar.WATCH, state="waiting", period__startswith=f"review/{PERIOD}")
    return [row.due_at.astimezone(clock.TIME_ZONE).date() for row in rows]


def told(title: str) -> list[Message]:
    return list(Message.objects.filter(title__contains=title, past_at=None))


def test_the_watch_goes_on_from_the_true_day_and_nobody_is_late(ahead: Desk) -> None:
    assert Late.objects.get(clock="review").is_escalated
    go(1)
    assert watched() == [TODAY + timedelta(days=2)]
    assert not Late.objects.filter(clock="review").exists()
    assert not told("超过期限") and not told("已超过")


def test_the_office_hears_what_was_done_meanwhile(ahead: Desk) -> None:
    go(1)
    [body] = {message.body for message in told("系统时间曾走快到")}
    assert "到期提醒1件" in body and "不会自动撤回" in body


def test_who_is_late_on_the_true_day_is_told_then(ahead: Desk) -> None:
    go(1)
    for day in range(2, 18):
        go(day)
    assert Late.objects.get(clock="review").is_escalated
    assert told("超过期限") and told("已超过期限")
