"""Business time can be moved in the embedded mode, for all processes at once."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from jifen.clocks import errors, offset, periodic, services
from jifen.kernel import clock
from tenants.models import Town


@pytest.fixture(autouse=True)
def real_time() -> Iterator[None]:
    yield
    offset.forget()


def test_without_an_offset_business_time_is_real_time(db: None) -> None:
    offset.forget()
    assert abs(clock.now() - timezone.now()) < timedelta(seconds=1)


def test_the_clock_moves_inside_every_town(town: Town) -> None:
    services.move_clock(clock.at(date(2025, 4, 1), 8))
    offset.forget()
    assert clock.today() == date(2025, 4, 1)
    assert clock.now().hour == 8


def test_the_clock_moves_on_by_itself(town: Town) -> None:
    services.move_clock(clock.at(date(2025, 4, 1)))
    first = clock.now()
    assert clock.now() > first


def test_the_clock_cannot_be_moved_in_production(town: Town, settings: Any) -> None:
    settings.EMBEDDED = False
    with pytest.raises(errors.ClockFixed, match="不能调整"):
        services.move_clock(clock.at(date(2025, 4, 1)))


def test_recurring_work_is_done_by_one_process_in_its_seconds(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    monkeypatch.setattr(periodic, "_registered", {})
    periodic.every(60, "test.broken", lambda: 1 / 0)
    periodic.every(60, "test.once", lambda: done.append("done"))
    periodic.run_due()
    periodic.run_due()
    assert done == ["done"]
