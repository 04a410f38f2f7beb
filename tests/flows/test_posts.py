"""A post changes hands: roles, seats and open work in one act, with a list that three people sign."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from jifen.accounts import selectors as accounts
from jifen.accounts.models import SiteRole, User
from jifen.approvals import selectors
from jifen.approvals import services as approvals
from jifen.approvals.models import Delegation, Item
from jifen.flows import errors, posts
from jifen.inbox import selectors as inbox
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM, Actor
from tenants.community.in_hand import Thing
from tenants.community.models import HandOver, VillageRole
from tenants.community.services import roles
from tests.cast import Cast, actor
from tests.clients import PageClient
from tests.scoring.desk import Desk

Clients = Callable[..., PageClient]
Api = Callable[..., Any]


def _roles(user: User) -> set[tuple[str, str]]:
    return set(VillageRole.objects.filter(user=user, to_date=None).values_list("role", "seat"))


def _hand_over(cast: Cast, giver: User, receiver: User, **more: Any) -> HandOver:
    terms: dict[str, Any] = {"witness": "郑支书", "things": [Thing("印章", 1, "积分章")], "by": Actor.of(cast.admin())}
    return posts.hand_over(giver=giver, receiver=receiver, **terms | more)


def test_a_stewards_post_goes_to_her_successor(cast: Cast) -> None:
    old, new = cast.steward(), cast.account(_head(cast))
    made = _hand_over(cast, old, new)
    assert not VillageRole.objects.filter(user=old, to_date=None).exists()
    assert _roles(new) == {("steward", "")}
    assert "积分管理员" in made.posts[0]
    assert inbox.unread(new) == 1


def test_a_seat_in_the_committee_goes_with_its_name(cast: Cast) -> None:
    old, new = cast.committee(name="李委员"), cast.account(_head(cast))
    VillageRole.objects.filter(user=old).update(seat="主任")
    _hand_over(cast, old, new)
    assert _roles(new) == {("committee", "主任")}


def test_an_officers_role_goes_over_too(cast: Cast) -> None:
    old, new = cast.officer(), cast.account(_head(cast))
    _hand_over(cast, old, new)
    assert accounts.roles_of(new) == [SiteRole.TOWN_OFFICER]
    assert accounts.roles_of(old) == []


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"witness": " "}, errors.WitnessMissing),
        ({"witness": "王管理"}, errors.WitnessInvolved),
        ({"things": [Thing(" ", 1)]}, errors.ThingUnknown),
        ({"things": [Thing("印章", -1)]}, errors.ThingUnknown),
        ({"things": [Thing("印章", 1)] * 51}, errors.ThingUnknown),
    ],
)
def test_a_wrong_list_moves_nothing(cast: Cast, wrong: dict[str, Any], error: type[Exception]) -> None:
    old, new = cast.steward(), cast.account(_head(cast))
    User.objects.filter(pk=old.pk).update(display_name="王管理")
    old.refresh_from_db()
    with pytest.raises(error):
        _hand_over(cast, old, new, **wrong)
    assert (_roles(old), _roles(new)) == ({("steward", "")}, set())


def test_nobody_hands_over_to_herself_or_what_she_has_not(cast: Cast) -> None:
    old, nobody = cast.steward(), cast.account(_head(cast))
    with pytest.raises(errors.SameHands):
        _hand_over(cast, old, old)
    with pytest.raises(errors.EmptyHands):
        _hand_over(cast, nobody, old)
    assert not HandOver.objects.exists()


def test_the_list_is_printed_for_three_signatures(cast: Cast, client_for: Clients) -> None:
    made = _hand_over(cast, cast.steward(), cast.account(_head(cast)))
    answer = client_for(cast.admin()).get(f"/office/posts/{made.pk}/paper/")
    assert answer.content.startswith(b"%PDF")


def test_the_office_sees_what_is_in_hand_and_hands_it_over(cast: Cast, client_for: Clients) -> None:
    old, new, page = cast.steward(), cast.account(_head(cast)), client_for(cast.admin())
    assert "积分管理员" in page.get(f"/office/posts/?giver={old.username}").content.decode()
    form = {"giver": old.username, "receiver": new.username, "witness": "郑支书"}
    assert page.post("/office/posts/", form | {"receiver": "nobody"}).status_code == 422
    looked = page.post("/office/posts/", form)
    assert "核对清单" in looked.content.decode() and "还没有移交" in looked.content.decode()
    assert _roles(old) == {("steward", "")}
    assert page.post("/office/posts/", form | {"sure": "1"}).status_code == 302
    assert _roles(new) == {("steward", "")}


def test_what_the_hand_over_would_refuse_is_said_before_and_keeps_the_form(cast: Cast, client_for: Clients) -> None:
    old, new, page = cast.steward(), cast.supervisor(), client_for(cast.admin())
    form = {"giver": old.username, "receiver": new.username, "witness": "郑支书", "what_0": "木箱", "many_0": "2"}
    for sent in (form, form | {"sure": "1"}):
        answer = page.post("/office/posts/", sent)
        shown = answer.content.decode()
        assert answer.status_code == 422 and "监督员只监督不审核" in shown and 'value="木箱"' in shown
        assert "监督员只监督不审核" in answer.context["form"].errors["receiver"][0]
    assert _roles(old) == {("steward", "")} and not HandOver.objects.exists()


def test_a_rehearsal_shows_the_list_and_writes_nothing(cast: Cast) -> None:
    old, new = cast.steward(), cast.account(_head(cast))
    terms: dict[str, Any] = {"witness": "郑支书", "things": [Thing("印章", 1)], "by": Actor.of(cast.admin())}
    shown = posts.rehearse(giver=old, receiver=new, **terms)
    assert shown.things == [["印章", 1, ""]] and inbox.unread(new) == 0
    assert (_roles(old), _roles(new)) == ({("steward", "")}, set()) and not HandOver.objects.exists()


def test_a_seat_that_is_left_empty_stands_on_the_list(cast: Cast) -> None:
    old, new = cast.committee(name="李委员"), cast.committee(name="吴委员")
    VillageRole.objects.filter(user=old).update(seat="主任")
    made = _hand_over(cast, old, new)
    assert made.posts[0].endswith("（主任）（接收人已任此职，移交人的一份到今天为止）")
    assert _roles(new) == {("committee", "村两委干部")}


@pytest.mark.parametrize("days", [-1, 9])
def test_work_that_was_or_had_been_delegated_stands_on_the_list(cast: Cast, days: int) -> None:
    desk = Desk(cast)
    old, other, new = cast.steward(name="孙管理"), cast.committee(name="钱委员"), cast.account(_head(cast))
    VillageRole.objects.filter(user=desk.steward).delete()
    since = clock.now() - timedelta(days=9)
    Delegation.objects.create(
        giver=old, receiver=other, from_at=since, until_at=clock.now() + timedelta(days=days), **SYSTEM.columns()
    )
    waiting = desk.record("tidy", declared_by="self", declarer=desk.head(), by=actor(cast.villager(desk.zhang)))
    item = Item.objects.get(subject_kind="declaration", subject_id=waiting.pk)
    assert selectors.seats(item) == {other.pk if days > 0 else old.pk}
    made = _hand_over(cast, old, new)
    assert ["积分申报", 1] in [row[:2] for row in made.work]
    assert selectors.seats(item) == {new.pk}


def test_what_the_successor_may_not_take_stands_on_the_list_with_its_why(cast: Cast) -> None:
    desk = Desk(cast)
    old, new = cast.steward(name="孙管理"), cast.villager(desk.zhang)
    waiting = desk.record("tidy", declared_by="self", declarer=desk.head(), by=actor(new))
    made = _hand_over(cast, old, new)
    [row] = [one for one in made.work if "没有移交" in one[2]]
    assert row[:2] == ["积分申报", 1] and "回避" in row[2] and waiting.state == "submitted"
    assert not selectors.work_of(old.pk).exists()


@pytest.fixture
def resting(cast: Cast) -> Item:
    """A villager's declaration that the old steward lets rest."""
    desk = Desk(cast)
    old, villager = cast.steward(name="孙管理"), cast.villager(desk.zhang)
    for role in VillageRole.objects.filter(role="steward").exclude(user=old):
        roles.end(role=role, on=clock.today(), by=SYSTEM)
    desk.record("tidy", declared_by="self", declarer=desk.head(), by=actor(villager))
    item = Item.objects.get(subject_kind="declaration")
    return approvals.suspend(item=item, reason="等照片", by=Actor.of(old))


