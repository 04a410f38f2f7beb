"""The district sees every town's year at a glance: each step's last day, and what is late."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from jifen.clocks import holidays, jobs, lateness, services
from jifen.clocks.models import Deadline, Due
from jifen.flows import calendar, glance
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM
from jifen.kernel.tenancy import entered, outside
from tenants.models import District, DistrictRole, Town
from tests import questions
from tests.clocks.test_provider_pages import account

Browser = Callable[..., Any]
YEAR = datetime.now(clock.TIME_ZONE).year


@pytest.fixture
def planned(town: Town) -> Town:
    """石岭岗镇's year with every step watched."""
    for job in calendar.year_jobs(YEAR):
        services.schedule(town="t_alpha", kind=job.kind, period=job.period, due_at=job.due_at)
    calendar.announce(YEAR)
    return town


def cells(step: str) -> list[Any]:
    [town] = glance.glance([Town.objects.get(schema_name="t_alpha")], YEAR)
    return next(line for line in town.lines if line.step == step).cells


def test_each_step_has_its_days(planned: Town) -> None:
    assert [len(cells(step)) for step in ("record", "review", "filing", "notice", "year")] == [12, 12, 12, 4, 1]
    assert {cell.span for cell in cells("notice")} == {3}
    assert cells("filing")[2].due == date(YEAR, 4, 10)


def test_a_town_that_began_in_mid_year_shows_a_gap(planned: Town) -> None:
    Deadline.objects.filter(clock="review", period__lte=f"{YEAR}-05").delete()
    gap, *months = cells("review")
    assert gap == 5 and len(months) == 7


def test_a_step_is_open_then_over_or_late_then_done(planned: Town) -> None:
    past = clock.today() - timedelta(days=5)
    Deadline.objects.update(due_on=clock.today())
    assert cells("year")[0].state == "open"
    Deadline.objects.filter(clock="year").update(due_on=past)
    assert cells("year")[0].state == "over"
    late = {"clock_name": "year", "period": str(YEAR), "due_on": past, "is_escalated": True}
    _note(**late, villages=1)
    assert (cells("year")[0].state, cells("year")[0].is_escalated) == ("late", True)
    _note(**late, villages=0)
    lateness.finish(clock_name="year", period=str(YEAR))
    assert cells("year")[0].state == "done"


def test_the_watch_writes_down_that_nobody_is_behind(planned: Town) -> None:
    calendar.watch(f"review/{YEAR}-01")
    assert Deadline.objects.get(clock="review", period=f"{YEAR}-01").done_on == clock.today()


def test_the_days_follow_the_towns_calendar_and_the_holidays(planned: Town) -> None:
    rule = {"due": {"kind": "working_day", "number": -1, "months": 1}}
    calendar.choose(section={"review": rule, "filing": rule}, effective_from=clock.today(), by=SYSTEM)
    row = Deadline.objects.get(clock="review", period=f"{YEAR}-12")
    holidays.enter(day=row.due_on, is_off=True, name="调休", by=SYSTEM)
    Due.objects.filter(kind=holidays.REPLAN).update(state="sent")
    jobs.run(jobs.lookup(holidays.REPLAN), "")
    assert Deadline.objects.get(pk=row.pk).due_on < row.due_on


def test_two_queries_serve_all_towns(planned: Town) -> None:
    towns = list(Town.objects.all())
    with questions.asked() as asked:
        glance.glance(towns, YEAR)
    assert len(asked) == 2


@pytest.fixture
def reader(planned: Town) -> Any:
    """The district of 石岭岗镇, where two villages have not filed."""
    figures = {"period": f"{YEAR}-03", "due_on": date(YEAR, 4, 10), "villages": 2, "is_escalated": False}
    _note(clock_name="filing", **figures)
    with entered("t_beta"):
        _note(clock_name="review", **figures)
    with outside():
        user = account("district")
        DistrictRole.objects.create(user=user, district=planned.district)
        yield user


def test_the_page_leads_from_the_year_to_the_town(reader: Any, client_for: Browser) -> None:
    town = Town.objects.get(schema_name="t_alpha")
    page = client_for(reader).get("/district/calendar/").text
    assert "2处超期" in page and f"/district/late/?town={town.code}" in page and f"/district/towns/{town.code}/" in page
    late = client_for(reader).get(f"/district/late/?town={town.code}").text
    assert f"{YEAR}年3月报镇" in late and f"/district/towns/{town.code}/" in late


def test_a_town_of_another_district_is_not_in_it(reader: Any, client_for: Browser, api_client: Browser) -> None:
    foreign = Town.objects.get(schema_name="t_beta")
    Town.objects.filter(pk=foreign.pk).update(district=_another_district())
    assert foreign.name not in client_for(reader).get("/district/calendar/").text
    assert f"{YEAR}年3月审核" not in client_for(reader).get(f"/district/late/?town={foreign.code}").text
    assert foreign.code not in [one["town"] for one in api_client(reader).get("/api/v1/district-calendar/").json()]


def test_a_program_reads_what_the_page_shows(reader: Any, api_client: Browser) -> None:
    rows = api_client(reader).get(f"/api/v1/district-calendar/?year={YEAR}").json()
    [own] = [row for row in rows if row["town"] == Town.objects.get(schema_name="t_alpha").code]
    assert own["late"] == 1
    assert [step["period"] for step in own["steps"] if step["state"] == "late"] == [f"{YEAR}-03"]


def test_others_do_not_see_it(db: None, client_for: Browser, api_client: Browser) -> None:
    with outside():
        assert client_for(account("nobody")).get("/district/calendar/").status_code == 403
        assert api_client(account("noone")).get("/api/v1/district-calendar/").status_code == 403


def _note(**figures: Any) -> None:
    lateness.note(**figures)


def _another_district() -> Any:
    return District.objects.create(code="310199", name="别的县")
