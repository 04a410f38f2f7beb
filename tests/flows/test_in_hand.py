"""What somebody who leaves has in hand, in every room, stands on her list and is her successor's afterwards."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from jifen.accounts.models import User
from jifen.approvals import selectors as approvals
from jifen.approvals import services as approval_services
from jifen.approvals.models import Item
from jifen.flows import posts
from jifen.kernel.actors import SYSTEM, Actor
from redemption.models import Membership, Offering
from reporting import policies as lists
from reporting.services import objections
from scoring.models import Posting
from scoring.rules import library
from scoring.selectors.sitting import chairs
from scoring.services import activities, inspections
from tenants.community.in_hand import Thing
from tenants.community.models import Household
from tenants.community.services import roles
from tests.scoring.desk import DAY, MONTH, Desk

Browser = Callable[..., Any]


@pytest.fixture
def desk(ready_desk: Desk) -> Desk:
    return ready_desk


def names(user: User) -> dict[str, tuple[int, str]]:
    """Of the account as it is now."""
    return {one.name: (one.count, one.remark) for one in posts.in_hand(User.objects.get(pk=user.pk)).open}


def successor(desk: Desk) -> User:
    return desk.cast.account(desk.head(desk.cast.household(name="新来的")))


def hand_over(desk: Desk, giver: User, receiver: User, **more: Any) -> Any:
    by = Actor.of(desk.cast.admin())
    return posts.hand_over(giver=giver, receiver=receiver, witness="郑支书", by=by, **more)


def test_the_sheet_on_which_she_sits_is_listed_and_her_successor_sits_on_it(desk: Desk) -> None:
    desk.record("tidy")
    sheet, new = desk.sheet(), successor(desk)
    name = f"{desk.village.name}{MONTH.year}年{MONTH.month}月审核表"
    assert names(desk.li) == {name: (1, "还有1件没有审定")}
    made = hand_over(desk, desk.li, new)
    assert made.work == [[name, 1, "还有1件没有审定"]]
    assert names(new) == {name: (1, "还有1件没有审定")} and names(desk.li) == {}
    assert new.pk in {one.user_id for one in chairs(sheet)}


def test_what_she_told_of_her_own_household_stays_hers(desk: Desk) -> None:
    steward, new = desk.steward, successor(desk)
    home = Household.objects.get(head__user=steward)
    told = desk.record("tidy", household=home, declared_by="self", declarer=home.head, by=Actor.of(steward))
    item = Item.objects.get(subject_kind="declaration", subject_id=told.pk)
    assert "积分申报" not in names(steward)
    assert not [one for one in hand_over(desk, steward, new).work if one[0] == "积分申报"]
    item.refresh_from_db()
    assert item.starter_id == steward.pk
    approval_services.withdraw(item=item, reason="写错", by=Actor.of(steward))


def test_a_question_waits_for_her_successor(desk: Desk) -> None:
    user = desk.cast.villager(desk.zhang)
    desk.record("tidy", declared_by="self", declarer=desk.head(), by=Actor.of(user))
    [item], new = Item.objects.filter(subject_kind="declaration"), successor(desk)
    approval_services.ask(item=item, to=desk.li.pk, text="当天您在场吗", by=Actor.of(desk.steward))
    assert names(desk.li)["别人的询问待答复"] == (1, "")
    hand_over(desk, desk.li, new)
    assert not approvals.questions_for(desk.li.pk).exists()
    [question] = approvals.questions_for(new.pk)
    assert (question.text, question.speaker_id) == ("当天您在场吗", desk.steward.pk)
    approval_services.answer(question=question, text="在场", by=Actor.of(new))


def test_deductions_that_nobody_has_told_are_the_stewards(desk: Desk) -> None:
    desk.choose(date(MONTH.year - 1, 1, 1), hearing_days=3)
    desk.record("litter")
    desk.decide_all(desk.sheet())
    assert names(desk.steward)["扣分待告知当事户"] == (1, "")
    new = successor(desk)
    hand_over(desk, desk.steward, new)
    assert names(new)["扣分待告知当事户"] == (1, "") and names(desk.steward) == {}


def test_open_rounds_and_activities_are_listed(desk: Desk) -> None:
    inspections.open_inspection(
        village=desk.village, title="卫生检查", happened_on=DAY, place="全村", rules=[desk.rule_in_force("tidy").pk],
        by=desk.by,
    )  # fmt: skip
    activities.open_activity(
        village=desk.village, title="大扫除", happened_on=DAY, place="村口", rule=desk.rule_in_force("tidy"), facts={},
        by=desk.by,
    )  # fmt: skip
    found = names(desk.steward)
    assert found["入户检查“卫生检查”"] == (1, "已查0户，没有提交") and found["活动“大扫除”"] == (1, "没有提交")
    assert "活动“大扫除”" not in names(desk.li)


def test_an_objection_outside_of_a_flow_is_listed_for_its_investigators(desk: Desk) -> None:
    section = library.load("seed_003").policy.model_dump(mode="json")
    lists.install(section=section, effective_from=date(MONTH.year - 1, 1, 1), by=SYSTEM)
    told = desk.record("tidy")
    desk.post()
    posting = Posting.objects.get(declaration=told)
    objections.raise_objection(household=desk.zhang, posting=posting, text="分记少了", channel="in_person", by=desk.by)
    found = names(desk.officer)["异议待核实"]
    assert found[0] == 1 and "到期" in found[1]
    assert "异议待核实" not in names(desk.li)


@pytest.fixture
def shop(desk: Desk) -> Membership:
    found = Membership.objects.create(
        shop_id=7, shop_name="石岭岗超市", shop_address="村口", shop_phone="13800000000", village=desk.village,
        agreement="2026-1", state="active", applied_at="2026-01-01T00:00:00+08:00",
        decided_at="2026-01-02T00:00:00+08:00", **SYSTEM.columns(),
    )  # fmt: skip
    for name, stock in (("大米", 12), ("理发", None)):
        Offering.objects.create(membership=found, name=name, kind="goods", unit="袋", price=5, stock=stock)
    return found


def test_the_stock_of_a_shop_that_she_runs_is_counted(desk: Desk, shop: Membership) -> None:
    home = desk.cast.household(name="店主")
    keeper = desk.cast.account(desk.head(home))
    roles.appoint(user=keeper, village=desk.village, role="volunteer", from_date=DAY, by=SYSTEM)
    assert posts.in_hand(keeper).stock == []
    Membership.objects.update(run_by=Household.objects.get(pk=home.pk))
    assert posts.in_hand(keeper).stock == [Thing("大米（袋）", 12, "石岭岗超市系统库存")]
    made = hand_over(desk, keeper, successor(desk), things=[Thing("印章", 1)])
    assert made.things == [["印章", 1, ""], ["大米（袋）", 12, "石岭岗超市系统库存"]]


def test_the_page_and_a_program_show_it_all(desk: Desk, client_for: Browser, api_client: Browser) -> None:
    desk.record("tidy")
    desk.sheet()
    admin = desk.cast.admin()
    page = client_for(admin).get(f"/office/posts/?giver={desk.li.username}").content.decode()
    assert "审核表" in page and "还有1件没有审定" in page
    told = api_client(admin).get(f"/api/v1/hand-overs/in-hand/{desk.li.pk}/").json()
    assert told["open"][0]["count"] == 1 and told["stock"] == []
    body = {"giver": desk.li.pk, "receiver": successor(desk).pk, "witness": "郑支书"}
    body["things"] = [{"what": "印章", "count": 1}]
    made = api_client(admin).post("/api/v1/hand-overs/", body)
    assert made.status_code == 201 and made.json()["things"] == [["印章", 1, ""]]
    assert made.json()["work"][0][2] == "还有1件没有审定"
