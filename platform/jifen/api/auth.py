"""Who calls: a signed-in browser (with CSRF) or a program with ``Authorization: Token …``."""

from collections.abc import Callable
from typing import Any

from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request

from jifen.kernel.errors import Forbidden, Unauthenticated

TokenOwner = Callable[[str], Any]
_owner: list[TokenOwner] = []


class HeaderWrong(Unauthenticated):
    code = "authorization_wrong"
    message = "Authorization 头应写成“Token 密钥”。"


class CsrfFailed(Forbidden):
    code = "csrf_failed"
    message = "页面已过期，请刷新后再试（程序调用请用接口密钥）。"


def register_tokens(owner: TokenOwner) -> None:
    """The accounts room says whose a token is; its function raises ``Unauthenticated`` for nobody's."""
    _owner[:] = [owner]


class SessionOrToken(SessionAuthentication):
    """DRF's authentication class for every endpoint."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        header = request.headers.get("Authorization", "")
        return self._by_token(header) if header else self._by_session(request)

    def authenticate_header(self, request: Request) -> str:
        return 'Token realm="api"'

    def _by_token(self, header: str) -> tuple[Any, Any]:
        scheme, _, text = header.partition(" ")
        if scheme.lower() != "token" or not text.strip():
            raise HeaderWrong
        return _owner[0](text.strip()), "token"

    def _by_session(self, request: Request) -> tuple[Any, Any] | None:
        try:
            return super().authenticate(request)
        except PermissionDenied as failure:
            raise CsrfFailed from failure
