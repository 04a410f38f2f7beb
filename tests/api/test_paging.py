"""A list is walked page by page; what is no cursor leads nowhere, not to the first page."""

from base64 import b64encode
from collections.abc import Callable
from typing import Any

import pytest

from tests.cast import Cast

PAGE = "/api/v1/villages/"


def cursor(text: str) -> str:
    return b64encode(text.encode()).decode()


@pytest.fixture
def client(cast: Cast, api_client: Callable[..., Any]) -> Any:
    for name in ("石岭岗村", "新光村", "红星村"):
        cast.village(name)
    return api_client(cast.admin())


@pytest.mark.parametrize(
    "wrong",
    ["nonsense", "!!!!", "一二三", cursor("p=abc"), cursor("x=1"), cursor("o=-1"), cursor("just text"), "cD0xMA"],
)
def test_a_malformed_cursor_is_not_found(client: Any, wrong: str) -> None:
    answer = client.get(PAGE, {"cursor": wrong})
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert (answer.json()["code"], answer.json()["field"]) == ("cursor_wrong", "cursor")


def test_the_next_pages_address_leads_through_all(client: Any) -> None:
    names, address = [], f"{PAGE}?page_size=2"
    while address:
        body = client.get(address).json()
        names += [one["name"] for one in body["results"]]
        address = body["next"]
    assert sorted(names) == sorted({"石岭岗村", "新光村", "红星村"})


def test_a_word_that_cannot_be_looked_for_is_named(client: Any) -> None:
    answer = client.get("/api/v1/residents/", {"household": "\0"})
    assert (answer.status_code, answer.json()["field"]) == (422, "household")
    assert answer.json()["detail"] == "“户”里有不能用的字符，请删去后重试。"
