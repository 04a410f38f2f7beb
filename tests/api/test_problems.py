"""Every refusal is a problem detail with a code, a Chinese text and the field."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, OperationalError
from django.http import Http404
from rest_framework import exceptions, serializers

from jifen.accounts import services as accounts
from jifen.api.problems import MEDIA_TYPE, problem
from jifen.kernel import errors
from jifen.kernel.actors import SYSTEM
from tenants.models import Town


class Line(serializers.Serializer[Any]):
    points = serializers.IntegerField(min_value=1)


class Sheet(serializers.Serializer[Any]):
    title = serializers.CharField()
    rows = Line(many=True)


def body_of(error: Exception) -> dict[str, Any]:
    answer = problem(error)
    assert answer is not None
    body: dict[str, Any] = answer.data
    assert answer.content_type == MEDIA_TYPE
    assert answer.status_code == body["status"]
    return body


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (errors.InvalidInput(), 422, "invalid_input"),
        (errors.Unauthenticated(), 401, "unauthenticated"),
        (errors.Forbidden(), 403, "forbidden"),
        (errors.NotFound(), 404, "not_found"),
        (errors.Conflict(), 409, "conflict"),
        (errors.Unavailable(), 503, "unavailable"),
        (Http404(), 404, "not_found"),
        (PermissionDenied(), 403, "forbidden"),
        (exceptions.NotAuthenticated(), 401, "unauthenticated"),
        (exceptions.ParseError(), 400, "body_unreadable"),
        (exceptions.MethodNotAllowed("PUT"), 405, "method_not_allowed"),
        (exceptions.UnsupportedMediaType("text/xml"), 415, "media_type_unsupported"),
    ],
)
def test_each_kind_of_refusal_has_its_status_and_code(error: Exception, status: int, code: str) -> None:
    body = body_of(error)
    assert (body["status"], body["code"], body["type"]) == (status, code, f"urn:jifen:problem:{code}")
    assert body["detail"].endswith("。")


@pytest.mark.parametrize("error", [errors.NotFound(), errors.Forbidden(), Http404(), errors.InvalidInput()])
def test_no_title_speaks_of_pages(error: Exception) -> None:
    assert "页" not in body_of(error)["title"]


def test_an_error_of_ours_tells_its_field_and_figures() -> None:
    body = body_of(errors.InvalidInput("日期不能晚于今天。", field="happened_on", latest=3))
    assert body["detail"] == "日期不能晚于今天。"
    assert (body["field"], body["data"]) == ("happened_on", {"latest": 3})


def test_every_wrong_field_of_an_input_is_named() -> None:
    sheet = Sheet(data={"rows": [{"points": 1}, {"points": 0}]})
    with pytest.raises(exceptions.ValidationError) as invalid:
        sheet.is_valid(raise_exception=True)
    body = body_of(invalid.value)
    assert [(one["field"], one["code"]) for one in body["errors"]] == [
        ("title", "required"),
        ("rows.1.points", "min_value"),
    ]
    assert body["field"] == "title"


def test_a_fault_is_no_problem_of_the_caller() -> None:
    assert problem(ZeroDivisionError()) is None
    assert problem(DatabaseError("disk")) is None


class Cause(Exception):
    def __init__(self, sqlstate: str) -> None:
        self.sqlstate = sqlstate


@pytest.mark.parametrize(("sqlstate", "code"), [("55P03", "busy"), ("40P01", "busy"), ("JF001", "guard_refused")])
def test_what_the_database_refuses_is_said_in_our_words(sqlstate: str, code: str) -> None:
    error = OperationalError("I3: hold exceeds balance")
    error.__cause__ = Cause(sqlstate)
    assert body_of(error)["code"] == code


def test_a_broken_body_is_told_apart_from_a_wrong_one(town: Town, api_client: Callable[..., Any]) -> None:
    user = accounts.create(username="wang", display_name="王管理", password=None, by=SYSTEM)
    client = api_client(user)
    broken = client.post("/api/v1/uploads/", "{not json", content_type="application/json")
    assert (broken.status_code, broken.json()["code"]) == (400, "body_unreadable")
    wrong = client.post("/api/v1/uploads/", {})
    assert (wrong.status_code, wrong.json()["field"]) == (422, "kind")
    assert wrong.json()["detail"].startswith("请填写“用途”。")


def test_a_problem_is_json_where_the_address_speaks_yaml(db: None, api_client: Callable[..., Any]) -> None:
    answer = api_client().get("/api/v1/schema/", HTTP_ACCEPT="text/html")
    assert (answer.status_code, answer["Content-Type"]) == (406, "application/problem+json")
    assert json.loads(answer.content)["code"] == "not_acceptable"
