"""Any order of holds, captures, releases and returns: ledger, stock and statements agree with a plain model."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM
from jifen.kernel.errors import JifenError
from redemption.models import Offering, Redemption, Settlement
from redemption.services import redemptions, settlements
from redemption.verify import checks
from scoring import selectors as scoring
from tests.redemption.market import Market, give

START, PRICE, STOCK = Decimal(150), Decimal(20), 5


class Counter(RuleBasedStateMachine):
    """``rows`` maps each redemption to what the model says of it: [state, quantity, settled]."""

    market: Market

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.savepoint()
        self.rows: dict[int, list[Any]] = {}

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.undo)

    def spent(self, *states: str) -> int:
        return sum(row[1] for row in self.rows.values() if row[0] in states)

    def act(self, pk: int, allowed: bool, state: str, act: Any, **terms: Any) -> None:
        try:
            act(redemption=Redemption.objects.get(pk=pk), **terms)
        except JifenError:
            assert not allowed
            return
        assert allowed or self.rows[pk][0] == state
        self.rows[pk][0] = state

    @rule(quantity=st.integers(1, 3))
    def hold(self, quantity: int) -> None:
        used = self.spent("held", "captured")
        fits = PRICE * (used + quantity) <= START and used + quantity <= STOCK
        try:
            row = self.market.hold(quantity=quantity)
        except JifenError:
            assert not fits
            return
        assert fits
        self.rows[row.pk] = ["held", quantity, False]

    @precondition(lambda self: self.rows)
    @rule(data=st.data())
    def capture(self, data: st.DataObject) -> None:
        pk = data.draw(st.sampled_from(sorted(self.rows)))
        self.act(pk, self.rows[pk][0] == "held", "captured", redemptions.capture, by=SYSTEM)

    @precondition(lambda self: self.rows)
    @rule(data=st.data())
    def release(self, data: st.DataObject) -> None:
        pk = data.draw(st.sampled_from(sorted(self.rows)))
        self.act(pk, self.rows[pk][0] == "held", "released", redemptions.release, by=SYSTEM)

    @precondition(lambda self: self.rows)
    @rule(data=st.data())
    def give_back(self, data: st.DataObject) -> None:
        pk = data.draw(st.sampled_from(sorted(self.rows)))
        state, _, settled = self.rows[pk]
        self.act(pk, state == "captured" and not settled, "reversed", redemptions.reverse, reason="破损", by=SYSTEM)

    @rule()
    def settle(self) -> None:
        due = [pk for pk, row in self.rows.items() if row[0] == "captured" and not row[2]]
        today = clock.today()
        try:
            [bill] = settlements.draw_all(from_date=today, to_date=today, by=SYSTEM)
        except JifenError:
            assert not due
            return
        assert bill.redemptions == len(due)
        for pk in due:
            self.rows[pk][2] = True

    @invariant()
    def agrees(self) -> None:
        book = scoring.passbook(self.market.household, clock.today().year)
        assert book.held == PRICE * self.spent("held")
        assert book.available == START - PRICE * self.spent("held", "captured")
        assert book.merit == START
        self.market.offering.refresh_from_db()
        assert self.market.offering.stock == STOCK - self.spent("held", "captured")
        settled = sum((bill.points for bill in Settlement.objects.all()), Decimal(0))
        assert settled == PRICE * sum(row[1] for row in self.rows.values() if row[2])

    @invariant()
    def verifies(self) -> None:
        assert [check.title for check in checks() if check.breaches()] == []


@pytest.mark.slow
def test_every_order_of_events_agrees_with_the_model(market: Market) -> None:
    give(market.household, 100)
    Offering.objects.filter(pk=market.offering.pk).update(stock=STOCK)
    Counter.market = market
    few = settings(max_examples=12, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(Counter, settings=few)
