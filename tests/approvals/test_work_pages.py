"""我的待办: what waits for somebody, where it stands, and every button she may press."""

import html
import io
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import requests
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from jifen.approvals import abilities, services
from jifen.approvals.models import Delegation, Item
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from jifen.web.wording import date_cn
from tests.approvals.deeds import ADMIN, OFFICER, Deed, started
from tests.cast import Cast

Browser = Callable[..., Any]
WORK = "/office/work/"


def text(answer: Any) -> str:
    return str(answer.content.decode())


def press(browser: Any, item: Item, act: str, **data: Any) -> Any:
    return browser.post(reverse("approvals:office_act", args=[item.pk, act]), data)


def page(browser: Any, item: Item) -> str:
    return text(browser.get(reverse("approvals:office_item", args=[item.pk])))


def test_work_waits_with_a_badge_until_it_is_done(cast: Cast, client_for: Browser, deed: Deed) -> None:
    browser, item = client_for(cast.officer()), started()
    shown = text(browser.get(WORK))
    assert "张三 打扫公共场所1" in shown and '<b class="nav-waiting">1</b>' in shown
    assert press(browser, item, "approve").status_code == 302
    assert deed.told == [("approved", 1)]
    assert "没有等您办的事" in text(browser.get(WORK))


def test_the_item_says_where_it_stands_and_who_must_act(cast: Cast, client_for: Browser, deed: Deed) -> None:
    cast.officer("陈经办")
    browser, item = client_for(cast.admin()), started(OFFICER, ADMIN)
    shown = page(browser, item)
    for told in ("陈经办", "待办", "还没到", "发起", "分值", "本人"):
        assert told in shown


def test_a_refusal_without_reason_stands_at_its_form(cast: Cast, client_for: Browser, deed: Deed) -> None:
    browser, item = client_for(cast.officer()), started()
    answer = press(browser, item, "reject", reason=" ")
    assert answer.status_code == 422 and "不同意时请写明理由" in text(answer)
    assert deed.told == []


def test_points_are_changed_inside_the_range(cast: Cast, client_for: Browser, deed: Deed) -> None:
    browser, item = client_for(cast.officer()), started()
    assert "可以改为1到30分" in text(press(browser, item, "points", points="31", reason="太少"))
    press(browser, item, "points", points="8", reason="很辛苦")
    item.refresh_from_db()
    assert (item.facts["points"], deed.told) == ("8", [("approved", 1)])
    assert "分值改为8" in page(browser, item)


def test_an_item_goes_back_to_its_starter_and_comes_again(cast: Cast, client_for: Browser, deed: Deed) -> None:
    chen, zhou = cast.officer(), cast.admin()
    item = started(by=zhou)
    press(client_for(chen), item, "return", to="starter", reason="写清楚地点")
    browser = client_for(zhou)
    assert "写清楚地点" in page(browser, item)
    assert "张三 打扫公共场所1" in text(browser.get(WORK, {"tab": "returned"}))
    press(browser, item, "resubmit", text="村口广场")
    item.refresh_from_db()
    assert item.state == "open" and "村口广场" in page(browser, item)


def test_work_is_handed_to_somebody_by_name(cast: Cast, client_for: Browser, deed: Deed) -> None:
    chen, li = cast.officer("陈经办"), cast.officer("李经办")
    cast.officer("李经办")
    item = started({**OFFICER, "who": {"user": chen.pk}})
    answer = press(client_for(chen), item, "transfer", person="李经办", reason="下乡")
    assert answer.status_code == 422 and "请从里面选一个" in text(answer)
    press(client_for(chen), item, "transfer", person=f"李经办({li.username})", reason="下乡")
    assert "approve" in abilities.of(item, li) and "approve" not in abilities.of(item, chen)


def test_one_more_is_asked_and_taken_away_again(cast: Cast, client_for: Browser, deed: Deed) -> None:
    chen, li = cast.officer("陈经办"), cast.admin("李主任")
    item, browser = started({**OFFICER, "how": "all"}), client_for(chen)
    press(browser, item, "add", person="李主任", where="before")
    assert "approve" in abilities.of(item, li)
    assert "减签李主任" in page(client_for(li), item)
    press(client_for(li), item, "remove", user=li.pk)
    assert "approve" in abilities.of(item, chen)


