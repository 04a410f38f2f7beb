"""People are told once; a digest counts and never names."""

from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

import pytest

from jifen.audit.models import AuditRow
from jifen.clocks.models import Due
from jifen.inbox import errors, selectors, sending, services
from jifen.inbox.models import Channel, Delivery, Message
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from tests.cast import Cast
from tests.clients import ApiClient, PageClient

Clients = Callable[..., PageClient]


def _channel(cast: Cast, address: str, **terms: Any) -> Channel:
    return services.open_channel(
        name="办公室群", address=address, audience="office", by=Actor.of(cast.admin()), **terms
    )


def _tell(*users: Any, key: str = "a", title: str = "王某某家的登记等您核实") -> None:
    services.tell(users=[user.pk for user in users], kind="approval", title=title, key=key)


def test_what_is_told_twice_under_one_key_is_one_message(cast: Cast) -> None:
    officer = cast.officer()
    _tell(officer)
    _tell(officer)
    assert selectors.unread(officer) == 1


def test_what_gathers_comes_back_with_what_is_new_after_it_was_read(cast: Cast) -> None:
    officer = cast.officer()
    terms: dict[str, Any] = {"users": [officer.pk], "kind": "approval", "title": "您有新的待办", "key": "day"}
    for thing in ("植树", "扫街"):
        services.tell(**terms, body=thing, gathers=True)
    assert selectors.messages_of(officer).get().body == "植树、扫街"
    services.read_all(by=officer)
    services.tell(**terms, body="扫街", gathers=True)
    assert selectors.unread(officer) == 0
    services.tell(**terms, body="献血", gathers=True)
    assert (selectors.unread(officer), selectors.messages_of(officer).get().body) == (1, "献血")


def test_opening_a_message_reads_it_and_leads_to_its_place(cast: Cast, client_for: Clients) -> None:
    officer = cast.officer()
    services.tell(users=[officer.pk], kind="approval", title="三月的审核表到了", address="/office/months/", key="m")
    answer = client_for(officer).get(f"/messages/{Message.objects.get().pk}/")
    assert answer["Location"] == "/office/months/"
    assert selectors.unread(officer) == 0


def test_anothers_message_does_not_exist(cast: Cast, client_for: Clients, api_client: Callable[..., ApiClient]) -> None:
    _tell(cast.officer())
    message = Message.objects.get()
    stranger = cast.steward()
    assert client_for(stranger).get(f"/messages/{message.pk}/").status_code == 404
    assert api_client(stranger).post(f"/api/v1/messages/{message.pk}/read/").status_code == 404
    message.refresh_from_db()
    assert message.read_at is None


def test_twenty_messages_make_one_digest_without_names(cast: Cast, chat: str, robot: Any) -> None:
    officer, channel = cast.officer(), _channel(cast, chat)
    for number in range(20):
        _tell(officer, key=str(number))
    assert Due.objects.filter(kind="inbox.digest").count() == 1
    made = services.digest(channel_id=channel.pk)
    assert made is not None
    sending.deliver(delivery_id=made.pk)
    [heard] = robot.heard
    assert "20" in heard["message"]
    assert "王" not in heard["message"]


def test_what_was_read_or_told_already_is_not_told_again(cast: Cast, chat: str) -> None:
    officer, channel = cast.officer(), _channel(cast, chat)
    _tell(officer)
    assert services.digest(channel_id=channel.pk) is not None
    assert services.digest(channel_id=channel.pk) is None
    _tell(officer, key="b")
    services.read_all(by=officer)
    assert services.digest(channel_id=channel.pk) is None


def test_what_is_told_after_the_clock_was_set_back_is_in_the_next_digest(cast: Cast, chat: str) -> None:
    officer, channel = cast.officer(), _channel(cast, chat)
    ahead = clock.now() + timedelta(days=17)
    Delivery.objects.create(channel=channel, since=clock.now(), until=ahead, messages=1, text="一条")
    _tell(officer)
    assert services.digest(channel_id=channel.pk) is not None


def test_a_message_dated_ahead_stays_and_is_told_again_on_its_day(cast: Cast) -> None:
    officer = cast.officer()
    _tell(officer, key="a" * 118)
    Message.objects.update(made_at=clock.now() + timedelta(days=17))
    assert services.free_keys(after=clock.now()) == 1
    _tell(officer, key="a" * 118)
    assert selectors.unread(officer) == 2


@pytest.mark.parametrize(
    "address", ["http://169.254.169.254/", "json://127.0.0.1/", "dingtalk://", "file:///etc/passwd", ""]
)
def test_only_allowed_services_are_spoken_to(cast: Cast, address: str) -> None:
    with pytest.raises(errors.AddressWrong):
        _channel(cast, address)
    assert not Channel.objects.exists()


