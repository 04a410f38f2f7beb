"""Each of the five clocks is watched: who is behind is reminded, then the office is told, then the district sees it."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from jifen.approvals import services as approvals
from jifen.clocks import jobs
from jifen.clocks.dates.policy import CLOCKS
from jifen.clocks.models import Due, Late
from jifen.flows import behind, calendar, reminders
from jifen.inbox.models import Message
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM
from redemption import policies as exchange
from redemption.services import plans
from scoring.models import Review
from scoring.services import activities, reviews
from tenants.community.models import Role, Village
from tenants.community.services import roles
from tests import questions
from tests.cast import Cast, actor
from tests.scoring.desk import Desk
from tests.tables import undone

Browser = Callable[..., Any]
PAST = {"due": {"kind": "day", "day": 1, "months": 0}, "grace": 0, "office": 0, "district": 0, "after": []}
"""Long over whenever it is asked."""


@pytest.fixture
def desk(ready_desk: Desk) -> Desk:
    return ready_desk


@pytest.fixture
def villages(cast: Cast) -> dict[str, Any]:
    """石岭岗村 with its people, 李家村 with its own, and the office; every clock has struck long ago."""
    near, far = cast.village(), cast.village("李家村")
    calendar.choose(
        section=dict.fromkeys(("record", "review", "filing", "notice", "year"), PAST),
        effective_from=clock.today(),
        by=SYSTEM,
    )
    found = {"near": near, "far": far, "steward": cast.steward(near), "member": cast.committee(near)}
    return found | {"officer": cast.officer()}


def _periods() -> dict[str, str]:
    """What has struck for this month, quarter and year by the calendar above."""
    today = clock.today()
    month, quarter = f"{today:%Y-%m}", f"{today.year}Q{clock.quarter_of(today)}"
    steps = {"record": month, "review": month, "filing": month, "notice": quarter, "redemption": quarter}
    return steps | {"year": str(today.year)}


def _due(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every step was due ten days ago, whatever day it is."""
    monkeypatch.setattr(behind, "last_day", lambda *told: clock.today() - timedelta(days=10))
    monkeypatch.setattr(calendar, "last_day", lambda *told: clock.today() - timedelta(days=10))


def _tell_something(desk: Desk) -> None:
    """A villager's declaration that nobody looks at."""
    user = desk.cast.villager(desk.zhang)
    desk.record("tidy", declared_by="self", declarer=desk.head(), by=actor(user), happened_on=clock.today())


@pytest.mark.parametrize("step", behind.WATCHED)
def test_a_step_that_is_late_is_counted_and_goes_up_the_line(
    desk: Desk, villages: dict[str, Any], monkeypatch: pytest.MonkeyPatch, step: behind.Step
) -> None:
    _tell_something(desk)
    _due(monkeypatch)
    period = _periods()[step]
    [following] = calendar.watch(f"{step}/{period}")
    assert following.period == f"{step}/{period}#2"
    row = Late.objects.get(town="t_alpha", clock=step, period=period)
    assert row.is_escalated and row.villages == (1 if step in ("record", "year") else 2)
    told = Message.objects.filter(user=villages["officer"], kind="calendar", key__contains=f":{step}:")
    assert told.exists() == (step != "year")


def test_a_village_is_behind_with_its_record_while_something_told_is_not_on_it(
    desk: Desk, villages: dict[str, Any]
) -> None:
    month = f"{clock.today():%Y-%m}"
    assert behind.behind("record", month) == []
    _tell_something(desk)
    assert [one.place for one in behind.behind("record", month)] == ["石岭岗村"]


def test_an_open_round_keeps_the_record_open(desk: Desk, villages: dict[str, Any]) -> None:
    month = f"{clock.today():%Y-%m}"
    _open_activity(desk)
    assert [one.village for one in behind.behind("record", month)] == [desk.village]


