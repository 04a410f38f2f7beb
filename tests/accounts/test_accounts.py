"""Accounts, roles and tokens live on the site they were made on."""

import re
from datetime import date, timedelta
from typing import Any

import pytest

from jifen.accounts import errors, selectors, services
from jifen.accounts.models import RoleGrant, SiteRole, User
from jifen.audit.models import AuditRow
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM, Actor
from jifen.kernel.errors import InvalidInput
from jifen.kernel.permissions import Permission, allot, grants_of
from jifen.kernel.tenancy import entered, outside
from tenants.models import Town
from tests.together import together

GOOD = "shiling-2025-zs"


class Act(Permission):
    FILE = "accounts_test.file"


allot(SiteRole.TOWN_OFFICER, Act.FILE)


def account(username: str = "chen", **other: Any) -> User:
    return services.create(**{"username": username, "display_name": "陈经办", "password": GOOD, "by": SYSTEM, **other})


def test_a_new_account_signs_in_with_its_password(town: Town) -> None:
    user = account()
    assert user.check_password(GOOD)
    assert user.name_pinyin == "chen jing ban"
    assert AuditRow.objects.filter(action="account.create", subject_id=user.pk).exists()


@pytest.mark.parametrize(
    ("wrong", "error", "field"),
    [
        ({"username": "陈 经办"}, errors.UsernameWrong, "username"),
        ({"username": "c"}, errors.UsernameWrong, "username"),
        ({"display_name": " "}, errors.NameMissing, "display_name"),
        ({"password": "1234"}, errors.PasswordWeak, "password"),
        ({"password": "12345678"}, errors.PasswordWeak, "password"),
        ({"username": "chenjingban", "password": "chenjingban1"}, errors.PasswordWeak, "password"),
    ],
)
def test_a_wrong_account_is_refused_and_not_made(
    town: Town, wrong: dict[str, Any], error: type[InvalidInput], field: str
) -> None:
    with pytest.raises(error) as refused:
        account(**wrong)
    assert refused.value.field == field
    assert not User.objects.exists()


def test_a_name_can_be_taken_once(town: Town) -> None:
    account()
    with pytest.raises(errors.UsernameTaken, match="“chen”"):
        account()
    assert User.objects.count() == 1


def test_of_two_people_who_want_one_name_one_gets_it(committing_town: Town) -> None:
    results = together(account, account)
    assert sorted(type(result).__name__ for result in results) == ["User", "UsernameTaken"]


def test_an_account_of_one_town_does_not_exist_elsewhere(town: Town, other_town: Town) -> None:
    account()
    with entered(other_town.schema_name):
        assert not User.objects.exists()
        account()
    with outside():
        assert not User.objects.filter(username="chen").exists()


def test_a_password_somebody_else_set_must_be_changed(town: Town) -> None:
    user = account()
    services.set_password(user=user, password="another-one-25", by=SYSTEM)
    user.refresh_from_db()
    assert user.must_change_password
    services.change_password(user=user, old_password="another-one-25", password="my-own-words-25")
    changed = User.objects.get(pk=user.pk)
    assert not changed.must_change_password
    assert changed.check_password("my-own-words-25")


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ("wrong", "my-own-words-25", errors.PasswordWrong),
        (GOOD, GOOD, errors.PasswordWeak),
        (GOOD, "1", errors.PasswordWeak),
    ],
)
def test_a_refused_change_leaves_the_password(town: Town, old: str, new: str, error: type[Exception]) -> None:
    user = account()
    with pytest.raises(error):
        services.change_password(user=user, old_password=old, password=new)
    user.refresh_from_db()
    assert user.check_password(GOOD)


@pytest.mark.parametrize("weak", ["1", "12345678", "chen-chen", "password"])
def test_every_word_against_a_weak_password_is_chinese(town: Town, weak: str) -> None:
    user = account(username="chen-chen")
    with pytest.raises(errors.PasswordWeak) as refused:
        services.change_password(user=user, old_password=GOOD, password=weak)
    assert not re.search("[A-Za-z]", refused.value.message)


def test_a_role_gives_what_rooms_allot_to_it_over_the_whole_site(town: Town) -> None:
    user = account()
    services.grant_role(user=user, role=SiteRole.TOWN_OFFICER, by=SYSTEM)
    grants = grants_of(user)
    assert grants.allows(Act.FILE, village=99)
    assert grants.scope(Act.FILE, "village") is None
    assert list(selectors.holders(SiteRole.TOWN_OFFICER)) == [user]


def test_a_role_of_another_site_is_refused(town: Town) -> None:
    user = account()
    with pytest.raises(errors.RoleNotHere, match="平台运营方"):
        services.grant_role(user=user, role=SiteRole.PROVIDER, by=SYSTEM)
    with outside():
        provider = account("provider")
        with pytest.raises(errors.RoleNotHere):
            services.grant_role(user=provider, role=SiteRole.TOWN_ADMIN, by=SYSTEM)
        services.grant_role(user=provider, role=SiteRole.PROVIDER, by=SYSTEM)


def test_a_role_is_held_once(town: Town) -> None:
    user = account()
    services.grant_role(user=user, role=SiteRole.TOWN_ADMIN, by=SYSTEM)
    with pytest.raises(errors.RoleHeld):
        services.grant_role(user=user, role=SiteRole.TOWN_ADMIN, by=SYSTEM)


def test_a_role_ends_today_and_begins_on_its_day(town: Town) -> None:
    user, today = account(), clock.today()
    grant = services.grant_role(user=user, role=SiteRole.TOWN_ADMIN, by=SYSTEM, from_date=date(2025, 1, 1))
    services.grant_role(user=user, role=SiteRole.TOWN_OFFICER, by=SYSTEM, from_date=today + timedelta(days=1))
    assert selectors.roles_of(user) == [SiteRole.TOWN_ADMIN]
    services.end_role(grant=grant, by=SYSTEM)
    assert selectors.roles_of(user) == []
    assert RoleGrant.objects.get(pk=grant.pk).to_date == today


def test_a_role_that_began_today_can_be_taken_back(town: Town) -> None:
    user = account()
    grant = services.grant_role(user=user, role=SiteRole.TOWN_ADMIN, by=SYSTEM)
    services.end_role(grant=grant, by=SYSTEM)
    assert not RoleGrant.objects.filter(user=user).exists()


def test_a_closed_account_holds_nothing(town: Town) -> None:
    user = account()
    services.grant_role(user=user, role=SiteRole.TOWN_OFFICER, by=SYSTEM)
    _, text = services.issue_token(user=user, name="接口", by=SYSTEM)
    assert services.user_of_token(text) == user
    services.set_active(user=user, active=False, by=SYSTEM)
    assert list(selectors.holders(SiteRole.TOWN_OFFICER)) == []
    with pytest.raises(errors.TokenRefused):
        services.user_of_token(text)


def test_only_the_digest_of_a_token_is_kept(town: Town) -> None:
    token, text = services.issue_token(user=account(), name="接口", by=SYSTEM)
    assert text not in (token.digest, token.name)
    assert len(token.digest) == 64


def test_an_actor_is_an_account_of_the_schema_being_served(town: Town) -> None:
    user = account()
    assert Actor.of(user) == Actor("t_alpha", user.pk, "陈经办", None)
    with outside():
        provider = account("provider")
        assert Actor.of(provider).realm == "public"
