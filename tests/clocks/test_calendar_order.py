"""A calendar's steps follow each other; a corrected day corrects what is late; a calendar to come is told of."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from jifen.audit.models import AuditRow
from jifen.clocks import holidays, jobs, services
from jifen.clocks.dates import errors
from jifen.clocks.dates import selectors as dates
from jifen.clocks.dates.models import CalendarPolicy
from jifen.clocks.models import Deadline, Due, Late
from jifen.flows import behind, calendar, close_year
from jifen.inbox.models import Message
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM
from scoring.models import Year
from tenants.models import Town
from tests.cast import Cast

YEAR = datetime.now(clock.TIME_ZONE).year + 1
Browser = Callable[..., Any]


def choose(since: date | None = None, **section: Any) -> list[str]:
    return calendar.choose(section=section, effective_from=since or clock.today(), by=SYSTEM)


def day(number: int, months: int = 0, **more: Any) -> dict[str, Any]:
    return {"due": {"kind": "day", "day": number, "months": months}, **more}


def test_the_usual_calendar_is_in_order_all_year_round(town: Town) -> None:
    assert choose(since=date(YEAR, 1, 1)) == []


@pytest.mark.parametrize(
    ("section", "words"),
    [
        ({"filing": day(1)}, f"{YEAR}年1月的报镇截止{YEAR}年1月1日早于审核开始{YEAR}年2月1日"),
        ({"review": day(7)}, f"审核截止{YEAR}年1月7日早于登记截止{YEAR}年1月31日"),
        ({"review": day(20, 1)}, f"报镇截止{YEAR}年2月10日早于审核截止{YEAR}年2月20日"),
    ],
    ids=["filed before it is opened", "reviewed before it is recorded", "filed before it is reviewed"],
)
def test_steps_in_an_impossible_order_are_refused_naming_both_days(
    town: Town, section: dict[str, Any], words: str
) -> None:
    opens = {"opens": {"kind": "day", "day": 1, "months": 1}}
    section = {
        name: one | (opens if name == "review" and one["due"]["months"] else {}) for name, one in section.items()
    }
    with pytest.raises(errors.CalendarOrderWrong, match=words):
        choose(since=date(YEAR, 1, 1), **section)
    assert not CalendarPolicy.objects.exists()


def test_an_order_that_only_a_holiday_turns_round_is_found(town: Town) -> None:
    for number in range(1, 10):
        holidays.enter(day=date(YEAR, 10, number), is_off=True, name="国庆", by=SYSTEM)
    late = {"due": {"kind": "working_day", "number": 3, "months": 1}}
    with pytest.raises(errors.CalendarOrderWrong, match=f"{YEAR}年9月的报镇截止{YEAR}年10月10日"):
        choose(since=date(YEAR, 1, 1), review=late, filing=day(10, 1))


def test_a_village_of_its_own_mind_is_named(town: Town, cast: Cast) -> None:
    village = cast.village("李家村")
    own = {"village": village.pk, "clock": "filing", "due": {"kind": "day", "day": 3}}
    with pytest.raises(errors.CalendarOrderWrong, match="日历的先后不对：李家村"):
        choose(villages=[own])


def test_a_notice_before_its_quarter_can_be_posted_is_warned_of(cast: Cast, client_for: Browser) -> None:
    [told] = choose(since=date(YEAR, 1, 1), notice=day(20))
    assert f"公示{YEAR}年3月20日早于当季最后一个月报镇截止{YEAR}年4月10日" in told and "总会迟" in told
    page = client_for(cast.admin()).get("/office/calendar/").content.decode()
    assert f"公示{YEAR}年3月20日早于" in page and "按这个日期公示总会迟" in page


def test_a_program_is_told_the_field_and_what_is_wrong(cast: Cast, api_client: Browser) -> None:
    program = api_client(cast.admin())
    answer = program.put("/api/v1/calendar/", {"section": {"filing": day(1)}}).json()
    assert (answer["code"], answer["field"]) == ("calendar_order_wrong", "filing.due")
    answer = program.put("/api/v1/calendar/", {"section": {"review": day(45)}}).json()
    assert answer["field"] == "review.due.day" and "“几日”要填1到31之间的整数" in answer["detail"]
    assert answer["data"]["faults"][0]["field"] == "review.due.day"
    assert "总会迟" in program.put("/api/v1/calendar/", {"section": {"notice": day(20)}}).json()["warnings"][0]


@pytest.fixture
def late(cast: Cast) -> dict[str, Any]:
    """By a wrong day the filing of the month before last is late in 石岭岗村, and everybody has been told."""
    village = cast.village()
    people = {"village": village, "steward": cast.steward(village), "officer": cast.officer()}
    month = clock.month_start(clock.month_start(clock.today()) - timedelta(days=1)) - timedelta(days=1)
    period = f"{month:%Y-%m}"
    step = "filing"
    CalendarPolicy.objects.create(
        effective_from=date(2024, 1, 1),
        data={"filing": day(1, 1, after=[*range(1, 61)], grace=0, office=0, district=0)},
        made_at=clock.now(),
        made_by_name="镇管理员",
    )
    services.schedule(town="t_alpha", kind=calendar.WATCH, period=f"{step}/{period}", due_at=clock.now())
    [again] = calendar.watch(f"{step}/{period}")
    services.schedule(town="t_alpha", kind=again.kind, period=again.period, due_at=again.due_at)
    return people | {"period": period}


def unread(user: Any) -> int:
    return Message.objects.filter(user=user, kind="calendar", read_at=None, past_at=None).count()


def correct(period: str) -> None:
    """The days of ``period`` are mended: the calendar that held then is chosen anew, as after a slip."""
    CalendarPolicy.objects.update(data={"filing": day(28, 3, office=0, district=0)})
    calendar.replan(around=int(period[:4]))


def test_a_corrected_deadline_settles_what_was_late_at_once(late: dict[str, Any]) -> None:
    assert Late.objects.get(clock="filing").is_escalated
    assert (unread(late["steward"]), unread(late["officer"])) == (1, 1)
    correct(late["period"])
    assert not Late.objects.exists() and behind.late_now() == []
    assert (unread(late["steward"]), unread(late["officer"])) == (0, 0)
    assert Deadline.objects.get(clock="filing", period=late["period"]).due_on > clock.today()


def test_saving_a_calendar_that_leaves_it_late_settles_nothing(late: dict[str, Any]) -> None:
    choose(party_day=25, filing=day(20, 1))
    assert (unread(late["steward"]), unread(late["officer"])) == (1, 1)
    assert Late.objects.get(clock="filing").villages == 1


def test_a_holiday_that_moves_the_day_settles_it_too(late: dict[str, Any]) -> None:
    CalendarPolicy.objects.update(data={"filing": {"due": {"kind": "working_day", "number": 1, "months": 2}}})
    last = clock.next_month(clock.today()) - timedelta(days=1)
    for number in range(1, last.day):
        holidays.enter(day=last.replace(day=number), is_off=True, name="调休", by=SYSTEM)
    holidays.enter(day=last, is_off=False, name="调休", by=SYSTEM)
    Due.objects.filter(kind=holidays.REPLAN).update(state="sent")
    jobs.run(jobs.lookup(holidays.REPLAN), "")
    assert not Late.objects.exists() and unread(late["steward"]) == 0


def test_another_day_for_the_close_settles_the_lateness_of_the_year(cast: Cast) -> None:
    number = clock.today().year - 2
    Year.objects.create(number=number, state="open", opened_at=clock.now())
    officer = cast.officer()
    calendar.watch(f"year/{number}")
    assert Late.objects.filter(clock="year").exists() and unread(officer) == 0
    close_year.set_day(number=number, day=clock.today() + timedelta(days=30), by=SYSTEM)
    assert not Late.objects.exists()


def test_a_calendar_to_come_is_shown_beside_the_one_that_holds(cast: Cast, client_for: Browser) -> None:
    choose()
    choose(since=date(YEAR, 6, 1), party_day=25)
    page = client_for(cast.officer()).get("/office/calendar/").content.decode()
    assert "将要执行的日历" in page and f"{YEAR}年6月1日起" in page
    assert "每月5日" in page and "每月25日" in page
    village = client_for(cast.steward()).get("/village/calendar/").content.decode()
    assert f"{YEAR}年6月1日起" in village


def test_a_calendar_that_a_later_one_ends_says_so(cast: Cast, client_for: Browser) -> None:
    choose(since=date(YEAR, 6, 1), party_day=25)
    [told] = choose()
    assert f"{YEAR}年6月1日起还有一份" in told
    assert "只执行到" in client_for(cast.admin()).get("/office/calendar/change/").content.decode()


def test_one_that_has_not_begun_is_withdrawn_and_its_days_go_back(cast: Cast, client_for: Browser) -> None:
    choose(since=date(YEAR, 6, 1), party_day=25)
    row = CalendarPolicy.objects.get()
    admin = client_for(cast.admin())
    assert admin.post(f"/office/calendar/versions/{row.pk}/withdraw/").status_code == 302
    assert dates.calendar_on(date(YEAR, 7, 1)).party_day == 5
    assert AuditRow.objects.filter(action="calendar.withdraw").count() == 1


def test_one_that_holds_is_not_withdrawn(cast: Cast, api_client: Browser, client_for: Browser) -> None:
    choose(party_day=25)
    program = api_client(cast.admin())
    answer = program.post("/api/v1/calendar/versions/withdrawal/", {"effective_from": str(clock.today())})
    assert answer.json()["code"] == "calendar_version_begun"
    client_for(cast.admin()).post(f"/office/calendar/versions/{CalendarPolicy.objects.get().pk}/withdraw/")
    [version] = program.get("/api/v1/calendar/versions/").json()
    assert version["state"] == "now"


def test_a_program_withdraws_what_has_not_begun(cast: Cast, api_client: Browser) -> None:
    choose(since=date(YEAR, 6, 1), party_day=25)
    program, body = api_client(cast.admin()), {"effective_from": f"{YEAR}-06-01"}
    assert [one["state"] for one in program.get("/api/v1/calendar/versions/").json()] == ["coming"]
    assert program.post("/api/v1/calendar/versions/withdrawal/", body).json() == []
    assert program.post("/api/v1/calendar/versions/withdrawal/", body).status_code == 404
