"""Plugin, loaded before Django's settings: real PostgreSQL, Valkey and S3 for all tests of this checkout.

The services are shared by all runs of the checkout and by their xdist workers, and stop with the last of them.
"""

import os
from contextlib import ExitStack
from urllib.parse import urlsplit

from jifen.local import services
from jifen.local.folder import RunFolder, run_folder, tests_path

ADMIN = "JIFEN_TEST_ADMIN_URL"
"""Set for the xdist workers: who may end other roles' connections when a clone is dropped."""

_running = ExitStack()


def folder() -> RunFolder:
    """Where the test services keep their data; the workers of a run keep to the place that the run has chosen."""
    return run_folder(os.environ.setdefault("JIFEN_TEST_RUN_DIR", str(tests_path())))


def start() -> None:
    """Start or join the services, and give this process a broker database of its own."""
    found = _running.enter_context(services(fast=True, run_dir=folder().path))
    if found.admin_database_url:
        os.environ[ADMIN] = found.admin_database_url
    number = 2 + os.getpid() % 14
    os.environ["BROKER_URL"] = urlsplit(os.environ["BROKER_URL"])._replace(path=f"/{number}").geturl()


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: a test that waits for a process or the database leaves its own idle."""
    return len(os.sched_getaffinity(0)) + 1 if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1) + 1


def pytest_unconfigure() -> None:
    _running.close()


start()
