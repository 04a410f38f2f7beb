"""A database of its own for a measurement, so that no town is touched."""

import os
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.conf import settings
from psycopg import sql

from jifen.env import database
from jifen.kernel.database import connection

PATIENCE = 120
"""Seconds until a database that is still in use is left where it is."""


@contextmanager
def scratch_database() -> Iterator[None]:
    """A new, migrated database that Django's connection, and processes started meanwhile, go to; dropped afterwards."""
    name, before = f"bench_{uuid.uuid4().hex[:12]}", str(connection.settings_dict["NAME"])
    urls = {key: os.environ[key] for key in ("DATABASE_URL", "OWNER_DATABASE_URL")}
    _run(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    os.environ.update({key: url.rsplit("/", 1)[0] + f"/{name}" for key, url in urls.items()})
    try:
        environ = {**os.environ, "JIFEN_DB_ROLE": "owner"}
        subprocess.run(
            [sys.executable, "-m", "django", "migrate_all"], env=environ, check=True, stdout=subprocess.DEVNULL
        )
        _go_to(name)
        yield
    finally:
        os.environ.update(urls)
        _go_to(before)
        _drop(name)


def _go_to(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name
    connection.set_schema_to_public()


def _drop(name: str) -> None:
    """Autovacuum, which only a superuser may stop, leaves by itself."""
    for _ in range(PATIENCE):
        try:
            _run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        except psycopg.errors.InsufficientPrivilege:
            time.sleep(1)
        else:
            return


def _run(statement: sql.Composed) -> None:
    address = database(settings.ENV.owner_database_url)
    with psycopg.connect(
        host=str(address["HOST"]),
        port=str(address["PORT"]),
        user=str(address["USER"]),
        password=str(address["PASSWORD"]),
        dbname=str(address["NAME"]),
        autocommit=True,
    ) as found:
        found.execute(statement)
