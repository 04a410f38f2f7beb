"""The same for programs: drafts, versions, a village's decision, and who may not."""

from collections.abc import Callable
from typing import Any

import pytest

from jifen.kernel.actors import Actor
from scoring import policies
from scoring.models import Draft, RulebookVersion
from scoring.services import versions
from tests.clients import ApiClient
from tests.scoring.desk import MONTH, NOW, RULES, photo
from tests.scoring.rulebooks import LATER, Office

Clients = Callable[..., ApiClient]
DRAFTS = "/api/v1/rulebook-drafts/"
VILLAGE_DRAFTS = "/api/v1/village-rulebook-drafts/"


@pytest.fixture
def admin(office: Office, api_client: Clients) -> ApiClient:
    return api_client(office.desk.cast.admin("钱主任"))


@pytest.fixture
def steward(office: Office, api_client: Clients) -> ApiClient:
    return api_client(office.desk.steward)


def post(client: ApiClient, path: str, **data: Any) -> Any:
    return client.post(path, data, format="json")


def test_a_town_s_program_drafts_checks_and_hands_in(admin: ApiClient) -> None:
    made = post(admin, DRAFTS, start="current")
    assert made.status_code == 201 and len(made.json()["lines"]) == len(RULES)
    one = f"{DRAFTS}{made.json()['id']}/"
    body = made.json()["lines"][0]["item"]["body"] | {"amount": {"kind": "fixed", "points": "3"}}
    assert post(admin, f"{one}save/", code="tidy", revision=1, body=body).json()["revision"] == 2
    assert admin.get(f"{one}difference/").json()[0]["text"] == "“庭院整洁”：分值原来+2分，现在+3分。"
    assert post(admin, f"{one}check/").json()["state"] == "checked"
    assert post(admin, f"{one}waive-trial/", revision=1, reason="新开的镇没有往年登记").status_code == 200
    version = post(admin, f"{one}submit/", effective_from=str(LATER), resolution="镇政发〔2026〕3号")
    assert version.json()["state"] == "submitted"


def test_a_program_is_told_who_was_quicker(admin: ApiClient, office: Office) -> None:
    draft = office.town_draft()
    office.price(draft)
    answer = post(admin, f"{DRAFTS}{draft.pk}/save/", code="tidy", revision=1, body={})
    assert (answer.status_code, answer.json()["code"]) == (409, "item_changed")
    assert answer.json()["data"]["name"] == "周主任" and answer.json()["data"]["revision"] == 2


def test_every_act_on_items_and_settings_has_its_call(admin: ApiClient) -> None:
    one = f"{DRAFTS}{post(admin, DRAFTS).json()['id']}/"
    assert post(admin, f"{one}add/", body={"title": "新条目"}).json()["code"] == "item-1"
    assert post(admin, f"{one}move/", code="item-1", before="tidy").json()["lines"][0]["code"] == "item-1"
    assert post(admin, f"{one}remove/", code="item-1", revision=1).json()["is_removed"] is True
    assert post(admin, f"{one}restore/", code="item-1", revision=2).json()["revision"] == 3
    assert post(admin, f"{one}switch/", code="tidy", revision=1, on=False).json()["body"]["active"] is False
    saved = post(admin, f"{one}settings/", revision=0, title="二〇二七年修订", bounds={"slots": {"number": 3}})
    assert saved.json()["head_revision"] == 1
    assert "“新条目”：分值没有填" in [row["text"] for row in admin.get(one).json()["problems"]]
    assert post(admin, f"{one}discard/").json()["state"] == "discarded"


def test_a_village_s_program_adapts_resolves_and_hands_in(steward: ApiClient, office: Office) -> None:
    one = f"{VILLAGE_DRAFTS}{post(steward, VILLAGE_DRAFTS, village=office.village.pk).json()['id']}/"
    change = {"kind": "amend", "values": {"amount": {"kind": "fixed", "points": 3}}}
    assert post(steward, f"{one}add/", code="tidy", body=change).status_code == 201
    post(steward, f"{one}check/")
    post(steward, f"{one}waive-trial/", revision=1, reason="新开的村没有往年登记")
    paper = photo("ready")
    type(paper).objects.filter(pk=paper.pk).update(**office.wang.columns())
    votes = {"members": 30, "present": 28, "votes_for": 25, "votes_against": 2, "votes_abstained": 1}
    told = {"meeting": "representatives", "held_on": str(NOW), "place": "村委会", "text": "同意", "minutes": paper.pk}
    assert post(steward, f"{one}resolve/", revision=1, **votes, **told).json()["is_passed"] is True
    assert post(steward, f"{one}deliberate/", step="representatives", held_on=str(NOW)).status_code == 201
    assert post(steward, f"{one}submit/", effective_from=str(LATER)).json()["state"] == "in_force"


def test_a_village_s_program_confirms_the_town_s_version(steward: ApiClient, office: Office) -> None:
    office.village_version(NOW)
    office.town_version(points=5)
    one = f"/api/v1/rulebook-adaptations/{office.pending().pk}/"
    assert [row["code"] for row in steward.get(one).json()["open"]] == ["tidy"]
    assert post(steward, f"{one}confirm/").json()["code"] == "conflicts_open"
    assert post(steward, f"{one}choose/", choices={"tidy": "own"}).json()["open"] == []
    assert post(steward, f"{one}confirm/").json()["effective_from"] == str(LATER)


