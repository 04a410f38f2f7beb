"""Errors on pages: a friendly page, or for htmx an alert, with the right HTTP status.

``respond`` is what ``kernel.refusals`` calls for middlewares; ``ErrorPageMiddleware`` calls it for errors that a view
raised; the ``page_not_found`` family are Django's handlers. The REST face has its own (``jifen.api.problems``).
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.template.loader import render_to_string

from jifen.kernel import errors
from jifen.kernel.database import refusal_of

_STATUS: tuple[tuple[type[errors.JifenError], int], ...] = (
    (errors.InvalidInput, HTTPStatus.UNPROCESSABLE_ENTITY),
    (errors.Unauthenticated, HTTPStatus.UNAUTHORIZED),
    (errors.Forbidden, HTTPStatus.FORBIDDEN),
    (errors.NotFound, HTTPStatus.NOT_FOUND),
    (errors.Conflict, HTTPStatus.CONFLICT),
    (errors.Unavailable, HTTPStatus.SERVICE_UNAVAILABLE),
)

PAGES: dict[int, tuple[str, str]] = {
    400: ("请求没有看懂", "发来的内容不完整或已损坏。请返回上一页，重新填写后再提交。"),
    401: ("请先登录", "登录后才能继续。请点“去登录”。"),
    403: ("您没有权限", "这件事要由有权限的人办理。如果应当由您办理，请联系镇里或村里的管理员。"),
    404: ("没有找到这个页面", "网址可能写错了，或者内容已经移走。请回到首页，从菜单里找。"),
    405: ("不能这样打开", "这个网址只用来提交内容，不能直接打开。请返回上一页，点页面上的按钮办理。"),
    409: ("情况已经变化", "可能有人刚刚办过这件事。请刷新页面，看过最新情况再办。"),
    422: ("填写的内容有误", "请返回上一页，按提示改正后重新提交，先前的内容没有改动。"),
    500: ("系统出错了", "不是您操作的问题，刚才的内容没有保存。请过几分钟再试；多次出现请告诉管理员，并说明时间。"),
    503: ("服务暂停", "系统正在维护或暂未开放。请过几分钟刷新页面再试。"),
}


ADDRESSES: dict[int, tuple[str, str]] = PAGES | {
    400: ("请求没有看懂", "发来的内容不完整或已损坏，请对照接口文档检查。"),
    401: ("请先登录", "请带上接口密钥或登录后再试。"),
    403: ("没有权限", "这个账号没有办理这件事的权限。"),
    404: ("没有找到", "没有这个接口地址，请对照 /api/v1/docs/ 核对路径。"),
    405: ("不支持这种操作", "这个地址不支持这种操作，请核对接口文档。"),
    409: ("情况已经变化", "可能有人刚刚办过这件事，请取最新情况后再试。"),
    422: ("填写的内容有误", "请按提示改正后重新提交，先前的内容没有改动。"),
    429: ("太频繁", "请求太频繁，请过一会儿用同一个编号再发。"),
    503: ("服务暂停", "系统正在维护或暂未开放，请过几分钟再试。"),
}
"""The same for programs, which open no pages."""


def status_of(error: errors.JifenError) -> int:
    """The HTTP status that ``error`` answers with."""
    return next((int(status) for kind, status in _STATUS if isinstance(error, kind)), int(HTTPStatus.BAD_REQUEST))


def respond(request: HttpRequest, error: errors.JifenError) -> HttpResponseBase:
    """``error`` as problem details under ``/api/``, as an alert for htmx, else as a page."""
    status = status_of(error)
    if request.path.startswith("/api/"):
        return _problem(status, error.code, error.message, error.field)
    if request.headers.get("HX-Request"):
        return _alert(error.message, status, code=error.code)
    return error_page(request, status, text=error.message, code=error.code)


def error_page(request: HttpRequest | None, status: int, *, text: str = "", code: str = "") -> HttpResponse:
    """The page for ``status``; it asks nothing of the database or of the session."""
    title, advice = PAGES.get(status, PAGES[400])
    back = request.get_full_path() if request is not None else "/"
    content = {"status": status, "title": title, "text": text or advice, "code": code, "next": back}
    return HttpResponse(render_to_string("web/errors/page.html", content), status=status)


def _alert(text: str, status: int, code: str = "") -> HttpResponse:
    fragment = render_to_string(
        "web/parts/alert.html", {"tone": "bad", "content": text, "code": code, "closable": True}
    )
    headers = {"HX-Retarget": "#messages", "HX-Reswap": "innerHTML show:#messages:top"}
    return HttpResponse(fragment, status=status, headers=headers)


def _problem(status: int, code: str, detail: str, field: str | None = None) -> JsonResponse:
    """The shape of ``jifen.api.problems``, for what never reaches an endpoint."""
    title, _ = ADDRESSES.get(status, ADDRESSES[400])
    body = {"type": f"urn:jifen:problem:{code}", "title": title, "status": status, "code": code, "detail": detail}
    body |= {"field": field} if field else {}
    told = {"ensure_ascii": False}
    return JsonResponse(body, status=status, content_type="application/problem+json", json_dumps_params=told)


class ErrorPageMiddleware:
    """Turns a ``JifenError`` that a page view raised, and a bare 405, into something a person can act on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        bare = response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and not getattr(response, "content", b"-")
        if not bare or request.path.startswith("/api/"):
            return response
        page = error_page(request, response.status_code)
        page["Allow"] = response.get("Allow", "")
        return page

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        error = refusal_of(exception) if isinstance(exception, DatabaseError) else exception
        return respond(request, error) if isinstance(error, errors.JifenError) else None


def _handled(request: HttpRequest, status: int) -> HttpResponse:
    if request.path.startswith("/api/"):
        return _problem(status, HTTPStatus(status).name.lower(), ADDRESSES[status][1])
    if request.headers.get("HX-Request"):
        return _alert(PAGES[status][1], status)
    return error_page(request, status)


def bad_request(request: HttpRequest, *_: Any, **__: Any) -> HttpResponse:
    return _handled(request, 400)


def permission_denied(request: HttpRequest, *_: Any, **__: Any) -> HttpResponse:
    return _handled(request, 403)


def page_not_found(request: HttpRequest, *_: Any, **__: Any) -> HttpResponse:
    return _handled(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    return _handled(request, 500)


def csrf_failure(request: HttpRequest, *_: Any, **__: Any) -> HttpResponse:
    """A form that lay open too long, or cookies switched off (``settings.CSRF_FAILURE_VIEW``)."""
    text = "页面打开太久或浏览器没有开启 Cookie，提交没有成功，什么都没有改动。请返回上一页刷新后再提交。"
    return error_page(request, 403, text=text, code="csrf")
