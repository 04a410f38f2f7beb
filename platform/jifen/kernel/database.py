"""The connection as django-tenants makes it, and what PostgreSQL refuses, in our words."""

from typing import Any

import psycopg
import structlog
from django.db import DatabaseError, DataError
from django.db import connection as _connection
from psycopg.adapt import PyFormat
from psycopg.types.numeric import IntDumper

from jifen.kernel.errors import Conflict, InvalidInput, JifenError, Unavailable

log = structlog.get_logger(__name__)


class Integers(IntDumper):
    """Whole numbers go to the server as ``integer`` or wider, as SQL's own literals do.

    psycopg sends the smallest type that holds the value, and two of those multiplied may not fit a ``smallint``.
    """

    def get_key(self, obj: int, format: PyFormat) -> Any:  # noqa: A002 - psycopg's name
        return self.upgrade(obj, format).cls

    def upgrade(self, obj: int, format: PyFormat) -> Any:  # noqa: A002 - psycopg's name
        return super().upgrade(obj if abs(obj) >= 2**15 else 2**15, format)


psycopg.adapters.register_dumper(int, Integers)

_WAITED_TOO_LONG = frozenset({"55P03", "40P01", "40001", "57014"})
"""Lock not available, deadlock, serialization failure, statement cancelled."""


connection: Any = _connection
"""Django's own, which also has ``schema_name``, ``tenant``, ``set_tenant`` and ``set_schema_to_public``."""


class Busy(Unavailable):
    code = "busy"
    message = "正在办理的人较多，请过几秒再试。"


class NotStorable(InvalidInput):
    """A value no form refused and no column takes: a NUL character, a number out of range."""

    code = "value_not_storable"
    message = "内容里有不能保存的字符或过大的数字，请检查后重新填写。"


class GuardRefused(Conflict):
    """One of the database's own guards fired (DESIGN §4): a service has missed a case."""

    code = "guard_refused"
    message = "这一步不符合记账规则，系统没有执行。请刷新后再试，仍不行请联系管理员。"


def refusal_of(error: DatabaseError) -> JifenError | None:
    """Our error for one of the database's; ``None`` when it is a fault and no refusal."""
    state = str(getattr(error.__cause__, "sqlstate", "") or "")
    if state in _WAITED_TOO_LONG:
        return Busy()
    if state.startswith("JF"):
        return GuardRefused(rule=str(error).split(":", 1)[0])
    if isinstance(error, DataError):
        log.warning("database.data_refused", sqlstate=state)
        return NotStorable()
    return None
