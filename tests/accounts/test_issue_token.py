"""Whoever runs the platform hands a program its key by one command."""

from datetime import timedelta
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import timezone

from jifen.accounts import errors, services
from jifen.accounts.models import ApiToken, User
from jifen.audit.models import AuditRow
from jifen.kernel.actors import SYSTEM
from jifen.kernel.tenancy import entered, outside
from tenants.models import Town
from tests import clients


@pytest.fixture
def user(town: Town) -> User:
    return services.create(username="wang", display_name="王管理", password=None, by=SYSTEM)


def issued(*arguments: str) -> tuple[str, str]:
    """What the command prints, and what it says beside it."""
    out, beside = StringIO(), StringIO()
    call_command("issue_token", *arguments, stdout=out, stderr=beside)
    return out.getvalue().strip(), beside.getvalue()


def test_the_key_it_prints_signs_the_account_in(user: User) -> None:
    text, beside = issued("wang", "--town", clients.host(), "--name", "小程序")
    assert services.user_of_token(text) == user
    assert "“小程序”，长期有效" in beside and text not in beside
    assert AuditRow.objects.filter(action="token.issue").exists()


def test_the_town_may_be_given_as_its_address(user: User) -> None:
    text, _ = issued("wang", "--town", f"http://{clients.host().upper()}:8000/")
    assert services.user_of_token(text) == user


def test_it_ends_after_the_days_given(user: User) -> None:
    issued("wang", "--town", clients.host(), "--days", "30")
    end = ApiToken.objects.get().expires_at
    assert end is not None and timedelta(days=29) < end - timezone.now() <= timedelta(days=30)


def test_the_key_is_one_towns_alone(user: User, other_town: Town) -> None:
    text, _ = issued("wang", "--town", clients.host())
    with entered(other_town.schema_name), pytest.raises(errors.TokenRefused):
        services.user_of_token(text)


def test_the_public_site_has_keys_of_its_own(db: None) -> None:
    with outside():
        shop = services.create(username="shop", display_name="便民超市", password=None, by=SYSTEM)
        text, _ = issued("shop", "--town", settings.BASE_DOMAIN)
        assert services.user_of_token(text) == shop


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["li"], "没有账号“li”"),
        (["wang", "--town", "nowhere.example"], "没有对应的乡镇"),
        (["wang", "--days", "0"], "1到3650之间"),
        (["wang", "--name", " "], "1到60个字"),
    ],
)
def test_a_wrong_word_issues_nothing(user: User, arguments: list[str], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        issued("--town", clients.host(), *arguments)
    assert not ApiToken.objects.exists()


def test_a_closed_account_gets_no_key(user: User) -> None:
    services.set_active(user=user, active=False, by=SYSTEM)
    with pytest.raises(CommandError, match="已停用"):
        issued("wang", "--town", clients.host())
    assert not ApiToken.objects.exists()
