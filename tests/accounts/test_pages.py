"""Signing in, being locked out, changing a first password."""

from collections.abc import Callable
from typing import Any

import pytest

from jifen.accounts import services
from jifen.accounts.models import SiteRole, User
from jifen.accounts.web.home import home_of
from jifen.kernel.actors import SYSTEM
from jifen.kernel.permissions import Grant, Grants, Permission
from jifen.kernel.tenancy import outside
from tenants.models import Town

GOOD = "shiling-2025-zs"
Clients = Callable[..., Any]


class Act(Permission):
    SEE = "pages_test.see"


@pytest.fixture
def user(town: Town) -> User:
    return services.create(username="chen", display_name="陈经办", password=GOOD, by=SYSTEM)


def sign_in(client: Any, password: str = GOOD, **other: str) -> Any:
    return client.post("/login/", {"username": "chen", "password": password, **other})


def test_a_town_officer_lands_in_the_office(user: User, client_for: Clients) -> None:
    services.grant_role(user=user, role=SiteRole.TOWN_OFFICER, by=SYSTEM)
    assert sign_in(client_for()).headers["Location"] == "/office/"


def test_somebody_with_nothing_to_do_lands_on_the_home_page(user: User, client_for: Clients) -> None:
    assert sign_in(client_for()).headers["Location"] == "/"


def test_after_signing_in_one_goes_where_one_wanted(user: User, client_for: Clients) -> None:
    assert sign_in(client_for(), next="/passbook/").headers["Location"] == "/passbook/"
    assert sign_in(client_for(), next="https://evil.example/").headers["Location"] == "/"


@pytest.mark.parametrize(
    ("kind", "public", "start"),
    [
        ("all", False, "/office/"),
        ("village", False, "/village/"),
        ("household", False, "/"),
        ("all", True, "/provider/"),
        ("district", True, "/district/"),
        ("shop", True, "/shop/"),
    ],
)
def test_everybody_starts_at_her_own_first_page(user: User, kind: str, public: bool, start: str) -> None:
    user._jifen_grants = Grants((Grant(frozenset({Act.SEE}), kind, 1),))  # type: ignore[attr-defined]
    if public:
        with outside():
            assert home_of(user) == start
    else:
        assert home_of(user) == start


def test_a_wrong_password_is_said_plainly(user: User, client_for: Clients) -> None:
    client = client_for()
    assert "账号或密码不对" in sign_in(client, "wrong").content.decode()
    assert "_auth_user_id" not in client.session


def test_after_five_wrong_passwords_the_right_one_is_refused_too(user: User, client_for: Clients) -> None:
    client = client_for()
    for _ in range(4):
        assert sign_in(client, "wrong").status_code == 200
    for password in ("wrong", GOOD):
        answer = sign_in(client, password)
        assert answer.status_code == 429
        assert "15 分钟" in answer.content.decode()


def test_signing_out_ends_the_session(user: User, client_for: Clients) -> None:
    client = client_for(user)
    assert client.get("/password/").status_code == 200
    assert client.post("/logout/").headers["Location"] == "/login/"
    assert client.get("/password/").headers["Location"] == "/login/?next=%2Fpassword%2F"


def test_a_first_password_is_changed_before_anything_else(user: User, client_for: Clients) -> None:
    User.objects.filter(pk=user.pk).update(must_change_password=True)
    client = client_for()
    assert sign_in(client).headers["Location"] == "/password/"
    assert client.get("/health/").headers["Location"] == "/password/"
    answer = client.post("/password/", {"old_password": GOOD, "password": "my-own-25", "again": "my-own-25"})
    assert answer.headers["Location"] == "/"
    assert client.get("/password/").status_code == 200


@pytest.mark.parametrize(
    ("old", "new", "again", "said"),
    [
        ("wrong", "my-own-words-25", "my-own-words-25", "原密码不对"),
        (GOOD, "my-own-words-25", "other", "两次输入的新密码不一样"),
        (GOOD, "12345678", "12345678", "密码"),
        ("", "", "", "请填写“原密码”"),
    ],
)
def test_a_refused_change_says_what_is_wrong(
    user: User, client_for: Clients, old: str, new: str, again: str, said: str
) -> None:
    answer = client_for(user).post("/password/", {"old_password": old, "password": new, "again": again})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    user.refresh_from_db()
    assert user.check_password(GOOD)