def test_the_year_is_late_until_it_is_sealed_and_its_office_is_reminded(
    desk: Desk, villages: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    calendar.choose(section={"year": PAST | {"after": [10]}}, effective_from=clock.today(), by=SYSTEM)
    _due(monkeypatch)
    [one] = behind.behind("year", str(clock.today().year))
    assert (one.place, one.village, one.days) == ("全镇", None, 10)
    calendar.watch(f"year/{clock.today().year}")
    assert Message.objects.get(user=villages["officer"]).title.startswith("全镇")
    assert not Message.objects.filter(user=villages["steward"]).exists()
    assert behind.behind("year", "2019") == []


def test_a_village_without_a_window_in_the_quarter_is_behind_with_redemption(villages: dict[str, Any]) -> None:
    _exchange_quarterly()
    quarter = f"{clock.today().year}Q{clock.quarter_of(clock.today())}"
    assert {one.place for one in behind.behind("redemption", quarter)} == {"石岭岗村", "李家村"}
    _plan(villages["near"])
    assert {one.place for one in behind.behind("redemption", quarter)} == {"李家村"}
    _plan(None)
    assert behind.behind("redemption", quarter) == []


def test_where_redemption_is_open_all_year_nobody_is_behind_with_it(villages: dict[str, Any]) -> None:
    assert behind.behind("redemption", f"{clock.today().year}Q1") == []
    steps = {job.period.partition("/")[0] for job in calendar.year_jobs(clock.today().year)}
    assert {"record", "review", "filing", "notice", "year"} <= steps and "redemption" not in steps


def test_a_year_is_planned_with_a_watch_for_every_step(villages: dict[str, Any]) -> None:
    _exchange_quarterly()
    watches = [job.period for job in calendar.year_jobs(clock.today().year) if job.kind == calendar.WATCH]
    counts = {step: sum(one.startswith(f"{step}/") for one in watches) for step in behind.WATCHED}
    assert counts == {"record": 12, "review": 12, "filing": 12, "notice": 4, "redemption": 4, "year": 1}


def test_the_calendar_shows_the_days_of_redemption_and_what_is_late(
    desk: Desk, villages: dict[str, Any], client_for: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    _exchange_quarterly()
    _plan(villages["near"])
    _due(monkeypatch)
    for step in ("redemption", "year"):
        calendar.watch(f"{step}/{_periods()[step]}")
    office = client_for(villages["officer"]).get("/office/calendar/").content.decode()
    assert "李家村" in office and "季度兑换" in office and "全镇" in office and "封账" in office
    village = client_for(villages["steward"]).get("/village/calendar/").content.decode()
    assert "兑换开始" in village and "全镇" not in village


def test_a_program_reads_what_is_late_in_its_own_villages(
    desk: Desk, villages: dict[str, Any], api_client: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    _due(monkeypatch)
    for step in ("review", "year"):
        calendar.watch(f"{step}/{_periods()[step]}")
    office = api_client(villages["officer"]).get("/api/v1/calendar/late/").json()
    assert [(one["step"], one["place"]) for one in office if one["village"] is None] == [("year", "全镇")]
    village = api_client(villages["steward"]).get("/api/v1/calendar/late/").json()
    assert [(one["step"], one["place"], one["days"]) for one in village] == [("review", "石岭岗村", 10)]


@pytest.mark.parametrize(
    ("missed", "told"),
    [(0, False), (1, True), (3, True)],
    ids=["none", "one", "both"],
)
def test_a_reminder_missed_in_an_outage_is_sent_once_afterwards(
    villages: dict[str, Any], monkeypatch: pytest.MonkeyPatch, missed: int, told: bool
) -> None:
    calendar.choose(
        section={"record": PAST, "review": PAST | {"after": [7, 9]}}, effective_from=clock.today(), by=SYSTEM
    )
    _due(monkeypatch)
    period = f"review/{_periods()['review']}"
    _run_watch(f"{period}#5", planned=clock.now() - timedelta(days=missed))
    _run_watch(f"{period}#6", planned=clock.now())
    assert Message.objects.filter(user=villages["steward"], kind="calendar").count() == int(told)


SEATS = [
    {
        "name": "审核认定会",
        "who": [{"role": "volunteer"}, {"seat": "村民监督委员会"}, {"role": "committee"}],
        "how": "quorum",
        "quorum": {"numerator": 1, "denominator": 2},
    }
]
FILING = [
    {"name": "经办备案", "who": {"role": "town_officer"}},
    {"name": "专项工作组", "who": {"role": "town_admin"}, "when": "deeds >= 1"},
]


def _ten_days_late(monkeypatch: pytest.MonkeyPatch, step: str, *, office: int = 60) -> None:
    section = dict.fromkeys(CLOCKS, PAST) | {step: PAST | {"after": [10], "office": office}}
    calendar.choose(section=section, effective_from=clock.today(), by=SYSTEM)
    _due(monkeypatch)
    calendar.watch(f"{step}/{_periods()[step]}")


def _told(user: Any) -> list[str]:
    return list(Message.objects.filter(user=user, kind="calendar").values_list("title", flat=True))


def test_whom_the_flow_seats_is_reminded_and_nobody_twice(
    cast: Cast, villages: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    near = villages["near"]
    volunteer, leader = cast.holder("何志愿", Role.VOLUNTEER, near), cast.holder("孙组长", Role.GROUP_LEADER, near)
    far = cast.holder("远志愿", Role.VOLUNTEER, villages["far"])
    roles.appoint(user=villages["member"], village=near, role=Role.VOLUNTEER, by=SYSTEM)
    approvals.install(subject_kind="review", steps=SEATS, by=SYSTEM)
    _ten_days_late(monkeypatch, "review")
    assert [len(_told(one)) for one in (volunteer, villages["member"], villages["steward"])] == [1, 1, 1]
    assert _told(volunteer)[0].startswith("石岭岗村") and _told(far)[0].startswith("李家村")
    assert _told(leader) == _told(villages["officer"]) == []


def test_where_the_flow_seats_nobody_else_only_the_usual_people_are_reminded(
    cast: Cast, villages: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    volunteer = cast.holder("何志愿", Role.VOLUNTEER, villages["near"])
    _ten_days_late(monkeypatch, "review")
    assert len(_told(villages["member"])) == 1 and _told(volunteer) == []


def test_who_is_asked_for_every_village_is_told_once_of_how_many(
    cast: Cast, villages: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = cast.admin()
    approvals.install(subject_kind="filing", steps=FILING, by=SYSTEM)
    _ten_days_late(monkeypatch, "filing")
    for user in (villages["officer"], admin):
        [title] = _told(user)
        assert title.endswith("报镇有2个村还没有办完，最长的已超过期限10天")
    assert len(_told(villages["steward"])) == 1


@pytest.mark.parametrize("has_flow", [True, False])
def test_a_month_that_waits_for_the_town_is_the_town_s_to_answer(
    desk: Desk, villages: dict[str, Any], monkeypatch: pytest.MonkeyPatch, *, has_flow: bool
) -> None:
    near, month = villages["near"], clock.month_start(clock.today())
    sheet = reviews.open_month(village=near, month=month, by=SYSTEM)
    Review.objects.filter(pk=sheet.pk).update(state="decided", decided_at=clock.now())
    judge = desk.cast.admin()
    if has_flow:
        approvals.install(subject_kind="filing", steps=FILING, by=SYSTEM)
    _ten_days_late(monkeypatch, "filing")
    late = behind.behind("filing", _periods()["filing"])
    assert [one.place for one in late] == [one.name for one in Village.objects.exclude(pk=near.pk)] + ["全镇"]
    for user in (villages["officer"], judge):
        assert [title for title in _told(user) if "备案审定还没有办完，已超过期限10天" in title]
    assert _told(villages["steward"]) == _told(villages["member"]) == []


def test_the_office_that_hears_of_what_is_long_late_gets_no_second_message(
    cast: Cast, villages: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    approvals.install(subject_kind="filing", steps=FILING, by=SYSTEM)
    _ten_days_late(monkeypatch, "filing", office=0)
    assert len(_told(villages["officer"])) == 1


def test_reminding_all_villages_takes_as_many_questions_as_reminding_one(
    cast: Cast, villages: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    approvals.install(subject_kind="review", steps=SEATS, by=SYSTEM)
    _due(monkeypatch)
    found = behind.behind("review", _periods()["review"])
    rules = behind.rules("review", _periods()["review"])
    counted = []
    for due in (found[:1], found[:1], found):
        with undone(), questions.asked() as asked:
            reminders.send(due, rules.model_copy(update={"after": (10,), "office": 60}), clock.today())
        counted.append(len(asked))
    assert len(found) > 1 and counted[0] > 5 and counted == [counted[0]] * 3


def _run_watch(period: str, *, planned: datetime) -> None:
    due = {"due_at": planned, "state": "sent"}
    Due.objects.update_or_create(town="t_alpha", kind=calendar.WATCH, period=period, defaults=due)
    jobs.run(jobs.lookup(calendar.WATCH), period)
    assert Due.objects.get(kind=calendar.WATCH, period=period).state == "done"


def _open_activity(desk: Desk) -> None:
    activities.open_activity(
        village=desk.village, rule=desk.rule_in_force("tidy"), title="清洁家园", happened_on=clock.today(),
        place="村口", facts={}, by=desk.by,
    )  # fmt: skip


def _exchange_quarterly() -> None:
    section = exchange.FALLBACK.model_dump(mode="json")
    section["redemption"]["windows"] = [{"kind": "quarterly", "text": "每季末月", "days": [20]}]
    exchange.install(section=section, effective_from=date(clock.today().year, 1, 1), by=SYSTEM)


def _plan(village: Any) -> None:
    today = clock.today()
    plans.make(
        village=village, windows=[(today, today + timedelta(days=1))], title="兑换方案", resolution="村民代表会议",
        effective_from=today, by=SYSTEM,
    )  # fmt: skip
