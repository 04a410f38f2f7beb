"""The same close by page and by program."""

from collections.abc import Callable
from typing import Any

import pytest

from scoring import selectors
from scoring.models import YearRequest, YearSeal
from tests.flows.conftest import LAST
from tests.scoring.closing import seal
from tests.scoring.desk import Desk

Clients = Callable[..., Any]


@pytest.fixture
def page(lived: Desk, client_for: Clients) -> Any:
    return client_for(lived.officer)


@pytest.fixture
def other(lived: Desk, client_for: Clients) -> Any:
    return client_for(lived.cast.admin())


def text(answer: Any) -> str:
    assert answer.status_code in (200, 422), answer.status_code
    return str(answer.content.decode())


def test_the_dry_run_shows_what_would_be_lost_and_by_whom(page: Any) -> None:
    shown = text(page.get(f"/office/years/{LAST}/"))
    assert "将清零" in shown and "张三" in shown and "都办完了" in shown
    assert len(text(page.get(f"/office/years/{LAST}/?hash=1"))) > len(shown)
    assert "可以提出封账" in text(page.get("/office/years/"))


def test_the_lists_are_tables_for_an_office_program(page: Any, lived: Desk) -> None:
    rows = text(page.get(f"/office/years/{LAST}/losses/")).splitlines()
    assert rows[1].split(",") == ["石岭岗村", lived.zhang.number, "张三", "6.00", "6.00"]
    assert "石岭岗村,4,2,6.00,6.00,1" in text(page.get(f"/office/years/{LAST}/shares/"))


def test_one_proposes_by_button_and_only_another_confirms(page: Any, other: Any) -> None:
    page.post(f"/office/years/{LAST}/propose/")
    assert "批准封账" not in text(page.get(f"/office/years/{LAST}/"))
    assert "提出的人不能自己批准" in text(page.post(f"/office/years/{LAST}/confirm/", follow=True))
    assert YearRequest.objects.get().state == "proposed"
    assert "批准封账" in text(other.get(f"/office/years/{LAST}/"))
    other.post(f"/office/years/{LAST}/confirm/")
    assert YearRequest.objects.get().state == "confirmed"
    page.post(f"/office/years/{LAST}/withdraw/")
    assert YearRequest.objects.get().state == "withdrawn"


def test_a_sealed_year_shows_its_seal_and_is_opened_again_by_two(page: Any, other: Any) -> None:
    made = seal(selectors.year(LAST))
    assert made.hash[:32] in text(page.get(f"/office/years/{LAST}/"))
    assert page.post(f"/office/years/{LAST}/reopen/", {"reason": ""}).status_code == 422
    page.post(f"/office/years/{LAST}/reopen/", {"reason": "漏记一户"})
    assert "漏记一户" in text(other.get(f"/office/years/{LAST}/"))
    other.post(f"/office/years/{LAST}/confirm/")
    assert selectors.year(LAST).state == "open" and "重开" in text(page.get(f"/office/years/{LAST}/"))


def test_a_wrong_day_is_refused_in_words(page: Any) -> None:
    answer = page.post(f"/office/years/{LAST}/day/", {"day": f"{LAST + 1}-01-02"})
    assert "封账日不能更早" in text(answer) and selectors.year(LAST).closes_on is None
    page.post(f"/office/years/{LAST}/day/", {"day": f"{LAST + 1}-02-02"})
    assert str(selectors.year(LAST).closes_on) == f"{LAST + 1}-02-02"


def test_a_program_does_the_same(lived: Desk, api_client: Clients) -> None:
    one, two = api_client(lived.officer), api_client(lived.cast.admin())
    at = f"/api/v1/years/{LAST}/closing/"
    assert one.get(at).json()["expiring"] == "6.00" and one.get(at).json()["request"] is None
    assert one.post(f"{at}day/", {"day": f"{LAST + 1}-02-02"}).json()["day"] == f"{LAST + 1}-02-02"
    assert one.post(f"{at}proposal/").json()["request"]["state"] == "proposed"
    assert one.post(f"{at}confirmation/").json()["code"] == "second_person_needed"
    assert two.post(f"{at}confirmation/").json()["request"]["state"] == "confirmed"
    assert one.delete(f"{at}proposal/").json()["request"] is None
    assert one.post(f"/api/v1/years/{LAST}/reopening/", {"reason": "复查"}).json()["code"] == "year_not_sealed"
    assert not YearSeal.objects.exists()


def test_a_steward_closes_nothing(lived: Desk, client_for: Clients, api_client: Clients) -> None:
    assert client_for(lived.steward).get(f"/office/years/{LAST}/").status_code == 403
    assert client_for(lived.steward).post(f"/office/years/{LAST}/propose/").status_code == 403
    assert api_client(lived.steward).post(f"/api/v1/years/{LAST}/closing/proposal/").status_code == 403
    assert not YearRequest.objects.exists()