def test_everybody_reads_what_is_and_was_in_force(office: Office, api_client: Clients) -> None:
    version = office.village_version()
    villager = api_client(office.desk.cast.villager(office.desk.zhang))
    assert len(villager.get("/api/v1/rulebook-versions/").json()["results"]) == 1
    own = villager.get(f"/api/v1/rulebook-versions/?village={office.village.pk}").json()["results"]
    assert [(row["id"], row["last_day"]) for row in own] == [(version.pk, None)]
    whole = villager.get(f"/api/v1/rulebook-versions/{version.pk}/").json()
    assert whole["overlay"]["changes"][0]["code"] == "tidy" and len(whole["rulebook"]["rules"]) == len(RULES)
    lines = villager.get(f"/api/v1/rulebook-versions/{version.pk}/difference/").json()
    assert [line["text"] for line in lines] == ["“庭院整洁”：分值原来+2分，现在+3分。"]


def test_a_version_is_dated_extended_and_withdrawn_by_call(admin: ApiClient, office: Office) -> None:
    office.desk.record()
    version = office.submit(office.ready(office.town_draft()), MONTH)
    office.desk.post()
    versions.approve(version=version, by=office.zhou)
    one = f"/api/v1/town-rulebook-versions/{version.pk}/"
    assert post(admin, f"{one}put-in-force/", effective_from=str(MONTH)).json()["code"] == "month_closed"
    assert post(admin, f"{one}put-in-force/", effective_from=str(LATER)).json()["state"] == "in_force"
    assert post(admin, f"{one}extend/", until=str(LATER), resolution="依据").json()["code"] == "nothing_to_extend"
    assert post(admin, f"{one}withdraw/", reason="发现笔误,重新修订").json()["state"] == "withdrawn"


def test_templates_are_offered_to_the_town(admin: ApiClient) -> None:
    assert {"template:seed_000", "template:seed_003"} <= {
        row["start"] for row in admin.get("/api/v1/rule-templates/").json()
    }
    assert admin.get("/api/v1/rule-templates/newer/").status_code == 404


def test_another_village_s_drafts_and_the_town_s_do_not_exist(office: Office, api_client: Clients) -> None:
    draft, town = office.village_draft(), office.town_draft()
    stranger = api_client(office.desk.cast.steward(office.desk.cast.village("东风村"), name="外村管理"))
    assert stranger.get(f"{VILLAGE_DRAFTS}{draft.pk}/").status_code == 404
    assert stranger.get(f"{VILLAGE_DRAFTS}{town.pk}/").status_code == 404
    assert stranger.get(f"{DRAFTS}{town.pk}/").status_code == 403
    refused = post(stranger, VILLAGE_DRAFTS, village=office.village.pk)
    assert refused.status_code == 404 and Draft.objects.count() == 2


def test_only_the_town_s_administrator_writes_the_town_s_rules(office: Office, api_client: Clients) -> None:
    for user in (office.desk.officer, office.desk.steward, office.desk.li):
        assert post(api_client(user), DRAFTS).status_code == 403
    committee = api_client(office.desk.li)
    assert post(committee, VILLAGE_DRAFTS, village=office.village.pk).status_code == 403
    assert not Draft.objects.exists() and RulebookVersion.objects.count() == 1
    assert Actor.of(office.desk.li).name == "李委员"


def test_what_is_being_decided_is_read_by_those_who_decide(office: Office, api_client: Clients) -> None:
    version = office.submit(office.ready(office.town_draft()))
    one = f"/api/v1/rulebook-versions/{version.pk}/"
    assert api_client(office.desk.officer).get(one).json()["state"] == "submitted"
    assert api_client(office.desk.steward).get(one).status_code == 404


def test_a_village_takes_back_what_it_handed_in_and_no_more(steward: ApiClient, office: Office) -> None:
    version = office.village_version(NOW)
    one = f"/api/v1/village-rulebook-versions/{version.pk}/withdraw/"
    assert post(steward, one, reason="不想执行这一版了").status_code == 404
    version.refresh_from_db()
    assert version.state == "in_force"


def test_a_program_moves_a_draft_to_the_town_s_newest_version(steward: ApiClient, office: Office) -> None:
    one = f"{VILLAGE_DRAFTS}{office.village_draft().pk}/"
    assert steward.get(f"{one}moved/").status_code == 404
    office.town_version(points=5)
    assert [row["code"] for row in steward.get(f"{one}moved/").json()["rows"]] == ["tidy"]
    assert post(steward, f"{one}rebase/").json()["base"] == RulebookVersion.objects.latest("pk").pk


def test_the_town_chooses_how_its_villages_adopt_rules(admin: ApiClient, office: Office, api_client: Clients) -> None:
    one = "/api/v1/rulebook-policy/"
    assert admin.get(one).json()["quorum"] == {"numerator": 2, "denominator": 3, "percent": None, "count": None} | {
        "more": False
    }
    sent = {"majority": {"percent": 60}, "consent": "consent"}
    assert admin.patch(one, sent, format="json").json()["majority"]["percent"] == 60
    assert policies.on(NOW).rules.consent == "consent" and policies.on(NOW).review.hearing_days == 0
    refused = admin.patch(one, {"quorum": {"numerator": 3, "denominator": 2}}, format="json")
    assert refused.status_code == 422 and "代表会议到会比例" in refused.json()["detail"]
    assert api_client(office.desk.officer).patch(one, sent, format="json").status_code == 403
    draft = office.village_draft()
    office.amend(draft)
    office.resolve(draft, present=30, votes_for=17, votes_against=13, votes_abstained=0)
    assert draft.resolutions.get().is_passed is False
