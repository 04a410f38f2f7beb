"""Towns take turns: whoever has much to do waits for whoever has little."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from jifen.clocks import backlog, turns, verify
from jifen.clocks.models import Lane, Work, WorkState
from jifen.kernel.errors import Unavailable
from jifen.kernel.tenancy import OutsideTown, entered, outside
from tenants.models import Town

Message = tuple[int, str, int]
"""work, town, ticket."""


@pytest.fixture
def fed(monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any) -> Callable[[], list[Message]]:
    """``fed()`` feeds, and nobody else does; what went to the broker."""
    sent: list[Message] = []
    feeding = backlog.feed
    monkeypatch.setattr(backlog, "feed", lambda **_: 0)
    monkeypatch.setattr(backlog, "_send", lambda rows: sent.extend((row[0], row[1], row[4]) for row in rows))

    def feed() -> list[Message]:
        sent.clear()
        with django_capture_on_commit_callbacks(execute=True):
            feeding()
        return list(sent)

    return feed


def put(schema: str, times: int = 1) -> None:
    with entered(schema):
        for number in range(times):
            backlog.put(task="reporting.make_posters", args=[number])


def do(message: Message, *, seconds: float = 0.0, error: Exception | None = None) -> bool:
    """A worker takes the message; whether it had to do it. ``seconds`` are charged besides."""
    number, town, ticket = message
    with entered(town), turns.taken({"work": number, "ticket": ticket}) as mine:
        if mine and seconds:
            Lane.objects.filter(town=town).update(deficit=1 - seconds)
        if error is not None:
            raise error
    return mine


def test_no_more_of_a_town_is_at_work_than_its_concurrency(town: Town, fed: Callable[[], list[Message]]) -> None:
    put("t_alpha", 5)
    assert len(fed()) == 1
    assert fed() == []
    Lane.objects.update(concurrency=2)
    assert len(fed()) == 1


def test_a_quiet_town_comes_before_the_backlog_of_a_busy_one(town: Town, fed: Callable[[], list[Message]]) -> None:
    put("t_alpha", 50)
    [first] = fed()
    put("t_beta")
    assert [row[1] for row in fed()] == ["t_beta"]
    assert do(first)


def test_a_town_that_used_up_its_seconds_waits_for_the_others(
    town: Town, fed: Callable[[], list[Message]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backlog, "AHEAD", 1)
    put("t_alpha", 3)
    put("t_beta", 3)
    order = []
    while messages := fed():
        order.append(messages[0][1])
        do(messages[0], seconds=3.5 if messages[0][1] == "t_alpha" else 0)
    assert order == ["t_alpha", "t_beta", "t_beta", "t_beta", "t_alpha", "t_alpha"]


def test_an_old_message_is_not_done_twice(town: Town, fed: Callable[[], list[Message]]) -> None:
    put("t_alpha")
    [message] = fed()
    Work.objects.update(until=timezone.now() - timedelta(seconds=1))
    with outside():
        assert backlog.give_back() == 1
    [again] = fed()
    assert [do(message), do(again), do(again)] == [False, True, False]
    assert not Work.objects.exists()


def test_work_that_fails_is_tried_again_later_and_given_up_in_the_end(
    town: Town, fed: Callable[[], list[Message]]
) -> None:
    put("t_alpha")
    for _ in range(turns.MAX_ATTEMPTS):
        [message] = fed()
        with pytest.raises(ZeroDivisionError):
            do(message, error=ZeroDivisionError())
        assert fed() == []
        Work.objects.update(ready_at=timezone.now())
    work = Work.objects.get()
    assert (work.state, work.attempts) == (WorkState.FAILED, turns.MAX_ATTEMPTS)
    assert work.problem.startswith("ZeroDivisionError")


def test_work_of_a_town_that_is_not_served_waits_without_counting(town: Town, fed: Callable[[], list[Message]]) -> None:
    put("t_alpha")
    [message] = fed()
    with pytest.raises(Unavailable):
        do(message, error=Unavailable())
    Work.objects.update(ready_at=timezone.now())
    Town.objects.filter(pk=town.pk).update(state="suspended")
    assert fed() == []
    assert (Work.objects.get().state, Work.objects.get().attempts) == (WorkState.WAITING, 0)


def test_work_is_refused_outside_every_town(db: None) -> None:
    with outside(), pytest.raises(OutsideTown):
        backlog.put(task="reporting.make_posters", args=[1])
    assert not Work.objects.exists()


def test_the_checks_find_work_that_stands_in_a_foreign_backlog(town: Town) -> None:
    put("t_alpha")
    assert [check.breaches() for check in verify.checks()] == [0, 0]
    Work.objects.update(town="t_gone")
    assert [check.breaches() for check in verify.checks()] == [1, 0]
