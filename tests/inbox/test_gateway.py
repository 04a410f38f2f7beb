"""Text messages go out by any gateway that takes JSON or a form; none leads into the platform's own network."""

from typing import Any

import pytest
from django.conf import LazySettings

from jifen import env
from jifen.inbox import errors, gateway, sending, services
from jifen.inbox.models import Channel
from jifen.kernel.actors import Actor
from tests.cast import Cast

SMS = "?:message=content&:mobile=13800000000&:version=&:title=&:type=&:attachments="


def opened(cast: Cast, address: str) -> Channel:
    return services.open_channel(name="短信", address=address, audience="office", by=Actor.of(cast.admin()))


def test_gateways_for_text_messages_are_allowed_from_the_beginning() -> None:
    assert {"spugpush", "jsons", "forms"} <= set(env.load({"JIFEN_MODE": "embedded"}).notify_schemes)
    assert not {"json", "form", "http", "syslog"} & set(env.load({"JIFEN_MODE": "embedded"}).notify_schemes)


@pytest.mark.parametrize(
    "address", [f"jsons://8.8.8.8/sms{SMS}", f"forms://8.8.8.8:8443/sms{SMS}", f"spugpush://{32 * chr(97)}"]
)
def test_a_gateway_on_the_public_net_is_taken(cast: Cast, address: str) -> None:
    assert opened(cast, address).pk


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "10.0.0.5",
        "192.168.1.2:9000",
        "169.254.169.254",
        "[::1]",
        "2130706433",
        "nowhere.invalid",
    ],
)
def test_one_in_the_own_network_or_unknown_is_refused(cast: Cast, host: str) -> None:
    with pytest.raises((errors.AddressInside, errors.AddressWrong)):
        opened(cast, f"jsons://{host}/sms")
    assert not Channel.objects.exists()


def test_the_provider_may_name_a_gateway_of_its_own(cast: Cast, settings: LazySettings) -> None:
    with pytest.raises(errors.AddressInside):
        opened(cast, "jsons://10.0.0.5/sms")
    settings.NOTIFY_HOSTS = ("10.0.0.5",)
    assert opened(cast, "jsons://10.0.0.5/sms").pk


def test_a_message_takes_the_fields_that_the_gateway_wants(cast: Cast, chat: str, robot: Any) -> None:
    channel = opened(cast, chat + SMS)
    sending.deliver(delivery_id=services.try_out(channel=channel, by=Actor.of(cast.admin())).pk)
    [heard] = robot.heard
    assert set(heard) == {"content", "mobile"} and heard["mobile"] == "13800000000"


def test_it_is_looked_up_again_when_something_is_sent(
    cast: Cast, chat: str, robot: Any, settings: LazySettings
) -> None:
    channel = opened(cast, chat)
    settings.NOTIFY_HOSTS = ()
    delivery = services.try_out(channel=channel, by=Actor.of(cast.admin()))
    sending.deliver(delivery_id=delivery.pk)
    delivery.refresh_from_db()
    assert delivery.state == "waiting" and robot.heard == []


@pytest.mark.parametrize("asked", ["", "?redirect=yes&verify=no"])
def test_an_answer_leads_on_to_no_other_address(chat: str, robot: Any, asked: str) -> None:
    robot.status, robot.location = 307, chat.replace("json://", "http://")
    assert not gateway.send(chat + asked, "两件待办")
    assert len(robot.heard) == 1