def test_questions_are_asked_and_answered(cast: Cast, client_for: Browser, deed: Deed) -> None:
    chen, li = cast.officer("陈经办"), cast.steward(name="王管理")
    item = started()
    press(client_for(chen), item, "ask", person="王管理", text="照片是哪天拍的?")
    browser = client_for(li)
    assert "照片是哪天拍的" in text(browser.get("/village/work/", {"tab": "asked"}))
    press(browser, item, "answer", text="三月五日", question=item.words.get(kind="ask").pk)
    assert "三月五日" in page(client_for(chen), item)
    assert "answer" not in abilities.of(item, li)


def test_a_reminder_is_counted_and_not_repeated(cast: Cast, client_for: Browser, deed: Deed) -> None:
    cast.officer()
    zhou = cast.admin()
    item, browser = started(by=zhou), client_for(zhou)
    press(browser, item, "remind")
    assert "小时内不用再催" in text(press(browser, item, "remind"))
    item.refresh_from_db()
    assert item.reminders == 1


def test_an_administrator_sets_right_what_is_stuck(cast: Cast, client_for: Browser, deed: Deed) -> None:
    item, browser = started({**OFFICER, "empty": "block"}, ADMIN), client_for(cast.admin())
    assert "张三 打扫公共场所1" in text(browser.get(WORK, {"tab": "blocked"}))
    assert "没有人可以办" in page(browser, item)
    press(browser, item, "jump", to="主任", reason="经办空缺")
    press(browser, item, "approve")
    assert deed.told == [("approved", 1)]


def test_many_are_decided_with_one_word(cast: Cast, client_for: Browser, deed: Deed) -> None:
    browser = client_for(cast.officer())
    items = [started(subject=number) for number in (1, 2, 3)]
    browser.post("/office/work/batch/", {"item": [items[0].pk, items[2].pk], "verdict": "approve"})
    assert sorted(deed.told) == [("approved", 1), ("approved", 3)]


def test_who_must_stand_back_is_shown_and_has_no_buttons(cast: Cast, client_for: Browser, deed: Deed) -> None:
    chen = cast.officer("陈经办")
    cast.officer("李经办")
    deed.near.add(chen.pk)
    item = started(by=chen)
    shown = page(client_for(chen), item)
    assert "回避：陈经办" in shown and "approve" not in abilities.of(item, chen)
    assert press(client_for(chen), item, "approve").status_code == 422
    assert deed.told == []


@pytest.mark.parametrize("area", ["office", "village", "own"])
def test_an_item_that_is_none_of_hers_does_not_exist(cast: Cast, client_for: Browser, deed: Deed, area: str) -> None:
    cast.officer()
    item, browser = started(), client_for(cast.steward())
    assert browser.get(reverse(f"approvals:{area}_item", args=[item.pk])).status_code == 404
    assert browser.post(reverse(f"approvals:{area}_act", args=[item.pk, "approve"])).status_code == 404
    assert client_for().get(reverse(f"approvals:{area}_work")).status_code == 302


def test_somebody_stands_in_for_some_days(cast: Cast, client_for: Browser, deed: Deed) -> None:
    chen, li = cast.officer("陈经办"), cast.admin("李主任")
    item, browser, today = started(), client_for(chen), clock.today()
    terms = {"receiver": "李主任", "subject_kind": "", "from_on": today, "until_on": today + timedelta(days=3)}
    assert browser.post("/office/work/delegations/", terms).status_code == 302
    assert "approve" in abilities.of(item, li) and "代理中" in text(browser.get("/office/work/delegations/"))
    row = Delegation.objects.get()
    assert client_for(li).post(f"/office/work/delegations/{row.pk}/revoke/").status_code == 404
    browser.post(f"/office/work/delegations/{row.pk}/revoke/")
    assert "approve" in abilities.of(item, chen) and "approve" not in abilities.of(item, li)


def test_the_story_says_for_whom_a_delegate_spoke(cast: Cast, client_for: Browser, deed: Deed) -> None:
    chen, li, now = cast.officer("陈经办"), cast.admin("李主任"), clock.now()
    giver = Actor.of(chen)
    services.delegate(giver=chen.pk, receiver=li.pk, from_at=now, until_at=now + timedelta(days=2), by=giver)
    item = started()
    services.decide(item=item, verdict="approve", by=Actor.of(li))
    assert "李主任代陈经办 · 经办" in text(client_for(chen).get(f"/office/work/{item.pk}/"))


