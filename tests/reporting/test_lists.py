"""Red and black lists and honours, seed by seed."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from jifen.kernel.actors import SYSTEM
from jifen.kernel.points import plain
from reporting.models import ListRow, Notice
from reporting.periods import Quarter
from reporting.selectors import honours, standings
from reporting.services import notices
from scoring.models import Posting
from scoring.selectors import effects
from scoring.services import ledger
from tenants.community.models import Household
from tests.cast import Cast
from tests.reporting import months

JULY = date(2026, 7, 6)
BLACK: dict[str, Any] = {"name": "黑榜", "size": 1, "measure": "net", "order": "lowest", "visibility": "public"}


def _merit(household: Household, points: int) -> None:
    amount = Decimal(points)
    paper = "签字的期初表"
    ledger.open_balance(household=household, merit=amount, redeemable=amount, document=paper, by=SYSTEM, day=JULY)


def _published(household: Household) -> Notice:
    return notices.publish_quarter(village=household.village, year=2026, quarter=3, by=SYSTEM)


def _listed(notice: Notice, colour: str) -> list[tuple[int, str, str]]:
    rows = ListRow.objects.filter(notice=notice, colour=colour).order_by("position", "household__number")
    return [(row.position, row.household.number, plain(row.points)) for row in rows]


def test_seed_002_lists_the_first_three_and_the_last_by_their_total(cast: Cast) -> None:
    months.set_up("seed_002")
    homes = [cast.household(number=f"000{index}") for index in range(1, 6)]
    for home, points in zip(homes, (9, 7, 5, 3, -2), strict=True):
        _merit(home, points)
    notice = _published(homes[0])
    assert _listed(notice, "red") == [(1, "0001", "9"), (2, "0002", "7"), (3, "0003", "5")]
    assert _listed(notice, "black") == [(1, "0005", "-2")]


def test_seed_000_lists_ten_by_gross_points_whatever_was_deducted(cast: Cast) -> None:
    months.set_up("seed_000")
    homes = [cast.household(number=f"{index:04d}") for index in range(1, 13)]
    for index, home in enumerate(homes):
        _merit(home, 40 - index)
    _merit(homes[0], -30)
    notice = _published(homes[0])
    assert [number for _, number, _ in _listed(notice, "red")] == [f"{index:04d}" for index in range(1, 11)]
    assert _listed(notice, "black") == [(1, "0001", "30")]


def test_a_correction_of_another_year_does_not_move_this_years_ranking(cast: Cast) -> None:
    months.set_up("seed_002")
    home = cast.household(number="0001")
    _merit(home, 9)
    _merit(home, 4)
    ledger.reverse(posting=Posting.objects.latest("pk"), reason="往年认错户", by=SYSTEM, concerns_year=2025)
    [standing] = standings.at_end_of(Quarter(2026, 4)).households
    assert (standing.cumulative.positive, standing.cumulative.negative) == (Decimal(13), Decimal(0))


def test_seed_001_ranks_and_lists_nobody(cast: Cast) -> None:
    months.set_up("seed_001")
    home = cast.household()
    _merit(home, 5)
    assert not _published(home).list_rows.exists()


def test_a_public_black_list_gives_number_and_event_but_no_name(cast: Cast) -> None:
    months.set_up("seed_002", black=BLACK)
    home = cast.household(name="赵六", number="0001")
    months.deed(home, "乱丢垃圾", JULY)
    months.post(home.village, JULY)
    [row] = _published(home).snapshot["lists"]["black"]["rows"]
    assert (row["number"], row["name"], row["events"]) == ("0001", "", ["乱丢垃圾、占用公共区域"])


def test_a_list_that_is_off_is_not_kept(cast: Cast) -> None:
    months.set_up("seed_002", black={**BLACK, "visibility": "off"})
    home = cast.household()
    _merit(home, -5)
    assert _listed(_published(home), "black") == []


def test_seed_003_recommends_ten_per_cent_and_bars_below_sixty(cast: Cast) -> None:
    months.set_up("seed_003")
    homes = [cast.household(number=f"{index:04d}") for index in range(1, 11)]
    for home, points in zip(homes, (90, 80, 70, 65, 60, 59, 40, 30, 20, 10), strict=True):
        _merit(home, points)
    found = honours.of(2026)
    assert [one.number for one in found.first] == ["0001"]
    assert sum(one.barred for one in found.candidates) == 5


@pytest.mark.parametrize("scheme", ["seed_001", "seed_002"])
def test_without_a_bar_nobody_is_barred(cast: Cast, scheme: str) -> None:
    months.set_up(scheme)
    _merit(cast.household(), 1)
    assert not any(one.barred for one in honours.of(2026).candidates)


def test_whom_a_deed_barred_stands_on_no_red_list_and_is_not_recommended(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    months.set_up("seed_002")
    homes = [cast.household(number=f"000{index}") for index in range(1, 6)]
    for home, points in zip(homes, (9, 7, 5, 3, 1), strict=True):
        _merit(home, points)
    asked = []

    def barred(kind: str, day: date) -> set[int]:
        asked.append((kind, day))
        return {homes[0].pk, homes[4].pk}

    monkeypatch.setattr(effects, "barred", barred)
    notice = _published(homes[0])
    assert [number for _, number, _ in _listed(notice, "red")] == ["0002", "0003", "0004"]
    assert [number for _, number, _ in _listed(notice, "black")] == ["0005"]
    first, *rest = honours.of(2026).candidates
    assert (first.barred, first.why) == (True, "按细则取消评优资格") and not rest[0].barred
    assert set(asked) == {("bar_honours", date(2026, 9, 30)), ("bar_honours", date(2026, 12, 31))}
