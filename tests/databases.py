"""One template database for each state of the migrations; every worker, and every test that commits, has a clone."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.conf import settings
from django.db import connections
from django.utils import timezone
from psycopg import sql

from jifen.env import database
from jifen.kernel.database import connection
from jifen.local.folder import locked
from tenants import provisioning
from tenants.models import District, Domain, Town, TownState
from tests import services
from tests.stage import stage

TOWNS = {"alpha": ("树人镇", "310115101"), "beta": ("明德镇", "310115102")}
KEPT = 3
AUTOVACUUM_NAP = 2.0
"""Seconds."""


def template() -> str:
    """The name of the template database of the present migrations; built when nobody has built it yet."""
    name = f"template_{provisioning.fingerprint()[:16]}"
    with locked(services.folder().path / "template.lock"):
        if not _exists(name):
            _drop_old_templates()
            _build(name)
    return name


def _build(name: str) -> None:
    draft = f"draft_{os.getpid()}"
    _drop(draft)
    _run(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(draft)))
    address = {"DATABASE_URL": _url("DATABASE_URL", draft), "OWNER_DATABASE_URL": _url("OWNER_DATABASE_URL", draft)}
    environ = {**os.environ, **address, "JIFEN_DB_ROLE": "owner"}
    subprocess.run([sys.executable, "-m", "django", "migrate_all"], env=environ, check=True)
    with redirected(draft):
        _add_towns()
    _run(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(draft), sql.Identifier(name)))


def _add_towns() -> None:
    """One district with two ready towns, answering to alpha.localhost and beta.localhost."""
    district = District.objects.create(code="310115", name="浦东新区")
    for host, (name, code) in TOWNS.items():
        town = Town.objects.create(
            schema_name=f"t_{host}", district=district, code=code, name=name, scheme_code="shuren",
            created_at=timezone.now(), state=TownState.READY,
        )  # fmt: skip
        Domain.objects.create(domain=f"{host}.{settings.BASE_DOMAIN}", tenant=town, is_primary=True)
        provisioning.provision(town)


@contextmanager
def cloned(source: str, name: str) -> Iterator[str]:
    """A copy of the database ``source``, dropped afterwards."""
    copy = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy")
    _run(copy.format(sql.Identifier(name), sql.Identifier(source)))
    try:
        yield name
    finally:
        _drop(name)


@contextmanager
def redirected(name: str) -> Iterator[None]:
    """Django's connections, in all threads and in processes started meanwhile, go to the database ``name``."""
    stage.strike()
    before = connection.settings_dict["NAME"]
    urls = {variable: os.environ[variable] for variable in ("DATABASE_URL", "OWNER_DATABASE_URL")}
    connection.close()
    connection.settings_dict["NAME"] = name
    connection.set_schema_to_public()
    os.environ.update({variable: _url(variable, name) for variable in urls})
    try:
        yield
    finally:
        connections.close_all()
        connection.settings_dict["NAME"] = before
        os.environ.update(urls)


def clean_up() -> None:
    """Drop the clones of runs that were killed."""
    with _owner() as owner:
        names = [
            name for (name,) in owner.execute("SELECT datname FROM pg_database WHERE starts_with(datname, 'clone_')")
        ]
    for name in names:
        if not _is_alive(int(name.split("_")[1])):
            _drop(name)


def _drop_old_templates() -> None:
    query = "SELECT datname FROM pg_database WHERE starts_with(datname, 'template_') ORDER BY oid DESC OFFSET %s"
    with _owner() as owner:
        names = [name for (name,) in owner.execute(query, [KEPT])]
    for name in names:
        _drop(name)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _url(variable: str, name: str) -> str:
    return os.environ[variable].rsplit("/", 1)[0] + f"/{name}"


def _exists(name: str) -> bool:
    with _owner() as owner:
        return owner.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


def _drop(name: str) -> None:
    """Also while something is still connected to it; once more when autovacuum, which only it can end, was in it."""
    try:
        _force_out(name)
    except psycopg.errors.InsufficientPrivilege:
        time.sleep(AUTOVACUUM_NAP)
        _force_out(name)


def _force_out(name: str) -> None:
    admin = os.environ.get(services.ADMIN)
    with psycopg.connect(admin, autocommit=True) if admin else _owner() as connection_:
        connection_.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _run(statement: sql.Composed) -> None:
    with _owner() as owner:
        owner.execute(statement)


def _owner() -> psycopg.Connection[tuple[Any, ...]]:
    """The owner in the services' first database, which no test uses."""
    address = database(settings.ENV.owner_database_url)
    return psycopg.connect(
        host=str(address["HOST"]), port=str(address["PORT"]), user=str(address["USER"]),
        password=str(address["PASSWORD"]), dbname="jifen", autocommit=True,
    )  # fmt: skip
