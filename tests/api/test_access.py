"""Who may call: a browser with its session, a program with its token; nobody else, and nothing undeclared."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory, force_authenticate

from jifen.accounts import services as accounts
from jifen.accounts.models import SiteRole, User
from jifen.api.views import Endpoint, ViewSet
from jifen.kernel.actors import SYSTEM
from jifen.kernel.permissions import Permission, allot
from jifen.kernel.tenancy import entered
from tenants.models import Town
from tests import clients


class TestPermission(Permission):
    __test__ = False

    SEE = "test.see"


allot(SiteRole.TOWN_OFFICER, TestPermission.SEE)


class Rows(ViewSet):
    permissions = {"list": TestPermission.SEE}

    def list(self, request: Request) -> Response:
        return Response([])

    def create(self, request: Request) -> Response:
        return Response({}, status=201)


class Nothing(Endpoint):
    def get(self, request: Request) -> Response:
        return Response({})


@pytest.fixture
def user(town: Town) -> User:
    return accounts.create(username="wang", display_name="王管理", password=None, by=SYSTEM)


def call(view: Any, user: User | None, method: str = "get") -> Any:
    request = getattr(APIRequestFactory(), method)("/", headers={"Idempotency-Key": "k"})
    if user is not None:
        force_authenticate(request, user)
    return view(request)


def test_a_declared_permission_opens_its_action_alone(user: User) -> None:
    accounts.grant_role(user=user, role=SiteRole.TOWN_OFFICER, by=SYSTEM)
    view = Rows.as_view({"get": "list", "post": "create"})
    assert call(view, user).status_code == 200
    assert call(view, user, "post").status_code == 403
    assert call(view, user, "delete").status_code == 405


def test_without_the_permission_or_without_signing_in_it_is_refused(user: User) -> None:
    view = Rows.as_view({"get": "list"})
    assert call(view, user).data["code"] == "forbidden"
    assert call(view, None).data["code"] == "unauthenticated"


def test_an_endpoint_that_declares_nothing_is_closed(user: User) -> None:
    assert call(Nothing.as_view(), user).status_code == 403


def test_a_token_signs_a_program_in(user: User) -> None:
    _, text = accounts.issue_token(user=user, name="小程序", by=SYSTEM)
    answer = clients.api_client().get("/api/v1/uploads/1/", headers={"Authorization": f"Token {text}"})
    assert (answer.status_code, answer.json()["code"]) == (404, "file_unknown")


@pytest.mark.parametrize("header", ["Token wrong", "Token ", "Bearer abc", "abc"])
def test_a_wrong_token_is_refused(user: User, header: str) -> None:
    answer = clients.api_client().get("/api/v1/uploads/1/", headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Token")


def test_a_revoked_or_expired_token_is_refused(user: User) -> None:
    token, text = accounts.issue_token(user=user, name="小程序", by=SYSTEM)
    accounts.revoke_token(token=token, by=SYSTEM)
    _, old = accounts.issue_token(user=user, name="旧", by=SYSTEM, expires_at=timezone.now() - timedelta(seconds=1))
    for one in (text, old):
        answer = clients.api_client().get("/api/v1/uploads/1/", headers={"Authorization": f"Token {one}"})
        assert answer.json()["code"] == "token_refused"


def test_a_token_of_one_town_does_not_exist_in_another(user: User, other_town: Town) -> None:
    _, text = accounts.issue_token(user=user, name="小程序", by=SYSTEM)
    with entered(other_town.schema_name):
        answer = clients.api_client().get("/api/v1/uploads/1/", headers={"Authorization": f"Token {text}"})
        assert answer.status_code == 401


def test_a_session_of_one_town_does_not_exist_in_another(
    user: User, other_town: Town, client_for: Callable[..., Any]
) -> None:
    client = client_for(user)
    assert client.get("/password/").status_code == 200
    with entered(other_town.schema_name):
        client.defaults["SERVER_NAME"] = clients.host()
        assert client.get("/password/").status_code == 302


def test_a_browser_needs_its_csrf_token_for_unsafe_calls(user: User) -> None:
    browser = Client(enforce_csrf_checks=True, SERVER_NAME=clients.host())
    browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    answer = browser.post("/api/v1/uploads/", {}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf_failed")


def test_a_first_password_closes_the_api_too(user: User, api_client: Callable[..., Any]) -> None:
    User.objects.filter(pk=user.pk).update(must_change_password=True)
    answer = api_client(user).get("/api/v1/uploads/1/")
    assert (answer.status_code, answer.json()["code"]) == (403, "password_change_needed")


def test_an_address_that_does_not_exist_is_a_problem_too(town: Town, api_client: Callable[..., Any]) -> None:
    answer = api_client().get("/api/v1/nothing/")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert answer.headers["Content-Type"] == "application/problem+json"
