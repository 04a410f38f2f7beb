"""The provider's programs watch and suspend towns."""

from collections.abc import Callable

from jifen.accounts import services as accounts
from jifen.accounts.models import SiteRole, User
from jifen.kernel.actors import SYSTEM
from tenants.models import Town
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
