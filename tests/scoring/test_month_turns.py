"""The town's month under a flow: where each village's stands, whose turn it is, all that are hers in one act."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from jifen.approvals import selectors, services
from jifen.kernel.actors import SYSTEM, Actor
from scoring.models import Filing
from scoring.selectors.months import month_board
from scoring.services import filings, reviews
from tests.questions import asked
from tests.scoring.desk import MONTH, Desk

Browser = Callable[..., Any]
HERE = {"month": f"{MONTH:%Y-%m}"}
STEPS = [
    {"name": "镇级办公室", "who": {"role": "town_officer"}},
    {"name": "审定工作组", "who": {"role": "town_admin"}},
]


@pytest.fixture
def flowing(desk: Desk) -> Desk:
    """The town confirms by two steps; two villages have sent their month."""
    desk.choose(after="confirmation")
    services.install(subject_kind="filing", steps=STEPS, by=SYSTEM)
    desk.record("tidy")
    desk.decide_all(desk.sheet())
    other(desk)
    return desk


def other(desk: Desk, name: str = "李家村") -> Filing:
    """Another village's month, with nothing on it."""
    village = desk.cast.village(name)
    member = desk.cast.committee(village, name=f"{name}委员")
    sheet = reviews.open_month(village=village, month=MONTH, by=SYSTEM)
    role = member.village_roles.get()
    reviews.sign(review=sheet, role=role, by=Actor.of(member))
    return reviews.close(review=sheet, by=Actor.of(member))


def rest(name: str, desk: Desk) -> None:
    """The village's month rests."""
    item = selectors.open_item("filing", Filing.objects.get(review__village__name=name).pk)
    assert item is not None
    services.suspend(item=item, reason="等补材料", by=Actor.of(desk.officer))


def test_what_rests_is_named_and_the_others_go_on(flowing: Desk, client_for: Browser, api_client: Browser) -> None:
    rest("李家村", flowing)
    told = client_for(flowing.officer).post(reverse("scoring:receive_all"), HERE, follow=True)
    assert told.status_code == 200 and "1个村已记下您的意见，转到下一步。" in told.text
    assert "李家村没有办：这件事现在是“已暂停”" in told.text
    answer = api_client(flowing.officer).post("/api/v1/filings/receive/", {"month": MONTH.isoformat()}).json()
    assert (answer["answered"], answer["passed_on"], answer["elsewhere"]) == (0, 0, 1)
    [refused] = answer["refused"]
    assert (refused["village_name"], refused["code"]) == ("李家村", "approval_not_open")


def test_each_month_says_its_step_and_who_is_asked(flowing: Desk, client_for: Browser) -> None:
    rest("李家村", flowing)
    page = client_for(flowing.officer).get(reverse("scoring:months"), HERE).text
    assert "<strong>镇级办公室</strong>：陈经办" in page and "<strong>已暂停</strong>" in page
    assert "1个村的" in page and "等您审定" in page and "其中1村等您办" in page


def test_whose_turn_it_is_not_has_no_button(flowing: Desk, client_for: Browser, api_client: Browser) -> None:
    admin = flowing.cast.admin()
    page = client_for(admin).get(reverse("scoring:months"), HERE)
    assert page.context["waiting"] == [] and "全部审定" not in page.text and 'name="filing"' not in page.text
    sheet = client_for(admin).get(reverse("scoring:filing", args=[Filing.objects.earliest("pk").pk])).text
    assert "整表退回" not in sheet and "陈经办" in sheet
    cells = api_client(admin).get(f"/api/v1/months/{MONTH:%Y-%m}/").json()
    assert [(one["step"], one["asked"], one["is_turn"]) for one in cells] == [("镇级办公室", "陈经办", False)] * 2


def test_nothing_waits_for_her_is_said_as_it_is(flowing: Desk, client_for: Browser) -> None:
    page = client_for(flowing.cast.admin()).post(reverse("scoring:receive_all"), HERE, follow=True).text
    assert "2个村现在不由您办理。" in page and "可能已经有人办过了" not in page


def test_the_next_in_turn_finds_them_all(flowing: Desk, client_for: Browser) -> None:
    admin = flowing.cast.admin()
    filings.receive_all(month=MONTH, by=Actor.of(flowing.officer))
    browser = client_for(admin)
    assert len(browser.get(reverse("scoring:months"), HERE).context["waiting"]) == 2
    assert "已办结2个村。" in browser.post(reverse("scoring:receive_all"), HERE, follow=True).text


def test_how_many_villages_there_are_costs_no_query(flowing: Desk) -> None:
    rest("李家村", flowing)
    month_board(MONTH, user=flowing.officer.pk)
    with asked() as two:
        cells = month_board(MONTH, user=flowing.officer.pk)
    for name in ("甲村", "乙村", "丙村"):
        other(flowing, name)
    with asked() as five:
        more = month_board(MONTH, user=flowing.officer.pk)
    assert (len(cells), len(more), len(five)) == (2, 5, len(two))
