"""Business time: real time plus an offset that all processes share.

Only the embedded mode has an offset (``jifen.clocks`` registers where it is stored), so that a year can be lived in a
minute. Signatures, sessions, leases, retries and lag use real time (``django.utils.timezone.now``).
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

TIME_ZONE = ZoneInfo("Asia/Shanghai")

_offset: list[Callable[[], timedelta]] = []


def register_offset(source: Callable[[], timedelta]) -> None:
    """Called once by ``jifen.clocks`` in the embedded mode."""
    _offset[:] = [source]


def now() -> datetime:
    """Aware, in Asia/Shanghai."""
    offset = _offset[0]() if _offset else timedelta()
    return (datetime.now(UTC) + offset).astimezone(TIME_ZONE)


def today() -> date:
    return now().date()


def at(day: date, hour: int = 0, minute: int = 0) -> datetime:
    """The aware moment of ``day`` at ``hour:minute`` in China."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=TIME_ZONE)


def quarter_of(day: date) -> int:
    """1 to 4."""
    return (day.month + 2) // 3


def month_start(day: date) -> date:
    return day.replace(day=1)


def next_month(day: date) -> date:
    """The first day of the month after ``day``'s."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
