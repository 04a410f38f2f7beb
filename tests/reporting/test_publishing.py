"""Publishing a quarter, once, from what the ledger says."""

from datetime import date
from decimal import Decimal

import pytest

from jifen.audit.models import AuditRow
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM
from reporting import snapshots
from reporting.errors import MonthsNotPosted, QuarterEmpty, QuarterInvalid, QuarterNotOver, QuarterOutsideYears
from reporting.models import ListRow, Notice
from reporting.services import notices
from scoring.services import ledger, years
from tenants.community.models import Household, Village
from tests.cast import Cast
from tests.reporting import months

JULY = date(2026, 7, 6)
AUGUST = date(2026, 8, 6)


@pytest.fixture
def village(cast: Cast) -> Village:
    months.set_up("seed_000_003")
    return cast.village()


def _planted(household: Household, trees: int, day: date = JULY) -> None:
    months.deed(household, "植树", day, facts={"quantity": str(trees)})


def _published(village: Village) -> Notice:
    return notices.publish_quarter(village=village, year=2026, quarter=3, by=SYSTEM)


def _rows(notice: Notice, title: str) -> list[tuple[int, str, str]]:
    [ranking] = [part for part in notice.snapshot["rankings"] if part["title"] == title]
    return [(row["place"], row["number"], row["points"]) for row in ranking["rows"]]


def test_households_are_ranked_by_the_quarter_and_by_the_year_so_far(cast: Cast, village: Village) -> None:
    first, second = cast.household(number="0001"), cast.household(number="0002")
    _planted(first, 5, date(2026, 5, 6))
    months.post(village, date(2026, 5, 1))
    _planted(first, 2)
    _planted(second, 3)
    months.post(village, JULY)
    notice = _published(village)
    assert _rows(notice, "家庭户正积分排名（本季）") == [(1, "0002", "9"), (2, "0001", "6")]
    assert _rows(notice, "家庭户正积分排名（年度累计）") == [(1, "0001", "21"), (2, "0002", "9")]


def test_a_households_points_are_its_own_and_its_members(cast: Cast, village: Village) -> None:
    home = cast.household(number="0001")
    daughter = cast.member(home)
    _planted(home, 1)
    months.deed(home, "结对帮扶", AUGUST, resident=daughter)
    months.post(village, AUGUST)
    notice = _published(village)
    assert _rows(notice, "家庭户正积分排名（本季）") == [(1, "0001", "8")]
    assert _rows(notice, "个人正积分排名（本季）") == [(1, "0001", "5")]


def test_deductions_rank_apart_and_carry_no_name(cast: Cast, village: Village) -> None:
    home = cast.household(number="0001")
    months.deed(home, "焚烧秸秆", JULY)
    months.post(village, JULY)
    notice = _published(village)
    assert _rows(notice, "家庭户负积分排名（本季）") == [(1, "0001", "10")]
    assert all(row["name"] == "" for row in notice.snapshot["changes"])


def test_a_quarter_before_the_towns_years_is_refused(cast: Cast, village: Village) -> None:
    cast.household()
    with pytest.raises(QuarterOutsideYears):
        notices.publish_quarter(village=village, year=2025, quarter=4, by=SYSTEM)
    assert not Notice.objects.exists()


@pytest.mark.parametrize("whole", [True, False])
def test_a_quarter_in_which_nobody_had_joined_is_refused(cast: Cast, village: Village, whole: bool) -> None:
    cast.household(joined=False)
    with pytest.raises(QuarterEmpty):
        notices.publish_quarter(village=None if whole else village, year=2026, quarter=3, by=SYSTEM)
    assert not Notice.objects.exists()


def test_publishing_twice_is_publishing_once(cast: Cast, village: Village) -> None:
    cast.household()
    first = _published(village)
    assert _published(village).pk == first.pk
    assert Notice.objects.count() == 1
    assert AuditRow.objects.filter(action="notice.publish").count() == 1


def test_the_red_list_is_kept_with_its_measure(cast: Cast, village: Village) -> None:
    home = cast.household(number="0001")
    _planted(home, 4)
    months.post(village, JULY)
    notice = _published(village)
    row = ListRow.objects.get(notice=notice)
    assert (row.colour, row.position, row.household, row.measure, row.points) == ("red", 1, home, "positive", 12)
    assert [row["number"] for row in notice.snapshot["lists"]["red"]["rows"]] == ["0001"]


def test_an_internal_black_list_is_kept_but_not_shown(cast: Cast, village: Village) -> None:
    home = cast.household(number="0001")
    months.deed(home, "焚烧秸秆", JULY)
    months.post(village, JULY)
    notice = _published(village)
    assert ListRow.objects.get(notice=notice).colour == "black"
    assert notice.snapshot["lists"]["black"]["rows"] == []


def test_a_household_that_has_not_joined_is_not_ranked(cast: Cast, village: Village) -> None:
    cast.household(number="0008")
    cast.household(number="0009", joined=False)
    notice = _published(village)
    assert notice.snapshot["summary"]["joined"] == 1


def test_base_points_are_one_line_not_one_each(cast: Cast, village: Village) -> None:
    for number in ("0001", "0002"):
        ledger.grant_base(
            household=cast.household(number=number), points=Decimal(60), reason="基础分", by=SYSTEM, day=JULY
        )
    notice = _published(village)
    assert notice.snapshot["changes"] == []
    assert notice.snapshot["grants"] == [{"title": "基础分", "count": 2, "points": "120"}]


def test_a_quarter_that_is_not_over_is_refused(village: Village) -> None:
    today = clock.today()
    years.open_year(number=today.year, by=SYSTEM)
    with pytest.raises(QuarterNotOver):
        notices.publish_quarter(village=village, year=today.year, quarter=clock.quarter_of(today), by=SYSTEM)
    assert not Notice.objects.exists()


def test_a_fifth_quarter_is_refused(village: Village) -> None:
    with pytest.raises(QuarterInvalid):
        notices.publish_quarter(village=village, year=2026, quarter=5, by=SYSTEM)


def test_a_month_under_review_holds_its_quarter_up(cast: Cast, village: Village) -> None:
    _planted(cast.household(), 1, date(2026, 9, 6))
    with pytest.raises(MonthsNotPosted):
        _published(village)


def test_the_towns_notice_sets_all_villages_side_by_side(cast: Cast, village: Village) -> None:
    home = cast.household(cast.village("竹溪村"), number="0002")
    _planted(home, 2)
    months.post(home.village, JULY)
    notice = notices.publish_quarter(village=None, year=2026, quarter=3, by=SYSTEM)
    lines = {line["village"]: line["positive"] for line in notice.snapshot["villages"]}
    assert lines == {"石岭岗村": "0", "竹溪村": "6"}
    assert notice.snapshot["lists"]["red"]["rows"][0]["village"] == "竹溪村"


def test_the_hash_is_of_what_is_shown(cast: Cast, village: Village) -> None:
    cast.household()
    notice = _published(village)
    notice.refresh_from_db()
    assert notice.sha256 == snapshots.digest(notice.snapshot)
