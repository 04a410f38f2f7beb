"""Logging: readable lines in the embedded mode, JSON lines in production, each with the town it belongs to.

Personal data never goes into a log: log ids and counts.
"""

from typing import Any

import structlog
from django.db import connection
from structlog.typing import EventDict, WrappedLogger


def add_town(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """The schema that is being served; reading it opens no connection."""
    event.setdefault("town", getattr(connection, "schema_name", None) or "public")
    return event


SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.TimeStamper(fmt="iso", utc=False),
    structlog.processors.format_exc_info,
    add_town,
]


def configure(*, level: str, json: bool) -> dict[str, Any]:
    """Set structlog up and return Django's LOGGING."""
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    renderer = structlog.processors.JSONRenderer(ensure_ascii=False) if json else structlog.dev.ConsoleRenderer()
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        "foreign_pre_chain": SHARED,
    }
    # One line per tick and per task would bury the rest.
    quiet = ("celery.app.trace", "celery.worker.strategy", "celery.beat", "botocore", "boto3", "urllib3", "axes")
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": formatter},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            **{name: {"level": "WARNING"} for name in quiet},
            "django": {"handlers": [], "propagate": True},
            "django.server": {"handlers": [], "propagate": True},
        },
    }
