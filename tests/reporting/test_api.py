"""Notices and objections for programs."""

from collections.abc import Callable
from datetime import date

import pytest

from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM
from reporting.models import Notice, Objection
from reporting.services import notices
from scoring.models import Posting
from scoring.services import years
from tenants.community.models import Household
from tests.cast import Cast
from tests.clients import ApiClient
from tests.reporting import months

JULY = date(2026, 7, 6)
Clients = Callable[..., ApiClient]
QUARTER = {"year": 2026, "quarter": 3}


@pytest.fixture
def posting(cast: Cast) -> Posting:
    months.set_up("seed_000_003")
    home = cast.household(name="赵六", number="0001")
    deed = months.deed(home, "植树", JULY, facts={"quantity": "2"})
    months.post(home.village, JULY)
    return months.posting_of(deed)


@pytest.fixture
def home(posting: Posting) -> Household:
    return Household.objects.get(number="0001")


def test_the_office_publishes_and_villagers_read(api_client: Clients, cast: Cast, home: Household) -> None:
    made = api_client(cast.officer()).post("/api/v1/notices/", {**QUARTER, "village": home.village_id})
    assert made.status_code == 201
    whole = api_client(cast.villager(home)).get(f"/api/v1/notices/{made.json()['id']}/").json()
    [row] = whole["content"]["rankings"][0]["rows"]
    assert row == {"place": 1, "number": "0001", "group": "1组", "name": "", "points": "6"}


def test_the_same_key_publishes_once_and_answers_alike(api_client: Clients, cast: Cast, home: Household) -> None:
    client = api_client(cast.officer())
    data = {**QUARTER, "village": home.village_id}
    first, again = (client.post("/api/v1/notices/", data, HTTP_IDEMPOTENCY_KEY="one") for _ in range(2))
    assert first.json() == again.json()


def test_a_steward_does_not_publish_for_the_town(api_client: Clients, cast: Cast, home: Household) -> None:
    answer = api_client(cast.steward(home.village)).post("/api/v1/notices/", {**QUARTER, "village": None})
    assert answer.status_code == 403
    assert not Notice.objects.exists()


def test_a_quarter_that_is_not_over_is_a_conflict_with_a_code(api_client: Clients, cast: Cast, home: Household) -> None:
    today = clock.today()
    years.open_year(number=today.year, by=SYSTEM)
    now = {"year": today.year, "quarter": clock.quarter_of(today), "village": home.village_id}
    answer = api_client(cast.officer()).post("/api/v1/notices/", now)
    assert (answer.status_code, answer.json()["code"]) == (409, "quarter_not_over")


def test_a_villager_objects_and_the_committee_answers(
    api_client: Clients, cast: Cast, home: Household, posting: Posting
) -> None:
    member = api_client(cast.committee(home.village))
    asked = api_client(cast.villager(home)).post("/api/v1/own-objections/", {"posting": posting.pk, "text": "不对。"})
    assert asked.status_code == 201
    data = {"upheld": True, "finding": "登记有误。"}
    answer = member.post(f"/api/v1/objections/{asked.json()['id']}/answer/", data)
    assert (answer.status_code, answer.json()["state"]) == (200, "upheld")


def test_another_households_objections_are_not_hers(
    api_client: Clients, cast: Cast, home: Household, posting: Posting
) -> None:
    api_client(cast.villager(home)).post("/api/v1/own-objections/", {"posting": posting.pk, "text": "不对。"})
    neighbour = api_client(cast.villager(cast.household()))
    assert neighbour.get("/api/v1/own-objections/").json()["results"] == []
    assert neighbour.get(f"/api/v1/own-objections/{Objection.objects.get().pk}/").status_code == 404


def test_an_objection_to_nothing_is_refused(api_client: Clients, cast: Cast, home: Household) -> None:
    answer = api_client(cast.villager(home)).post("/api/v1/own-objections/", {"text": "都不对。"})
    assert (answer.status_code, answer.json()["code"]) == (422, "objection_of_nothing")


def test_the_list_of_notices_carries_no_content(api_client: Clients, cast: Cast, home: Household) -> None:
    notices.publish_quarter(village=home.village, by=SYSTEM, **QUARTER)
    [row] = api_client(cast.villager(home)).get("/api/v1/notices/").json()["results"]
    assert "content" not in row
