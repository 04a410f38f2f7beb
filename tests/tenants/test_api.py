"""The provider's programs watch and suspend towns."""

from collections.abc import Callable
from typing import Any

import pytest

from jifen.accounts import services as accounts
from jifen.accounts.models import SiteRole, User
from jifen.clocks.models import Holiday
from jifen.kernel.actors import SYSTEM
from tenants.models import District, Provisioning, Town
from tests.clients import ApiClient

Api = Callable[..., ApiClient]


def provider() -> User:
    user = accounts.create(username="provider", display_name="平台值班", password=None, by=SYSTEM)
    accounts.grant_role(user=user, role=SiteRole.PROVIDER, by=SYSTEM)
    return user


def test_towns_are_listed_with_host_and_state(db: None, api_client: Api) -> None:
    [second, first] = api_client(provider()).get("/api/v1/towns/").json()["results"]
    assert (first["name"], first["hosts"], first["state"]) == ("树人镇", ["alpha.localhost"], "ready")
    assert second["district"] == "浦东新区"


def test_a_town_is_suspended_once_and_resumed(db: None, api_client: Api) -> None:
    api = api_client(provider())
    assert api.post("/api/v1/towns/310115101/suspend/").json()["state"] == "suspended"
    again = api.post("/api/v1/towns/310115101/suspend/")
    assert (again.status_code, again.json()["code"]) == (409, "town_state_wrong")
    assert api.post("/api/v1/towns/310115101/resume/").json()["state"] == "ready"


def test_nobody_else_reads_or_changes_towns(db: None, api_client: Api) -> None:
    other = accounts.create(username="other", display_name="别人", password=None, by=SYSTEM)
    assert api_client(other).get("/api/v1/towns/").status_code == 403
    assert api_client(other).post("/api/v1/towns/310115101/suspend/").status_code == 403
    assert api_client().get("/api/v1/towns/").status_code == 401
    assert Town.objects.get(code="310115101").state == "ready"


def test_a_towns_site_has_no_register_of_towns(town: Town, api_client: Api) -> None:
    assert api_client().get("/api/v1/towns/").status_code == 404


NEW: dict[str, Any] = {
    "name": "新月镇", "code": "310115109", "scheme_code": "seed_002", "host": "xinyue", "admin_name": "周主任",
    "villages": ["东村", "西村"],
}  # fmt: skip


def test_a_program_opens_a_town(db: None, api_client: Api) -> None:
    api = api_client(provider())
    made = api.post("/api/v1/towns/", NEW)
    assert (made.status_code, made.json()["state"], made.json()["district"]) == (201, "provisioning", "浦东新区")
    town = Town.objects.get(code="310115109")
    assert Provisioning.objects.get(town=town).request["villages"] == ["东村", "西村"]
    assert api.get("/api/v1/towns/310115109/").json()["hosts"] == ["xinyue.localhost"]
    assert api.post("/api/v1/towns/310115109/again/").status_code == 200
    assert api.post("/api/v1/towns/310115101/again/").json()["code"] == "town_state_wrong"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"code": "31011510"}, "code"), ({"host": "X!"}, "host"), ({"code": "999999109"}, "district"),
     ({"name": " "}, "name"),
     ({"scheme_code": "nonsense"}, "scheme_code"), ({"code": "99999x109", "district_name": "新区"}, "code")],
)  # fmt: skip
def test_a_wrong_opening_names_its_field_and_changes_nothing(
    db: None, api_client: Api, wrong: dict[str, str], field: str
) -> None:
    districts = District.objects.count()
    answer = api_client(provider()).post("/api/v1/towns/", NEW | wrong)
    assert (answer.json()["field"], 400 <= answer.status_code < 500) == (field, True)
    assert not Town.objects.filter(name="新月镇").exists() and District.objects.count() == districts


def test_a_district_comes_with_its_first_town(db: None, api_client: Api) -> None:
    made = api_client(provider()).post("/api/v1/towns/", NEW | {"code": "999999109", "district_name": "新区"})
    assert made.json()["district"] == "新区" and District.objects.get(code="999999").name == "新区"


def test_nobody_else_opens_a_town(db: None, api_client: Api) -> None:
    other = accounts.create(username="other", display_name="别人", password=None, by=SYSTEM)
    assert api_client(other).post("/api/v1/towns/", NEW).status_code == 403
    assert api_client(other).get("/api/v1/holidays/").status_code == 403


def test_a_program_keeps_the_holidays(db: None, api_client: Api) -> None:
    api, day = api_client(provider()), {"day": "2031-10-01", "is_off": True, "name": "国庆节"}
    made = api.post("/api/v1/holidays/", day)
    assert made.status_code == 201 and made.json() in api.get("/api/v1/holidays/").json()
    assert api.post("/api/v1/holidays/", day | {"day": "十月"}).json()["field"] == "day"
    assert api.delete(f"/api/v1/holidays/{made.json()['id']}/").status_code == 204
    assert not Holiday.objects.filter(day="2031-10-01").exists()
