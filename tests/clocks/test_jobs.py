"""What is due is done once: in one transaction, by one worker, again after a crash."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from jifen.clocks import errors, jobs, selectors, services, turns
from jifen.clocks.models import Due, DueState, Work
from jifen.kernel import clock
from jifen.kernel.errors import Conflict
from jifen.kernel.tenancy import OutsideTown, current_schema, outside
from tenants.models import Town
from tests.together import together

Jobs = Callable[..., Any]


@pytest.fixture
def make_job(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str, jobs.Body], jobs.Job]]:
    """Registers a job for the length of a test."""

    def make(kind: str, body: jobs.Body, realm: jobs.Realm = "town") -> jobs.Job:
        jobs.known()
        made = jobs.Job(kind, realm, body)
        monkeypatch.setitem(jobs._jobs, kind, made)
        return made

    yield make


def backlog() -> list[tuple[str, str, list[str]]]:
    """What stands in the towns' backlogs, in order."""
    return list(Work.objects.order_by("id").values_list("town", "task", "args"))


def due(kind: str, period: str = "2025-03", *, hours: int = -1, town: str = "t_alpha") -> Due:
    with outside():
        services.schedule(town=town, kind=kind, period=period, due_at=clock.now() + timedelta(hours=hours))
        return Due.objects.get(town=town, kind=kind, period=period)


def claimed(kind: str, period: str = "2025-03") -> Due:
    row = due(kind, period)
    Due.objects.filter(pk=row.pk).update(state=DueState.SENT, lease_until=timezone.now() + timedelta(minutes=1))
    row.refresh_from_db()
    return row


def test_scheduling_twice_makes_one_row(town: Town, make_job: Jobs) -> None:
    make_job("test.note", lambda period: None)
    first = due("test.note", hours=5)
    assert due("test.note", hours=9).due_at == first.due_at


def test_a_kind_that_no_room_knows_is_refused(town: Town) -> None:
    with pytest.raises(errors.KindUnknown, match="没有"):
        due("test.unknown")
    assert not Due.objects.filter(kind="test.unknown").exists()


def test_only_what_is_due_is_sent_and_only_once(town: Town, make_job: Jobs) -> None:
    make_job("test.note", lambda period: None)
    due("test.note", "2025-03")
    due("test.note", "2025-04", hours=1)
    assert [services.dispatch(), services.dispatch()] == [1, 0]
    assert backlog() == [("t_alpha", "clocks.test.note", ["2025-03"])]


def test_a_suspended_town_waits_and_catches_up_in_order_when_it_resumes(town: Town, make_job: Jobs) -> None:
    make_job("test.note", lambda period: None)
    due("test.note", "2025-04", hours=-24)
    due("test.note", "2025-03", hours=-48)
    Town.objects.filter(pk=town.pk).update(state="suspended")
    assert (services.dispatch(), backlog()) == (0, [])
    Town.objects.filter(pk=town.pk).update(state="ready")
    assert services.dispatch() == 2
    assert [args for _, _, args in backlog()] == [["2025-03"], ["2025-04"]]


def test_after_three_days_of_outage_everything_due_is_sent_once_in_order(town: Town, make_job: Jobs) -> None:
    make_job("test.note", lambda period: None)
    make_job("test.sheet", lambda period: None)
    for hours in (5, 70, 30, 50):
        due("test.note", f"-{hours}", hours=-hours)
        due("test.sheet", f"-{hours}", hours=-hours, town="t_beta")
    assert [services.dispatch(), services.dispatch()] == [8, 0]
    for schema in ("t_alpha", "t_beta"):
        assert [args for town_, _, args in backlog() if town_ == schema] == [["-70"], ["-50"], ["-30"], ["-5"]]


