"""Every captured redemption in exactly one statement, exact to the fen (I14)."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM, Actor
from redemption import errors
from redemption.models import Settlement, SettlementLine
from redemption.services import funds, offerings, settlements
from tests.redemption.market import Market, give


def draw(market: Market) -> Settlement:
    today = clock.today()
    return settlements.draw_up(
        membership=market.membership, fund=market.fund, from_date=today, to_date=today, by=SYSTEM
    )


def test_a_statement_is_the_exact_sum_of_what_was_exchanged(market: Market) -> None:
    odd = offerings.add(
        membership=market.membership, name="菜籽", kind="goods", unit="包", price=Decimal("3.33"), stock=9, by=SYSTEM
    )
    market.bought()
    market.bought(offering=odd, quantity=3)
    bill = draw(market)
    # 20 × 1.05 yuan = 21.00; 9.99 × 1.05 = 10.4895, in whole fen 10.49
    assert (bill.redemptions, bill.points, bill.fen) == (2, Decimal("29.99"), 2100 + 1049)


def test_what_is_held_released_or_returned_is_not_settled(market: Market) -> None:
    market.hold()
    with pytest.raises(errors.NothingToSettle):
        draw(market)


def test_nothing_is_settled_twice(market: Market) -> None:
    first = market.bought()
    draw(market)
    second = market.bought()
    bill = draw(market)
    assert [line.redemption_id for line in bill.lines.all()] == [second.pk]
    assert SettlementLine.objects.filter(redemption=first).count() == 1


def test_each_payer_has_a_statement_of_its_own(market: Market) -> None:
    market.bought()
    village = market.cast.village("连民村")
    funds.register(village=village, kind="collective", name="连民村集体收入", budget_fen=1, by=SYSTEM)
    neighbour = market.cast.household(village, name="李四")
    give(neighbour, 40)
    market.bought(household=neighbour)
    today = clock.today()
    drawn = settlements.draw_all(from_date=today, to_date=today, by=SYSTEM)
    assert sorted(bill.fund.name for bill in drawn) == ["连民村集体收入", "镇财政补助"]
    assert [bill.redemptions for bill in drawn] == [1, 1]


def test_one_villages_statements_alone(market: Market) -> None:
    market.bought()
    today = clock.today()
    with pytest.raises(errors.NothingToSettle):
        settlements.draw_all(from_date=today, to_date=today, village_id=market.village.pk, by=SYSTEM)


@pytest.mark.parametrize(("start", "end"), [(0, -1), (0, 1)])
def test_a_period_ends_after_it_begins_and_not_in_the_future(market: Market, start: int, end: int) -> None:
    today = clock.today()
    period: dict[str, Any] = {"from_date": today + timedelta(days=start), "to_date": today + timedelta(days=end)}
    with pytest.raises(errors.PeriodWrong):
        settlements.draw_up(membership=market.membership, fund=market.fund, by=SYSTEM, **period)
    with pytest.raises(errors.PeriodWrong):
        settlements.draw_all(by=SYSTEM, **period)


def test_a_statement_is_agreed_then_paid(market: Market) -> None:
    market.bought()
    shop = Actor("public", 7, "赵店长")
    bill = settlements.agree(settlement=draw(market), by=shop)
    assert (bill.state, bill.agreed_by_name) == ("agreed", "赵店长")
    bill = settlements.pay(settlement=bill, note="转账20250630-1", by=SYSTEM)
    assert (bill.state, bill.payment_note) == ("paid", "转账20250630-1")


def test_nothing_is_paid_before_it_is_agreed(market: Market) -> None:
    market.bought()
    bill = draw(market)
    with pytest.raises(errors.WrongState):
        settlements.pay(settlement=bill, note="转账1", by=SYSTEM)


def test_a_payment_names_its_record(market: Market) -> None:
    market.bought()
    bill = settlements.agree(settlement=draw(market), by=SYSTEM)
    with pytest.raises(errors.ReasonMissing):
        settlements.pay(settlement=bill, note=" ", by=SYSTEM)


def test_a_statement_is_agreed_once(market: Market) -> None:
    market.bought()
    bill = settlements.agree(settlement=draw(market), by=SYSTEM)
    with pytest.raises(errors.WrongState):
        settlements.agree(settlement=bill, by=SYSTEM)
