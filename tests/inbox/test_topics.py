"""What is over or told anew need not be read any more."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from jifen.inbox import selectors, services
from jifen.inbox.models import Message
from jifen.kernel import clock
from tests.cast import Cast
from tests.clients import PageClient

Clients = Callable[..., PageClient]


def _tell(user: Any, key: str, topic: str = "calendar/review/2025-03/1", address: str = "") -> None:
    services.tell(users=[user.pk], kind="calendar", title="还没有办完", key=key, topic=topic, address=address)


def test_a_later_reminder_makes_the_earlier_one_past(cast: Cast) -> None:
    officer = cast.officer()
    for day in ("1", "3", "7"):
        _tell(officer, key=day)
    assert selectors.unread(officer) == 1
    assert [row.past_at is None for row in selectors.messages_of(officer).order_by("key")] == [False, False, True]


def test_one_persons_reminder_leaves_anothers_alone(cast: Cast) -> None:
    officer, steward = cast.officer(), cast.steward()
    _tell(officer, key="1")
    _tell(steward, key="3")
    assert (selectors.unread(officer), selectors.unread(steward)) == (1, 1)


def test_what_is_done_is_past_and_what_is_open_stays(cast: Cast) -> None:
    officer = cast.officer()
    for place in ("1", "2"):
        _tell(officer, key=place, topic=f"calendar/review/2025-03/{place}")
    _tell(officer, key="other", topic="calendar/review/2025-030/1")
    assert services.settle(topic="calendar/review/2025-03", keep=["calendar/review/2025-03/2"]) == 1
    assert selectors.unread(officer) == 2


def test_what_was_read_does_not_become_past(cast: Cast) -> None:
    officer = cast.officer()
    _tell(officer, key="1")
    services.read_all(by=officer)
    _tell(officer, key="3")
    assert Message.objects.get(key="1").past_at is None


@pytest.mark.parametrize("page", ["/office/months/", "/office/messages/"])
def test_opening_its_page_reads_a_message(cast: Cast, client_for: Clients, page: str) -> None:
    officer = cast.officer()
    _tell(officer, key="1", address=page)
    _tell(officer, key="2", topic="other", address="/office/rules/")
    assert client_for(officer).get(page).status_code == 200
    assert [row.key for row in selectors.waiting().filter(user=officer)] == ["2"]


def test_the_page_of_an_area_answers_for_the_address_without_it(cast: Cast, client_for: Clients) -> None:
    officer = cast.officer()
    _tell(officer, key="1", address="/work/")
    client_for(officer).get("/office/work/")
    assert selectors.unread(officer) == 0


def test_passing_the_home_page_reads_nothing(cast: Cast, client_for: Clients) -> None:
    officer = cast.officer()
    _tell(officer, key="1", address="/office/")
    client_for(officer).get("/office/")
    assert selectors.unread(officer) == 1


def test_a_message_is_not_read_and_past_at_once(cast: Cast) -> None:
    _tell(cast.officer(), key="1")
    with pytest.raises(IntegrityError, match="inbox_message_past_unread"), transaction.atomic():
        Message.objects.update(read_at=clock.now(), past_at=clock.now())