def test_what_is_due_at_once_in_many_towns_is_spread_and_keeps_each_towns_order(
    town: Town, make_job: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_job("test.note", lambda period: None)
    monkeypatch.setattr(services, "BATCH", 6)
    for number in (2, 1, 3):
        for schema in ("t_alpha", "t_beta"):
            due("test.note", f"{number}", hours=number - 9, town=schema)
    now = timezone.now()
    assert services.dispatch() == 6
    for schema in ("t_alpha", "t_beta"):
        rows = Work.objects.filter(town=schema).order_by("ready_at", "id")
        assert list(rows.values_list("args", flat=True)) == [["1"], ["2"], ["3"]]
    first = [Work.objects.filter(town=schema).earliest("ready_at").ready_at for schema in ("t_alpha", "t_beta")]
    assert first[0] != first[1] and max(first) - now <= services.LONGEST_SPREAD


def test_a_job_whose_lease_ran_out_is_sent_again(town: Town, make_job: Jobs) -> None:
    make_job("test.note", lambda period: None)
    row = claimed("test.note")
    Due.objects.filter(pk=row.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    services.dispatch()
    assert backlog() == [("t_alpha", "clocks.test.note", ["2025-03"])]


def test_a_job_in_its_backlog_is_not_sent_again_however_long_it_stands_there(town: Town, make_job: Jobs) -> None:
    make_job("test.note", lambda period: None)
    due("test.note")
    assert services.dispatch() == 1
    Due.objects.update(lease_until=timezone.now() - timedelta(days=3))
    assert services.dispatch() == 0
    assert len(backlog()) == 1


def test_a_clock_set_back_and_forward_does_nothing_twice(town: Town, make_job: Jobs) -> None:
    done: list[str] = []
    job = make_job("test.note", done.append)
    due("test.note", hours=1)
    for hours in (2, -3, 2, 100):
        services.dispatch(now=clock.now() + timedelta(hours=hours))
        jobs.run(job, "2025-03")
    assert done == ["2025-03"]
    assert len(backlog()) == 1


def test_a_done_job_is_marked_and_schedules_what_follows(town: Town, make_job: Jobs) -> None:
    following = jobs.Next("test.note", "2025-04", clock.now() + timedelta(days=30))
    job = make_job("test.note", lambda period: [following])
    row = claimed("test.note")
    jobs.run(job, "2025-03")
    row.refresh_from_db()
    assert (row.state, row.attempts, row.problem) == (DueState.DONE, 1, "")
    assert [due.period for due in selectors.pending("t_alpha").filter(kind="test.note")] == ["2025-04"]


def test_a_second_delivery_does_nothing(town: Town, make_job: Jobs) -> None:
    done: list[str] = []
    job = make_job("test.note", done.append)
    claimed("test.note")
    jobs.run(job, "2025-03")
    jobs.run(job, "2025-03")
    assert done == ["2025-03"]


def test_a_job_that_fails_leaves_nothing_and_says_why(town: Town, make_job: Jobs) -> None:
    def body(period: str) -> None:
        services.schedule(town="t_alpha", kind="test.note", period="half", due_at=clock.now())
        raise ZeroDivisionError

    row, job = None, make_job("test.note", body)
    row = claimed("test.note")
    with pytest.raises(ZeroDivisionError):
        jobs.run(job, "2025-03")
    row.refresh_from_db()
    assert (row.state, row.attempts) == (DueState.SENT, 1)
    assert row.problem.startswith("ZeroDivisionError")
    assert not Due.objects.filter(period="half").exists()


def test_a_job_that_keeps_failing_is_given_up(town: Town, make_job: Jobs) -> None:
    job = make_job("test.note", lambda period: [1 / 0])
    row = claimed("test.note")
    for _ in range(turns.MAX_ATTEMPTS):
        with pytest.raises(ZeroDivisionError):
            jobs.run(job, "2025-03")
    row.refresh_from_db()
    assert row.state == DueState.FAILED
    assert list(selectors.failed("t_alpha")) == [row]
    services.retry(due=row)
    assert selectors.pending("t_alpha").filter(pk=row.pk).exists()


def test_what_is_merely_not_possible_yet_is_tried_again_for_ever(town: Town, make_job: Jobs) -> None:
    def body(period: str) -> None:
        raise Conflict("还有3件没有办完。")

    job = make_job("test.note", body)
    row = claimed("test.note")
    for _ in range(turns.MAX_ATTEMPTS + 2):
        jobs.run(job, "2025-03")
    row.refresh_from_db()
    assert (row.state, row.attempts, row.problem) == (DueState.SENT, 0, "conflict:还有3件没有办完。")


def test_a_job_that_crashes_every_worker_is_given_up(town: Town, make_job: Jobs) -> None:
    done: list[str] = []
    job = make_job("test.note", done.append)
    row = claimed("test.note")
    Due.objects.filter(pk=row.pk).update(attempts=turns.MAX_ATTEMPTS)
    jobs.run(job, "2025-03")
    row.refresh_from_db()
    assert (row.state, done) == (DueState.FAILED, [])


def test_one_of_two_workers_does_the_job(committing_town: Town, make_job: Jobs) -> None:
    done: list[str] = []
    job = make_job("test.note", lambda period: done.append(current_schema()))
    claimed("test.note")
    assert together(*[lambda: jobs.run(job, "2025-03")] * 3) == [None] * 3
    assert done == ["t_alpha"]


def test_a_town_s_job_is_refused_outside_every_town() -> None:
    task = jobs.job("test.refused")(lambda period: None)
    del jobs._jobs["test.refused"]
    with pytest.raises(OutsideTown):
        task("2025-03")
