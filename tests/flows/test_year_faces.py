"""The same close by page and by program."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from jifen.flows import dry_run
from jifen.web.wording import date_cn
from scoring import selectors
from scoring.models import Posting, YearRequest, YearSeal
from scoring.selectors import closing
from scoring.services import ledger
from tests.flows.conftest import LAST
from tests.scoring.closing import reopen, seal
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
    assert rows[1].split(",") == ["石岭岗村", lived.zhang.number, "张三", "6.00", "6.00", "0.00", "0.00"]
    assert "石岭岗村,4,2,6.00,6.00,1,0.00,0.00" in text(page.get(f"/office/years/{LAST}/shares/"))


def test_a_sealed_year_says_what_its_seal_did(page: Any, lived: Desk, api_client: Clients) -> None:
    seal(selectors.year(LAST))
    told = api_client(lived.officer).get(f"/api/v1/years/{LAST}/closing/").json()
    assert (told["expiring"], told["losers"], told["returning"]) == ("6.00", 1, "0.00")
    assert [(row["expiring"], row["losers"]) for row in told["villages"] if row["losers"]] == [("6.00", 1)]
    head, *rows = text(page.get(f"/office/years/{LAST}/losses/")).splitlines()
    assert "封账清零的可兑换积分" in head and rows[0].endswith("张三,6.00,6.00,0.00,0.00")
    assert "石岭岗村,4,3,6.00,6.00,1,0.00,0.00" in text(page.get(f"/office/years/{LAST}/shares/"))


def test_a_reopened_year_says_what_was_zeroed_before(page: Any, lived: Desk, api_client: Clients) -> None:
    seal(selectors.year(LAST))
    reopen(selectors.year(LAST))
    told = api_client(lived.officer).get(f"/api/v1/years/{LAST}/closing/").json()
    assert (told["expiring"], told["losers"], told["ended"], told["ended_households"]) == ("0.00", 0, "6.00", 1)
    shown = text(page.get(f"/office/years/{LAST}/"))
    assert "以前封账已清零6分，涉及1户" in shown and "没有户会再清零" in shown and "都已用完" not in shown
    assert "张三,6.00,0.00,6.00,0.00" in text(page.get(f"/office/years/{LAST}/losses/"))


def test_a_reopened_year_says_what_the_next_close_gives_back(page: Any, lived: Desk, api_client: Clients) -> None:
    seal(selectors.year(LAST))
    reopen(selectors.year(LAST))
    ledger.reverse(posting=Posting.objects.get(cause="declaration"), reason="认错户", by=lived.by)
    told = api_client(lived.officer).get(f"/api/v1/years/{LAST}/closing/").json()
    assert (told["expiring"], told["ended"], told["returning"], told["returned_households"]) == (
        "0.00", "6.00", "6.00", 1)  # fmt: skip
    assert "再清零0分（0户），退回6分（1户）" in text(page.get(f"/office/years/{LAST}/"))
    assert "张三,0.00,0.00,6.00,6.00" in text(page.get(f"/office/years/{LAST}/losses/"))


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


def test_a_sealed_year_is_not_asked_for_again(page: Any, lived: Desk, api_client: Clients) -> None:
    seal(selectors.year(LAST))
    told = f"{LAST}年度已经封账，不用再封"
    assert told in text(page.post(f"/office/years/{LAST}/propose/", follow=True))
    program = api_client(lived.officer)
    for act, sent in (("proposal", {}), ("day", {"day": f"{LAST + 1}-10-09"})):
        answer = program.post(f"/api/v1/years/{LAST}/closing/{act}/", sent)
        assert (answer.status_code, answer.json()["code"], answer.json().get("field")) == (
            409, "year_sealed_already", None)  # fmt: skip
        assert told in answer.json()["detail"]
    assert not YearRequest.objects.filter(state="proposed").exists()


def test_the_hash_of_an_open_year_says_that_points_are_still_to_expire(page: Any) -> None:
    shown = text(page.get(f"/office/years/{LAST}/?hash=1"))
    assert "还有可兑换积分要在封账时清零" in shown and "封账以后" not in shown


def test_the_hash_of_a_reopened_year_says_what_came_since_the_seal(page: Any, lived: Desk) -> None:
    year = selectors.year(LAST)
    seal(year)
    opened = reopen(year)
    shown = text(page.get(f"/office/years/{LAST}/?hash=1"))
    assert "封账以后没有新记账" in shown and opened.hash[:16] in shown
    assert "照现在的账目封账，指纹就是这一个" in shown and closing.fingerprint(selectors.year(LAST))[:32] in shown
    lived.record("tidy", happened_on=date(LAST, 12, 5))
    lived.post(date(LAST, 12, 1))
    shown = text(page.get(f"/office/years/{LAST}/?hash=1"))
    assert "封账以后新记2笔" in shown and "庭院整洁" in shown and "还有可兑换积分要在封账时清零" in shown


def test_a_wrong_day_is_refused_in_words(page: Any) -> None:
    answer = page.post(f"/office/years/{LAST}/day/", {"day": f"{LAST + 1}-01-02"})
    assert re.search(rf"要到{LAST + 1}年\d+月\d+日才结束，封账日不能更早", text(answer))
    answer = page.post(f"/office/years/{LAST}/day/", {"day": f"{LAST + 5}-01-01"})
    assert (
        f"{LAST}年的封账日最晚是{date_cn(dry_run.latest(LAST))}" in text(answer)
        and selectors.year(LAST).closes_on is None
    )
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
