"""When a digest goes out."""

from datetime import datetime, time

import pytest

from jifen.inbox.quiet import next_slot

NIGHT = {"quiet_from": time(21), "quiet_to": time(8)}


@pytest.mark.parametrize(
    ("now", "slot"),
    [
        ("2026-03-02T09:10", "2026-03-02T10:00"),
        ("2026-03-02T10:00", "2026-03-02T11:00"),
        ("2026-03-02T20:30", "2026-03-03T08:00"),
        ("2026-03-02T23:59", "2026-03-03T08:00"),
        ("2026-03-03T03:00", "2026-03-03T08:00"),
    ],
)
def test_the_next_digest_keeps_the_hour_and_the_night(now: str, slot: str) -> None:
    found = next_slot(datetime.fromisoformat(now), every=60, **NIGHT)
    assert found == datetime.fromisoformat(slot)


def test_equal_ends_mean_that_no_time_is_quiet() -> None:
    midnight = time(0)
    found = next_slot(datetime.fromisoformat("2026-03-02T22:50"), every=30, quiet_from=midnight, quiet_to=midnight)
    assert found == datetime.fromisoformat("2026-03-02T23:00")


def test_quiet_time_within_one_day_ends_on_that_day() -> None:
    found = next_slot(datetime.fromisoformat("2026-03-02T11:50"), every=15, quiet_from=time(12), quiet_to=time(14))
    assert found == datetime.fromisoformat("2026-03-02T14:00")
