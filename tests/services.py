"""Plugin, loaded before Django's settings: real PostgreSQL, Valkey and S3 for all tests of this checkout.

The services are shared by all runs of the checkout and by their xdist workers, and stop with the last of them.
"""

import os
from contextlib import ExitStack
from urllib.parse import urlsplit

from jifen.local import services
from jifen.local.folder import RunFolder, default_path, run_folder

ADMIN = "JIFEN_TEST_ADMIN_URL"
"""Set for the xdist workers: who may end other roles' connections when a clone is dropped."""

_running = ExitStack()


def folder() -> RunFolder:
    """Where the test services keep their data: beside the demo's, never in it."""
    return run_folder(os.environ.get("JIFEN_TEST_RUN_DIR") or default_path().with_name(default_path().name + "-tests"))


def start() -> None:
    """Start or join the services, and give this process a broker database of its own."""
    found = _running.enter_context(services(fast=True, run_dir=folder().path))
    if found.admin_database_url:
        os.environ[ADMIN] = found.admin_database_url
    number = 2 + os.getpid() % 14
    os.environ["BROKER_URL"] = urlsplit(os.environ["BROKER_URL"])._replace(path=f"/{number}").geturl()


def pytest_unconfigure() -> None:
    _running.close()


start()