def test_a_silent_channel_says_nothing(cast: Cast, chat: str) -> None:
    channel, officer = _channel(cast, chat), cast.officer()
    services.switch(channel=channel, on=False, by=Actor.of(cast.admin()))
    _tell(officer)
    assert services.digest(channel_id=channel.pk) is None
    assert not Delivery.objects.exists()


def test_a_channels_terms_change_and_its_address_stays(cast: Cast, chat: str, client_for: Clients) -> None:
    channel, page = _channel(cast, chat), client_for(cast.admin())
    sent = {"name": "镇办公室群", "address": "", "audience": "office", "every_minutes": "120"}
    sent |= {"quiet_from": "20:00", "quiet_to": "07:30"}
    assert page.post(f"/office/channels/{channel.pk}/", sent).status_code == 302
    channel.refresh_from_db()
    assert (channel.name, channel.every_minutes, channel.quiet_from) == ("镇办公室群", 120, time(20))
    assert channel.address == chat
    [line] = AuditRow.objects.filter(action="inbox.change_channel")
    assert line.data["changed"] == ["every_minutes", "name", "quiet_from", "quiet_to"]


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("every_minutes", 5, "channel_interval_wrong"),
        ("address", "http://169.254.169.254/", "channel_address_wrong"),
        ("audience", "village:0", "channel_audience_unknown"),
    ],
)
def test_terms_that_cannot_be_change_nothing(
    cast: Cast, chat: str, api_client: Callable[..., ApiClient], field: str, value: Any, code: str
) -> None:
    channel = _channel(cast, chat)
    sent = {"name": "别的名称", "audience": "office", "every_minutes": 90, "quiet_from": "20:00", "quiet_to": "07:00"}
    answer = api_client(cast.admin()).put(f"/api/v1/channels/{channel.pk}/", sent | {field: value}, format="json")
    assert answer.status_code == 422
    assert code in str(answer.json())
    channel.refresh_from_db()
    assert (channel.name, channel.every_minutes, channel.address) == ("办公室群", 60, chat)


def test_a_digest_whose_moment_became_quiet_waits_for_its_end(cast: Cast, chat: str) -> None:
    officer, channel = cast.officer(), _channel(cast, chat)
    _tell(officer)
    terms: dict[str, Any] = {"name": channel.name, "audience": "office", "every_minutes": 60}
    terms |= {"channel": channel, "by": Actor.of(cast.admin())}
    end = (clock.now() + timedelta(hours=2)).replace(second=0, microsecond=0)
    services.change_channel(**terms, quiet_from=(end - timedelta(hours=3)).time(), quiet_to=end.time())
    services.digest_due(channel_id=channel.pk)
    assert not Delivery.objects.exists()
    assert Due.objects.filter(kind="inbox.digest", period=f"{end:%Y-%m-%dT%H:%M}/{channel.pk}").exists()
    services.change_channel(**terms, quiet_from=end.time(), quiet_to=end.time())
    services.digest_due(channel_id=channel.pk)
    assert Delivery.objects.get().messages == 1


def test_a_villages_channel_speaks_for_its_people_alone(cast: Cast, chat: str) -> None:
    steward = cast.steward()
    village = steward.village_roles.get().village_id
    terms: dict[str, Any] = {
        "name": "石岭岗群",
        "address": chat,
        "audience": f"village:{village}",
        "by": Actor.of(cast.admin()),
    }
    channel = services.open_channel(**terms)
    _tell(cast.officer())
    assert services.digest(channel_id=channel.pk) is None
    _tell(steward, key="s")
    made = services.digest(channel_id=channel.pk)
    assert made is not None
    assert made.messages == 1


def test_the_administrator_opens_a_channel_and_its_secret_is_not_shown(
    cast: Cast, client_for: Clients, chat: str
) -> None:
    page = client_for(cast.admin())
    form = {"name": "群", "address": f"{chat}s3cret", "audience": "office", "every_minutes": "60"}
    answer = page.post("/office/channels/", {**form, "quiet_from": "21:00", "quiet_to": "08:00"})
    assert answer.status_code == 302
    assert "s3cret" not in page.get(answer["Location"]).content.decode()
    assert client_for(cast.officer()).get("/office/channels/").status_code == 403


def test_a_digest_waits_for_the_morning(cast: Cast, chat: str) -> None:
    _channel(cast, chat, every_minutes=1440)
    _tell(cast.officer())
    due = Due.objects.get(kind="inbox.digest").due_at.astimezone(clock.TIME_ZONE)
    assert (due.hour, due.minute) == (8, 0)
    assert due - clock.now() <= timedelta(days=2)
