"""Who has a place in a year's seal: the households that took part in it, and nobody who joined after it (I7)."""

from datetime import date

import pytest

from jifen.kernel.actors import SYSTEM
from scoring import selectors
from scoring.models import Year, YearSeal
from scoring.selectors import closing as closings
from scoring.services import ledger, volumes, years
from scoring.verify import checks
from tenants.community.models import Application, Household
from tenants.community.services import applications
from tests.scoring import closing
from tests.scoring.desk import NOW, Desk

LAST = NOW.year - 1
LATER = "封存的名次里没有年后才加入的户"


@pytest.fixture
def lived(desk: Desk) -> Desk:
    """Last year, with one posted deed; 新户 joins on 3 January of this year."""
    years.open_year(number=LAST, by=SYSTEM)
    desk.record("trees", facts={"quantity": "2"}, happened_on=date(LAST, 11, 5))
    desk.post(date(LAST, 11, 1))
    _joins(desk, date(NOW.year, 1, 3))
    return desk


def test_who_joined_after_the_year_has_no_place_in_it(lived: Desk) -> None:
    told = closings.closing(_last()).households
    seal = closing.seal(_last())
    assert "新户" not in _ranked(seal) and told == seal.standings.count()
    volumes.plan(seal=seal)
    assert sum(seal.volumes.values_list("households", flat=True)) == told and _breaches() == []


def test_nor_when_the_year_is_opened_and_closed_again(lived: Desk) -> None:
    first = closing.seal(_last())
    _joins(lived, date(NOW.year, 3, 3), name="再来户")
    closing.reopen(_last())
    again = closing.seal(_last())
    assert _ranked(again) == _ranked(first) and again.standings_hash == first.standings_hash
    assert first.standings.count() == closings.closing(_last()).households and _breaches() == []


def test_who_joined_on_its_last_day_has_one(lived: Desk) -> None:
    _joins(lived, date(LAST, 12, 31), name="末日户")
    assert "末日户" in _ranked(closing.seal(_last())) and _breaches() == []


def test_who_left_within_the_year_keeps_a_place_with_points_alone(lived: Desk) -> None:
    idle = _joins(lived, date(LAST, 1, 1), name="闲户")
    for one in (lived.zhang, idle):
        applications.let_go(household=one, on=date(LAST, 12, 1), by=SYSTEM)
    told = closings.closing(_last()).households
    ranked = _ranked(closing.seal(_last()))
    assert "张三" in ranked and "闲户" not in ranked and len(ranked) == told and _breaches() == []


def test_who_left_before_its_first_day_has_none(lived: Desk) -> None:
    gone = _joins(lived, date(LAST - 1, 1, 1), name="走户")
    applications.let_go(household=gone, on=date(LAST, 1, 1), by=SYSTEM)
    assert "走户" not in _ranked(closing.seal(_last()))


def test_what_the_closing_page_tells_of_a_sealed_year_stays(lived: Desk) -> None:
    closing.seal(_last())
    sealed = closings.closing(_last())
    Application.objects.filter(household__head__name="新户").update(joined_on=date(LAST, 12, 1))
    applications.let_go(household=lived.zhang, on=date(NOW.year, 1, 5), by=SYSTEM)
    assert closings.closing(_last()) == sealed


def test_a_supplement_gives_nobody_a_place(lived: Desk) -> None:
    seal = closing.seal(_last())
    ledger.reverse(posting=lived.zhang.entries.earliest("pk").posting, reason="认错户", by=lived.by)
    assert YearSeal.objects.filter(kind="supplement").exists()
    closing.reopen(_last())
    assert _ranked(closing.seal(_last())) == _ranked(seal) and _breaches() == []


def test_verify_finds_a_place_of_somebody_who_joined_later(lived: Desk) -> None:
    _joins(lived, date(LAST, 12, 1), name="早来户")
    closing.seal(_last())
    Application.objects.filter(household__head__name="早来户").update(joined_on=date(NOW.year, 1, 5))
    assert _breaches() == [LATER]


def _joins(desk: Desk, on: date, name: str = "新户") -> Household:
    home = desk.cast.household(name=name, joined=False)
    desk.cast.join(home, on)
    return home


def _ranked(seal: YearSeal) -> set[str]:
    return set(seal.standings.values_list("household__head__name", flat=True))


def _last() -> Year:
    return selectors.year(LAST)


def _breaches() -> list[str]:
    return [check.title for check in checks() if check.breaches()]
