"""A message lives exactly from its fact to the figures it changed."""

from collections.abc import Iterator

import pytest
from django.db import transaction

from jifen.kernel.tenancy import entered
from jifen.outbox import selectors, services
from jifen.outbox.models import Message
from tenants.models import Town
from tests.together import together


@pytest.fixture
def applied(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """What the handler of messages of kind ``note`` was given."""
    seen: list[int] = []
    monkeypatch.setitem(services._handlers, "note", lambda rows: seen.extend(row.payload["n"] for row in rows))
    yield seen


def tell(*numbers: int) -> None:
    for number in numbers:
        services.tell(kind="note", payload={"n": number})


def test_a_message_names_the_town_that_told_it(town: Town) -> None:
    tell(1)
    assert Message.objects.get(kind="note").town == town.schema_name


def test_a_drain_applies_messages_oldest_first_and_deletes_them(town: Town, applied: list[int]) -> None:
    tell(1, 2, 3)
    assert services.drain() == 3
    assert applied == [1, 2, 3]
    assert selectors.waiting() == 0


def test_a_drain_takes_no_more_than_its_limit(town: Town, applied: list[int]) -> None:
    tell(1, 2, 3)
    assert services.drain(limit=2) == 2
    assert selectors.waiting() == 1


def test_a_message_that_nobody_handles_waits(town: Town, applied: list[int]) -> None:
    services.tell(kind="unheard", payload={})
    tell(1)
    assert services.drain() == 1
    assert Message.objects.filter(kind="unheard").exists()


def test_a_failing_handler_changes_nothing_and_does_not_hold_up_the_others(
    town: Town, applied: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(services._handlers, "broken", lambda rows: 1 / 0)
    services.tell(kind="broken", payload={})
    tell(1)
    assert services.drain() == 1
    assert applied == [1]
    assert Message.objects.filter(kind="broken").exists()


def test_a_fact_that_is_rolled_back_tells_nothing(town: Town) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        tell(1)
        1 / 0  # noqa: B018
    assert selectors.waiting() == 0


def test_waiting_messages_are_counted_for_one_town(town: Town, other_town: Town) -> None:
    tell(1, 2)
    with entered(other_town.schema_name):
        tell(3)
    assert selectors.waiting(town=town.schema_name) == 2


def test_two_handlers_for_one_kind_are_refused() -> None:
    services.register("note.twice", print)
    with pytest.raises(services.HandlerTaken):
        services.register("note.twice", list.clear)
    services.register("note.twice", print)
    del services._handlers["note.twice"]


def test_drains_at_the_same_moment_apply_each_message_once(committing_town: Town, applied: list[int]) -> None:
    tell(*range(40))
    results = together(services.drain, services.drain, services.drain)
    assert sum(results) + services.drain() == 40
    assert sorted(applied) == list(range(40))
