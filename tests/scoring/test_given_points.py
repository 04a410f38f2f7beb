"""Whoever verifies a declaration may give other points, inside the rule's range."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from jifen.approvals import errors, selectors, services
from jifen.approvals.models import Item
from jifen.kernel.actors import SYSTEM, Actor
from scoring.models import Declaration
from scoring.selectors.verifying import SUBJECT_KIND
from tests.clients import ApiClient, PageClient
from tests.scoring.desk import Desk

Pages = Callable[..., PageClient]
Apis = Callable[..., ApiClient]


def told(desk: Desk, code: str, **facts: Any) -> tuple[Declaration, Item]:
    """The household's own, waiting for the steward."""
    own = {"declared_by": "self", "declarer": desk.head(), "by": Actor.of(desk.cast.villager(desk.zhang))}
    deed = desk.record(code, facts=facts, **own)
    item = selectors.open_item(SUBJECT_KIND, deed.pk)
    assert item is not None
    return deed, item


def give(desk: Desk, item: Item, points: str) -> None:
    services.decide(item=item, verdict="approve", points=Decimal(points), reason="规模小", by=desk.by)


def test_the_deed_is_priced_anew_and_posted_with_them(desk: Desk) -> None:
    deed, item = told(desk, "host", points="4")
    give(desk, item, "2")
    deed.refresh_from_db()
    assert (deed.state, deed.points, deed.redeemable, deed.facts["points"]) == ("ready", 2, 2, "2")
    assert "由4分改为2分" in deed.explanation
    desk.post()
    assert desk.merit() == 2


def test_what_was_left_to_judgement_is_decided(desk: Desk) -> None:
    deed, item = told(desk, "host")
    assert deed.undecided
    give(desk, item, "3")
    deed.refresh_from_db()
    assert (deed.points, deed.undecided) == (3, "")


@pytest.mark.parametrize("points", ["0", "6", "2.5", "-2"])
def test_points_that_the_rule_cannot_give_are_refused(desk: Desk, points: str) -> None:
    deed, item = told(desk, "host", points="4")
    with pytest.raises(errors.PointsWrong):
        give(desk, item, points)
    deed.refresh_from_db()
    assert (deed.state, deed.points, item.words.count()) == ("submitted", 4, 1)


def test_points_that_are_taken_back_are_not_given(desk: Desk) -> None:
    second = desk.cast.committee(name="孙委员")
    steps = [{"name": "会签", "who": {"users": [desk.steward.pk, second.pk]}, "how": "all"}]
    services.install(subject_kind="declaration", steps=steps, by=SYSTEM)
    deed, item = told(desk, "host", points="4")
    give(desk, item, "2")
    services.take_back(item=item, by=desk.by)
    for by in (desk.by, Actor.of(second)):
        services.decide(item=item, verdict="approve", by=by)
    deed.refresh_from_db()
    assert (deed.state, deed.points) == ("ready", 4)


def test_a_rule_without_a_range_has_its_points(desk: Desk) -> None:
    _, item = told(desk, "tidy")
    with pytest.raises(errors.PointsFixed):
        give(desk, item, "1")


def test_the_page_has_a_button_and_the_api_takes_them(desk: Desk, client_for: Pages, api_client: Apis) -> None:
    _, item = told(desk, "host", points="4")
    page = client_for(desk.steward).get(f"/village/work/{item.pk}/").content.decode()
    assert ("改分值后同意" in page, "1 至 5 分" in page) == (True, True)
    sent = {"points": "5", "reason": "规模大"}
    answer = api_client(desk.steward).post(f"/api/v1/approval-items/{item.pk}/approve/", sent)
    assert (answer.status_code, Declaration.objects.get().points) == (200, 5)
