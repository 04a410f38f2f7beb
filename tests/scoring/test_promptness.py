"""A town may ask that a deed is recorded within some days: a later one is shown and counted, and nobody is nagged."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from jifen.clocks.dates.models import CalendarPolicy
from jifen.inbox.models import Message
from jifen.kernel import clock
from scoring.models import Declaration
from scoring.selectors.exceptions import exceptions
from scoring.selectors.months import month_board
from scoring.selectors.promptness import late_in
from scoring.services import batches
from tests.clocks.test_calendar_pages import filled
from tests.scoring.desk import DAY, MONTH, Desk

Browser = Callable[..., Any]


@pytest.fixture
def desk(ready_desk: Desk) -> Desk:
    return ready_desk


def by_days(within: int = 1) -> None:
    """By the usual calendar, deeds are to be recorded within so many days."""
    record = {"due": {"kind": "day", "day": 31}, "each": "days", "within": within}
    CalendarPolicy.objects.create(
        effective_from=date(MONTH.year - 1, 1, 1), data={"record": record}, made_at=clock.now(), made_by_name="镇管理员"
    )


Record = Callable[..., Declaration]


@pytest.fixture
def recorded(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Record:
    """``recorded(days)``: a deed of ``DAY`` that was recorded so many days afterwards."""

    def record(days: int, hour: int = 9, minute: int = 0) -> Declaration:
        with monkeypatch.context() as then:
            moment = clock.at(DAY + timedelta(days=days), hour, minute)
            then.setattr(clock, "now", lambda: moment)
            return desk.record()

    return record


def hints(desk: Desk, told: Declaration) -> dict[str, str]:
    return {one.code: one.why for one in exceptions(desk.sheet()).get(desk.item(told).pk, ())}


@pytest.mark.parametrize(("days", "is_late"), [(0, False), (1, False), (2, True)])
def test_a_deed_recorded_after_its_days_is_among_the_exceptions(
    desk: Desk, recorded: Record, days: int, is_late: bool
) -> None:
    by_days(1)
    told = recorded(days)
    assert ("tardy" in hints(desk, told)) == is_late
    assert not is_late or hints(desk, told)["tardy"] == "过了2天才登记"


def test_where_deeds_are_recorded_at_any_time_none_is_late(desk: Desk, recorded: Record) -> None:
    told = recorded(9)
    assert "tardy" not in hints(desk, told) and late_in(MONTH) == {}


def test_an_evening_in_china_is_still_the_same_day(desk: Desk, recorded: Record) -> None:
    by_days(0)
    recorded(0, 23, 30)
    assert late_in(MONTH) == {}
    recorded(1, 0, 30)
    assert late_in(MONTH) == {desk.village.pk: 1}


def test_a_round_is_recorded_when_it_ends(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    by_days(1)
    moment = clock.at(DAY + timedelta(days=20))
    monkeypatch.setattr(clock, "now", lambda: moment)
    batches.record_batch(
        village=desk.village, kind="activity", title="劳动", happened_on=DAY, place="村口", by=desk.by,
        rows=[(desk.zhang, None, desk.rule_in_force("tidy"), {})], evidence=[],
    )  # fmt: skip
    assert late_in(MONTH) == {}


def test_it_is_counted_on_the_months_and_on_the_calendar_and_nobody_is_told(
    desk: Desk, recorded: Record, client_for: Browser
) -> None:
    by_days(1)
    recorded(5)
    [cell] = [one for one in month_board(MONTH) if one.village_id == desk.village.pk]
    assert cell.tardy == 1
    assert "迟登1件" in client_for(desk.officer).get(f"/office/months/?month={MONTH:%Y-%m}").content.decode()
    page = client_for(desk.steward).get("/village/calendar/").content.decode()
    assert "迟登" in page and "按日登记，发生后1天内" in page
    assert not Message.objects.filter(kind="calendar").exists()


def test_the_form_of_a_deed_says_until_when(desk: Desk, client_for: Browser) -> None:
    address = f"/village/record/?household={desk.zhang.number}&rule={desk.rule_in_force('tidy').pk}"
    steward = client_for(desk.steward)
    page = steward.get(address).content.decode()
    assert f"{clock.today().month}月的事登记到" in page and "迟登" not in page
    by_days(3)
    assert "发生后3天内登记" in steward.get(address).content.decode()
    mine = client_for(desk.cast.villager(desk.zhang)).get(f"/declare/?rule={desk.rule_in_force('tidy').pk}")
    assert "发生后3天内登记" in mine.content.decode()


def test_the_office_chooses_it_in_the_calendar(desk: Desk, client_for: Browser) -> None:
    admin = client_for(desk.cast.admin())
    sent = filled(record_each="days", record_within="")
    assert "按日登记要填" in admin.post("/office/calendar/change/", sent).content.decode()
    assert admin.post("/office/calendar/change/", filled(record_each="days", record_within="2")).status_code == 302
    assert "按日登记，发生后2天内" in admin.get("/office/calendar/").content.decode()


def test_a_program_chooses_and_reads_it(desk: Desk, api_client: Browser) -> None:
    record = {"due": {"kind": "day", "day": 31}, "each": "days", "within": 2}
    program = api_client(desk.cast.admin())
    assert program.put("/api/v1/calendar/", {"section": {"record": record}}).status_code == 200
    cells = program.get(f"/api/v1/months/{MONTH:%Y-%m}/").json()
    assert {one["tardy"] for one in cells} == {0}
