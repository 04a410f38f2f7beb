"""A clock that stood ahead and is set back does no lasting harm."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from jifen.clocks import backwards, jobs, offset, services
from jifen.clocks.jobs import Next
from jifen.clocks.models import Beat, Due, SetBack, Work
from jifen.kernel import clock
from jifen.kernel.errors import Conflict
from jifen.kernel.tenancy import entered, outside
from tenants.models import Town
from tests.questions import asked

Make = Callable[..., None]
TRUE, AHEAD = clock.at(date(2026, 3, 3), 12), clock.at(date(2026, 3, 20), 12)


@pytest.fixture(autouse=True)
def quiet_town(town: Town, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing of the town itself is due; the clock stands at noon on 3 March."""
    Due.objects.all().delete()
    Work.objects.all().delete()
    Beat.objects.all().delete()
    at(TRUE)
    yield
    offset.forget()


@pytest.fixture
def make(monkeypatch: pytest.MonkeyPatch) -> Make:
    def made(kind: str, body: jobs.Body, **traits: bool) -> None:
        jobs.known()
        monkeypatch.setitem(jobs._jobs, kind, jobs.Job(kind, "town", body, **traits))

    return made


def at(moment: datetime) -> None:
    """The clock is set, and a tick sees it; what it sends is done."""
    with outside():
        services.move_clock(moment)
        backwards.notice()
        services.dispatch()
    do_all()


def do_all() -> None:
    for row in Due.objects.filter(state="sent", town="t_alpha").order_by("due_at", "id"):
        with entered("t_alpha"):
            jobs.run(jobs.lookup(row.kind), row.period)
        Work.objects.filter(due=row).delete()


def planned(kind: str, period: str, due_at: datetime) -> None:
    services.schedule(town="t_alpha", kind=kind, period=period, due_at=due_at)


def waiting(kind: str) -> list[tuple[str, date]]:
    rows = Due.objects.filter(kind=kind, state="waiting").order_by("due_at")
    return [(row.period, row.due_at.astimezone(clock.TIME_ZONE).date()) for row in rows]


def daily_chain(period: str) -> list[Next]:
    """``a``, ``a#2`` … : again tomorrow, as the calendar's watch."""
    base, _, run = period.partition("#")
    tomorrow = clock.today() + timedelta(days=1)
    return [Next("test.chain", f"{base}#{int(run or 1) + 1}", clock.at(tomorrow, 7))]


def test_a_chain_of_looks_goes_on_from_the_true_day(make: Make) -> None:
    make("test.chain", daily_chain, again=True)
    planned("test.chain", "a", clock.at(date(2026, 3, 4), 7))
    at(AHEAD)
    assert waiting("test.chain") == [("a#2", date(2026, 3, 21))]
    at(clock.at(date(2026, 3, 4), 12))
    assert waiting("test.chain") == [("a#2", date(2026, 3, 5))]


def test_what_is_due_after_the_true_day_is_done_again_then(make: Make) -> None:
    done: list[date] = []
    make("test.dated", lambda period: done.append(clock.today()), again=True)
    planned("test.dated", "2026-03-10", clock.at(date(2026, 3, 10)))
    at(AHEAD)
    at(clock.at(date(2026, 3, 4), 12))
    assert waiting("test.dated") == [("2026-03-10", date(2026, 3, 10))]
    at(clock.at(date(2026, 3, 10), 12))
    assert done == [date(2026, 3, 20), date(2026, 3, 10)]


def test_a_chain_that_went_on_while_the_clock_stood_ahead_is_one_chain_again(make: Make) -> None:
    make("test.chain", daily_chain, again=True)
    planned("test.chain", "a", clock.at(date(2026, 3, 4), 7))
    for day in (20, 21, 22):
        at(clock.at(date(2026, 3, day), 12))
    at(clock.at(date(2026, 3, 4), 12))
    assert waiting("test.chain") == [("a#2", date(2026, 3, 5))]
    for day in range(5, 25):
        at(clock.at(date(2026, 3, day), 12))
    assert waiting("test.chain") == [("a#22", date(2026, 3, 25))]


def test_a_look_that_somebody_planned_for_tomorrow_is_made_on_the_true_tomorrow(make: Make) -> None:
    make("test.look", lambda period: None, again=True, daily=True)
    at(AHEAD)
    planned("test.look", "2026-03-21", clock.at(date(2026, 3, 21), 6))
    at(clock.at(date(2026, 3, 4), 12))
    assert waiting("test.look") == [("2026-03-05", date(2026, 3, 5))]
    planned("test.look", "2026-03-21", clock.at(date(2026, 3, 21), 6))
    assert len(waiting("test.look")) == 2


def test_what_was_to_be_done_at_once_is_done(make: Make) -> None:
    done: list[str] = []
    make("test.once", done.append)
    at(AHEAD)
    planned("test.once", "7", clock.now())
    at(clock.at(date(2026, 3, 4), 12))
    assert done == ["7"]


def test_what_may_be_done_once_alone_stays_done_and_the_town_hears_of_it(make: Make) -> None:
    make("test.once", lambda period: None)
    planned("test.once", "1", clock.at(date(2026, 3, 10)))
    at(AHEAD)
    with outside():
        services.move_clock(clock.at(date(2026, 3, 4), 12))
        backwards.notice()
    assert Due.objects.get(kind="test.once").state == "done"
    assert SetBack.objects.get().done == {"t_alpha": {"test.once": 1}}
    assert Due.objects.get(kind="clocks.back").town == "t_alpha"


def test_what_cannot_be_done_a_second_time_is_done(make: Make) -> None:
    def once(period: str) -> None:
        if clock.today() < AHEAD.date():
            raise Conflict

    make("test.sealed", once, again=True)
    planned("test.sealed", "1", clock.at(date(2026, 3, 4), 7))
    at(AHEAD)
    at(clock.at(date(2026, 3, 4), 12))
    assert Due.objects.get(kind="test.sealed").state == "done"


def test_a_correction_of_some_minutes_is_none(make: Make) -> None:
    make("test.chain", daily_chain, again=True)
    planned("test.chain", "a", TRUE)
    at(TRUE)
    at(TRUE - timedelta(minutes=4))
    assert Due.objects.get(period="a").state == "done" and not SetBack.objects.exists()


def test_a_tick_whose_clock_goes_on_asks_one_question(town: Town) -> None:
    with outside():
        backwards.notice()
        with asked() as questions:
            assert not backwards.notice()
    assert len(questions) == 1


def test_the_newest_time_is_written_down_by_the_minute(town: Town) -> None:
    services.move_clock(TRUE + timedelta(seconds=90))
    backwards.notice()
    written = Beat.objects.get().business
    services.move_clock(TRUE + timedelta(seconds=100))
    backwards.notice()
    assert Beat.objects.get().business == written
    assert timezone.is_aware(written)
