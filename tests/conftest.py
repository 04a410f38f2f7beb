"""What every test may ask for. The services come from ``tests.services``, the databases from ``tests.databases``."""

import itertools
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import caches
from django.test import override_settings
from pytest_django.plugin import DjangoDbBlocker

from jifen.celery import app
from jifen.kernel.database import connection
from tenants.models import Town
from tests import clients, databases
from tests.cast import Cast
from tests.redemption import market as markets
from tests.redemption.market import Market
from tests.scoring.desk import Desk
from tests.stage import SCENES, stage

_numbers = itertools.count(1)
SCENES.update(ready_desk=Desk, ready_market=markets.opened)


@pytest.fixture(scope="session")
def template_database(django_db_blocker: DjangoDbBlocker) -> str:
    with django_db_blocker.unblock():
        databases.clean_up()
        return databases.template()


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_blocker: DjangoDbBlocker, template_database: str
) -> Iterator[None]:
    """In place of pytest-django's own: this worker's clone, with the role that serves."""
    with databases.cloned(template_database, f"clone_{os.getpid()}_0") as name:
        settings.CACHES["default"]["KEY_PREFIX"] = caches["default"].key_prefix = name
        with django_db_blocker.unblock(), databases.redirected(name):
            connection.ensure_connection()
            with django_db_blocker.block():
                yield
            stage.strike()


@pytest.fixture(scope="session", autouse=True)
def quick(django_test_environment: None) -> Iterator[None]:
    """Passwords are hashed quickly, and no client lists all static files before its first request: how long production
    takes over these is no matter of the tests."""
    hashers = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with override_settings(PASSWORD_HASHERS=hashers, WHITENOISE_AUTOREFRESH=True):
        yield


@pytest.fixture
def scene(request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """What the test begins with: the first of ``SCENES`` that it asks for, below its own transaction."""
    settings.CACHES["default"]["KEY_PREFIX"] = caches["default"].key_prefix = f"{os.getpid()}_{next(_numbers)}"
    with django_db_blocker.unblock():
        stage.show(next((name for name in SCENES if name in request.fixturenames), ""))


@pytest.fixture
def db(request: pytest.FixtureRequest, scene: None) -> None:
    """In place of pytest-django's own: the test's transaction lies in that of its scene."""
    request.getfixturevalue("_django_db_helper")


@pytest.fixture
def ready_desk(cast: Cast) -> Desk:
    """The desk, as it stands for many tests; where the test commits, one of its own."""
    return stage.copy("ready_desk") or Desk(cast)


@pytest.fixture
def ready_market(cast: Cast) -> Market:
    """The market, likewise."""
    return stage.copy("ready_market") or markets.opened(cast)


@pytest.fixture
def town(db: None) -> Iterator[Town]:
    """The ready town 树人镇, entered; what the test does is rolled back."""
    yield from _entered("t_alpha")


@pytest.fixture
def other_town(db: None) -> Town:
    """The ready town 明德镇, not entered."""
    return Town.objects.get(schema_name="t_beta")


@pytest.fixture
def committing_town(
    django_db_setup: None, template_database: str, django_db_blocker: DjangoDbBlocker
) -> Iterator[Town]:
    """Like ``town``, in a database of its own: for tests that commit or use threads. Not together with ``db``."""
    name = f"clone_{os.getpid()}_{next(_numbers)}"
    with databases.cloned(template_database, name), django_db_blocker.unblock(), databases.redirected(name):
        yield from _entered("t_alpha")


def _entered(schema: str) -> Iterator[Town]:
    town = Town.objects.get(schema_name=schema)
    connection.set_tenant(town)
    yield town
    connection.set_schema_to_public()


@pytest.fixture
def cast(request: pytest.FixtureRequest) -> Cast:
    """Builders for people and places of the town the test is in (``town`` unless it commits)."""
    if "committing_town" not in request.fixturenames:
        request.getfixturevalue("town")
    return Cast()


@pytest.fixture
def client_for() -> Callable[..., clients.PageClient]:
    """``client_for(user)``: her browser, on the site of the schema being served; without a user nobody is signed in."""
    return clients.page_client


@pytest.fixture
def api_client() -> Callable[..., clients.ApiClient]:
    """``api_client(user)``: her program; sends a fresh ``Idempotency-Key`` unless one is given."""
    return clients.api_client


@pytest.fixture
def worker(committing_town: Town) -> Iterator[None]:
    """A real Celery worker for the queues ``town`` and ``public``, on the test's own database."""
    yield from _worker("town,public", "app")


@pytest.fixture
def owner_worker(committing_town: Town) -> Iterator[None]:
    """A real Celery worker for the queue ``owner``, with the role that owns the schemas."""
    yield from _worker("owner", "owner")


def _worker(queues: str, role: str) -> Iterator[None]:
    command = [
        sys.executable, "-m", "celery", "-A", "jifen.celery", "worker", "-Q", queues, "-c", "1", "-n", f"{role}@test",
        "--without-gossip", "--without-mingle", "-l", "WARNING",
    ]  # fmt: skip
    own = {"JIFEN_PROCESS": "worker", "JIFEN_DB_ROLE": role, "CACHE_URL": os.environ["BROKER_URL"]}
    environ = {**os.environ, **own}  # what recurs has been done by no other run's worker
    app.control.purge()
    with subprocess.Popen(command, env=environ) as process:
        try:
            _wait_for(f"{role}@test", process)
            yield
        finally:
            process.terminate()


def _wait_for(name: str, process: subprocess.Popen[Any]) -> None:
    for _ in range(60):
        if app.control.ping(destination=[name], timeout=0.5):
            return
        assert process.poll() is None, "the worker died"
    raise AssertionError("the worker did not start")
