"""兑换特例: asked for, answered, used once and in time; what the database refuses by itself."""

from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from jifen.accounts.models import User
from jifen.approvals import errors as approvals
from jifen.approvals import selectors, services
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM, Actor
from redemption import errors
from redemption.models import Redemption, RedemptionException
from redemption.services import exceptions, memberships, offerings, plans, redemptions, vouchers
from tests.redemption.market import Market, all_year
from tests.together import together

COMMITTEE = {"name": "审核委员会", "who": {"role": "committee"}}


def closed(market: Market) -> None:
    """From today on the village opens on the year's last day only."""
    last = date(clock.today().year, 12, 31)
    plans.make(
        village=market.village, title="年底", resolution="会议", effective_from=clock.today(), threshold=None,
        windows=[(last, last)], by=SYSTEM,
    )  # fmt: skip


def asked(market: Market, kind: str = "window", **terms: Any) -> RedemptionException:
    wish: dict[str, Any] = {
        "household": market.household, "offering": market.offering, "quantity": 1, "kind": kind,
        "reason": "老人下周手术，等不到兑换日", "use_by": clock.today() + timedelta(days=3), "by": market.by, **terms,
    }  # fmt: skip
    return exceptions.ask(**wish)


def granted(market: Market, kind: str = "window", **terms: Any) -> RedemptionException:
    return exceptions.decide(exception=asked(market, kind, **terms), approve=True, note="", by=SYSTEM)


@pytest.fixture
def officer(market: Market) -> User:
    return market.cast.officer()


def test_an_approved_exception_opens_a_closed_day_once(market: Market, officer: User) -> None:
    closed(market)
    with pytest.raises(errors.WindowClosed):
        market.hold()
    row = asked(market)
    with pytest.raises(errors.ExceptionNotApproved):
        market.hold(exception=row)
    exceptions.decide(exception=row, approve=True, note="", by=Actor.of(officer))
    bought = market.bought(exception=row)
    assert (bought.window, bought.exception) == (None, row)
    with pytest.raises(errors.ExceptionUsed, match=bought.number):
        market.hold(exception=row)


def test_a_cancelled_redemption_gives_its_exception_back(market: Market) -> None:
    row = granted(market)
    redemptions.release(redemption=market.hold(exception=row), by=market.by)
    assert market.bought(exception=row).exception == row


def test_an_exception_excuses_the_threshold(market: Market) -> None:
    all_year(market.village, threshold=80)
    with pytest.raises(errors.BelowThreshold):
        market.hold()
    assert market.bought(exception=granted(market, "threshold")).points == Decimal(20)


def test_an_exception_excuses_the_other_village(market: Market) -> None:
    other = market.cast.village("连民村")
    market.membership.village = other
    market.membership.save()
    market.offering.membership = market.membership
    with pytest.raises(errors.OtherVillage):
        market.hold()
    with pytest.raises(errors.OtherVillage):
        asked(market, "threshold")
    assert market.bought(exception=granted(market, "village")).household == market.household


def test_a_missing_card_needs_no_code(market: Market) -> None:
    with pytest.raises(errors.HouseholdUnknown):
        market.hold(household_code="")
    with pytest.raises(errors.HouseholdUnknown):
        market.hold(household_code="", exception=granted(market, "window"))
    assert market.bought(household_code="", exception=granted(market, "card")).household == market.household


def test_one_kind_does_not_excuse_another(market: Market) -> None:
    closed(market)
    with pytest.raises(errors.WindowClosed):
        market.hold(exception=granted(market, "threshold"))


def test_it_is_for_one_household_one_offering_one_quantity(market: Market) -> None:
    row, before = granted(market), Redemption.objects.count()
    other = market.cast.household(name="李四")
    for terms in ({"household": other}, {"quantity": 2}):
        with pytest.raises(errors.ExceptionOther):
            market.hold(exception=row, **terms)
    assert Redemption.objects.count() == before


