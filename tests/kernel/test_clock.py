"""Days, months and quarters of business time."""

from datetime import date, timedelta

import pytest

from jifen.kernel import clock


@pytest.mark.parametrize(("month", "quarter"), [(1, 1), (3, 1), (4, 2), (6, 2), (9, 3), (10, 4), (12, 4)])
def test_a_quarter_has_three_months(month: int, quarter: int) -> None:
    assert clock.quarter_of(date(2025, month, 28)) == quarter


@pytest.mark.parametrize(
    ("day", "following"),
    [
        (date(2025, 1, 31), date(2025, 2, 1)),
        (date(2025, 12, 5), date(2026, 1, 1)),
        (date(2024, 2, 29), date(2024, 3, 1)),
    ],
)
def test_after_every_month_comes_the_next(day: date, following: date) -> None:
    assert clock.next_month(day) == following
    assert clock.month_start(following - timedelta(days=1)) == clock.month_start(day)


def test_a_moment_is_a_moment_in_china() -> None:
    assert clock.at(date(2025, 3, 5), 8, 30).isoformat() == "2025-03-05T08:30:00+08:00"
