"""Whatever stands in an address or a form, the answer is an answer and no fault."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.scoring.desk import Desk

Browser = Callable[..., Any]
NUL = "\x00"
ODD = ("²", "9" * 30, "9" * 5000, "-1", NUL)


@pytest.mark.parametrize("text", ODD)
@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/village/record/", "village"), ("/village/record/", "household"), ("/village/record/", "done"),
        ("/village/balances/", "year"), ("/village/balances/", "q"), ("/village/households/", "village"),
        ("/village/households/", "word"), ("/village/declarations/", "q"), ("/village/declarations/", "page"),
        ("/api/v1/rules/", "village"), ("/api/v1/households/", "village"), ("/api/v1/households/", "search"),
        ("/api/v1/residents/", "household"), ("/api/v1/entries/", "cursor"),
    ],
)  # fmt: skip
def test_an_odd_address_is_no_fault(desk: Desk, client_for: Browser, path: str, name: str, text: str) -> None:
    assert client_for(desk.steward).get(path, {name: text}).status_code < 500


def test_a_cursor_that_points_nowhere_is_named(desk: Desk, api_client: Browser) -> None:
    answer = api_client(desk.steward).get("/api/v1/entries/", {"cursor": "cD1hYmM="})
    assert (answer.status_code, answer.json()["field"]) == (404, "cursor")


@pytest.mark.parametrize("month", ["0001-01", "9999-12", "2025-13", "²²²²-01", NUL])
def test_a_month_that_cannot_be_does_not_exist(desk: Desk, client_for: Browser, month: str) -> None:
    assert client_for(desk.officer).get("/office/months/", {"month": month}).status_code == 404


def test_a_sheet_of_no_month_is_not_opened(desk: Desk, client_for: Browser) -> None:
    assert client_for(desk.li).post("/village/sheets/open/", {"month": "三月"}).status_code == 404


def test_an_answer_to_no_filing_changes_nothing_and_leads_to_no_strange_site(desk: Desk, client_for: Browser) -> None:
    sent = {"filing": ["abc", "9" * 40], "next": "https://evil.example/"}
    answer = client_for(desk.officer).post("/office/months/answer/", sent)
    assert (answer.status_code, answer["Location"]) == (302, "/office/months/")


def test_text_that_no_column_takes_is_refused_in_words(desk: Desk, api_client: Browser) -> None:
    inputs = {"tables": "3", "simple": "是", "kind": "婚事", "witness": f"王{NUL}五"}
    deed = {
        "household": desk.zhang.number, "rule": desk.rule_in_force("wedding").pk, "place": "村口", "reason": "红事",
        "happened_on": desk.record("tidy").happened_on.isoformat(), "channel": "oral", "facts": {"inputs": inputs},
    }  # fmt: skip
    answer = api_client(desk.steward).post("/api/v1/declarations/", deed)
    assert (answer.status_code, answer.json()["code"]) == (422, "value_not_storable")
