"""Households with points left are warned before their village's last exchange, once for each number of days."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from jifen.clocks import offset
from jifen.clocks import services as clocks
from jifen.flows import close_year, expiry
from jifen.inbox.models import Message
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM
from redemption.models import RedemptionPlan, RedemptionWindow
from scoring.models import ExpiryWarning
from tenants.community.models import Resident
from tests.flows.conftest import LAST
from tests.scoring.desk import NOW, Desk

END = date(NOW.year, 12, 20)


@pytest.fixture
def rich(lived: Desk) -> Iterator[Desk]:
    """张三家 with points of this year; the village's last exchange is on 20 December."""
    lived.record("trees", facts={"quantity": "3"})
    lived.post()
    plan = RedemptionPlan.objects.create(
        village=lived.village, title="方案", resolution="决议", effective_from=date(LAST, 1, 1), **SYSTEM.columns()
    )
    RedemptionWindow.objects.create(plan=plan, opens_on=END - timedelta(days=5), closes_on=END)
    yield lived
    offset.keep(timedelta())


def look_on(day: date) -> list[Any]:
    now = datetime.now(clock.TIME_ZONE)
    offset.keep(clock.at(day, 8) - now)
    clocks.move_clock(clock.at(day, 8))
    return expiry.look(NOW.year)


def test_the_warning_comes_thirty_and_seven_days_before_the_last_exchange(rich: Desk) -> None:
    user = rich.cast.villager(rich.zhang)
    assert expiry.last_day(rich.village, NOW.year) == END
    [following] = look_on(END - timedelta(days=31))
    assert not ExpiryWarning.objects.exists() and following.due_at.date() == END - timedelta(days=30)
    look_on(END - timedelta(days=30))
    assert look_on(END - timedelta(days=30))[0].due_at.date() == date(NOW.year, 12, 1)
    [made] = ExpiryWarning.objects.all()
    assert [made.days, made.households, made.last_day] == [30, 1, END] and made.points == 9
    assert Message.objects.filter(user=user, kind="expiry").count() == 1
    look_on(END - timedelta(days=7))
    assert set(ExpiryWarning.objects.values_list("days", flat=True)) == {30, 7}


def test_after_the_year_nobody_looks_any_more(rich: Desk) -> None:
    assert look_on(date(NOW.year, 12, 31)) == [] and look_on(date(NOW.year + 1, 1, 1)) == []


def test_the_household_sees_it_and_the_steward_has_a_list_to_phone(rich: Desk, client_for: Callable[..., Any]) -> None:
    Resident.objects.filter(headed=rich.zhang).update(phone="13812345678")
    look_on(END - timedelta(days=7))
    page = client_for(rich.cast.villager(rich.zhang))
    assert "积分快到期了" in page.get("/").content.decode()
    assert "积分快到期了" in page.get("/passbook/").content.decode()
    shown = client_for(rich.steward).get("/village/expiring/").content.decode()
    assert "张三" in shown and "李委员" not in shown and "已提醒" in shown
    assert '"tel:13812345678">13812345678<' in shown
    assert client_for(rich.officer).get("/village/expiring/").status_code == 403


def test_the_first_look_is_on_the_calendar(rich: Desk) -> None:
    close_year.begin(number=NOW.year, by=SYSTEM, since=date(NOW.year, 6, 15))
    assert expiry.first_look(NOW.year, date(NOW.year, 6, 15)).period == f"{NOW.year}@{NOW.year}-06-15"
