"""欠分结转: the dry run says beforehand, and a sealed or reopened year afterwards, who owes the next year how much."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from jifen.flows import dry_run
from scoring import selectors
from scoring.models import Entry, Posting
from scoring.selectors import available
from scoring.selectors import closing as closings
from scoring.services import ledger
from tests.flows.conftest import LAST
from tests.scoring import closing
from tests.scoring.desk import Desk
from tests.scoring.test_bounds import _under

Clients = Callable[..., Any]
CARRIED = {"merit": {"negative": "carried"}, "redeemable": {"negative": "carried"}}
NEXT = LAST + 1


@pytest.fixture
def owing(after_january: None, desk: Desk) -> Desk:
    """Last year with −3 for 张三家, which the rules carry."""
    _under(desk, **CARRIED)
    _littered(desk, 11)
    return desk


def test_the_dry_run_says_who_will_owe_the_next_year_what(owing: Desk, client_for: Clients) -> None:
    _told(owing, client_for, "欠分将结转", f"封账后这1户{NEXT}年从负分开始，评比共欠3分，可兑换共欠3分")
    [debtor] = closings.debtors(selectors.year(LAST))
    closing.seal(selectors.year(LAST))
    assert debtor.redeemable == -available(owing.zhang) and debtor.merit == -owing.merit()


def test_a_sealed_year_says_what_was_carried(owing: Desk, client_for: Clients) -> None:
    closing.seal(selectors.year(LAST))
    _told(owing, client_for, "欠分结转", f"按规则欠分结转：这1户{NEXT}年从负分开始，评比共欠3分，可兑换共欠3分")


def test_a_reopened_year_says_what_was_carried_and_what_will_be(owing: Desk, client_for: Clients) -> None:
    closing.seal(selectors.year(LAST))
    closing.reopen(selectors.year(LAST))
    _littered(owing, 12)
    before = f"以前封账已把1户的欠分转到{NEXT}年：评比3分，可兑换3分。再次封账只补差额，封账后共1户：评比6分，可兑换6分"
    _told(owing, client_for, before, owed=6, before=3)


def test_a_debt_that_was_wrong_is_shown_as_carried_no_more(owing: Desk, client_for: Clients) -> None:
    closing.seal(selectors.year(LAST))
    closing.reopen(selectors.year(LAST))
    ledger.reverse(posting=Posting.objects.get(cause="declaration"), reason="认错户", by=owing.by)
    assert dry_run.preview(selectors.year(LAST)).closing.debtors == 0
    _told(owing, client_for, "封账后共0户：评比0分，可兑换0分", owed=0, before=3)


def test_one_measure_may_be_owed_alone(after_january: None, desk: Desk, client_for: Clients) -> None:
    _under(desk, redeemable={"negative": "carried"})
    _littered(desk, 11)
    [row] = _answer(desk, client_for)["debtors"]
    assert (row["merit"], row["redeemable"]) == ("0.00", "3.00")


def test_what_ends_with_the_year_is_not_called_a_debt(after_january: None, desk: Desk, client_for: Clients) -> None:
    _under(desk)
    _littered(desk, 11)
    assert available(desk.zhang, LAST) == -3
    assert (_answer(desk, client_for)["debtor_households"], _answer(desk, client_for)["debtors"]) == (0, [])
    page = client_for(desk.cast.officer())
    assert "欠分" not in page.get(f"/office/years/{LAST}/").text
    closing.seal(selectors.year(LAST))
    assert (
        "欠分" not in page.get(f"/office/years/{LAST}/").text and not Entry.objects.filter(year__number=NEXT).exists()
    )


def _littered(desk: Desk, month: int) -> None:
    desk.record("litter", happened_on=date(LAST, month, 5))
    desk.post(date(LAST, month, 1))


def _answer(desk: Desk, client_for: Clients) -> dict[str, Any]:
    answer = client_for(desk.cast.officer()).get(f"/api/v1/years/{LAST}/closing/")
    assert answer.status_code == 200
    return dict(answer.json())


def _told(desk: Desk, client_for: Clients, *words: str, owed: int = 3, before: int = 0) -> None:
    """Page, API and both tables say so."""
    client, who = client_for(desk.cast.officer()), ("石岭岗村", desk.zhang.number, "张三")
    page = client.get(f"/office/years/{LAST}/").text
    assert "张三" in page and all(one in page for one in words)
    told, sums = _answer(desk, client_for), (f"{owed}.00", f"{owed}.00")
    assert (told["debt_merit"], told["debt_redeemable"]) == sums and told["debtor_households"] == int(owed > 0)
    row = dict(zip(("village", "number", "head"), who, strict=True))
    row |= {"merit": sums[0], "redeemable": sums[1]}
    row |= {"merit_before": f"{before}.00", "redeemable_before": f"{before}.00"}
    assert told["debtors"] == [row]
    lines = client.get(f"/office/years/{LAST}/debts/").text.splitlines()
    assert lines[1:] == [",".join((*who, *sums, f"{before}.00", f"{before}.00"))]
    shares = client.get(f"/office/years/{LAST}/shares/").text
    assert f",{int(owed > 0)},{owed}.00,{owed}.00" in shares and f"转到{NEXT}年的可兑换欠分" in shares
