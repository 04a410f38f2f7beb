"""The town's office reads and sets its calendar; a village reads its own."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from jifen.clocks.dates import selectors as dates
from jifen.clocks.dates.models import CalendarPolicy
from jifen.flows import calendar
from jifen.flows.web.calendar_forms import CalendarForm
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM
from tests.cast import Cast

Browser = Callable[..., Any]


def filled(**changed: str) -> dict[str, str]:
    """The form as the page shows it, with some fields changed."""
    form = CalendarForm(calendar=dates.calendar_on(date.max), initial={"effective_from": clock.today()})
    shown = {name: form[name].value() for name in form.fields}
    return {name: str(value) for name, value in shown.items() if value is not None} | changed


def test_the_office_sets_its_days_in_the_form(cast: Cast, client_for: Browser) -> None:
    admin = client_for(cast.admin())
    answer = admin.post(
        "/office/calendar/change/", filled(filing_due_number="25", filing_due_months="1", party_day="25")
    )
    assert answer.status_code == 302
    assert dates.dates("filing", f"{clock.today():%Y-%m}").due.day == 25
    page = admin.get("/office/calendar/").content.decode()
    assert "次月25日" in page and "每月25日" in page


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"filing_before": "三天"}, "“截止前几天提醒”要填0到60之间的整数"),
        ({"review_due_number": "45"}, "“几日”要填1到31之间的整数"),
        ({"review_due_kind": "nth", "review_due_number": "0"}, "“第几个工作日”要填1到15之间的整数"),
        ({"review_due_kind": "nth", "review_due_number": ""}, "“第几个工作日”要填1到15之间的整数"),
        ({"party_day": "40"}, "党日"),
        ({"effective_from": "2020-01-01"}, "只能从今天"),
    ],
)
def test_a_calendar_that_is_refused_is_explained_and_not_kept(
    cast: Cast, client_for: Browser, changed: dict[str, str], words: str
) -> None:
    answer = client_for(cast.admin()).post("/office/calendar/change/", filled(**changed))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not CalendarPolicy.objects.exists()


def test_a_village_gets_a_day_of_its_own_and_gives_it_back(cast: Cast, client_for: Browser) -> None:
    village, admin = cast.village("李家村"), client_for(cast.admin())
    values = {"effective_from": str(clock.today()), "village": village.pk, "clock": "notice", "due_kind": "last"}
    assert admin.post("/office/calendar/villages/", values | {"due_months": "1", "due_off": "keep"}).status_code == 302
    assert "李家村" in admin.get("/office/calendar/").content.decode()
    quarter = f"{clock.today().year}Q4"
    assert dates.dates("notice", quarter, village.pk).due > dates.dates("notice", quarter).due
    admin.post(f"/office/calendar/villages/{village.pk}/notice/remove/")
    assert dates.dates("notice", quarter, village.pk).due == dates.dates("notice", quarter).due


def test_a_steward_reads_her_village_s_calendar_and_changes_none(cast: Cast, client_for: Browser) -> None:
    village = cast.village("李家村")
    steward = client_for(cast.steward(village))
    calendar.watch("filing/2024-01")
    page = steward.get("/village/calendar/").content.decode()
    assert "2024年1月报镇" in page and "党日" in page
    assert steward.post("/office/calendar/change/", filled()).status_code == 403
    assert not CalendarPolicy.objects.exists()


def test_a_calendar_of_the_past_year_can_be_looked_at(cast: Cast, client_for: Browser) -> None:
    calendar.choose(section={}, effective_from=clock.today(), by=SYSTEM)
    answer = client_for(cast.officer()).get("/office/calendar/?year=2025")
    assert answer.status_code == 200
    assert "上年四季度公示" in answer.content.decode()


def test_a_program_sets_the_calendar_as_the_form_does(cast: Cast, api_client: Browser) -> None:
    program = api_client(cast.admin())
    section = program.get("/api/v1/calendar/").json()["section"]
    assert program.put("/api/v1/calendar/", {"section": section | {"party_day": 25}}).status_code == 200
    assert dates.calendar_on(clock.today()).party_day == 25
    assert program.put("/api/v1/calendar/", {"section": {"lunch": 1}}).status_code == 422
    assert api_client(cast.steward()).put("/api/v1/calendar/", {"section": section}).status_code == 403
    assert CalendarPolicy.objects.count() == 1


def own_days(village: Any, **more: Any) -> dict[str, Any]:
    return {"effective_from": str(clock.today()), "village": village.pk, "clock": "review"} | more


def test_a_village_gets_an_opening_and_a_party_day_of_its_own(cast: Cast, client_for: Browser) -> None:
    village, admin = cast.village("李家村"), client_for(cast.admin())
    opens = {"opens_kind": "day", "opens_number": "3", "opens_months": "1", "opens_off": "keep"}
    assert admin.post("/office/calendar/villages/", own_days(village, party_day="8", **opens)).status_code == 302
    own = dates.calendar_on(clock.today()).of_village(village.pk)
    month = f"{clock.today():%Y-%m}"
    assert (own.party_day, dates.dates("review", month, village.pk).opens.day) == (8, 3)  # type: ignore[union-attr]
    assert dates.dates("review", month, village.pk).due == dates.dates("review", month).due
    page = admin.get("/office/calendar/").content.decode()
    assert "次月3日" in page and "每月8日" in page


def test_what_the_form_does_not_change_of_a_village_stays(cast: Cast, client_for: Browser) -> None:
    village, admin = cast.village("李家村"), client_for(cast.admin())
    rule = {"kind": "working_day", "number": -2}
    section = {"villages": [{"village": village.pk, "clock": "review", "opens": rule}]}
    calendar.choose(section=section, effective_from=clock.today(), by=SYSTEM)
    shown = admin.get(f"/office/calendar/villages/?village={village.pk}&clock=review").content.decode()
    assert '<option value="nth_last" selected>' in shown
    due = {"due_kind": "day", "due_number": "6", "due_months": "1", "due_off": "keep"}
    kept = {"opens_kind": "nth_last", "opens_number": "2", "opens_months": "0", "opens_off": "keep"}
    admin.post("/office/calendar/villages/", own_days(village, **due, **kept))
    [own] = dates.calendar_on(clock.today()).villages
    assert (own.opens.number, own.due.day) == (-2, 6)  # type: ignore[union-attr]
    admin.post("/office/calendar/change/", filled(party_day="9"))
    assert dates.calendar_on(clock.today()).villages == (own,)


def test_a_party_day_of_a_village_moves_what_is_meant_by_it(cast: Cast, client_for: Browser) -> None:
    village, admin = cast.village("李家村"), client_for(cast.admin())
    party = {"kind": "party_day", "months": 1}
    section = {"review": {"opens": {"kind": "day", "day": 1, "months": 1}, "due": party}, "party_days": {village.pk: 8}}
    calendar.choose(section=section, effective_from=clock.today(), by=SYSTEM)
    rules = dates.calendar_on(clock.today())
    assert set(rules.exceptions("review")) == {village.pk} and not rules.exceptions("notice")
    assert dates.dates("review", f"{clock.today():%Y-%m}", village.pk).due.day == 8
    assert admin.post(f"/office/calendar/villages/{village.pk}/party_day/remove/").status_code == 302
    assert not dates.calendar_on(clock.today()).party_days