def test_a_delegation_that_ends_before_it_begins_is_refused(cast: Cast, client_for: Browser, deed: Deed) -> None:
    cast.admin("李主任")
    browser, today = client_for(cast.officer()), clock.today()
    terms = {"receiver": "李主任", "from_on": today, "until_on": today - timedelta(days=3)}
    answer = browser.post("/office/work/delegations/", terms)
    assert answer.status_code == 422 and "结束时间要晚于" in text(answer)
    assert answer.context["form"].errors["until_on"]
    assert not Delegation.objects.exists()


def test_a_months_sheet_is_not_offered_for_delegation(cast: Cast, client_for: Browser, deed: Deed) -> None:
    cast.admin("李主任")
    browser, today = client_for(cast.officer()), clock.today()
    page = text(browser.get("/office/work/delegations/"))
    assert 'value="filing"' in page and 'value="review"' not in page and "登记替补" in page
    terms = {"receiver": "李主任", "subject_kind": "review", "from_on": today, "until_on": today}
    assert browser.post("/office/work/delegations/", terms).status_code == 422
    assert not Delegation.objects.exists()


def test_the_buttons_are_what_the_services_allow(cast: Cast, deed: Deed) -> None:
    chen, li, zhou = cast.officer("陈经办"), cast.officer("李经办"), cast.admin()
    item = started(OFFICER, ADMIN, by=zhou)
    assert {"approve", "reject", "claim", "points"} <= abilities.of(item, chen)
    services.claim(item=item, by=Actor.of(chen))
    assert "approve" not in abilities.of(item, li) and "release" in abilities.of(item, chen)
    assert "release" in abilities.of(item, zhou) and "release" not in abilities.of(item, li)
    services.decide(item=item, verdict="approve", by=Actor.of(chen))
    assert "take_back" in abilities.of(item, chen)
    assert {"approve", "return", "jump", "terminate", "remind", "withdraw"} <= abilities.of(item, zhou)


@pytest.mark.parametrize("act", ["approve", "reject", "return", "transfer", "suspend"])
def test_no_form_stands_open_on_what_has_ended(cast: Cast, client_for: Browser, deed: Deed, act: str) -> None:
    chen, wu = cast.officer(), cast.officer("吴经办")
    browser, item = client_for(chen), started(by=cast.admin())
    assert "确定退回" in page(browser, item)
    services.decide(item=item, verdict="approve", by=Actor.of(wu))
    answer = press(browser, item, act, reason="重写", to="starter", person="周主任")
    assert answer.status_code == 422 and "这件事已经办结（已同意）" in text(answer)
    assert f"/office/work/{item.pk}/{act}/" not in text(answer) and "确定退回" not in text(answer)


def sheet() -> SimpleUploadedFile:
    picture = io.BytesIO()
    Image.new("RGB", (40, 40), "white").save(picture, "JPEG")
    return SimpleUploadedFile("签字.jpg", picture.getvalue(), "image/jpeg")


@pytest.mark.services
def test_a_signed_sheet_is_entered_by_the_steward(
    cast: Cast, client_for: Browser, api_client: Browser, deed: Deed
) -> None:
    one, two, steward = cast.committee(name="李委员"), cast.committee(name="赵委员"), cast.steward()
    village = one.village_roles.get().village_id
    item = started({"name": "审核", "who": {"role": "committee"}, "how": "all"}, village=village)
    words = {f"verdict_{one.pk}": "approve", f"verdict_{two.pk}": "approve", "signed_on": clock.today()}
    address = f"/village/work/{item.pk}/paper/"
    assert client_for(one).get(address).status_code == 403
    answer = client_for(steward).post(address, words | {"scan": sheet()})
    assert answer.status_code == 302
    assert deed.told == [("approved", 1)]
    told = page(client_for(cast.admin()), item)
    assert "由王管理录入" in told and f"同意，{date_cn(clock.today())}签字" in told
    [scan] = set(re.findall(r'<a href="(http[^"]+)">同意', told))
    assert requests.get(html.unescape(scan), timeout=10).headers["content-type"] == "image/jpeg"
    said = api_client(cast.admin()).get(f"/api/v1/approval-items/{item.pk}/words/").json()["results"]
    assert {bool(word["scan"]) for word in said if word["kind"] == "approve"} == {True}
    assert {word["scan"] for word in said if word["kind"] == "start"} == {""}