def test_what_rests_is_counted_in_hand_and_signed_as_it_is(cast: Cast, resting: Item, client_for: Clients) -> None:
    old, new = User.objects.get(display_name="孙管理"), cast.account(_head(cast))
    held, told = posts.in_hand(old), "其中1件已暂停，在“暂停的”里恢复"
    assert (held.work, held.resting) == ({"积分申报": 1}, {"积分申报": 1})
    assert told in client_for(cast.admin()).get(f"/office/posts/?giver={old.username}").content.decode()
    assert _hand_over(cast, old, new).work == [["积分申报", 1, told]]
    assert (posts.in_hand(old).work, posts.in_hand(new).work) == ({}, {"积分申报": 1})


def test_the_successor_wakes_what_rests_and_who_has_left_does_not(
    cast: Cast, resting: Item, client_for: Clients, api_client: Api
) -> None:
    old, new = User.objects.get(display_name="孙管理"), cast.account(_head(cast))
    address, api = f"/village/work/{resting.pk}/", f"/api/v1/approval-items/{resting.pk}/"
    _hand_over(cast, old, new)
    assert api_client(old).post(f"{api}wake/").status_code == 403
    assert "wake" not in api_client(old).get(api).json()["may"]
    assert "恢复办理" not in client_for(old).get(f"/work/{resting.pk}/").content.decode()
    assert "没有暂停的事项" in client_for(old).get("/work/?tab=resting").content.decode()
    assert address in client_for(new).get("/village/work/?tab=resting").content.decode()
    assert "恢复办理" in client_for(new).get(address).content.decode()
    assert "wake" in api_client(new).get(api).json()["may"]
    assert api_client(new).post(f"{api}wake/").status_code == 200


