"""Accounts of villagers and of the town office: opened, reset, ended, by those who may."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from jifen.accounts import services as accounts
from jifen.accounts.models import RoleGrant, User
from jifen.audit.models import AuditRow
from jifen.kernel.actors import SYSTEM
from tenants.community.models import Household, HouseholdMember, Resident
from tests.cast import Cast, head_of
from tests.clients import ApiClient, PageClient

ClientFor = Callable[..., PageClient]
Api = Callable[..., ApiClient]
HOME = "/village/households/01001/"
GOOD = "cun-2025-ok"


@pytest.fixture
def home(cast: Cast) -> Household:
    return cast.household(name="张三", number="01001")


def member_path(home: Household, act: str, area: str = "village") -> str:
    return f"/{area}/households/{home.number}/members/{home.head_id}/{act}/"


def shown_password(answer: Any) -> str:
    [found] = re.findall(r"<strong>([a-z0-9]{10})</strong>", answer.content.decode())
    return str(found)


def password_of(user: User) -> str:
    return User.objects.get(pk=user.pk).password


def test_a_villager_gets_an_account_whose_first_password_shows_once(
    cast: Cast, client_for: ClientFor, home: Household
) -> None:
    client = client_for(cast.steward())
    assert 'value="zhangsan"' in client.get(member_path(home, "account")).content.decode()
    answer = client.post(member_path(home, "account"), {"username": "zhangsan"})
    user = head_of(Household.objects.get(pk=home.pk)).user
    assert user is not None and user.must_change_password and user.check_password(shown_password(answer))
    assert answer["Cache-Control"] == "no-store"
    assert shown_password(answer) not in client.get(HOME).content.decode()
    assert AuditRow.objects.filter(action="resident.give_account", subject_id=home.head_id).exists()


def test_the_proposed_name_is_free_and_ends_in_her_phone(cast: Cast, client_for: ClientFor, home: Household) -> None:
    head = head_of(home)
    head.phone = "13812345678"
    head.save()
    cast.account(head_of(cast.household()), "zhangsan5678")
    page = client_for(cast.steward()).get(member_path(home, "account")).content.decode()
    assert 'value="zhangsan56782"' in page


def test_a_taken_name_opens_no_account(cast: Cast, client_for: ClientFor, home: Household) -> None:
    cast.account(head_of(cast.household()), "zhangsan")
    answer = client_for(cast.steward()).post(member_path(home, "account"), {"username": "zhangsan"})
    assert (answer.status_code, head_of(Household.objects.get(pk=home.pk)).user) == (422, None)
    assert "已有人使用" in answer.content.decode()


@pytest.mark.parametrize("act", ["account", "password"])
def test_another_villages_member_is_not_there(cast: Cast, client_for: ClientFor, act: str) -> None:
    other = cast.household(cast.village("白江洞村"), number="02001")
    answer = client_for(cast.steward()).post(member_path(other, act), {"username": "somebody"})
    assert (answer.status_code, head_of(Household.objects.get(pk=other.pk)).user) == (404, None)


def test_a_committee_member_opens_no_account(cast: Cast, client_for: ClientFor, home: Household) -> None:
    answer = client_for(cast.committee()).post(member_path(home, "account"), {"username": "zhangsan"})
    assert (answer.status_code, head_of(Household.objects.get(pk=home.pk)).user) == (403, None)


def test_a_forgotten_password_is_reset_and_the_lock_out_ends(
    cast: Cast, client_for: ClientFor, home: Household
) -> None:
    user = cast.villager(home)
    accounts.set_password(user=user, password=GOOD, by=SYSTEM)
    stranger = client_for()
    for _ in range(5):
        stranger.post("/login/", {"username": user.username, "password": "wrong"})
    answer = client_for(cast.steward()).post(member_path(home, "password"))
    entered = stranger.post("/login/", {"username": user.username, "password": shown_password(answer)})
    assert (entered.status_code, entered.headers["Location"]) == (302, "/password/")
    assert AuditRow.objects.filter(action="account.set_password", subject_id=user.pk).count() == 2


def test_a_steward_resets_nobody_who_has_a_task(cast: Cast, client_for: ClientFor) -> None:
    steward, member = cast.steward(), cast.committee()
    before, person = member.password, Resident.objects.get(user=member)
    home = HouseholdMember.objects.get(resident=person).household
    client = client_for(steward)
    answer = client.post(member_path(home, "password"))
    assert (answer.status_code, password_of(member)) == (403, before)
    assert "重设密码" not in client.get(f"/village/households/{home.number}/").content.decode()


def test_the_office_resets_a_committee_member(cast: Cast, client_for: ClientFor) -> None:
    member = cast.committee()
    home = HouseholdMember.objects.get(resident__user=member).household
    answer = client_for(cast.officer()).post(member_path(home, "password", "office"))
    assert User.objects.get(pk=member.pk).check_password(shown_password(answer))


def test_a_clerk_resets_no_administrator_who_lives_here(cast: Cast, client_for: ClientFor, home: Household) -> None:
    admin = cast.villager(home)
    accounts.grant_role(user=admin, role="town_admin", by=SYSTEM)  # type: ignore[arg-type]
    answer = client_for(cast.officer()).post(member_path(home, "password", "office"))
    assert (answer.status_code, password_of(admin)) == (403, admin.password)


def test_who_has_no_account_has_no_password_to_reset(cast: Cast, client_for: ClientFor, home: Household) -> None:
    assert client_for(cast.steward()).post(member_path(home, "password")).status_code == 409


def test_an_administrator_adds_and_ends_a_colleague(cast: Cast, client_for: ClientFor) -> None:
    client = client_for(cast.admin())
    values = {"username": "sunjingban", "display_name": "孙经办", "role": "town_officer"}
    answer = client.post("/office/accounts/", values)
    user = User.objects.get(username="sunjingban")
    assert user.check_password(shown_password(answer)) and user.must_change_password
    client.post(f"/office/accounts/{user.role_grants.get().pk}/end/")
    assert not User.objects.get(pk=user.pk).is_active


def test_a_person_with_two_roles_has_one_line(cast: Cast, client_for: ClientFor) -> None:
    both = cast.officer("镇经办")
    accounts.grant_role(user=both, role="town_admin", by=SYSTEM)  # type: ignore[arg-type]
    page = client_for(cast.admin()).get("/office/accounts/").text
    assert page.count(f"<td>{both.username}</td>") == 1
    assert "<td>镇管理员、镇经办</td>" in page and "停用镇管理员" in page
    for grant in both.role_grants.all():
        assert f"/office/accounts/{grant.pk}/end/" in page


def test_a_refused_colleague_is_not_made(cast: Cast, client_for: ClientFor) -> None:
    values = {"username": "孙 经办", "display_name": "孙经办", "role": "town_officer"}
    assert client_for(cast.admin()).post("/office/accounts/", values).status_code == 422
    assert client_for(cast.officer()).post("/office/accounts/", {**values, "username": "sun"}).status_code == 403
    assert not User.objects.filter(display_name="孙经办").exists()


def test_nobody_ends_or_resets_herself(cast: Cast, client_for: ClientFor) -> None:
    admin = cast.admin()
    grant, before = RoleGrant.objects.get(user=admin), admin.password
    client = client_for(admin)
    client.post(f"/office/accounts/{grant.pk}/end/")
    assert client.post(f"/office/accounts/{grant.pk}/password/").status_code == 403
    assert RoleGrant.objects.filter(pk=grant.pk, to_date=None).exists()
    assert password_of(admin) == before


def test_an_administrator_resets_a_clerk(cast: Cast, client_for: ClientFor) -> None:
    officer = cast.officer()
    path = f"/office/accounts/{RoleGrant.objects.get(user=officer).pk}/password/"
    answer = client_for(cast.admin()).post(path)
    assert User.objects.get(pk=officer.pk).check_password(shown_password(answer))


def test_programs_open_and_reset_accounts(cast: Cast, api_client: Api, home: Household) -> None:
    api, path = api_client(cast.steward()), f"/api/v1/residents/{home.members.get().pk}"
    made = api.post(f"{path}/account/", {"username": "zhangsan", "password": GOOD})
    assert (made.status_code, made.json()["must_change_password"]) == (201, True)
    assert api.post(f"{path}/account/", {"username": "zhang2", "password": GOOD}).json()["code"] == "account_exists"
    assert api.post(f"{path}/password/", {"password": "another-2025"}).status_code == 200
    assert api.post(f"{path}/password/", {"password": "1"}).json()["code"] == "password_weak"
    assert User.objects.get(username="zhangsan").check_password("another-2025")


def test_programs_reach_no_other_village(cast: Cast, api_client: Api) -> None:
    other = cast.household(cast.village("白江洞村"))
    path = f"/api/v1/residents/{other.members.get().pk}/account/"
    assert api_client(cast.steward()).post(path, {"username": "zhang", "password": GOOD}).status_code == 404
    assert api_client(cast.committee(other.village)).post(path, {"username": "z", "password": GOOD}).status_code == 403
    assert not User.objects.filter(username="zhang").exists()


def test_programs_of_an_administrator_manage_the_office(cast: Cast, api_client: Api) -> None:
    api, path = api_client(cast.admin()), "/api/v1/office-accounts/"
    body = {"username": "sun", "display_name": "孙经办", "role": "town_officer", "password": GOOD}
    made = api.post(path, body).json()
    assert [row["display_name"] for row in api.get(path).json()["results"]].count("孙经办") == 1
    assert api.post(f"{path}{made['id']}/password/", {"password": "another-2025"}).status_code == 200
    assert api.post(f"{path}{made['id']}/end/").status_code == 204
    assert api_client(cast.officer()).get(path).status_code == 403
