"""Hold, capture, release, return: what each does to points and goods, and what is refused."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM
from jifen.outbox.models import Message
from redemption import errors, selectors
from redemption.models import Membership, Redemption
from redemption.services import funds, memberships, offerings, redemptions, settlements
from scoring import selectors as scoring
from scoring.errors import InsufficientPoints, RedemptionBarred
from scoring.selectors import effects
from tenants.community import codes
from tests.redemption.market import Market, all_year, give


def book(market: Market) -> scoring.Passbook:
    return scoring.passbook(market.household, clock.today().year)


def stock(market: Market) -> int | None:
    market.offering.refresh_from_db()
    return market.offering.stock


def late(row: Redemption) -> None:
    Redemption.objects.filter(pk=row.pk).update(hold_expires_at=timezone.now() - timedelta(seconds=1))


def test_a_hold_keeps_points_and_goods_back(market: Market) -> None:
    row = market.hold(quantity=2)
    assert (row.state, row.points, row.fen, row.collected_by) == ("held", Decimal(40), 4200, "本户")
    assert (book(market).available, book(market).held, stock(market)) == (Decimal(10), Decimal(40), 8)


def test_a_redemption_has_a_number_people_can_read_out(market: Market) -> None:
    row = market.hold()
    assert str(row.number) == f"DH{row.pk:08d}"


def test_a_captured_redemption_spends_points_and_leaves_merit(market: Market) -> None:
    merit = book(market).merit
    row = market.bought(quantity=2)
    assert (row.state, book(market).available, book(market).held) == ("captured", Decimal(10), Decimal(0))
    assert (book(market).merit, stock(market)) == (merit, 8)


def test_capturing_twice_spends_once(market: Market) -> None:
    row = market.bought()
    assert redemptions.capture(redemption=row, by=market.by).pk == row.pk
    assert book(market).available == Decimal(30)


def test_a_released_hold_gives_points_and_goods_back(market: Market) -> None:
    row = market.hold(quantity=2)
    redemptions.release(redemption=row, by=market.by, reason="不要了")
    redemptions.release(redemption=row, by=market.by)
    assert (book(market).available, book(market).held, stock(market)) == (Decimal(50), Decimal(0), 10)


def test_a_captured_redemption_is_not_released(market: Market) -> None:
    row = market.bought()
    with pytest.raises(errors.WrongState):
        redemptions.release(redemption=row, by=market.by)


def test_a_released_hold_is_not_captured(market: Market) -> None:
    row = redemptions.release(redemption=market.hold(), by=market.by)
    with pytest.raises(errors.WrongState):
        redemptions.capture(redemption=row, by=market.by)


def test_returned_goods_give_points_and_stock_back(market: Market) -> None:
    row = redemptions.reverse(redemption=market.bought(quantity=2), reason="物品有破损", by=SYSTEM)
    assert (row.state, row.reason) == ("reversed", "物品有破损")
    assert (book(market).available, book(market).merit, stock(market)) == (Decimal(50), Decimal(50), 10)


def test_goods_are_returned_once(market: Market) -> None:
    row = redemptions.reverse(redemption=market.bought(), reason="破损", by=SYSTEM)
    with pytest.raises(errors.WrongState):
        redemptions.reverse(redemption=row, reason="破损", by=SYSTEM)


def test_a_return_says_why(market: Market) -> None:
    with pytest.raises(errors.ReasonMissing):
        redemptions.reverse(redemption=market.bought(), reason=" ", by=SYSTEM)


def test_a_settled_redemption_is_not_returned(market: Market) -> None:
    row = market.bought()
    today = clock.today()
    settlements.draw_all(from_date=today, to_date=today, by=SYSTEM)
    with pytest.raises(errors.AlreadySettled):
        redemptions.reverse(redemption=row, reason="破损", by=SYSTEM)
    assert book(market).available == Decimal(30)


def test_last_years_redemption_is_not_returned(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    row = market.bought()
    monkeypatch.setattr(clock, "today", lambda: date(timezone.now().year + 1, 3, 1))
    with pytest.raises(errors.YearOver):
        redemptions.reverse(redemption=row, reason="破损", by=SYSTEM)


def test_no_household_holds_more_than_it_has(market: Market) -> None:
    market.hold(quantity=2)
    with pytest.raises(InsufficientPoints):
        market.hold()
    assert (book(market).held, stock(market)) == (Decimal(40), 8)


def test_no_shop_hands_out_what_it_has_not(market: Market) -> None:
    offerings.change(offering=market.offering, price=Decimal(20), stock=1, is_active=True, by=SYSTEM)
    with pytest.raises(errors.OutOfStock) as refused:
        market.hold(quantity=2)
    assert "只剩1瓶" in refused.value.message
    assert (book(market).held, stock(market)) == (Decimal(0), 1)


def test_a_service_is_not_counted(market: Market) -> None:
    offerings.change(offering=market.offering, price=Decimal(20), stock=None, is_active=True, by=SYSTEM)
    redemptions.release(redemption=market.hold(), by=market.by)
    assert stock(market) is None


def test_what_was_taken_down_is_not_exchanged(market: Market) -> None:
    offerings.change(offering=market.offering, price=Decimal(20), stock=5, is_active=False, by=SYSTEM)
    with pytest.raises(errors.OfferingGone):
        market.hold()


def test_a_service_taken_down_is_not_exchanged(market: Market) -> None:
    offerings.change(offering=market.offering, price=Decimal(20), stock=None, is_active=False, by=SYSTEM)
    with pytest.raises(errors.OfferingGone):
        market.hold()


def test_a_shop_that_left_exchanges_nothing(market: Market) -> None:
    memberships.end(membership=market.membership, reason="协议到期", by=SYSTEM)
    with pytest.raises(errors.OfferingGone):
        market.hold()


@pytest.mark.parametrize("quantity", [0, -1, 100])
def test_a_quantity_is_a_number_from_1_to_99(market: Market, quantity: int) -> None:
    with pytest.raises(errors.QuantityWrong):
        market.hold(quantity=quantity)


def test_a_proxy_gives_her_name(market: Market) -> None:
    with pytest.raises(errors.CollectorMissing):
        market.hold(is_proxy=True, signed_on_paper=True)


def test_a_proxy_signs(market: Market) -> None:
    with pytest.raises(errors.SignatureMissing):
        market.hold(is_proxy=True, collected_by="钱邻居")


def test_a_proxy_collects_with_a_signature_on_paper(market: Market) -> None:
    row = market.hold(is_proxy=True, collected_by="钱邻居", signed_on_paper=True)
    assert (row.collected_by, row.is_proxy, row.signed_on_paper) == ("钱邻居", True, True)


def test_the_number_and_the_printed_digits_do_without_a_phone(market: Market) -> None:
    household = market.household
    row = market.hold(household_code=f"{household.number} {codes.check_digits(household)}")
    assert row.household_id == household.pk


@pytest.mark.parametrize("code", ["", "JF-99999-0000", "乱写"])
def test_a_wrong_code_finds_nobody(market: Market, code: str) -> None:
    with pytest.raises(errors.HouseholdUnknown) as refused:
        market.hold(household_code=code)
    assert refused.value.field == "household_code"


def test_a_household_that_has_not_joined_exchanges_nothing(market: Market) -> None:
    with pytest.raises(errors.HouseholdNotJoined):
        market.hold(market.cast.household(joined=False))


def test_a_villages_shop_serves_its_village(market: Market) -> None:
    other = market.cast.village("连民村")
    market.membership.village = other
    market.membership.save()
    market.offering.membership = market.membership
    with pytest.raises(errors.OtherVillage) as refused:
        market.hold()
    assert "连民村" in refused.value.message


def test_on_a_closed_day_people_learn_when_to_come(market: Market) -> None:
    year = clock.today().year
    all_year(market.village, windows=[(date(year, 12, 31), date(year, 12, 31))], effective_from=date(year, 1, 2))
    if clock.today() < date(year, 12, 31):
        with pytest.raises(errors.WindowClosed) as refused:
            market.hold()
        assert "12月31日" in refused.value.message


def test_below_the_threshold_nothing_is_exchanged(market: Market) -> None:
    all_year(market.village, threshold=60)
    with pytest.raises(errors.BelowThreshold) as refused:
        market.hold()
    assert "60分" in refused.value.message
    assert selectors.customer_of(market.household).problem == refused.value.message


def test_without_money_nothing_is_exchanged(market: Market) -> None:
    market.fund.delete()
    with pytest.raises(errors.NoFund):
        market.hold()
    assert book(market).held == Decimal(0)


def test_the_village_pays_with_its_own_money(market: Market) -> None:
    own = funds.register(village=market.village, kind="collective", name="村集体收入", budget_fen=1, by=SYSTEM)
    assert market.hold().fund_id == own.pk


def test_the_same_key_and_wish_is_the_same_redemption(market: Market) -> None:
    first = market.hold(idempotency_key="once")
    assert market.hold(idempotency_key="once").pk == first.pk
    assert book(market).held == Decimal(20)


def test_the_same_key_with_another_wish_is_refused(market: Market) -> None:
    market.hold(idempotency_key="once")
    with pytest.raises(errors.KeyMismatch):
        market.hold(idempotency_key="once", quantity=2)
    assert Redemption.objects.count() == 1


def test_a_hold_whose_time_is_over_is_not_captured(market: Market) -> None:
    row = market.hold()
    late(row)
    with pytest.raises(errors.HoldExpired):
        redemptions.capture(redemption=row, by=market.by)


def test_holds_whose_time_is_over_are_released(market: Market) -> None:
    row, fresh = market.hold(), market.hold()
    late(row)
    assert redemptions.expire() == 1
    row.refresh_from_db()
    fresh.refresh_from_db()
    assert (row.state, row.reason, fresh.state) == ("released", "超时未领取", "held")
    assert (book(market).held, stock(market)) == (Decimal(20), 9)


def test_before_a_year_is_sealed_every_hold_is_released(market: Market) -> None:
    market.hold()
    market.hold()
    assert redemptions.release_all(year=clock.today().year, reason="年度封账", by=SYSTEM) == 2
    assert (book(market).held, redemptions.next_expiry()) == (Decimal(0), None)


def test_the_close_of_a_year_leaves_the_holds_of_the_next(market: Market) -> None:
    row = market.hold()
    assert redemptions.release_all(year=clock.today().year - 1, reason="年度封账", by=SYSTEM) == 0
    row.refresh_from_db()
    assert (row.state, book(market).held) == ("held", Decimal(20))


def test_a_hold_schedules_when_it_is_looked_at_again(market: Market) -> None:
    market.hold()
    period, due_at = redemptions.next_expiry() or ("", clock.now())
    assert due_at > clock.now()
    assert period == f"{due_at:%Y-%m-%dT%H:%M}"


def test_the_district_learns_of_exchanges_and_returns(market: Market) -> None:
    redemptions.reverse(redemption=market.bought(), reason="破损", by=SYSTEM)
    told = [
        message.payload
        for message in Message.objects.filter(kind="delta").order_by("pk")
        if message.payload["key"] == "redeemed"
    ]
    assert [payload["value"] for payload in told] == ["20.00", "-20.00"]
    assert all(payload["village_id"] == market.village.pk for payload in told)


def test_points_that_come_later_can_be_exchanged(market: Market) -> None:
    market.bought(quantity=2)
    give(market.household, 10)
    assert market.bought().state == "captured"


def test_a_household_whose_deed_stopped_its_exchanges_is_refused_and_told_until_when(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = date(2025, 3, 1)
    bar = effects.Standing(
        1, 2, market.household.pk, "bar_redemption", day, None, True, 1, False, "整改到位前不兑换", "f-1", "乱搭乱建",
        "底线", False, None, None,
    )  # fmt: skip
    monkeypatch.setattr(effects, "bar", lambda household, kind, day: bar)
    with pytest.raises(RedemptionBarred) as refused:
        market.hold()
    assert not Redemption.objects.exists() and stock(market) == 10
    assert refused.value.message == selectors.obstacle(market.household)
    assert "整改到位前有效" in refused.value.message and "乱搭乱建" not in refused.value.message


def test_a_point_costs_what_was_paid_for_it_and_before_that_what_the_shop_agreed(market: Market) -> None:
    today, village = clock.today(), market.village.pk
    assert selectors.point_prices(today, today)[village] == Decimal("1.05")
    market.bought(quantity=2)
    Membership.objects.filter(pk=market.membership.pk).update(fen_per_point=90)
    assert selectors.point_prices(today - timedelta(days=1), today)[village] == Decimal("1.05")
    long_ago = today - timedelta(days=400)
    assert selectors.point_prices(long_ago, long_ago)[village] == Decimal("0.90")
