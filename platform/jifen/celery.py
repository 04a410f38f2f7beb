"""The Celery application. Its settings stand in `jifen.settings` (CELERY_…); its one beat entry asks what is due."""

import os
from typing import Any

from celery.signals import setup_logging, task_prerun
from django.db import close_old_connections
from tenant_schemas_celery.app import CeleryApp

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jifen.settings")

app = CeleryApp("jifen")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(related_name="jobs")
app.conf.beat_schedule = {
    # Expires, so that a stopped worker finds one tick and not an hour of them.
    "tick": {"task": "jifen.clocks.tasks.tick", "schedule": 1.0, "options": {"queue": "public", "expires": 5}},
}


@setup_logging.connect
def leave_logging_to_django(**_: object) -> None:
    """Connected, it keeps Celery from replacing the handlers of `settings.LOGGING`."""


@task_prerun.connect
def drop_dead_connections(sender: Any, **_: object) -> None:
    """A kept connection that has died since the last task is replaced before this one needs it."""
    if not sender.request.is_eager:  # it runs on the connection of its caller
        close_old_connections()
