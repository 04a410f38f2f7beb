"""The way through the broker: a tick sends, a real worker enters the town and does the job."""

import time
from collections.abc import Callable
from datetime import timedelta

import pytest

from jifen.audit import selectors as audit
from jifen.audit import services as audit_services
from jifen.clocks import services
from jifen.clocks.models import Due
from jifen.clocks.tasks import tick
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM
from jifen.kernel.tenancy import PUBLIC, entered, outside
from jifen.outbox.models import Message
from tenants.models import Town

pytestmark = [pytest.mark.services, pytest.mark.slow]


def soon(done: Callable[[], bool]) -> bool:
    for _ in range(100):
        if done():
            return True
        time.sleep(0.1)
    return False


def test_a_due_job_reaches_its_town_through_the_broker(committing_town: Town, worker: None) -> None:
    with outside():
        services.schedule(town="t_alpha", kind="year.close", period="1999", due_at=clock.now() - timedelta(minutes=1))
        assert services.tick() == 1
    # The bare town has no year 1999: the job was tried inside the town and says so.
    assert soon(lambda: Due.objects.get(kind="year.close").problem != "")
    assert Due.objects.get(kind="year.close").state == "sent"


def test_a_tick_in_the_worker_seals_what_was_recorded(committing_town: Town, worker: None) -> None:
    audit_services.record(by=SYSTEM, action="test.act")
    with outside():
        tick.apply_async(headers={"_schema_name": PUBLIC})
    assert soon(lambda: audit.schemas_to_seal(["t_alpha"]) == [])
    assert audit.problems() == []


def test_a_tick_sent_from_inside_a_town_is_refused(committing_town: Town, worker: None) -> None:
    with entered("t_alpha"):
        audit_services.record(by=SYSTEM, action="test.act")
        tick.apply_async()
    time.sleep(1)
    assert audit.schemas_to_seal(["t_alpha"]) == ["t_alpha"]
    assert not Message.objects.exists()
