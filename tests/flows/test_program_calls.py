"""Calls for what only pages did: handing over, an activity's list, the card, the total, the handling of objections."""

from collections.abc import Callable
from typing import Any

import pytest

from jifen.inbox.models import Message
from jifen.inbox.services import tell
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM, Actor
from jifen.kernel.tenancy import entered
from reporting import policies
from scoring.rules import library
from scoring.services import activities
from tenants.community.models import HandOver, HouseholdTotal, VillageRole
from tenants.models import Town
from tests.cast import SINCE, Cast, head_of
from tests.scoring.desk import DAY, Desk

Api = Callable[..., Any]


@pytest.fixture
def desk(ready_desk: Desk) -> Desk:
    return ready_desk


def test_a_post_is_handed_over_by_program(cast: Cast, api_client: Api) -> None:
    giver, receiver, admin = cast.steward(), cast.villager(cast.household(name="李四")), api_client(cast.admin())
    held = admin.get(f"/api/v1/hand-overs/in-hand/{giver.pk}/").json()
    assert held["posts"] and held["work"] == {}
    sent = {"giver": giver.pk, "receiver": receiver.pk, "witness": "周镇长", "things": [{"what": "印章", "count": 1}]}
    made = admin.post("/api/v1/hand-overs/", sent)
    assert (made.status_code, made.json()["giver_name"]) == (201, "王管理")
    assert VillageRole.objects.get(to_date=None, role="steward").user == receiver
    paper = admin.get(f"/api/v1/hand-overs/{made.json()['id']}/paper/")
    assert paper.content.startswith(b"%PDF")
    assert admin.post("/api/v1/hand-overs/", sent).json()["code"] == "empty_hands"


def test_only_the_town_hands_over_and_only_its_own(cast: Cast, api_client: Api, other_town: Town) -> None:
    steward = cast.steward()
    sent = {"giver": steward.pk, "receiver": steward.pk, "witness": "周镇长"}
    assert api_client(steward).post("/api/v1/hand-overs/", sent).status_code == 403
    wrong = api_client(cast.admin()).post("/api/v1/hand-overs/", {**sent, "receiver": 999999})
    assert (wrong.status_code, wrong.json()["field"]) == (404, "receiver")
    with entered(other_town.schema_name):
        assert api_client(cast.admin()).get("/api/v1/hand-overs/").json()["results"] == []
    assert not HandOver.objects.exists()


def test_somebody_is_taken_off_the_list_of_an_activity(desk: Desk, api_client: Api) -> None:
    terms: dict[str, Any] = {"title": "清扫", "place": "村口", "happened_on": DAY, "facts": {}}
    rule = desk.rule_in_force("tidy")
    held = activities.open_activity(village=desk.village, rule=rule, **terms, by=desk.by)
    head = head_of(desk.zhang)
    activities.sign_by_hand(activity=held, residents=[head.pk], by=desk.by)
    steward, path = api_client(desk.steward), f"/api/v1/activities/{held.pk}/strike/"
    assert steward.post(path, {"resident": head.pk}).json()["present"] == 0
    assert steward.post(path, {"resident": head.pk}).json()["field"] == "resident"


def test_a_card_is_renewed_and_the_total_recorded(cast: Cast, api_client: Api) -> None:
    household, steward, admin = cast.household(), api_client(cast.steward()), api_client(cast.admin())
    old = household.card_secret
    assert steward.post(f"/api/v1/households/{household.number}/renew-card/").status_code == 200
    household.refresh_from_db()
    assert household.card_secret != old
    sent = {"as_of": clock.today().isoformat(), "total": 30, "source": "村委会统计"}
    assert admin.post(f"/api/v1/villages/{household.village_id}/total/", sent).status_code == 201
    assert HouseholdTotal.objects.get().total == 30


def test_how_objections_are_handled_is_set_from_tomorrow_on(cast: Cast, api_client: Api) -> None:
    section = library.load("seed_001").policy.model_dump(mode="json")
    policies.install(section=section, effective_from=SINCE, by=SYSTEM)
    admin, path = api_client(cast.admin()), "/api/v1/objection-handling/"
    terms = {"answer_days": 7, "town_answer_days": 15, "appeal_days": 5, "investigated_by": ["committee", "town"]}
    assert admin.put(path, terms).json() == admin.get(path).json()
    tomorrow = policies.on(clock.today().fromordinal(clock.today().toordinal() + 1))
    assert (tomorrow.answer_days, tomorrow.bodies) == (7, ("committee", "town"))
    assert api_client(cast.steward()).put(path, terms).status_code == 403


def test_all_messages_are_read_and_a_channel_is_silenced(cast: Cast, api_client: Api) -> None:
    admin = cast.admin()
    tell(users=[admin.pk], kind="post", title="一", key="1")
    assert api_client(admin).post("/api/v1/messages/read-all/").json() == {"read": 1}
    assert Message.objects.exclude(read_at=None).count() == 1
    sent = {"name": "群", "address": "dingtalk://token", "audience": "office", "every_minutes": 60}
    made = api_client(admin).post("/api/v1/channels/", sent).json()
    path = f"/api/v1/channels/{made['id']}"
    assert api_client(admin).post(f"{path}/try-out/").status_code == 200
    assert api_client(admin).post(f"{path}/switch/", {"on": False}).json()["is_active"] is False
    assert Actor.of(admin).name == "周主任"
