"""I2, I3, I4: whatever happens in whatever order, and however many do it at once, balances are the sums of entries."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jifen.kernel.actors import SYSTEM
from jifen.kernel.errors import JifenError
from redemption.services import redemptions
from scoring import selectors
from scoring.errors import InsufficientPoints
from scoring.models import Balance, Entry, Posting
from scoring.services import ledger
from tenants.community.models import Household
from tenants.models import Town
from tests.invariants import book
from tests.redemption.market import Market, give
from tests.scoring.desk import Desk
from tests.scoring.owner import refusal
from tests.together import together

KIND = st.sampled_from(["open", "base", "hold", "free", "spend", "reverse"])
ACT = st.tuples(KIND, st.integers(0, 1), st.integers(1, 12))
FEW = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def act(household: Household, what: str, size: int) -> None:
    """One movement; what is not possible now is refused and changes nothing."""
    points = Decimal(size)
    of: dict[str, Any] = {"household": household, "by": SYSTEM}
    last = Posting.objects.filter(reverses=None, entries__household=household).exclude(cause="redemption").last()
    acts: dict[str, Any] = {
        "open": partial(ledger.open_balance, **of, merit=points, redeemable=-points, document="签字表"),
        "base": partial(ledger.grant_base, **of, points=points, reason="入户"),
        "hold": partial(ledger.hold, household=household, points=points),
        "free": partial(ledger.release_hold, household=household, points=points),
        "spend": partial(ledger.capture, **of, points=points, redemption_id=size, reason="兑换"),
        "reverse": partial(ledger.reverse, posting=last, reason="更正", by=SYSTEM) if last else lambda: None,
    }
    try:
        with transaction.atomic():
            acts[what]()
    except (JifenError, DatabaseError):
        return


@FEW
@given(acts=st.lists(ACT, min_size=4, max_size=25))
def test_after_any_movements_balances_are_the_sums_of_entries(desk: Desk, acts: list[tuple[str, int, int]]) -> None:
    homes = [desk.zhang, desk.cast.household(name="李四")]
    with undone():
        for home in homes:
            give(home, 20)
        for what, which, size in acts:
            act(homes[which], what, size)
            assert book.balances() == book.sums()
            assert not Balance.objects.filter(held__lt=0).exists()
        assert not Entry.objects.filter(measure="merit", cause="redemption").exists()


def test_many_at_once_leave_the_sums_right(committing_town: Town, desk: Desk) -> None:
    give(desk.zhang, 30)
    opening = Posting.objects.get()
    hold = partial(ledger.hold, household=desk.zhang, points=Decimal(10))
    more = partial(give, desk.zhang, 7)
    back = partial(ledger.reverse, posting=opening, reason="重复", by=SYSTEM)
    answers = together(hold, more, back, hold, more, back)
    assert [type(one).__name__ for one in answers].count("AlreadyReversed") == 1
    assert book.balances() == book.sums()
    assert desk.merit() == 14


def test_points_are_not_held_twice_by_statements_at_the_same_moment(committing_town: Town, desk: Desk) -> None:
    give(desk.zhang, 20)

    def take() -> None:
        connection.cursor().execute("UPDATE scoring_balance SET held = held + 15 WHERE measure = 'redeemable'")

    refused = [answer for answer in together(take, take, take) if answer is not None]
    assert len(refused) == 2 and all("I3: " in str(answer) for answer in refused)
    assert selectors.passbook(desk.zhang, desk.year.number).held == 15


def test_a_debt_blocks_new_holds_but_not_the_goods_already_promised(desk: Desk) -> None:
    give(desk.zhang, 10)
    ledger.hold(household=desk.zhang, points=Decimal(8))
    desk.record("litter")
    desk.post()
    assert selectors.available(desk.zhang) == -1
    with pytest.raises(InsufficientPoints):
        ledger.hold(household=desk.zhang, points=Decimal(1))
    ledger.capture(household=desk.zhang, points=Decimal(8), redemption_id=1, reason="兑换", by=SYSTEM)
    assert book.balances() == book.sums()
    assert selectors.available(desk.zhang) == -1


def test_buying_cancelling_and_returning_never_change_merit(market: Market) -> None:
    merit = list(Entry.objects.filter(measure="merit").values())
    bought = market.bought()
    redemptions.release(redemption=market.hold(), by=SYSTEM)
    redemptions.reverse(redemption=bought, reason="破损", by=SYSTEM)
    assert list(Entry.objects.filter(measure="merit").values()) == merit
    assert Balance.objects.get(measure="merit").posted == 50


def test_a_return_cannot_be_written_as_merit(market: Market) -> None:
    redemptions.reverse(redemption=market.bought(), reason="破损", by=SYSTEM)
    before = book.fingerprint()
    columns = "posting_id, account_id, household_id, year_id, month, amount, cause, happened_on, reverses_id, posted_at"
    forged = f"INSERT INTO scoring_entry ({columns}, measure) SELECT {columns}, 'merit' FROM scoring_entry"
    for cause in ("reversal", "redemption"):
        refused = refusal(f"{forged} WHERE cause = '{cause}'")
        assert "scoring_merit_stays" in refused or "scoring_entry_reverses_id" in refused or "I5: " in refused, refused
    assert book.fingerprint() == before
