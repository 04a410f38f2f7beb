"""The Celery application. Its settings stand in `jifen.settings` (CELERY_…); its one beat entry asks what is due."""

import os

from celery.signals import setup_logging
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
