"""Errors of page views become something a person can act on, with the right status."""

import json

import pytest
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.loader import render_to_string
from django.test import RequestFactory

from jifen.kernel import errors
from jifen.web.errors import ErrorPageMiddleware, csrf_failure, page_not_found, respond, server_error

REQUESTS = RequestFactory()


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.InvalidInput(), 422),
        (errors.Unauthenticated(), 401),
        (errors.Forbidden(), 403),
        (errors.NotFound(), 404),
        (errors.Conflict(), 409),
        (errors.Unavailable(), 503),
        (errors.JifenError(), 400),
    ],
)
def test_an_error_is_a_page_with_its_status_its_message_and_its_code(error: errors.JifenError, status: int) -> None:
    response = respond(REQUESTS.get("/office/"), error)
    page = response.content.decode() if isinstance(response, HttpResponse) else ""
    assert response.status_code == status
    assert error.message in page
    assert error.code in page


def test_htmx_gets_an_alert_for_the_message_area() -> None:
    response = respond(REQUESTS.get("/office/", headers={"hx-request": "true"}), errors.Conflict())
    assert isinstance(response, HttpResponse)
    assert response.status_code == 409
    assert response["HX-Retarget"] == "#messages"
    assert response.content.decode().startswith('<div class="alert alert-bad"')


def test_the_api_gets_problem_details() -> None:
    response = respond(REQUESTS.get("/api/v1/towns/"), errors.NotFound(field="id"))
    assert isinstance(response, HttpResponse)
    assert response["Content-Type"] == "application/problem+json"
    assert json.loads(response.content)["code"] == "not_found"
    assert json.loads(response.content)["field"] == "id"


def test_the_middleware_catches_ours_and_leaves_other_errors_alone() -> None:
    middleware = ErrorPageMiddleware(lambda request: HttpResponse())
    answer = middleware.process_exception(REQUESTS.get("/"), errors.Forbidden())
    assert answer is not None
    assert answer.status_code == 403
    assert middleware.process_exception(REQUESTS.get("/"), ValueError()) is None


def test_a_bare_405_becomes_a_page_that_says_what_to_do() -> None:
    response = ErrorPageMiddleware(lambda request: HttpResponseNotAllowed(["POST"]))(REQUESTS.get("/file/"))
    assert isinstance(response, HttpResponse)
    assert response.status_code == 405
    assert response["Allow"] == "POST"
    assert "点页面上的按钮办理" in response.content.decode()


def test_a_normal_answer_passes_through() -> None:
    assert ErrorPageMiddleware(lambda request: HttpResponse("好"))(REQUESTS.get("/")).status_code == 200


def test_the_handlers_speak_plain_chinese_without_a_session() -> None:
    request = HttpRequest()
    assert "没有找到这个页面" in page_not_found(request, exception=KeyError()).content.decode()
    assert "系统出错了" in server_error(request).content.decode()
    assert "Cookie" in csrf_failure(request, reason="x").content.decode()


def test_what_a_person_typed_is_escaped() -> None:
    response = respond(REQUESTS.get("/"), errors.InvalidInput("<script>x</script>"))
    assert isinstance(response, HttpResponse)
    assert b"<script>x" not in response.content


@pytest.mark.parametrize("name", ["400", "403", "404", "500"])
def test_djangos_own_answers_use_the_same_page(name: str) -> None:
    page = render_to_string(f"{name}.html")
    assert f"问题编号 {name}" in page
    assert "请" in page


def test_an_unknown_path_of_the_api_speaks_of_addresses_in_plain_characters() -> None:
    body = page_not_found(RequestFactory().get("/api/v1/nothing/")).content.decode()
    assert "没有这个接口地址" in body
    assert "页面" not in body and "首页" not in body
