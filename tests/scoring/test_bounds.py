"""余额的上下限、基础分以上才能兑换、欠分结转: what a rulebook says of balances, in the ledger."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from jifen.kernel.actors import SYSTEM
from scoring import errors
from scoring.models import Entry, Posting
from scoring.selectors import available, households_able_to_redeem, passbook
from scoring.selectors.standing import standing_rows
from scoring.services import ledger, years
from scoring.verify import checks
from tenants.community.models import Household
from tests.scoring import closing, wide
from tests.scoring.desk import DAY, NOW, Desk, rule
from tests.scoring.test_reckoning import _overlay

MEND = rule("mend", "补救", 9, repair={"rules": ["litter"]})
LAST = NOW.year - 1


def _under(desk: Desk, **settings: Any) -> Desk:
    years.open_year(number=LAST, by=SYSTEM)
    wide.install(desk, more=[MEND], since=date(LAST, 1, 2), settings=settings)
    return desk


def _lines(code: str, measure: str = "merit") -> list[int]:
    rows = Entry.objects.filter(measure=measure, rule__code=code, reverses=None)
    return [int(amount) for amount in rows.order_by("posting_id").values_list("amount", flat=True)]


def _told(code: str) -> str:
    return Posting.objects.filter(declaration__rule__code=code).latest("pk").explanation


def _all_hold() -> None:
    assert [check.title for check in checks() if check.breaches()] == []


def test_a_deduction_stops_at_zero_where_the_rules_say_so(desk: Desk) -> None:
    _under(desk, merit={"negative": "zero"}, redeemable={"negative": "zero"})
    for day, code in ((4, "tidy"), (5, "litter"), (6, "litter")):
        desk.record(code, happened_on=date(LAST, 11, day))
    desk.post(date(LAST, 11, 1))
    assert _lines("litter") == [-2] == _lines("litter", "redeemable")
    first = Posting.objects.filter(declaration__rule__code="litter").earliest("pk")
    assert "扣到0分为止，已有2分，计-2分；可兑换扣到0分为止，已有2分，计-2分" in first.explanation
    assert "扣到0分为止，已有0分，计0分" in _told("litter")
    assert desk.merit(year=years.open_year(number=LAST, by=SYSTEM)) == available(desk.zhang, LAST) == 0
    _all_hold()


def test_a_gain_stops_at_the_ceiling_across_sheets(desk: Desk) -> None:
    _under(desk, merit={"ceiling": 7})
    desk.record("trees", facts={"quantity": "2"})
    desk.record("tidy")
    desk.post()
    assert sorted(_lines("tidy") + _lines("trees")) in ([1, 6], [2, 5])
    assert desk.merit() == 7 and available(desk.zhang) == 8
    _all_hold()


def test_nothing_is_given_back_that_was_never_taken(desk: Desk) -> None:
    _under(desk, merit={"floor": -2})
    desk.record("litter", happened_on=date(LAST, 11, 5))
    desk.post(date(LAST, 11, 1))
    desk.record("mend", happened_on=date(LAST, 12, 5))
    desk.post(date(LAST, 12, 1))
    assert (_lines("litter"), _lines("mend")) == ([-2], [2])
    _all_hold()


def test_a_debt_is_allowed_where_nothing_is_said(desk: Desk) -> None:
    _under(desk)
    desk.record("litter")
    desk.post()
    assert desk.merit() == -3 and available(desk.zhang) == -3


def test_only_what_is_above_the_base_is_exchanged(desk: Desk) -> None:
    _under(desk, redeem_above_base=True)
    ledger.grant_base(household=desk.zhang, points=Decimal(60), reason="入户", by=SYSTEM)
    desk.record("trees", facts={"quantity": "4"}, happened_on=DAY)
    desk.post()
    assert available(desk.zhang) == passbook(desk.zhang, NOW.year).available == 12
    with pytest.raises(errors.InsufficientPoints) as refused:
        ledger.hold(household=desk.zhang, points=Decimal(13))
    assert "12" in refused.value.message
    rows = {row.number: row.free for row in standing_rows(Household.objects.all(), NOW.year)}
    assert rows[desk.zhang.number] == 12
    assert households_able_to_redeem(year=NOW.year, least=12) == [desk.zhang]
    assert households_able_to_redeem(year=NOW.year, least=13) == []
    ledger.hold(household=desk.zhang, points=Decimal(12))
    assert available(desk.zhang) == 0 and households_able_to_redeem(year=NOW.year, least=0) == []


def test_a_village_may_say_otherwise_of_the_base(desk: Desk) -> None:
    town = wide.install(desk, since=date(LAST, 1, 2))
    ledger.grant_base(household=desk.zhang, points=Decimal(60), reason="入户", by=SYSTEM)
    assert available(desk.zhang) == 60
    _overlay(desk, town)
    assert available(desk.zhang) == 60


@pytest.mark.parametrize(("negative", "begins"), [("carried", -3), ("allowed", 0)])
def test_a_debt_at_the_end_of_the_year_is_taken_from_the_next_where_the_rules_carry_it(
    desk: Desk, negative: str, begins: int
) -> None:
    _under(desk, merit={"negative": negative}, redeemable={"negative": negative})
    desk.record("litter", happened_on=date(LAST, 11, 5))
    desk.record("tidy", happened_on=date(LAST, 11, 5), household=desk.cast.household(name="王五", number="90009"))
    desk.post(date(LAST, 11, 1))
    last = years.open_year(number=LAST, by=SYSTEM)
    closing.seal(last)
    assert desk.merit(year=last) == -3
    assert desk.merit() == begins == available(desk.zhang)
    assert Entry.objects.filter(cause="opening").count() == (2 if begins else 0)
    _all_hold()
