"""Errors a person can act on.

Every error carries a stable ``code``, a Chinese ``message`` that says what is wrong and what to do, the ``field`` it
is about (if any) and ``data`` for programs. HTTP knows them where pages and API end (``web.errors``, ``api.problems``).

    JifenError
    ├── InvalidInput      what was sent is wrong; nothing changed
    ├── Unauthenticated   nobody is signed in
    ├── Forbidden         the act is not this person's
    ├── NotFound          it does not exist here (another town's things never do)
    ├── Conflict          somebody else was first, or the state does not allow it
    └── Unavailable       try again later
"""

from datetime import date, datetime
from typing import Any, ClassVar


class JifenError(Exception):
    code: ClassVar[str] = "error"
    message: str = "出错了，请稍后再试。"

    def __init__(self, message: str | None = None, *, field: str | None = None, **data: Any) -> None:
        spoken = _Blank({name: _spoken(value) for name, value in data.items()})
        self.message = message or type(self).message.format_map(spoken).replace("。。", "。")
        self.field = field or self.default_field
        self.data = data
        super().__init__(self.message)

    default_field: ClassVar[str | None] = None


class InvalidInput(JifenError):
    code = "invalid_input"
    message = "填写的内容有误，请检查后重新提交。"


class Unauthenticated(JifenError):
    code = "unauthenticated"
    message = "请先登录。"


class Forbidden(JifenError):
    code = "forbidden"
    message = "您没有办理这件事的权限，请联系管理员。"


class NotFound(JifenError):
    code = "not_found"
    message = "没有找到您要的内容，可能已被移走。"


class Conflict(JifenError):
    code = "conflict"
    message = "情况已经变化，请刷新后再试。"


class Unavailable(JifenError):
    code = "unavailable"
    message = "服务暂时不可用，请稍后再试。"


def _spoken(value: Any) -> Any:
    """A day as people say it: 2026年3月2日."""
    is_day = isinstance(value, date) and not isinstance(value, datetime)
    return f"{value.year}年{value.month}月{value.day}日" if is_day else value


class _Blank(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return f"({key})"
