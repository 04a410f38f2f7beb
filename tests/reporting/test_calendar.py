"""The quarterly job: on its day, for every village, again for those who are late."""

from datetime import date

import pytest

from jifen.clocks.dates import services as dates
from jifen.clocks.dates.models import CalendarPolicy
from jifen.clocks.jobs import Next
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM
from jifen.outbox.models import Message
from reporting import calendar, jobs
from reporting.models import Notice, NoticeKind
from reporting.periods import Quarter
from tenants.community.models import Village
from tenants.models import Town
from tests.cast import Cast
from tests.reporting import months


def test_a_year_has_four_notices_the_last_in_january(town: Town) -> None:
    rows = [row for row in calendar.first_jobs(2026) if row.kind == calendar.KIND]
    assert [row.period for row in rows] == ["2026Q1", "2026Q2", "2026Q3", "2026Q4"]
    assert [row.due_at.date() for row in rows] == [
        date(2026, 4, 10), date(2026, 7, 10), date(2026, 10, 10), date(2027, 1, 10),
    ]  # fmt: skip


def test_drafts_are_due_three_days_before_their_notices(town: Town) -> None:
    rows = [row for row in calendar.first_jobs(2026) if row.kind == calendar.DRAFT]
    assert [row.due_at.date() for row in rows][::3] == [date(2026, 4, 7), date(2027, 1, 7)]


@pytest.mark.parametrize(
    ("day", "quarter"), [(date(2026, 1, 3), "2025Q4"), (date(2026, 3, 31), "2025Q4"), (date(2026, 4, 1), "2026Q1")]
)
def test_the_last_quarter_that_is_over(day: date, quarter: str) -> None:
    assert str(Quarter.before(day)) == quarter


def test_a_quarter_begins_and_ends_with_its_months() -> None:
    quarter = Quarter(2026, 1)
    assert (quarter.first_day, quarter.last_day) == (date(2026, 1, 1), date(2026, 3, 31))
    assert quarter.title == "2026年第一季度"


@pytest.fixture
def villages(cast: Cast) -> list[Village]:
    months.set_up("seed_002")
    both = [cast.village("石岭岗村"), cast.village("竹溪村")]
    for village in both:
        cast.household(village)
    return both


def _body(period: str) -> list[Next]:
    return list(jobs.quarter_is_due(period))


def test_every_village_and_the_town_are_published(villages: list[Village]) -> None:
    assert _body("2026Q3") == []
    kinds = sorted(Notice.objects.values_list("kind", flat=True))
    assert kinds == [NoticeKind.TOWN_QUARTER, NoticeKind.VILLAGE_QUARTER, NoticeKind.VILLAGE_QUARTER]


def test_a_village_where_nobody_had_joined_has_nothing_to_announce(cast: Cast, villages: list[Village]) -> None:
    cast.household(cast.village("双桥村"), joined=False)
    assert _body("2026Q3") == []
    assert not Notice.objects.filter(village__name="双桥村").exists()
    assert Notice.objects.count() == 3


def test_a_second_delivery_publishes_nothing_more(villages: list[Village]) -> None:
    _body("2026Q3")
    _body("2026Q3")
    assert Notice.objects.count() == 3


def test_a_late_village_is_tried_again_the_next_day(cast: Cast, villages: list[Village]) -> None:
    months.deed(cast.household(villages[1]), "关爱孤寡老人", date(2026, 9, 6))
    [again] = _body("2026Q3")
    assert again.period == "2026Q3#2"
    assert again.due_at.date() > clock.today()
    assert [notice.village for notice in Notice.objects.all()] == [villages[0]]


def test_once_the_late_village_is_posted_the_town_follows(cast: Cast, villages: list[Village]) -> None:
    months.deed(cast.household(villages[1]), "关爱孤寡老人", date(2026, 9, 6))
    _body("2026Q3")
    months.post(villages[1], date(2026, 9, 1))
    assert _body("2026Q3#2") == []
    assert Notice.objects.count() == 3


def test_the_district_is_told_of_each_notice(villages: list[Village]) -> None:
    Message.objects.all().delete()
    _body("2026Q3")
    keys = list(Message.objects.filter(kind="delta").values_list("payload__key", flat=True))
    assert keys.count("notices") == 2


def test_a_village_with_a_later_day_of_its_own_is_not_published_before(villages: list[Village]) -> None:
    own = {"village": villages[1].pk, "clock": "notice", "due": {"kind": "day", "day": 28, "months": 12}}
    dates.choose(section={"villages": [own]}, effective_from=clock.today(), by=SYSTEM)
    CalendarPolicy.objects.update(effective_from=date(2026, 1, 1))
    [again] = _body("2026Q3")
    assert again.period == "2026Q3#2"
    assert [notice.village for notice in Notice.objects.all()] == [villages[0]]
