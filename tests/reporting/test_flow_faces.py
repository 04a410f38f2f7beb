"""Objections and notices in a flow, by page and by program."""

from collections.abc import Callable
from typing import Any

import pytest

from jifen.accounts.models import User
from reporting.models import Notice, NoticeDraft, Objection
from scoring.models import Posting
from tenants.community.models import Household
from tests.cast import Cast, head_of
from tests.reporting import months
from tests.reporting.flows import COMMITTEE, OFFICE, choose, item, say
from tests.reporting.test_objection_flow import JULY, raised

Clients = Callable[..., Any]


@pytest.fixture
def home(cast: Cast) -> Household:
    months.set_up("seed_001")
    for make, name in ((cast.committee, "吴委员"), (cast.officer, "陈经办"), (cast.steward, "王管理")):
        make(name=name)
    choose("objection", COMMITTEE, OFFICE)
    choose("notice", {**COMMITTEE, "name": "委员会核对"})
    found = cast.household(name="赵六", number="0001")
    months.deed(found, "志愿", JULY, facts={"quantity": "2"})
    months.post(found.village, JULY)
    return found


@pytest.fixture
def objection(home: Household) -> Objection:
    return raised(home, Posting.objects.filter(cause="declaration").latest("pk"))


def account(name: str) -> User:
    return User.objects.get(display_name=name)


def text(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer.status_code
    return str(answer.content.decode())


def test_the_desk_asks_for_an_opinion_only_at_ones_turn(objection: Objection, client_for: Clients) -> None:
    first, second = client_for(account("吴委员")), client_for(account("陈经办"))
    here, there = f"/village/objections/{objection.pk}/", f"/office/objections/{objection.pk}/"
    assert "提交意见" in text(first.get(here)) and "提交意见" not in text(second.get(there))
    answer = first.post(here, {"verdict": "upheld", "finding": "查了签到表"}, follow=True)
    assert "您的意见已经记下" in text(answer)
    shown = text(second.get(there))
    assert "查了签到表" in shown and "镇里核定" in shown
    assert "答复已经记下" in text(second.post(there, {"verdict": "upheld", "finding": "核定"}, follow=True))
    assert Objection.objects.get().state == "upheld"


def test_an_objectors_own_page_shows_no_flow(objection: Objection, home: Household, client_for: Clients) -> None:
    villager = client_for(Cast().account(head_of(home)))
    shown = text(villager.get(f"/objections/{objection.pk}/"))
    assert "正在调查核实" in shown and "核实中" in shown and "吴委员" not in shown


def test_a_steward_sees_where_it_stands_and_nothing_of_it(objection: Objection, client_for: Clients) -> None:
    shown = text(client_for(account("王管理")).get(f"/village/objections/{objection.pk}/"))
    assert "村里核实" in shown and "内容保密" in shown and "不对。" not in shown and "赵六" not in shown


def test_by_program_the_answer_is_refused_and_the_opinion_counts(objection: Objection, api_client: Clients) -> None:
    program = api_client(account("吴委员"))
    address = f"/api/v1/objections/{objection.pk}/"
    said = {"upheld": False, "finding": "记得对"}
    refused = program.post(f"{address}answer/", said)
    assert (refused.status_code, refused.json()["code"]) == (409, "objection_in_flow")
    assert program.post(f"{address}opinion/", said).json()["state"] == "dismissed"
    assert program.post(f"{address}opinion/", said).json()["code"] == "objection_answered"


def test_the_item_page_shows_no_objectors_words_to_the_admin(
    objection: Objection, client_for: Clients, cast: Cast
) -> None:
    say("吴委员", reason="赵六家那笔查了")
    shown = text(client_for(cast.admin()).get(f"/office/work/{item().pk}/"))
    assert objection.number in shown and "赵六" not in shown and "不对。" not in shown


def test_a_notice_is_sent_from_the_page_and_hangs_when_approved(home: Household, client_for: Clients) -> None:
    steward = client_for(account("王管理"))
    assert "送审" in text(steward.get("/village/notices/"))
    sent = steward.post("/village/notices/publish/", {"place": str(home.village_id), "period": "2026Q3"}, follow=True)
    assert "还没有张贴" in text(sent) and "委员会核对" in text(sent)
    assert "送审中" in text(steward.get("/village/notices/"))
    say("吴委员", "reject", "志愿服务少记了一次")
    draft = NoticeDraft.objects.get()
    page = text(steward.get(f"/village/notices/drafts/{draft.pk}/"))
    assert "志愿服务少记了一次" in page and "重新生成并送审" in page
    again = steward.post(f"/village/notices/drafts/{draft.pk}/send/", follow=True)
    assert "第2稿" in text(again)
    say("吴委员")
    assert "看公示" in text(steward.get(f"/village/notices/drafts/{NoticeDraft.objects.latest('pk').pk}/"))


def test_drafts_by_program(home: Household, api_client: Clients) -> None:
    program = api_client(account("王管理"))
    wish = {"village": home.village_id, "year": 2026, "quarter": 3}
    refused = program.post("/api/v1/notices/", wish)
    assert (refused.status_code, refused.json()["code"]) == (409, "notice_in_flow")
    made = program.post("/api/v1/notice-drafts/", wish)
    assert (made.status_code, made.json()["waits_at"]) == (201, "委员会核对")
    whole = program.get(f"/api/v1/notice-drafts/{made.json()['id']}/").json()
    assert whole["content"]["changes"] and "posting" not in whole["content"]["changes"][0]
    say("吴委员")
    [row] = program.get("/api/v1/notice-drafts/").json()["results"]
    assert (row["state"], row["notice"]) == ("published", Notice.objects.get().pk)


def test_another_villages_draft_does_not_exist(
    home: Household, cast: Cast, client_for: Clients, api_client: Clients
) -> None:
    wish = {"village": home.village_id, "year": 2026, "quarter": 3}
    made = api_client(account("王管理")).post("/api/v1/notice-drafts/", wish).json()
    stranger = cast.steward(cast.village("东升村"), name="孙管理")
    other, program = client_for(stranger), api_client(stranger)
    assert other.get(f"/village/notices/drafts/{made['id']}/").status_code == 404
    assert program.get(f"/api/v1/notice-drafts/{made['id']}/").status_code == 404
    assert other.post(f"/village/notices/drafts/{made['id']}/send/").status_code == 404
