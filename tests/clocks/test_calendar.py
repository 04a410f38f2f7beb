"""A town sets its calendar, a village may differ; dates that have not struck yet move with it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from jifen.audit.models import AuditRow
from jifen.clocks import holidays, jobs, lateness, services
from jifen.clocks.dates import errors
from jifen.clocks.dates import selectors as dates
from jifen.clocks.dates.models import CalendarPolicy
from jifen.clocks.models import Due, Late
from jifen.flows import behind, calendar
from jifen.inbox.models import Message
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM
from tenants.community.models import Village
from tenants.models import Town
from tests import questions
from tests.cast import Cast

YEAR = datetime.now(UTC).year + 1
LAST_WORKING_DAY = {"kind": "working_day", "number": -1}
LATE_IN_NEXT = {"kind": "working_day", "number": -1, "months": 1}


def choose(since: date | None = None, **section: Any) -> None:
    calendar.choose(section=section, effective_from=since or clock.today(), by=SYSTEM)


def day_of(kind: str, period: str) -> date:
    return Due.objects.get(town="t_alpha", kind=kind, period=period).due_at.astimezone(clock.TIME_ZONE).date()


@pytest.fixture
def planned(town: Town) -> Town:
    for job in calendar.year_jobs(YEAR):
        services.schedule(town="t_alpha", kind=job.kind, period=job.period, due_at=job.due_at)
    return town


def test_a_town_that_chose_nothing_has_the_usual_days(town: Town) -> None:
    found = dates.dates("filing", "2026-03")
    assert (found.due, found.late_from) == (date(2026, 4, 10), date(2026, 4, 11))
    assert dates.dates("notice", "2026Q4").due == date(2027, 1, 10)
    assert dates.dates("review", "2026-12").opens == date(2027, 1, 1)


def test_a_new_calendar_moves_the_dates_that_have_not_struck(planned: Town) -> None:
    Due.objects.filter(kind="review.open", period=f"{YEAR}-01").update(state="done")
    choose(review={"opens": {"kind": "day", "day": 3, "months": 1}, "due": {"kind": "day", "day": 9, "months": 1}})
    assert day_of("review.open", f"{YEAR}-02") == date(YEAR, 3, 3)
    assert day_of("review.open", f"{YEAR}-01") == date(YEAR, 2, 1)


def test_a_calendar_speaks_from_its_day_on(planned: Town) -> None:
    choose(since=date(YEAR, 6, 1), notice={"due": {"kind": "day", "day": 20, "months": 0}})
    assert day_of("notice.quarter", f"{YEAR}Q1") == date(YEAR, 4, 10)
    assert day_of("notice.quarter", f"{YEAR}Q2") == date(YEAR, 6, 20)


def test_a_village_may_differ(planned: Town, cast: Cast) -> None:
    village = cast.village("李家村")
    own = {"village": village.pk, "clock": "review", "opens": LAST_WORKING_DAY}
    choose(since=date(YEAR, 1, 1), villages=[own])
    assert dates.dates("review", "2026-09", village.pk).due == dates.dates("review", "2026-09").due
    days = {job.period: job.due_at.date() for job in calendar.year_jobs(YEAR)}
    assert days[f"{YEAR}-03/{village.pk}"] < days[f"{YEAR}-03"]


@pytest.mark.parametrize(
    ("section", "words"),
    [
        ({"party_day": 40}, "“支部主题党日”要填1到31之间的整数"),
        ({"review": {"due": {"kind": "day", "day": 45}}}, "月审核的截止的“几日”要填1到31之间的整数"),
        ({"review": {"due": {"kind": "working_day", "number": 0}}}, "月审核截止的“第几个工作日”要填1到15"),
        ({"filing": {"due": {"kind": "day", "day": 9}, "before": ["abc"]}}, "报镇的“截止前几天提醒”要填0到60"),
        ({"review": {"before": [1]}}, "月审核的“截止”没有填"),
        ({"review": {"due": {"kind": "after", "event": "notice", "days": 3}}}, "只能从它前面的环节往后数"),
        ({"lunch": 12}, "日历里没有“lunch”这一项"),
    ],
)
def test_a_calendar_that_makes_no_sense_is_refused_and_changes_nothing(
    planned: Town, section: dict[str, Any], words: str
) -> None:
    before = list(Due.objects.order_by("pk").values_list("pk", "due_at"))
    with pytest.raises(errors.CalendarInvalid, match=words):
        choose(**section)
    assert list(Due.objects.order_by("pk").values_list("pk", "due_at")) == before
    assert not CalendarPolicy.objects.exists() and not AuditRow.objects.filter(action="calendar.choose").exists()


def test_a_calendar_does_not_begin_in_the_past(planned: Town) -> None:
    with pytest.raises(errors.CalendarInPast):
        choose(since=clock.today() - timedelta(days=1))
    assert not CalendarPolicy.objects.exists()


def test_the_last_word_of_a_day_counts(planned: Town) -> None:
    choose(party_day=25)
    choose(party_day=5)
    assert dates.calendar_on(clock.today()).party_day == 5
    assert AuditRow.objects.filter(action="calendar.choose").count() == 2


def test_the_watch_counts_the_villages_that_are_late_and_comes_again(town: Town, cast: Cast) -> None:
    cast.village("李家村")
    period = f"{clock.today() - timedelta(days=62):%Y-%m}"
    [following] = calendar.watch(f"review/{period}#30")
    assert following.period == f"review/{period}#31"
    row = Late.objects.get(town="t_alpha", clock="review", period=period)
    assert row.villages == Village.objects.count() == len(behind.late_now())
    assert row.is_escalated


def test_the_watch_stops_when_nobody_is_behind(town: Town) -> None:
    lateness.note(clock_name="review", period="2024-01", due_on=date(2024, 2, 7), villages=2, is_escalated=False)
    assert calendar.watch("review/2024-01") == []
    assert not Late.objects.exists()


def test_those_who_are_behind_are_told_once(town: Town, cast: Cast) -> None:
    village = cast.village("李家村")
    steward = cast.steward(village)
    today = clock.today()
    now = {"kind": "day", "day": today.day, "months": 0}
    choose(record={"due": now}, review={"due": now, "before": [0]})
    for _ in range(2):
        calendar.watch(f"review/{today:%Y-%m}")
    assert Message.objects.filter(user=steward, kind="calendar").count() == 1


def test_a_holiday_that_is_entered_moves_the_working_day(town: Town) -> None:
    choose(since=date(YEAR, 1, 1), filing={"due": LATE_IN_NEXT})
    before = dates.dates("filing", f"{YEAR}-03").due
    holidays.enter(day=before, is_off=True, name="调休", by=SYSTEM)
    assert dates.dates("filing", f"{YEAR}-03").due < before


def _look_again() -> None:
    """The dispatcher gives the town its turn at what a change of the holidays asked for."""
    assert Due.objects.filter(kind=holidays.REPLAN, state="waiting").update(state="sent") == 1
    jobs.run(jobs.lookup(holidays.REPLAN), "")


def test_entering_and_removing_a_holiday_moves_what_is_planned(planned: Town) -> None:
    choose(since=date(YEAR, 1, 1), review={"opens": LAST_WORKING_DAY, "due": {"kind": "day", "day": 9, "months": 1}})
    before = day_of("review.open", f"{YEAR}-03")
    off = holidays.enter(day=before, is_off=True, name="调休", by=SYSTEM)
    assert day_of("review.open", f"{YEAR}-03") == before
    _look_again()
    assert day_of("review.open", f"{YEAR}-03") < before
    holidays.remove(holiday=off, by=SYSTEM)
    _look_again()
    assert day_of("review.open", f"{YEAR}-03") == before


def test_every_town_with_dates_to_come_is_asked_in_one_statement(planned: Town) -> None:
    for number in range(30):
        services.schedule(town=f"t_{number}", kind="year.begin", period=str(YEAR), due_at=clock.now())
    with questions.asked() as asked:
        holidays.replan_towns()
    assert len(asked) == 1
    assert Due.objects.filter(kind=holidays.REPLAN).count() == 31


def test_what_a_town_is_at_is_not_asked_for_twice(planned: Town) -> None:
    holidays.replan_towns()
    holidays.replan_towns()
    assert Due.objects.filter(kind=holidays.REPLAN).count() == 1


def test_planning_three_years_reads_the_calendars_a_few_times(planned: Town) -> None:
    with questions.asked() as asked:
        calendar.replan(around=YEAR)
    assert len(asked) <= 25


def test_a_village_with_an_earlier_day_is_reminded_before_it(planned: Town, cast: Cast) -> None:
    own = {"village": cast.village("李家村").pk, "clock": "review", "due": {"kind": "day", "day": 3, "months": 1}}
    choose(since=date(YEAR, 1, 1), villages=[own])
    assert day_of("calendar.watch", f"review/{YEAR}-05") == date(YEAR, 6, 1)
