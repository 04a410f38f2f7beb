"""Same key and same input: same answer. Same key, other input: refused (I6)."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory

from jifen.accounts import services as accounts
from jifen.accounts.models import User
from jifen.api import idempotency
from jifen.api.models import IdempotencyKey
from jifen.api.views import Endpoint
from jifen.files.models import File
from jifen.kernel.actors import SYSTEM
from jifen.kernel.errors import Conflict, Unavailable
from jifen.kernel.permissions import Access
from jifen.kernel.tenancy import entered
from tenants.models import Town
from tests.together import together

UPLOAD = {"kind": "evidence", "name": "a.jpg", "content_type": "image/jpeg", "size": 10, "sha256": "0" * 64}
Clients = Callable[..., Any]


def account(name: str = "wang") -> User:
    return accounts.create(username=name, display_name="王管理", password=None, by=SYSTEM)


def announce(client: Any, key: str = "k1", **other: Any) -> Any:
    return client.post("/api/v1/uploads/", {**UPLOAD, **other}, headers={"Idempotency-Key": key})


def test_the_same_call_twice_acts_once_and_answers_alike(town: Town, api_client: Clients) -> None:
    client = api_client(account())
    first, second = announce(client), announce(client)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert second.headers["Idempotent-Replayed"] == "true"
    assert File.objects.count() == 1


def test_another_input_under_the_same_key_is_refused(town: Town, api_client: Clients) -> None:
    client = api_client(account())
    announce(client)
    answer = announce(client, size=11)
    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_mismatch")
    assert File.objects.count() == 1


def test_an_unsafe_call_without_a_key_is_refused(town: Town, api_client: Clients) -> None:
    answer = announce(api_client(account()), key="")
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_missing")
    assert not File.objects.exists()


@pytest.mark.parametrize("key", ["x" * 81, "a\tb", "键"])
def test_an_unusable_key_is_refused(town: Town, api_client: Clients, key: str) -> None:
    request = Request(APIRequestFactory().post("/", headers={"Idempotency-Key": key}))
    with pytest.raises(idempotency.KeyWrong):
        idempotency._key(request)


def test_a_refusal_is_the_answer_for_its_key(town: Town, api_client: Clients) -> None:
    client = api_client(account())
    first, second = announce(client, size=0), announce(client, size=0)
    assert (first.status_code, first.json()["code"]) == (422, "file_empty")
    assert second.json() == first.json()
    assert second.headers["Content-Type"] == "application/problem+json"
    assert not File.objects.exists()


def test_the_same_key_of_two_accounts_are_two_keys(town: Town, api_client: Clients) -> None:
    announce(api_client(account("wang")))
    assert announce(api_client(account("li"))).status_code == 201
    assert File.objects.count() == 2


def test_a_key_of_one_town_does_not_exist_in_another(town: Town, other_town: Town, api_client: Clients) -> None:
    announce(api_client(account()))
    with entered(other_town.schema_name):
        assert not IdempotencyKey.objects.exists()


def test_keys_are_swept_after_two_days(town: Town, api_client: Clients, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(idempotency, "SWEEP_EVERY", 1)
    client = api_client(account())
    announce(client, key="old")
    IdempotencyKey.objects.update(created_at=timezone.now() - timedelta(hours=49))
    announce(client, key="new")
    assert [row.key for row in IdempotencyKey.objects.all()] == ["new"]


def test_calls_with_one_key_at_the_same_moment_act_once(committing_town: Town, api_client: Clients) -> None:
    user = account()
    answers = together(*[lambda: announce(api_client(user))] * 4)
    assert [answer.status_code for answer in answers] == [201] * 4
    assert len({json.dumps(answer.json(), sort_keys=True) for answer in answers}) == 1
    assert File.objects.count() == 1


class Act(Endpoint):
    """Writes an account, then raises what it was told to."""

    permissions = {"post": Access.ANYONE}
    error: Exception | None = None

    def post(self, request: Request) -> Response:
        account("made")
        if self.error is not None:
            raise self.error
        return Response(status=204)


def call(error: Exception | None = None, data: Any = None, form: str = "json") -> Any:
    request = APIRequestFactory().post("/act/", data, format=form, headers={"Idempotency-Key": "k1"})
    return Act.as_view(error=error)(request)


def test_a_refusal_undoes_the_act_but_keeps_the_key(town: Town) -> None:
    assert call(Conflict("已经办过了。")).status_code == 409
    assert not User.objects.filter(username="made").exists()
    assert IdempotencyKey.objects.get().status == 409


def test_a_fault_keeps_neither_act_nor_key(town: Town) -> None:
    with pytest.raises(ZeroDivisionError):
        call(ZeroDivisionError())
    assert not User.objects.filter(username="made").exists()
    assert not IdempotencyKey.objects.exists()


def test_what_may_work_later_can_be_tried_again_with_its_key(town: Town) -> None:
    assert call(Unavailable()).status_code == 503
    assert not IdempotencyKey.objects.exists()
    assert call().status_code == 204


def test_an_answer_without_content_is_kept(town: Town) -> None:
    assert call().status_code == 204
    replayed = call()
    assert (replayed.status_code, replayed.data, replayed.headers["Idempotent-Replayed"]) == (204, None, "true")


def test_a_form_is_the_same_whatever_its_boundary(town: Town) -> None:
    def form(body: bytes) -> dict[str, Any]:
        return {"name": "名册", "file": SimpleUploadedFile("a.csv", body)}

    assert call(data=form(b"1"), form="multipart").status_code == 204
    assert call(data=form(b"1"), form="multipart").status_code == 204
    assert call(data=form(b"2"), form="multipart").data["code"] == "idempotency_mismatch"
