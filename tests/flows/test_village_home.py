"""The village's first page offers each post what it may do."""

from collections.abc import Callable

import pytest

from jifen.accounts.models import User
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
