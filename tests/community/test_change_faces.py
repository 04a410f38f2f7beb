"""Changes of the roster on pages and for programs: what is done, what waits, and whose it is (I13)."""

from collections.abc import Callable
from typing import Any

import pytest

from jifen.approvals import services
from jifen.approvals.models import Item
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM
from jifen.kernel.tenancy import entered
from tenants.community import selectors
from tenants.community.models import Household, HouseholdMember, RosterChange
from tenants.community.roster import import_file
from tenants.models import Town
from tests.cast import Cast, actor, head_of
from tests.community.test_roster import row, workbook

Faces = Callable[..., Any]
URL = "/api/v1/roster-changes/"
OFFICER = {"name": "经办确认", "who": {"role": "town_officer"}}


@pytest.fixture
def home(cast: Cast) -> Household:
    return cast.household(number="01001")


def flow() -> None:
    services.install(subject_kind="roster_change", steps=[OFFICER], by=SYSTEM)


def names(home: Household) -> set[str]:
    return {row.resident.name for row in selectors.members_on(home, clock.today())}


PAGE = "/village/households/01001/"


@pytest.mark.parametrize("kind", ["member_out", "member_in", "head", "split", "identity"])
def test_every_kind_has_its_page(cast: Cast, home: Household, client_for: Faces, kind: str) -> None:
    cast.member(home)
    answer = client_for(cast.steward()).get(f"{PAGE}changes/{kind}/")
    assert (answer.status_code == 200 and "张小花" in answer.text) or kind == "member_in"


def test_a_household_splits_on_its_page(cast: Cast, home: Household, client_for: Faces) -> None:
    son, steward = cast.member(home, "张小强"), client_for(cast.steward())
    terms = {"members": [son.pk], "head": son.pk, "number": "01002", "group": 2}
    assert steward.post(f"{PAGE}changes/split/", terms).url == PAGE
    assert "分户" in steward.get(PAGE).text
    wrong = steward.post(f"{PAGE}changes/split/", {**terms, "head": home.head_id})
    assert wrong.status_code == 422 and "从他们当中选一位新户主" in wrong.text


def test_somebody_moves_over_from_another_household(cast: Cast, home: Household, client_for: Faces) -> None:
    cast.member(cast.household(number="01009", name="王五"), "王小妹")
    steward = client_for(cast.steward())
    wrong = steward.post(f"{PAGE}changes/member_in/", {"number": "01009", "name": "王大妹", "relation": "儿媳"})
    assert wrong.status_code == 422 and "01009户里没有" in wrong.text
    steward.post(f"{PAGE}changes/member_in/", {"number": "01009", "name": "王小妹", "relation": "儿媳"})
    assert HouseholdMember.objects.filter(household=home, resident__name="王小妹").exists()


def test_where_a_flow_decides_the_page_shows_where_it_stands(cast: Cast, home: Household, client_for: Faces) -> None:
    steward, chen = client_for(cast.steward()), client_for(cast.officer())
    flow()
    steward.post(PAGE, {"deed": "member", "name": "李四", "relation": "配偶", "phone": "13912345678"})
    change, item = RosterChange.objects.get(), Item.objects.get()
    assert names(home) == {"张三"} and "待批准" in steward.get(PAGE).text
    page = steward.get(f"/village/roster-changes/{change.pk}/").text
    assert f"/village/work/{item.pk}/" in page and "139****5678" in page and "13912345678" not in page
    assert f"/office/roster-changes/{change.pk}/" in chen.get(f"/office/work/{item.pk}/").text
    chen.post(f"/office/work/{item.pk}/approve/", {"step": "经办确认"})
    assert names(home) == {"张三", "李四"}
    assert "已生效" in steward.get("/village/roster-changes/?state=done").text


def test_who_asked_withdraws_on_the_page(cast: Cast, home: Household, client_for: Faces) -> None:
    steward = client_for(cast.steward())
    flow()
    steward.post(f"{PAGE}leave/")
    change = RosterChange.objects.get()
    client_for(cast.officer()).post(f"/office/roster-changes/{change.pk}/")
    change.refresh_from_db()
    assert change.state == "asked"
    steward.post(f"/village/roster-changes/{change.pk}/")
    change.refresh_from_db()
    assert (change.state, selectors.is_joined(home, clock.today())) == ("withdrawn", True)


