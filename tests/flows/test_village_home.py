"""The village's first page offers each post what it may do."""

from collections.abc import Callable

import pytest

from jifen.accounts.models import User
from jifen.kernel.actors import Actor
from scoring.services import filings
from tests.clients import PageClient
from tests.scoring.desk import Desk

Clients = Callable[..., PageClient]


def _page(desk: Desk, client_for: Clients, user: User) -> str:
    desk.record()
    desk.sheet()
    return client_for(user).get("/village/").content.decode()


def test_the_committee_is_sent_to_review(desk: Desk, client_for: Clients) -> None:
    assert "去审核" in _page(desk, client_for, desk.li)


@pytest.mark.parametrize("role", ["steward", "supervisor"])
def test_others_only_look_at_the_sheet(desk: Desk, client_for: Clients, role: str) -> None:
    user = desk.steward if role == "steward" else desk.cast.supervisor()
    text = _page(desk, client_for, user)
    assert "去审核" not in text
    assert ">查看<" in text


def test_a_month_that_came_back_is_counted_as_waiting(desk: Desk, client_for: Clients) -> None:
    desk.choose(after="confirmation")
    desk.record()
    filing = desk.decide_all(desk.sheet())
    assert client_for(desk.li).get("/village/").context["work"].undecided == 0
    filings.answer(filing=filing, accept=False, note="请核对", by=Actor.of(desk.officer))
    for user in (desk.li, desk.steward):
        page = client_for(user).get("/village/")
        assert page.context["work"].undecided == 1 and "其中1张被退回" in page.content.decode()