def test_whoever_has_the_post_now_wakes_what_rests(cast: Cast, resting: Item, api_client: Api) -> None:
    """Without a hand-over: one post ends, another begins; she is told of the work when it goes on."""
    old, api = User.objects.get(display_name="孙管理"), f"/api/v1/approval-items/{resting.pk}/"
    roles.end(role=VillageRole.objects.get(user=old, to_date=None), on=clock.today(), by=SYSTEM)
    new = cast.account(_head(cast))
    roles.appoint(user=new, village=cast.village(), role="steward", from_date=clock.today(), by=SYSTEM)
    assert "wake" not in api_client(old).get(api).json()["may"]
    assert api_client(old).post(f"{api}wake/").status_code == 403
    approvals.look()
    assert "wake" in api_client(new).get(api).json()["may"] and inbox.unread(new) == 0
    assert approvals.wake(item=resting, by=SYSTEM).state == "open" and inbox.unread(new) == 1
    approvals.suspend(item=resting, reason="还等", by=Actor.of(new))
    assert api_client(new).post(f"{api}wake/").status_code == 200


def test_a_steward_hands_nothing_over_for_others(cast: Cast, client_for: Clients) -> None:
    assert client_for(cast.steward()).get("/office/posts/").status_code == 403


def test_an_empty_form_is_refused_before_anybody_is_asked_whether_she_is_sure(cast: Cast, client_for: Clients) -> None:
    page = client_for(cast.admin())
    answer = page.post("/office/posts/", {"giver": ""})
    assert answer.status_code == 422
    assert "请填写“谁离任”" in answer.content.decode() and "data-confirm=" not in answer.content.decode()
    old = cast.steward()
    same = {"giver": old.username, "receiver": old.username, "witness": "郑支书", "sure": "1"}
    assert "不能是同一人" in page.post("/office/posts/", same).content.decode()
    assert not HandOver.objects.exists()


def test_things_are_rows_with_a_number(cast: Cast, client_for: Clients) -> None:
    old, new, page = cast.steward(), cast.account(_head(cast)), client_for(cast.admin())
    form = {"giver": old.username, "receiver": new.username, "witness": "郑支书", "sure": "1"}
    rows = {"what_0": "印章", "many_0": "2", "remark_0": "积分章", "what_5": "", "many_5": "3"}
    assert "请写名称" in page.post("/office/posts/", form | rows).content.decode()
    assert page.post("/office/posts/", form | rows | {"what_5": "户牌"}).status_code == 302
    made = HandOver.objects.get()
    assert made.things == [["印章", 2, "积分章"], ["户牌", 3, ""]]
    shown = page.get(f"/office/posts/{made.pk}/").content.decode()
    assert "户牌" in shown and "请附三方签字的清单" in shown and "这一条须提供证明" not in shown


def test_a_list_of_an_earlier_year_is_still_read(cast: Cast) -> None:
    made = _hand_over(cast, cast.steward(), cast.account(_head(cast)))
    made.work, made.things = [["积分申报", 2]], [["印章", "公章一枚"]]
    assert posts.shown(made) == {"work": [["积分申报", "2件", ""]], "things": [["印章", "", "公章一枚"]]}


def _head(cast: Cast) -> Any:
    return cast.household(name="新来的").head
