"""The way through the broker: a tick sends, a real worker enters the town and does the job."""

import time
from collections.abc import Callable
from datetime import timedelta

import pytest

from jifen.audit import selectors as audit
from jifen.audit import services as audit_services
from jifen.clocks import sealing, services
from jifen.clocks.models import Due, Work
from jifen.clocks.tasks import tick
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM
from jifen.kernel.tasks import InsideTown
from jifen.kernel.tenancy import PUBLIC, outside
from tenants.models import Town

pytestmark = [pytest.mark.services, pytest.mark.slow]


def soon(done: Callable[[], bool]) -> bool:
    for _ in range(100):
        if done():
            return True
        time.sleep(0.1)
    return False


def test_due_jobs_and_recurring_work_reach_the_worker_through_the_broker(committing_town: Town, worker: None) -> None:
    audit_services.record(by=SYSTEM, action="test.act")
    with outside():
        services.schedule(town="t_alpha", kind="year.close", period="1999", due_at=clock.now() - timedelta(minutes=1))
        tick.apply_async(headers={"_schema_name": PUBLIC})
    # The bare town has no year 1999: the job was tried inside the town and says so.
    assert soon(lambda: Due.objects.get(kind="year.close").problem != "")
    assert Due.objects.get(kind="year.close").state == "sent"
    assert soon(lambda: sealing.waiting() == [])
    assert audit.problems() == []


def test_after_three_days_of_outage_everything_due_is_done_once_in_its_order(
    committing_town: Town, worker: None
) -> None:
    days = [clock.now() - timedelta(days=days, minutes=1) for days in (1, 3, 2)]
    with outside():
        for when in days:
            services.schedule(town="t_alpha", kind="approvals.due", period=f"{when:%Y-%m-%dT%H}", due_at=when)
        tick.apply_async(headers={"_schema_name": PUBLIC})
        tick.apply_async(headers={"_schema_name": PUBLIC})
    rows = Due.objects.filter(kind="approvals.due")
    assert soon(lambda: not rows.exclude(state="done").exists() and not Work.objects.exists())
    done = rows.order_by("finished_at").values_list("due_at", "attempts")
    assert list(done) == [(when, 1) for when in sorted(days)]


def test_a_town_that_was_suspended_does_what_was_due_meanwhile_when_it_is_served_again(
    committing_town: Town, worker: None
) -> None:
    when = clock.now() - timedelta(days=2)
    Town.objects.filter(schema_name="t_alpha").update(state="suspended")
    with outside():
        services.schedule(town="t_alpha", kind="approvals.due", period=f"{when:%Y-%m-%dT%H}", due_at=when)
        assert services.dispatch() == 0
        Town.objects.filter(schema_name="t_alpha").update(state="ready")
        tick.apply_async(headers={"_schema_name": PUBLIC})
    assert soon(lambda: Due.objects.get(kind="approvals.due").state == "done")


def test_a_tick_inside_a_town_is_refused(town: Town) -> None:
    with pytest.raises(InsideTown):
        tick()
