"""Logging: readable lines in the embedded mode, JSON lines in production, each with the town it belongs to.

Personal data never goes into a log: log ids and counts.
"""

import sys
from typing import Any

import structlog
from django.db import connection
from structlog.typing import EventDict, WrappedLogger


def add_town(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """The schema that is being served, or whose answer is being logged; reading it opens no connection."""
    event.setdefault("town", _answered(event) or getattr(connection, "schema_name", None) or "public")
    return event


def _answered(event: EventDict) -> str | None:
    """Django logs a refused request when its town has been left already."""
    request = getattr(event.get("_record"), "request", None)
    return getattr(getattr(request, "tenant", None), "schema_name", None)


def processors(*, json: bool) -> list[Any]:
    """What every line passes through, ours and the libraries'."""
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso" if json else "%H:%M:%S", utc=False),
        *([structlog.processors.format_exc_info] if json else []),
        add_town,
    ]


def renderer(*, json: bool) -> Any:
    if json:
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    return structlog.dev.ConsoleRenderer(
        colors=sys.stderr.isatty(), pad_event_to=0, pad_level=False, exception_formatter=structlog.dev.plain_traceback
    )


def configure(*, level: str, json: bool) -> dict[str, Any]:
    """Set structlog up and return Django's LOGGING."""
    shared = processors(json=json)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer(json=json)],
        "foreign_pre_chain": shared,
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