def test_who_enters_signed_sheets_finds_what_waits_for_words(cast: Cast, client_for: Browser, deed: Deed) -> None:
    one, steward = cast.committee(name="李委员"), cast.steward()
    item = started(
        {"name": "审核", "who": {"role": "committee"}, "how": "all"}, village=one.village_roles.get().village_id
    )
    browser = client_for(steward)
    assert f'href="/village/work/{item.pk}/"' in browser.get("/village/work/?tab=paper").content.decode()
    seen = browser.get(f"/village/work/{item.pk}/").content.decode()
    assert f'href="/village/work/{item.pk}/paper/"' in seen and "评论" not in seen
    assert browser.post(f"/village/work/{item.pk}/comment/", {"text": "看过"}).status_code == 404
    far = cast.steward(cast.village("李家村"), name="孙管理")
    assert client_for(far).get(f"/village/work/{item.pk}/").status_code == 404
    assert client_for(one).get("/village/work/?tab=paper").status_code == 404


@pytest.mark.services
def test_where_one_word_is_enough_it_may_come_on_paper_too(cast: Cast, client_for: Browser, deed: Deed) -> None:
    one, two, steward = cast.committee(name="李委员"), cast.committee(name="赵委员"), cast.steward()
    village = one.village_roles.get().village_id
    item = started({"name": "审核", "who": {"role": "committee"}, "how": "any"}, village=village)
    assert "paper" in abilities.of(item, steward) and "paper" not in abilities.of(item, one)
    words = {f"verdict_{two.pk}": "approve", "signed_on": clock.today(), "scan": sheet()}
    assert client_for(steward).post(f"/village/work/{item.pk}/paper/", words).status_code == 302
    assert deed.told == [("approved", 1)]


def test_who_alone_is_asked_does_not_enter_her_own_word_as_paper(cast: Cast, deed: Deed) -> None:
    steward = cast.steward()
    village = steward.village_roles.get().village_id
    item = started({"name": "核实", "who": {"role": "steward"}, "how": "any"}, village=village)
    assert "approve" in abilities.of(item, steward) and "paper" not in abilities.of(item, steward)


def test_a_sheet_without_its_scan_is_refused(cast: Cast, client_for: Browser, deed: Deed) -> None:
    one, steward = cast.committee(), cast.steward()
    step = {"name": "审核", "who": {"role": "committee"}, "how": "all"}
    item = started(step, village=one.village_roles.get().village_id)
    words = {f"verdict_{one.pk}": "approve", "signed_on": clock.today()}
    answer = client_for(steward).post(f"/village/work/{item.pk}/paper/", words)
    assert answer.status_code == 422 and "请上传" in text(answer)
    assert deed.told == []


def test_what_rests_stands_in_a_list_with_who_and_until_when(cast: Cast, client_for: Browser, deed: Deed) -> None:
    browser, item = client_for(cast.officer("陈经办")), started()
    assert "没有暂停的事项" in text(browser.get(f"{WORK}?tab=resting"))
    press(browser, item, "suspend", reason="等照片")
    assert "没有等您办的事" in text(browser.get(WORK))
    shown = text(browser.get(f"{WORK}?tab=resting"))
    assert "张三 打扫公共场所1" in shown and "陈经办暂停" in shown and "没有定恢复的日子" in shown
    assert "张三 打扫公共场所1" in text(client_for(cast.admin()).get(f"{WORK}?tab=resting"))
    press(browser, item, "wake")
    assert "张三 打扫公共场所1" not in text(browser.get(f"{WORK}?tab=resting"))


def test_who_delegated_her_work_reads_what_went_to_her_delegate(
    cast: Cast, client_for: Browser, api_client: Browser, deed: Deed
) -> None:
    giver, other = cast.committee(), cast.steward(name="吴管理")
    village, now = giver.village_roles.get().village_id, clock.now()
    services.delegate(
        giver=giver.pk, receiver=other.pk, from_at=now, until_at=now + timedelta(days=3), by=Actor.of(giver)
    )
    item = started({"name": "核实", "who": {"users": [giver.pk]}}, village=village)
    page = client_for(giver).get(f"/village/work/{item.pk}/")
    assert page.status_code == 200 and "吴管理" in text(page)
    told = api_client(giver).get(f"/api/v1/approval-items/{item.pk}/")
    assert (told.status_code, told.json()["may"]) == (200, [])
    assert client_for(cast.supervisor(name="外人")).get(f"/village/work/{item.pk}/").status_code in (403, 404)