def test_a_new_price_needs_a_new_exception(market: Market) -> None:
    row = granted(market)
    offerings.change(offering=market.offering, price=Decimal(25), stock=10, is_active=True, by=SYSTEM)
    with pytest.raises(errors.ExceptionChanged, match="20分，现在要25分"):
        market.hold(exception=row)


def test_it_ends_with_its_last_day(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    row = granted(market)
    monkeypatch.setattr(clock, "today", lambda: row.use_by + timedelta(days=1))
    with pytest.raises(errors.ExceptionOver):
        market.hold(exception=row)


@pytest.mark.parametrize(
    ("terms", "error"),
    [
        ({"quantity": 0}, errors.QuantityWrong),
        ({"kind": "free"}, errors.ExceptionKindWrong),
        ({"reason": " "}, errors.ReasonMissing),
        ({"use_by": date(2020, 1, 1)}, errors.UseByWrong),
        ({"use_by": date(2099, 1, 1)}, errors.UseByWrong),
    ],
)
def test_a_wrong_wish_is_refused(market: Market, terms: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        asked(market, **terms)
    assert not RedemptionException.objects.exists()


def test_the_same_wish_waits_once(market: Market) -> None:
    asked(market)
    with pytest.raises(errors.ExceptionAsked):
        asked(market)


def test_nobody_asks_at_a_shop_that_left_or_for_a_household_that_did(market: Market) -> None:
    with pytest.raises(errors.HouseholdNotJoined):
        asked(market, household=market.cast.household(name="李四", joined=False))
    memberships.end(membership=market.membership, reason="歇业", by=SYSTEM)
    market.offering.membership.refresh_from_db()
    with pytest.raises(errors.OfferingGone):
        asked(market)


def test_a_refusal_says_why_and_is_final(market: Market, officer: User) -> None:
    row = asked(market)
    with pytest.raises(errors.ReasonMissing):
        exceptions.decide(exception=row, approve=False, note="", by=Actor.of(officer))
    exceptions.decide(exception=row, approve=False, note="下周就是兑换日", by=Actor.of(officer))
    with pytest.raises(errors.WrongState):
        exceptions.decide(exception=row, approve=True, note="", by=Actor.of(officer))


def test_only_who_asked_withdraws(market: Market, officer: User) -> None:
    row = asked(market)
    with pytest.raises(errors.NotAsker):
        exceptions.withdraw(exception=row, by=Actor.of(officer))
    assert exceptions.withdraw(exception=row, by=market.by).state == "withdrawn"


def test_the_voucher_names_the_exception(market: Market, officer: User) -> None:
    row = exceptions.decide(exception=asked(market), approve=True, note="", by=Actor.of(officer))
    told = vouchers.contents(market.bought(exception=row))["excuse"]
    assert told.startswith("不在兑换期（老人下周手术，等不到兑换日）；陈经办于") and str(row.pk) in told
    assert vouchers.contents(market.bought())["excuse"] == ""
    assert vouchers.archive(redemption=Redemption.objects.get(exception=row)).file.size > 0


# Where a flow decides


def test_a_flow_decides_on_an_exception(market: Market, officer: User) -> None:
    li = market.cast.committee(market.village)
    services.install(subject_kind="redemption_exception", steps=[COMMITTEE], by=SYSTEM)
    row = asked(market)
    with pytest.raises(approvals.DecidedByFlow, match="待办") as refused:
        exceptions.decide(exception=row, approve=True, note="", by=Actor.of(officer))
    item = selectors.open_item("redemption_exception", row.pk)
    assert item is not None and refused.value.data["item"] == item.pk
    assert item.facts == {"points": "20.00", "offering": "洗衣液", "reason": "不在兑换期"}
    services.decide(item=item, verdict="approve", by=Actor.of(li))
    row.refresh_from_db()
    assert (row.state, row.decided_by_name) == ("approved", "李委员")
    assert market.bought(exception=row).exception == row


def test_a_flow_refuses_with_its_last_reason(market: Market) -> None:
    li = market.cast.committee(market.village)
    services.install(subject_kind="redemption_exception", steps=[COMMITTEE], by=SYSTEM)
    row = asked(market)
    item = selectors.open_item("redemption_exception", row.pk)
    assert item is not None
    services.decide(item=item, verdict="reject", reason="下周就是兑换日", by=Actor.of(li))
    row.refresh_from_db()
    assert (row.state, row.note) == ("refused", "下周就是兑换日")


def test_a_flow_whose_steps_do_not_apply_grants_at_once(market: Market) -> None:
    market.cast.committee(market.village)
    services.install(subject_kind="redemption_exception", steps=[{**COMMITTEE, "when": "points >= 100"}], by=SYSTEM)
    assert asked(market).state == "approved"


def test_nobody_decides_for_her_own_household(market: Market) -> None:
    own = market.cast.committee(market.village)
    li = market.cast.committee(market.village, name="吴委员")
    services.install(subject_kind="redemption_exception", steps=[COMMITTEE], by=SYSTEM)
    home = own.resident.memberships.get().household
    row = asked(market, household=home)
    item = selectors.open_item("redemption_exception", row.pk)
    assert item is not None and selectors.seats(item) == {li.pk}
    with pytest.raises(approvals.Recused):
        services.decide(item=item, verdict="approve", by=Actor.of(own))


def test_who_asked_takes_an_item_back(market: Market) -> None:
    market.cast.committee(market.village)
    services.install(subject_kind="redemption_exception", steps=[COMMITTEE], by=SYSTEM)
    row = exceptions.withdraw(exception=asked(market), by=market.by)
    assert row.state == "withdrawn"
    assert selectors.open_item("redemption_exception", row.pk) is None


# Together, and by the database itself


def test_two_at_once_use_an_exception_once(committing_town: object, market: Market) -> None:
    row = granted(market)
    answers = together(*[partial(market.hold, exception=row)] * 4)
    assert sum(isinstance(one, Redemption) for one in answers) == 1
    assert sum(isinstance(one, errors.ExceptionUsed) for one in answers) == 3


def test_two_deciders_at_once_never_both_win(committing_town: object, market: Market) -> None:
    row = asked(market)
    yes = partial(exceptions.decide, exception=row, approve=True, note="", by=SYSTEM)
    no = partial(exceptions.decide, exception=row, approve=False, note="不急", by=SYSTEM)
    answers = together(yes, no)
    assert sum(isinstance(one, errors.WrongState) for one in answers) == 1


def refused(sql: str, *values: Any) -> str:
    with pytest.raises(DatabaseError) as error, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
    return str(error.value)


def test_postgresql_keeps_what_was_asked_and_answered(market: Market) -> None:
    table, row = "redemption_redemptionexception", granted(market)
    assert "does not change" in refused(f"UPDATE {table} SET use_by = use_by + 1 WHERE id = %s", row.pk)
    assert "does not change" in refused(f"UPDATE {table} SET state = 'refused' WHERE id = %s", row.pk)
    assert "denied" in refused(f"DELETE FROM {table} WHERE id = %s", row.pk)


def test_postgresql_keeps_the_exception_of_a_redemption(market: Market) -> None:
    row = market.bought(exception=granted(market))
    assert "does not change" in refused("UPDATE redemption_redemption SET exception_id = NULL WHERE id = %s", row.pk)


def test_postgresql_lets_no_other_redemption_use_it(market: Market) -> None:
    row, bought = asked(market), market.bought()
    copied = ("household_id, membership_id, offering_id, fund_id, points, fen, collected_by, is_proxy, signed_on_paper,"
              " held_at, hold_expires_at, reason, actor_realm, actor_id, actor_name")  # fmt: skip
    sql = (
        f"INSERT INTO redemption_redemption ({copied}, state, quantity, idempotency_key, exception_id)"
        f" SELECT {copied}, 'held', %s, 'x', %s FROM redemption_redemption WHERE id = %s"
    )
    assert "only an approved" in refused(sql, 1, row.pk, bought.pk)
    exceptions.decide(exception=row, approve=True, note="", by=SYSTEM)
    assert "nothing else" in refused(sql, 2, row.pk, bought.pk)
