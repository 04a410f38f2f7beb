"""The year's close: what was not redeemed expires, standings are fixed, the seal can be computed again (I7)."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection

from jifen.kernel.actors import SYSTEM
from scoring import errors, policies, selectors, year_errors
from scoring.models import Entry, Posting, Year, YearSeal
from scoring.services import ledger, years
from scoring.verify import checks
from tests.scoring import closing
from tests.scoring.desk import NOW, Desk

LAST = NOW.year - 1


@pytest.fixture
def lived(desk: Desk) -> Desk:
    """Last year, with one posted deed and one rival household."""
    years.open_year(number=LAST, by=SYSTEM)
    desk.cast.household(name="李四")
    desk.record("trees", facts={"quantity": "2"}, happened_on=date(LAST, 11, 5))
    desk.post(date(LAST, 11, 1))
    return desk


def test_a_sealed_year_has_standings_and_nothing_left_to_redeem(lived: Desk) -> None:
    seal = closing.seal(_last())
    first = seal.standings.order_by("town_rank").first()
    assert first is not None and (first.household, first.net, first.village_rank) == (lived.zhang, 6, 1)
    assert selectors.available(lived.zhang, LAST) == 0 and lived.merit(year=_last()) == 6
    assert selectors.closing_seal(_last()) == seal and _breaches() == []


def test_a_year_closes_once_and_only_when_it_is_over(lived: Desk) -> None:
    with pytest.raises(errors.YearNotOver):
        closing.seal(lived.year)
    closing.seal(_last())
    with pytest.raises(year_errors.YearSealedAlready):
        years.seal(year=_last(), by=SYSTEM)


def test_a_year_with_an_unposted_sheet_or_a_hold_is_not_closed(lived: Desk) -> None:
    sheet = lived.sheet(date(LAST, 12, 1))
    closing.approve(_last())
    with pytest.raises(errors.YearUnfinished):
        years.seal(year=_last(), by=SYSTEM)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE scoring_review SET state = 'posted' WHERE id = %s", [sheet.pk])
        cursor.execute("UPDATE scoring_balance SET held = 1 WHERE measure = 'redeemable'")
    with pytest.raises(errors.YearHasHolds):
        years.seal(year=_last(), by=SYSTEM)


def test_a_correction_after_the_close_posts_in_the_open_year_with_a_supplement(lived: Desk) -> None:
    close = closing.seal(_last())
    ledger.reverse(posting=Posting.objects.get(cause="declaration"), reason="认错户", by=lived.by)
    line = Entry.objects.get(cause="reversal")
    assert (line.year, line.concerns_year, line.measure, line.amount) == (lived.year, LAST, "merit", Decimal(-6))
    supplement = YearSeal.objects.get(kind="supplement")
    assert supplement.previous == close and supplement.entries == 1 and _breaches() == []


def test_a_reopened_year_says_so_and_is_sealed_again(lived: Desk) -> None:
    first = closing.seal(_last())
    reopened = closing.reopen(_last())
    assert reopened.previous == first and selectors.closing_seal(_last()) is None
    again = closing.seal(_last())
    assert again.previous == reopened and again.standings_hash == first.standings_hash and _breaches() == []


def test_points_cross_the_year_only_where_the_town_says_so(lived: Desk) -> None:
    lives = {"review": {"after": "filing", "quorum": "0.5", "majority": "0.5"}, "year": {"crosses": True}}
    policies.install(section=lives, effective_from=date(LAST, 12, 1), by=SYSTEM)
    closing.seal(_last())
    assert selectors.available(lived.zhang, LAST) == 0 and selectors.available(lived.zhang, NOW.year) == 6
    assert lived.merit() == 0 and _breaches() == []


def test_a_deed_decided_after_its_year_is_sealed_stands_beside_the_seal(lived: Desk) -> None:
    lived.record("tidy", happened_on=date(LAST, 12, 30))
    close = closing.seal(_last())
    lived.post(date(NOW.year, 1, 1))
    assert set(Entry.objects.filter(concerns_year=LAST).values_list("year__number", flat=True)) == {NOW.year}
    supplement = YearSeal.objects.get(kind="supplement")
    assert (supplement.previous, supplement.entries) == (close, 2) and _breaches() == []


def test_a_year_without_anything_left_is_sealed_without_expiry(desk: Desk) -> None:
    closing.seal(years.open_year(number=LAST, by=SYSTEM))
    assert not Posting.objects.exists()


def test_years_are_found_by_number(desk: Desk) -> None:
    assert selectors.year(NOW.year) == desk.year and selectors.years() == [desk.year]
    assert selectors.current_year(NOW.year + 3) == desk.year == selectors.current_year(1999)
    with pytest.raises(errors.YearNotOpen):
        selectors.year(1999)


def _last() -> Year:
    return selectors.year(LAST)


def _breaches() -> list[str]:
    return [check.title for check in checks() if check.breaches()]