def test_programs_change_at_once_or_ask(cast: Cast, home: Household, api_client: Faces) -> None:
    steward, daughter = api_client(cast.steward()), cast.member(home)
    terms = {"household": "01001", "kind": "head", "resident": daughter.pk, "relation": "父"}
    made = steward.post(URL, terms)
    assert (made.status_code, made.json()["state"], made.json()["item"]) == (201, "done", None)
    flow()
    asked = steward.post(URL, {**terms, "resident": home.head_id, "relation": "女"})
    assert (asked.status_code, asked.json()["state"], asked.json()["item"]) == (202, "asked", Item.objects.get().pk)
    assert steward.post(f"{URL}{asked.json()['id']}/withdraw/").json()["state"] == "withdrawn"
    assert len(steward.get(URL).json()["results"]) == 2


def test_the_usual_calls_start_an_item(cast: Cast, home: Household, api_client: Faces) -> None:
    steward, out = api_client(cast.steward()), cast.household(number="01002", joined=False)
    flow()
    today = clock.today().isoformat()
    paper = steward.post("/api/v1/applications/", {"household": "01002", "applicant": out.head_id, "on": today}).json()
    answers = [
        steward.post("/api/v1/residents/", {"household": "01001", "name": "李四", "relation": "配偶"}),
        steward.post(f"/api/v1/applications/{paper['id']}/join/", {"on": today}),
        steward.post("/api/v1/households/01001/leave/", {"on": today}),
    ]
    assert [(one.status_code, one.json()["kind"]) for one in answers] == [
        (202, "member_in"), (202, "join"), (202, "leave"),
    ]  # fmt: skip
    assert Item.objects.count() == 3 and names(home) == {"张三"}


@pytest.mark.parametrize("kind", ["member_out", "head", "split", "identity", "nothing"])
def test_what_is_left_out_is_named(cast: Cast, home: Household, api_client: Faces, kind: str) -> None:
    answer = api_client(cast.steward()).post(URL, {"household": "01001", "kind": kind})
    assert answer.status_code == 422
    assert answer.json()["field"] == {"split": "members", "nothing": "kind"}.get(kind, "resident")
    assert not RosterChange.objects.exists()


def test_another_villages_and_another_towns_do_not_exist(
    cast: Cast, home: Household, api_client: Faces, client_for: Faces, other_town: Town
) -> None:
    api_client(cast.steward()).post(URL, {"household": "01001", "kind": "identity", "resident": home.head_id,
                                         "name": "张叁"})  # fmt: skip
    change = RosterChange.objects.get()
    far = cast.steward(cast.village("白江洞村"), name="钱管理")
    assert api_client(far).get(f"{URL}{change.pk}/").status_code == 404
    assert client_for(far).get(f"/village/roster-changes/{change.pk}/").status_code == 404
    assert api_client(far).post(URL, {"household": "01001", "kind": "head", "resident": 1}).status_code == 404
    with entered(other_town.schema_name):
        assert api_client(cast.admin()).get(f"{URL}{change.pk}/").status_code == 404


def test_a_reader_changes_nothing(cast: Cast, home: Household, api_client: Faces, client_for: Faces) -> None:
    li = cast.committee()
    terms = {"household": "01001", "kind": "identity", "resident": home.head_id, "name": "张叁"}
    assert api_client(li).post(URL, terms).status_code == 403
    assert client_for(li).get(f"{PAGE}changes/head/").status_code == 403
    assert head_of(home).name == "张三"


def test_a_workbook_does_not_go_round_the_flow(cast: Cast, home: Household) -> None:
    steward = cast.steward()
    flow()
    lines = [
        row(户号="01001", 姓名="张三"),
        row(户号="01001", 姓名="李四", 与户主关系="配偶"),
        row(户号="01002", 姓名="王五"),
    ]
    body = workbook(*lines)
    result = import_file(body=body, name="名册.xlsx", village=cast.village(), by=actor(steward))
    assert (result.households, result.residents) == (1, 1)
    [problem] = result.problems
    assert problem.row == 3 and "要经审批" in problem.message
    assert names(home) == {"张三"}
