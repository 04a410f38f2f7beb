"""Several people at the same moment: nothing is spent, handed out, settled or returned twice (I3, I6, I14)."""

from decimal import Decimal
from functools import partial

from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM
from redemption import errors
from redemption.models import Offering, Redemption, SettlementLine
from redemption.services import redemptions, settlements
from scoring import selectors as scoring
from scoring.errors import InsufficientPoints
from tests.redemption.market import Market, give
from tests.together import together


def test_two_shops_at_once_do_not_spend_the_same_points(committing_town: object, market: Market) -> None:
    answers = together(*[partial(market.hold, quantity=2)] * 4)
    assert sum(isinstance(answer, Redemption) for answer in answers) == 1
    assert sum(isinstance(answer, InsufficientPoints) for answer in answers) == 3
    assert scoring.passbook(market.household, clock.today().year).held == Decimal(40)


def test_the_last_bottle_goes_to_one(committing_town: object, market: Market) -> None:
    give(market.household, 500)
    Offering.objects.filter(pk=market.offering.pk).update(stock=3)
    answers = together(*[market.hold] * 6)
    assert sum(isinstance(answer, Redemption) for answer in answers) == 3
    assert sum(isinstance(answer, errors.OutOfStock) for answer in answers) == 3
    assert Offering.objects.get(pk=market.offering.pk).stock == 0


def test_a_double_click_is_one_redemption(committing_town: object, market: Market) -> None:
    answers = together(*[partial(market.hold, idempotency_key="same")] * 4)
    assert len({answer.pk for answer in answers}) == 1
    assert Redemption.objects.count() == 1


def test_capture_and_release_at_once_leave_one_winner(committing_town: object, market: Market) -> None:
    row = market.hold()
    capture = partial(redemptions.capture, redemption=row, by=market.by)
    release = partial(redemptions.release, redemption=row, by=market.by)
    answers = together(capture, release)
    assert sum(isinstance(answer, errors.WrongState) for answer in answers) == 1
    row.refresh_from_db()
    left = Decimal(30) if row.state == "captured" else Decimal(50)
    assert scoring.available(market.household) == left


def test_settling_and_returning_at_once_leave_one_winner(committing_town: object, market: Market) -> None:
    row, today = market.bought(), clock.today()
    settle = partial(settlements.draw_all, from_date=today, to_date=today, by=SYSTEM)
    give_back = partial(redemptions.reverse, redemption=row, reason="破损", by=SYSTEM)
    together(settle, give_back)
    row.refresh_from_db()
    assert (row.state == "reversed") != SettlementLine.objects.filter(redemption=row).exists()


def test_two_offices_at_once_settle_each_exchange_once(committing_town: object, market: Market) -> None:
    rows, today = [market.bought(), market.bought()], clock.today()
    settle = partial(settlements.draw_all, from_date=today, to_date=today, by=SYSTEM)
    together(settle, settle)
    assert sorted(SettlementLine.objects.values_list("redemption_id", flat=True)) == [row.pk for row in rows]
