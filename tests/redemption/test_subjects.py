"""Shops and payments where a flow decides: started from the usual act, decided there, refused elsewhere (I11)."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from jifen.accounts.models import User
from jifen.approvals import errors as approvals
from jifen.approvals import selectors, services
from jifen.approvals.models import Item
from jifen.audit.models import AuditRow
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM, Actor
from jifen.kernel.tenancy import outside
from redemption import errors, verify
from redemption.models import Membership, Settlement
from redemption.services import memberships, settlements, shops
from tenants.community.models import Household, Resident
from tenants.community.services import households
from tests.redemption.market import Market
from tests.together import together

OFFICER = {"name": "经办核对", "who": {"role": "town_officer"}}
ADMIN = {"name": "主任批准", "who": {"role": "town_admin"}}


def flow(kind: str, *steps: dict[str, Any]) -> None:
    services.install(subject_kind=kind, steps=steps or (OFFICER, ADMIN), by=SYSTEM)


def item_of(kind: str, row: Any) -> Item:
    found = selectors.last_item(kind, row.pk)
    assert found is not None
    return found


def said(item: Item, by: User, verdict: str = "approve", reason: str = "") -> Item:
    return services.decide(item=item, verdict=verdict, reason=reason, by=Actor.of(by))


@pytest.fixture
def chen(market: Market) -> User:
    return market.cast.officer()


@pytest.fixture
def zhou(market: Market) -> User:
    return market.cast.admin()


@pytest.fixture
def applied(market: Market) -> Membership:
    with outside():
        shop = shops.register(
            name="农资店", kind="farm", address="镇上", contact="孙", phone="13700000001", user=market.keeper, by=SYSTEM
        )
        return memberships.apply(shop=shop, town=market.town, by=market.by)


def forward(row: Membership, by: User, **terms: Any) -> Membership:
    wish: dict[str, Any] = {"agreement": "2号", "fen_per_point": 120, **terms}
    return memberships.put_forward(membership=row, by=Actor.of(by), **wish)


# Shops


def test_without_a_flow_the_office_says_one_word(applied: Membership, chen: User) -> None:
    assert forward(applied, chen).state == "active"
    assert not Item.objects.exists()


def test_a_flow_takes_a_shop_in_on_the_terms_put_forward(applied: Membership, chen: User, zhou: User) -> None:
    flow("membership")
    assert forward(applied, chen).state == "applied"
    item = item_of("membership", applied)
    assert item.facts == {"act": "加盟", "kind": "农资店", "rate": "1.2"}
    said(said(item, chen), zhou)
    applied.refresh_from_db()
    assert (applied.state, applied.agreement, applied.fen_per_point) == ("active", "2号", 120)


def test_a_flow_turns_a_shop_away_with_its_reason(applied: Membership, chen: User, zhou: User) -> None:
    flow("membership")
    forward(applied, chen)
    said(item_of("membership", applied), chen, "reject", "离村太远")
    applied.refresh_from_db()
    assert (applied.state, applied.reason) == ("refused", "离村太远")


@pytest.mark.parametrize("is_under_way", [False, True])
def test_the_direct_word_on_a_shop_is_refused(applied: Membership, chen: User, is_under_way: bool) -> None:
    flow("membership", ADMIN)
    if is_under_way:
        forward(applied, chen)
    where = r"农资店加盟.*主任批准.*待办" if is_under_way else "请先提交审批"
    with pytest.raises(approvals.DecidedByFlow, match=where):
        memberships.accept(membership=applied, agreement="2号", fen_per_point=100, by=Actor.of(chen))
    with pytest.raises(approvals.DecidedByFlow, match=where):
        memberships.refuse(membership=applied, reason="太远", by=Actor.of(chen))
    applied.refresh_from_db()
    assert applied.state == "applied"


def test_the_number_of_the_agreement_may_come_later(applied: Membership, chen: User, zhou: User) -> None:
    flow("membership", ADMIN)
    forward(applied, chen, agreement="")
    item = item_of("membership", applied)
    with pytest.raises(errors.AgreementMissing):
        said(item, zhou)
    services.send_back(item=item, to="starter", reason="补协议编号", by=Actor.of(zhou))
    forward(applied, chen, agreement="3号", fen_per_point=110)
    item.refresh_from_db()
    assert (item.state, item.facts["rate"]) == ("open", "1.1")
    said(item, zhou)
    applied.refresh_from_db()
    assert (applied.state, applied.agreement) == ("active", "3号")


def test_the_office_writes_the_number_while_the_flow_decides(
    applied: Membership, chen: User, zhou: User, client_for: Any, api_client: Any
) -> None:
    flow("membership")
    forward(applied, chen, agreement="")
    said(item_of("membership", applied), chen)
    path, program = f"/office/exchange/network/{applied.pk}/", api_client(zhou)
    with pytest.raises(errors.AgreementMissing, match=r"农资店的加盟还没有协议编号.*兑换联盟"):
        said(item_of("membership", applied), zhou)
    assert "保存协议编号" in client_for(chen).get(path).content.decode()
    wrong = client_for(chen).post(path, {"deed": "agreement", "agreement": " "})
    assert wrong.status_code == 422
    shown = client_for(chen).post(path, {"deed": "agreement", "agreement": "3号"}, follow=True).content.decode()
    assert "已保存。" in shown and "3号" in shown
    answer = program.post(f"/api/v1/memberships/{applied.pk}/agreement/", {"agreement": "4号"})
    assert (answer.status_code, answer.json()["agreement"], answer.json()["state"]) == (200, "4号", "applied")
    said(item_of("membership", applied), zhou)
    applied.refresh_from_db()
    assert (applied.state, applied.agreement, sound()) == ("active", "4号", True)
    rows = AuditRow.objects.filter(action="membership.agreement").order_by("pk")
    assert [(row.actor_name, row.data["before"], row.data["agreement"]) for row in rows] == [
        ("陈经办", "", "3号"), ("周主任", "3号", "4号")]  # fmt: skip


def test_the_number_is_written_only_on_the_way(market: Market, applied: Membership, chen: User, zhou: User) -> None:
    with pytest.raises(errors.NotOnItsWay):
        memberships.note_agreement(membership=applied, agreement="3号", by=Actor.of(chen))
    flow("membership", ADMIN)
    forward(applied, chen)
    said(item_of("membership", applied), zhou)
    with pytest.raises(errors.NotOnItsWay):
        memberships.note_agreement(membership=applied, agreement="3号", by=Actor.of(chen))
    leaving(market.membership, chen)
    with pytest.raises(errors.NotOnItsWay):
        memberships.note_agreement(membership=market.membership, agreement="3号", by=Actor.of(chen))
    applied.refresh_from_db()
    assert applied.agreement == "2号"


def test_who_runs_the_shop_does_not_write_its_number(market: Market, applied: Membership, chen: User) -> None:
    own = market.cast.villager(market.household)
    flow("membership", ADMIN)
    forward(applied, chen, run_by=market.household)
    with pytest.raises(approvals.Recused):
        memberships.note_agreement(membership=applied, agreement="3号", by=Actor.of(own))


def test_a_steward_finds_no_field_for_the_number(
    market: Market, applied: Membership, chen: User, client_for: Any, api_client: Any
) -> None:
    flow("membership", ADMIN)
    forward(applied, chen)
    steward = market.cast.steward()
    page = client_for(steward).get(f"/village/exchange/network/{applied.pk}/").content.decode()
    assert "农资店" in page and "保存协议编号" not in page
    refused = api_client(steward).post(f"/api/v1/memberships/{applied.pk}/agreement/", {"agreement": "3号"})
    assert refused.status_code == 403


def test_terms_stand_still_while_people_decide(applied: Membership, chen: User) -> None:
    flow("membership", ADMIN)
    forward(applied, chen)
    with pytest.raises(approvals.DecidedByFlow):
        forward(applied, chen, fen_per_point=999)
    applied.refresh_from_db()
    assert applied.fen_per_point == 120


def test_who_runs_the_shop_is_not_asked_about_it(market: Market, applied: Membership, chen: User) -> None:
    village = market.cast.village()
    own, other = market.cast.committee(village), market.cast.committee(village, name="吴委员")
    flow("membership", {"name": "村里", "who": {"role": "committee", "level": "town"}})
    forward(applied, chen, run_by=own.resident.memberships.get().household)
    assert selectors.seats(item_of("membership", applied)) == {other.pk}


def sound() -> bool:
    return not [check.title for check in verify.checks() if check.breaches()]


def leaving(row: Membership, by: User) -> Membership:
    return memberships.end(membership=row, reason="掺假", by=Actor.of(by))


@pytest.mark.parametrize(("verdict", "state", "reason"), [("approve", "ended", "掺假"), ("reject", "active", "")])
def test_a_flow_decides_whether_a_shop_leaves(
    market: Market, chen: User, zhou: User, verdict: str, state: str, reason: str
) -> None:
    flow("membership", ADMIN)
    shop = market.membership
    assert leaving(shop, chen).state == "active"
    item = item_of("membership", shop)
    assert selectors.last_item("membership", shop.pk) == item and item.facts["act"] == "终止"
    said(item, zhou, verdict, "查过了")
    shop.refresh_from_db()
    assert (shop.state, shop.reason) == (state, reason) and sound()


def test_a_shop_that_is_to_leave_serves_on_until_it_is_decided(market: Market, chen: User) -> None:
    flow("membership", ADMIN)
    leaving(market.membership, chen)
    with pytest.raises(approvals.DecidedByFlow, match=r"终止与便民超市的合作.*主任批准"):
        leaving(market.membership, chen)
    assert market.bought().state == "captured" and sound()


def test_who_takes_back_her_wish_keeps_the_shop(market: Market, chen: User) -> None:
    flow("membership", ADMIN)
    leaving(market.membership, chen)
    services.withdraw(item=item_of("membership", market.membership), by=Actor.of(chen))
    market.membership.refresh_from_db()
    assert (market.membership.state, market.membership.reason) == ("active", "") and sound()


def test_what_was_returned_is_asked_again_with_a_better_reason(market: Market, chen: User, zhou: User) -> None:
    flow("membership", ADMIN)
    leaving(market.membership, chen)
    item = item_of("membership", market.membership)
    services.send_back(item=item, to="starter", reason="写明什么时候", by=Actor.of(zhou))
    memberships.end(membership=market.membership, reason="5月起掺假", by=Actor.of(chen))
    said(item, zhou)
    market.membership.refresh_from_db()
    assert (market.membership.state, market.membership.reason) == ("ended", "5月起掺假")


def test_the_page_asks_the_flow_whether_a_shop_leaves(market: Market, client_for: Any, chen: User) -> None:
    flow("membership", ADMIN)
    path = f"/office/exchange/network/{market.membership.pk}/"
    told = client_for(chen).post(path, {"deed": "end", "reason": "掺假"}, follow=True).content.decode()
    assert "已提交审批。" in told and "终止的原因（待批准）" in told and "主任批准" in told
    assert 'value="end"' not in told


# Payments


@pytest.fixture
def bill(market: Market) -> Settlement:
    market.bought()
    today = clock.today()
    return settlements.draw_all(from_date=today, to_date=today, by=SYSTEM)[0]


def pay(row: Settlement, by: User) -> Settlement:
    return settlements.pay(settlement=row, note="转账1", by=Actor.of(by))


def test_what_is_agreed_goes_on_its_way_and_is_paid_afterwards(
    market: Market, bill: Settlement, chen: User, zhou: User
) -> None:
    flow("settlement")
    settlements.agree(settlement=bill, by=market.by)
    item = item_of("settlement", bill)
    assert item.facts == {"fen": 2100, "redemptions": 1, "points": "20.00", "payer": "镇"}
    with pytest.raises(approvals.DecidedByFlow, match="待办"):
        pay(bill, chen)
    said(said(item, chen), zhou)
    assert pay(bill, chen).state == "paid"


def test_a_refused_payment_is_asked_for_again(market: Market, bill: Settlement, chen: User, zhou: User) -> None:
    flow("settlement", ADMIN)
    settlements.agree(settlement=bill, by=market.by)
    said(item_of("settlement", bill), zhou, "reject", "凭证没交齐")
    with pytest.raises(approvals.DecidedByFlow, match="请先提交审批"):
        pay(bill, chen)
    settlements.put_forward(settlement=bill, by=Actor.of(chen))
    with pytest.raises(approvals.DecidedByFlow):
        settlements.put_forward(settlement=bill, by=Actor.of(chen))
    said(item_of("settlement", bill), zhou)
    with pytest.raises(errors.WrongState):
        settlements.put_forward(settlement=bill, by=Actor.of(chen))
    assert pay(bill, chen).state == "paid"


def test_a_small_sum_needs_nobody(market: Market, bill: Settlement, chen: User, zhou: User) -> None:
    flow("settlement", {**ADMIN, "when": "fen >= 1000000"})
    settlements.agree(settlement=bill, by=market.by)
    assert pay(bill, chen).state == "paid"


def test_without_a_flow_nothing_can_be_put_forward(bill: Settlement, chen: User) -> None:
    settlements.agree(settlement=bill, by=SYSTEM)
    with pytest.raises(approvals.FlowMissing):
        settlements.put_forward(settlement=bill, by=Actor.of(chen))
    assert pay(bill, chen).state == "paid"


def test_a_shops_item_does_not_go_back_to_the_shop(market: Market, bill: Settlement, zhou: User) -> None:
    flow("settlement", ADMIN)
    settlements.agree(settlement=bill, by=market.by)
    with pytest.raises(approvals.StarterIsSystem):
        services.send_back(item=item_of("settlement", bill), to="starter", reason="重算", by=Actor.of(zhou))


def test_whose_telephone_the_shop_has_is_not_asked_about_its_money(market: Market, bill: Settlement) -> None:
    village = market.cast.village()
    home: Household = market.cast.household(village, name="赵店长")
    kept = households.add_member(household=home, name="赵小店", relation="子", phone="13800001234", by=SYSTEM)
    own, other = market.cast.account(kept.resident), market.cast.committee(village)
    head = market.cast.account(Resident.objects.get(headed=home))
    flow("settlement", {"name": "看", "who": {"users": [own.pk, head.pk, other.pk]}})
    settlements.agree(settlement=bill, by=market.by)
    item = item_of("settlement", bill)
    assert selectors.seats(item) == {other.pk}
    assert selectors.recused(item).count() == 2


def test_postgresql_pays_nothing_that_waits(market: Market, bill: Settlement) -> None:
    flow("settlement", ADMIN)
    market.cast.admin()
    settlements.agree(settlement=bill, by=market.by)
    with pytest.raises(DatabaseError, match="waits for its approval"), transaction.atomic():
        connection.cursor().execute("UPDATE redemption_settlement SET state = 'paid', paid_at = now()")


# Two at once


@pytest.fixture
def two(market: Market) -> Iterator[list[User]]:
    yield [market.cast.officer(), market.cast.officer("李经办")]


def test_two_deciders_on_a_payment_never_both_win(committing_town: object, two: list[User], bill: Settlement) -> None:
    flow("settlement", OFFICER)
    settlements.agree(settlement=bill, by=SYSTEM)
    item = item_of("settlement", bill)
    yes, no = partial(said, item, two[0]), partial(said, item, two[1], "reject", "不对")
    answers = together(yes, no)
    assert sum(isinstance(one, approvals.Finished) for one in answers) == 1
    bill.refresh_from_db()
    item.refresh_from_db()
    assert (bill.approved_at is not None) == (item.state == "approved")


def test_two_officers_put_a_shop_forward_once(committing_town: object, two: list[User], applied: Membership) -> None:
    flow("membership", OFFICER)
    answers = together(*[partial(forward, applied, one) for one in two])
    assert sum(isinstance(one, approvals.DecidedByFlow) for one in answers) == 1
    assert Item.objects.filter(subject_kind="membership").count() == 1
