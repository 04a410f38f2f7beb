"""A year that was opened again is closed anew: the next year then holds what the newest seal says, no more, no less."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM
from scoring import errors, policies, selectors
from scoring.models import Account, Entry, Posting, Year
from scoring.selectors import available
from scoring.selectors import closing as closings
from scoring.services import ledger, years
from scoring.verify import checks
from tests.scoring import closing
from tests.scoring.desk import NOW, Desk
from tests.scoring.test_bounds import _under

Clients = Callable[..., Any]
LAST = NOW.year - 1
ONE = Decimal(1)
CARRIED = "结转到下一年度的积分与封账时的一致"
DEBTS = {"merit": {"negative": "carried"}, "redeemable": {"negative": "carried"}}


@pytest.fixture
def indebted(desk: Desk) -> Desk:
    """Last year closed with −3, which the rules carry."""
    _under(desk, **DEBTS)
    _posted(desk, "litter")
    closing.seal(_last())
    return desk


@pytest.fixture
def crossing(desk: Desk) -> Desk:
    """Last year closed with 6, in a town that lets points cross."""
    years.open_year(number=LAST, by=SYSTEM)
    lives = {"review": {"after": "filing", "quorum": "0.5", "majority": "0.5", "hearing_days": 0}}
    policies.install(section=lives | {"year": {"crosses": True}}, effective_from=date(LAST, 6, 1), by=SYSTEM)
    _posted(desk, "tidy")
    _posted(desk, "tidy", month=12)
    closing.seal(_last())
    return desk


def test_a_debt_is_carried_once(indebted: Desk) -> None:
    before = Entry.objects.count(), Posting.objects.count()
    _again()
    assert indebted.merit() == available(indebted.zhang) == -3
    assert (Entry.objects.count(), Posting.objects.count()) == before and _breaches() == []


def test_a_wrong_debt_that_was_taken_back_meanwhile_is_given_back(indebted: Desk) -> None:
    _again(lambda: _reversed(indebted))
    assert indebted.merit() == available(indebted.zhang) == 0 == indebted.merit(year=_last())
    _again()
    assert indebted.merit() == available(indebted.zhang) == 0 and _breaches() == []


def test_a_debt_that_has_grown_is_carried_whole(indebted: Desk) -> None:
    _again(lambda: _posted(indebted, "litter", month=12))
    assert indebted.merit() == available(indebted.zhang) == -6 and _breaches() == []


def test_what_expired_and_was_then_found_wrong_is_no_debt(desk: Desk) -> None:
    _under(desk, **DEBTS)
    _posted(desk, "tidy")
    closing.seal(_last())
    assert closings.expired(_last()) == {"points": 2, "households": 1}
    _again(lambda: _reversed(desk))
    assert available(desk.zhang) == 0 == available(desk.zhang, LAST) and _breaches() == []
    assert closings.expired(_last()) == {"points": 0, "households": 0}


def test_points_that_crossed_and_were_then_found_wrong_cross_no_more(crossing: Desk) -> None:
    assert available(crossing.zhang) == 4
    _again(lambda: _reversed(crossing))
    assert available(crossing.zhang) == 2 and available(crossing.zhang, LAST) == 0 and _breaches() == []


def test_points_that_came_meanwhile_cross_too(crossing: Desk) -> None:
    _again()
    assert Entry.objects.filter(cause="opening").count() == 1
    _again(lambda: _posted(crossing, "trees", month=10))
    assert available(crossing.zhang) == 7 and _breaches() == []


def test_what_was_spent_of_points_that_were_wrong_is_owed(crossing: Desk) -> None:
    ledger.hold(household=crossing.zhang, points=available(crossing.zhang))
    _again(lambda: _reversed(crossing))
    assert available(crossing.zhang) == -2 and _breaches() == []


def test_the_dry_run_of_a_reopened_year_tells_what_is_new(crossing: Desk) -> None:
    closing.reopen(_last())
    assert closings.closing(_last()).expiring == 0 and closings.losers(_last()) == []
    _posted(crossing, "trees", month=10)
    assert closings.closing(_last()).carried == 3


def test_verify_finds_what_was_carried_beside_the_seal(crossing: Desk) -> None:
    ledger.open_balance(household=crossing.zhang, merit=ONE, redeemable=ONE, document=f"{LAST}年度封账", by=SYSTEM)
    assert _breaches() == []
    first = Posting.objects.get(reason=f"{LAST}年度结转")
    values = {"cause": first.cause, "document": first.document, "reason": first.reason, "posted_at": clock.now()}
    twice = Posting.objects.create(**values, carries=first.carries, carry=first.carry, **SYSTEM.columns())
    line = {"household": crossing.zhang, "account": Account.objects.get(household=crossing.zhang), "month": 1}
    line |= {"year": crossing.year, "measure": "redeemable", "cause": "opening", "happened_on": date(NOW.year, 1, 1)}
    Entry.objects.create(**line, posting=twice, amount=4, posted_at=clock.now())
    assert _breaches() == [CARRIED]


def test_what_was_carried_for_the_whole_town_is_not_taken_back_by_hand(indebted: Desk, client_for: Clients) -> None:
    carried = Posting.objects.get(reason=f"{LAST}年度欠分结转")
    with pytest.raises(errors.NotReversible):
        ledger.reverse(posting=carried, reason="求情", by=indebted.by)
    shown = client_for(indebted.cast.officer()).get(f"/office/postings/{carried.pk}/")
    assert shown.status_code == 200 and 'name="reason"' not in shown.text
    papers: dict[str, Any] = {"document": f"{LAST}年度封账", "by": SYSTEM}
    brought = ledger.open_balance(household=indebted.zhang, merit=ONE, redeemable=ONE, **papers)
    ledger.reverse(posting=brought, reason="写错", by=indebted.by)
    assert _breaches() == []


def _posted(desk: Desk, code: str, month: int = 11) -> None:
    desk.record(code, happened_on=date(LAST, month, 5), **({"facts": {"quantity": "1"}} if code == "trees" else {}))
    desk.post(date(LAST, month, 1))


def _reversed(desk: Desk) -> None:
    wrong = Posting.objects.filter(cause="declaration", reversed_at=None).latest("pk")
    ledger.reverse(posting=wrong, reason="认错户", by=desk.by)


def _again(meanwhile: Callable[[], object] = lambda: None) -> None:
    closing.reopen(_last())
    meanwhile()
    closing.seal(_last())


def _last() -> Year:
    return selectors.year(LAST)


def _breaches() -> list[str]:
    return [check.title for check in checks() if check.breaches()]
