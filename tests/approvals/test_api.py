"""The API: items, flows and delegations as programs meet them. Who may do what: ``test_table``."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from jifen.approvals.models import Delegation, Flow, Item
from jifen.kernel import clock
from tests.approvals.deeds import ADMIN, Deed, started
from tests.cast import Cast

Api = Callable[..., Any]
ITEMS = "/api/v1/approval-items/"
FLOWS = "/api/v1/approval-flows/"
BODY: dict[str, dict[str, Any]] = {
    "return": {"reason": "重写", "to": "starter"}, "reject": {"reason": "不实"}, "comment": {"text": "好"},
    "suspend": {"reason": "等雨停"},
}  # fmt: skip


def path(item: Item, name: str) -> str:
    return f"{ITEMS}{item.pk}/{name.replace('_', '-')}/"


def person(cast: Cast, role: str) -> Any:
    if role == "nobody":
        return None
    return cast.villager(cast.household(name="赵六")) if role == "villager" else getattr(cast, role)()


@pytest.mark.parametrize("name", ["approve", "reject", "return", "claim", "comment", "suspend"])
def test_who_has_the_work_may(cast: Cast, deed: Deed, api_client: Api, name: str) -> None:
    chen, zhou = cast.officer(), cast.admin()
    cast.officer("李经办")
    item = started(by=zhou)
    answer = api_client(chen).post(path(item, name), BODY.get(name, {}), format="json")
    assert answer.status_code == 200, answer.content.decode()
    assert answer.json()["id"] == item.pk


def test_the_same_key_decides_once(cast: Cast, deed: Deed, api_client: Api) -> None:
    item, program = started(), api_client(cast.officer())
    answers = [program.post(path(item, "approve"), {}, format="json", HTTP_IDEMPOTENCY_KEY="k1") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert deed.told == [("approved", 1)]


def test_an_item_tells_where_it_stands_and_what_the_caller_may(cast: Cast, deed: Deed, api_client: Api) -> None:
    chen, item = cast.officer(), started()
    told = api_client(chen).get(f"{ITEMS}{item.pk}/").json()
    assert (told["title"], told["state"], told["stages"][0]["name"]) == ("张三 打扫公共场所1", "open", "经办")
    assert told["stages"][0]["people"][0]["user_id"] == chen.pk and "approve" in told["may"]
    words = api_client(chen).get(path(item, "words")).json()["results"]
    assert [word["kind"] for word in words] == ["start"]


def test_the_list_holds_what_waits_for_the_caller(cast: Cast, deed: Deed, api_client: Api) -> None:
    chen, zhou = cast.officer(), cast.admin()
    started(subject=1)
    started(ADMIN, subject=2)
    ids = [row["subject_id"] for row in api_client(chen).get(f"{ITEMS}?waiting=1").json()["results"]]
    assert ids == [1]
    assert [row["subject_id"] for row in api_client(zhou).get(f"{ITEMS}?waiting=1").json()["results"]] == [2]
    assert api_client(cast.steward()).get(ITEMS).json()["results"] == []


def test_many_are_decided_each_by_itself(cast: Cast, deed: Deed, api_client: Api) -> None:
    chen = cast.officer()
    one, other = started(subject=1), started(ADMIN, subject=2)
    body = {"items": [one.pk, other.pk, 999], "verdict": "approve"}
    rows = api_client(chen).post(f"{ITEMS}decide/", body, format="json").json()
    told = [(row["item"], row["done"], row["code"]) for row in rows]
    assert told == [(one.pk, True, ""), (other.pk, False, "approval_not_yours"), (999, False, "not_found")]


def test_what_the_caller_does_not_see_is_answered_as_what_is_not_there(cast: Cast, deed: Deed, api_client: Api) -> None:
    one = started({"name": "核实", "who": {"role": "steward"}}, village=cast.village().pk)
    far = cast.steward(cast.village("李家村"), name="孙管理")
    body = {"items": [999, one.pk, 999], "verdict": "approve"}
    rows = api_client(far).post(f"{ITEMS}decide/", body, format="json").json()
    assert [(row["item"], row["code"]) for row in rows] == [(999, "not_found"), (one.pk, "not_found")]
    assert all(row["detail"] for row in rows) and deed.told == []


def test_a_version_is_saved_looked_at_and_put_in_force(cast: Cast, deed: Deed, api_client: Api) -> None:
    cast.officer()
    item, program = started(), api_client(cast.admin())
    made = program.post(FLOWS, {"subject_kind": "deed", "steps": [ADMIN]}, format="json")
    assert (made.status_code, made.json()["in_force"]) == (201, False)
    address = f"{FLOWS}{made.json()['id']}/"
    [landing] = program.get(f"{address}preview/").json()
    assert (landing["item"], landing["steps"], landing["can_move"]) == (item.pk, ["主任"], True)
    assert program.get(f"{address}concerns/").json() == []
    assert program.post(f"{address}activate/", {"running": "move"}, format="json").json()["in_force"]
    item.refresh_from_db()
    assert item.flow.version == 2


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"subject_kind": "deed", "steps": []}, "approval_steps_wrong"),
        ({"subject_kind": "deed"}, "approval_steps_wrong"),
        ({"subject_kind": "deed", "yaml": "kind: deed\nsteps:\n  - name: 一\n"}, "approval_file_wrong"),
        ({"subject_kind": "nothing", "steps": [ADMIN]}, "not_found"),
    ],
)
def test_a_wrong_flow_is_refused(cast: Cast, deed: Deed, api_client: Api, body: dict[str, Any], code: str) -> None:
    answer = api_client(cast.admin()).post(FLOWS, body, format="json")
    assert answer.json()["code"] == code
    assert not Flow.objects.filter(subject_kind="deed").exists()


@pytest.mark.parametrize(("role", "status"), [("officer", 403), ("steward", 403), ("villager", 403), ("nobody", 401)])
def test_flows_are_the_administrators(cast: Cast, deed: Deed, api_client: Api, role: str, status: int) -> None:
    started()
    program = api_client(person(cast, role))
    flow = Flow.objects.get(subject_kind="deed")
    assert program.post(FLOWS, {"subject_kind": "deed", "steps": [ADMIN]}, format="json").status_code == status
    assert program.post(f"{FLOWS}{flow.pk}/activate/", {"running": "move"}, format="json").status_code == status
    assert program.get(FLOWS).status_code == (200 if role == "officer" else status)
    assert program.post("/api/v1/approval-hand-overs/", {"giver": 1, "receiver": 2}).status_code == status


def test_a_delegation_that_would_do_nothing_is_refused(cast: Cast, deed: Deed, api_client: Api) -> None:
    chen, li, now = cast.officer(), cast.admin(), clock.now()
    terms = {"receiver": li.pk, "from_at": now, "until_at": now + timedelta(days=2), "subject_kind": "review"}
    refused = api_client(chen).post("/api/v1/approval-delegations/", terms, format="json")
    assert (refused.status_code, refused.json()["code"]) == (409, "approval_delegation_vain")
    assert "登记替补" in refused.json()["detail"] and not Delegation.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "field", "code"),
    [
        ({"subject_kind": "bogus"}, "subject_kind", "approval_delegation_kind_unknown"),
        ({"until_at": "2020-01-01T00:00:00+08:00"}, "until_at", "approval_delegation_dates"),
    ],
)
def test_a_wrong_delegation_is_refused_at_its_field(
    cast: Cast, deed: Deed, api_client: Api, wrong: dict[str, str], field: str, code: str
) -> None:
    chen, li, now = cast.officer(), cast.admin(), clock.now()
    terms = {"receiver": li.pk, "from_at": now, "until_at": now + timedelta(days=2)} | wrong
    refused = api_client(chen).post("/api/v1/approval-delegations/", terms, format="json")
    assert (refused.status_code, refused.json()["code"]) == (422, code)
    assert field in str(refused.json()) and not Delegation.objects.exists()


def test_a_delegation_is_given_and_taken_back_by_its_giver(cast: Cast, deed: Deed, api_client: Api) -> None:
    chen, li, now = cast.officer(), cast.admin(), clock.now()
    terms = {"receiver": li.pk, "from_at": now, "until_at": now + timedelta(days=2)}
    made = api_client(chen).post("/api/v1/approval-delegations/", terms, format="json")
    assert made.status_code == 201
    address = f"/api/v1/approval-delegations/{made.json()['id']}/revoke/"
    assert api_client(li).post(address).status_code == 404
    assert api_client(chen).post(address).json()["revoked_at"]
    assert api_client(chen).post(address).status_code == 409
