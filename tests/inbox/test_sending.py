"""What is on its way out is not lost: tried for a while, then given up in sight of the office."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from jifen.audit.models import AuditRow
from jifen.clocks.models import Work
from jifen.inbox import errors, gateway, sending, services, verify
from jifen.inbox.models import Delivery
from jifen.kernel.actors import Actor
from tests.cast import Cast

Clients = Callable[..., Any]


@pytest.fixture
def delivery(cast: Cast, chat: str) -> Delivery:
    """A test line on its way into the office's chat."""
    by = Actor.of(cast.admin())
    channel = services.open_channel(name="办公室群", address=chat, audience="office", by=by)
    return services.try_out(channel=channel, by=by)


def state(delivery: Delivery) -> tuple[str, int]:
    delivery.refresh_from_db()
    return delivery.state, delivery.attempts


def stuck() -> int:
    [check] = verify.checks()
    return check.breaches()


def given_up(delivery: Delivery, robot: Any) -> None:
    robot.status = 500
    Delivery.objects.filter(pk=delivery.pk).update(attempts=sending.MOST_TRIES - 1)
    Work.objects.all().delete()
    sending.deliver(delivery_id=delivery.pk)
    robot.status = 200
    assert state(delivery) == ("failed", sending.MOST_TRIES)


def test_a_delivery_stands_in_the_backlog_until_it_is_sent(delivery: Delivery) -> None:
    [work] = Work.objects.all()
    assert (work.town, work.task, work.args) == ("t_alpha", "inbox.deliver", [delivery.pk])
    assert stuck() == 0


def test_what_is_sent_is_not_sent_again(delivery: Delivery, robot: Any) -> None:
    sending.deliver(delivery_id=delivery.pk)
    sending.deliver(delivery_id=delivery.pk)
    assert len(robot.heard) == 1 and state(delivery) == ("sent", 1)


def test_nothing_is_sent_inside_a_transaction(delivery: Delivery, monkeypatch: pytest.MonkeyPatch) -> None:
    outside = list(connection.savepoint_ids)
    seen: list[list[str]] = []

    def send(*_: str) -> bool:
        seen.append(list(connection.savepoint_ids))
        return True

    monkeypatch.setattr(gateway, "send", send)
    sending.deliver(delivery_id=delivery.pk)
    assert seen == [outside]


def test_a_chat_that_refuses_is_written_down_and_tried_later(delivery: Delivery, robot: Any) -> None:
    Work.objects.all().delete()
    robot.status = 500
    for tries, pause in ((1, 10), (2, 20)):
        sending.deliver(delivery_id=delivery.pk)
        assert state(delivery) == ("waiting", tries) and delivery.problem
        work = Work.objects.latest("id")
        assert abs(work.ready_at - timezone.now() - timedelta(seconds=pause)) < timedelta(seconds=5)
    robot.status = 200
    sending.deliver(delivery_id=delivery.pk)
    assert state(delivery) == ("sent", 3) and not delivery.problem


def test_what_is_given_up_is_put_into_no_backlog(delivery: Delivery, robot: Any) -> None:
    given_up(delivery, robot)
    assert not Work.objects.exists() and stuck() == 0


def test_the_office_sends_again_what_was_given_up(
    delivery: Delivery, robot: Any, cast: Cast, client_for: Clients
) -> None:
    given_up(delivery, robot)
    page = client_for(cast.admin("another"))
    again = f"/office/channels/deliveries/{delivery.pk}/again/"
    assert again in page.get(f"/office/channels/{delivery.channel_id}/").text
    assert page.post(again).status_code == 302
    assert state(delivery) == ("waiting", 0) and Work.objects.get().args == [delivery.pk]
    assert AuditRow.objects.filter(action="inbox.try_again", subject_id=delivery.pk).count() == 1
    assert again not in page.get(f"/office/channels/{delivery.channel_id}/").text


def test_what_is_on_its_way_is_not_sent_a_second_time(delivery: Delivery, cast: Cast) -> None:
    with pytest.raises(errors.DeliveryNotFailed):
        sending.try_again(delivery=delivery, by=Actor.of(cast.admin("another")))
    assert Work.objects.count() == 1 and not AuditRow.objects.filter(action="inbox.try_again").exists()


@pytest.mark.parametrize("how", ["lost", "failed"])
def test_what_waits_and_stands_nowhere_is_found_and_sent_again(delivery: Delivery, cast: Cast, how: str) -> None:
    Work.objects.all().delete() if how == "lost" else Work.objects.update(state="failed")
    assert stuck() == 1
    sending.try_again(delivery=delivery, by=Actor.of(cast.admin("another")))
    assert stuck() == 0


def test_programs_read_the_log_and_send_again(delivery: Delivery, robot: Any, cast: Cast, api_client: Clients) -> None:
    given_up(delivery, robot)
    program = api_client(cast.admin("another"))
    [row] = program.get(f"/api/v1/channels/{delivery.channel_id}/deliveries/").json()
    assert row["state"] == "failed" and "text" not in row
    again = f"/api/v1/channels/deliveries/{delivery.pk}/again/"
    assert api_client(cast.officer()).post(again).status_code == 403
    assert program.post(again).json()["state"] == "waiting"
    assert program.post(again).status_code == 409
    assert program.post("/api/v1/channels/deliveries/0/again/").status_code == 404
