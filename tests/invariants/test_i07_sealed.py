"""I7, I8, I9: what is sealed or published stays, and points stay with the household of the day."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from functools import partial

import psycopg
import pytest

from jifen.kernel.actors import SYSTEM
from reporting.models import Notice
from reporting.services import notices
from scoring import selectors
from scoring.models import Entry, Posting, Year, YearSeal, YearStanding
from scoring.services import ledger, years
from tenants.community.models import Household, HouseholdMember, Resident
from tenants.models import Town
from tests.cast import Cast, head_of
from tests.invariants import book
from tests.reporting import months
from tests.scoring import closing
from tests.scoring.desk import DAY, MONTH, NOW, Desk
from tests.scoring.owner import owner, refusal
from tests.together import together

LAST = NOW.year - 1
JULY = date(2026, 7, 6)


def opened(desk: Desk) -> tuple[Year, Posting]:
    """Last year, still open, with 9 points of 张三家."""
    year = years.open_year(number=LAST, by=SYSTEM)
    points = {"merit": Decimal(9), "redeemable": Decimal(9)}
    posting = ledger.open_balance(household=desk.zhang, **points, document="签字表", day=date(LAST, 12, 1), by=SYSTEM)
    return year, posting


def test_a_correction_and_the_seal_at_the_same_moment_agree(committing_town: Town, desk: Desk) -> None:
    year, posting = opened(desk)
    closing.approve(year)
    seal = partial(years.seal, year=year, by=SYSTEM)
    answers = together(seal, partial(ledger.reverse, posting=posting, reason="重复", by=SYSTEM))
    assert [type(answer) for answer in answers] == [YearSeal, Posting], answers
    inside = Entry.objects.filter(reverses__measure="merit", year=year).exists()
    assert inside != YearSeal.objects.filter(kind="supplement").exists()
    assert book.breaches() == {}


def test_an_opening_and_the_seal_at_the_same_moment_agree(committing_town: Town, desk: Desk) -> None:
    year, _ = opened(desk)
    more = partial(
        ledger.open_balance, household=desk.zhang, merit=Decimal(1), redeemable=Decimal(1), document="补",
        day=date(LAST, 12, 2), by=SYSTEM,
    )  # fmt: skip
    closing.approve(year)
    together(partial(years.seal, year=year, by=SYSTEM), more, more)
    assert YearSeal.objects.get().entries == Entry.objects.filter(year=year).count()
    assert book.breaches() == {}


def test_two_corrections_of_a_sealed_year_make_one_chain_of_supplements(committing_town: Town, desk: Desk) -> None:
    year, first = opened(desk)
    second = opened(desk)[1]
    closing.seal(year)
    sealed = list(Entry.objects.filter(year=year).values())
    together(*[partial(ledger.reverse, posting=one, reason="重复", by=SYSTEM) for one in (first, second)])
    assert list(Entry.objects.filter(year=year).values()) == sealed
    assert list(YearSeal.objects.order_by("pk").values_list("kind", flat=True)) == ["close", "supplement", "supplement"]
    assert selectors.passbook(desk.zhang, NOW.year).merit == -18
    assert book.breaches() == {}


def test_a_sealed_year_is_not_opened_by_a_statement(desk: Desk) -> None:
    year, _ = opened(desk)
    closing.seal(year)
    before = book.fingerprint()
    assert "I7: " in refusal("UPDATE scoring_year SET state = 'open', sealed_at = NULL WHERE id = %s", [year.pk])
    assert "I7: " in refusal("DELETE FROM scoring_year WHERE id = %s", [year.pk])
    assert book.fingerprint() == before


def test_a_forged_reopening_is_found(desk: Desk) -> None:
    year, _ = opened(desk)
    last = closing.seal(year)
    YearSeal.objects.create(
        year=year, kind="reopen", entries=0, hash="0" * 64, previous=last, sealed_at=last.sealed_at, **SYSTEM.columns()
    )
    assert "封账摘要可重新算出" in book.breaches()


def test_a_standing_added_to_a_seal_is_found(desk: Desk) -> None:
    year, _ = opened(desk)
    last = closing.seal(year)
    stranger = desk.cast.household(name="冒名", joined=False)
    places = {"positive": 99, "negative": 0, "net": 99, "village_rank": 1, "town_rank": 1}
    YearStanding.objects.create(seal=last, household=stranger, **places)
    assert {"封存的名次可重新算出指纹", "封存的名次与账目一致"} <= book.breaches().keys()


def test_a_seal_that_nobody_asked_for_is_found(desk: Desk) -> None:
    year, _ = opened(desk)
    YearSeal.objects.create(
        year=year, kind="close", entries=0, hash="0" * 64, sealed_at=year.opened_at, **SYSTEM.columns()
    )
    assert book.breaches()["封账和重开都由两人批准"] == 1


def test_even_the_owner_cannot_change_a_published_notice(committing_town: Town) -> None:
    months.set_up("seed_000_003")
    home = Cast().household()
    months.deed(home, "植树", JULY, facts={"quantity": "2"})
    months.post(home.village, JULY)
    notices.publish_quarter(village=home.village, year=2026, quarter=3, by=SYSTEM)
    before = book.fingerprint()
    with owner("t_alpha") as sql:
        for table in ("reporting_notice", "reporting_listrow"):
            for act in ("UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"):
                with pytest.raises(psycopg.DatabaseError, match="I8: "):
                    sql.execute(act.format(table))
    assert book.fingerprint() == before and Notice.objects.count() == 1


@contextmanager
def moved(person: Resident, to: Household, on: date) -> Iterator[None]:
    HouseholdMember.objects.filter(resident=person, to_date=None).update(to_date=on)
    HouseholdMember.objects.create(resident=person, household=to, relation="女", from_date=on)
    yield


def test_points_stay_with_the_household_of_the_day_of_the_deed(desk: Desk) -> None:
    daughter, new_home = desk.cast.member(desk.zhang), desk.cast.household(name="李四")
    desk.record("help", resident=daughter)
    with moved(daughter, new_home, DAY + timedelta(days=1)):
        desk.post()
    assert {row.household for row in Entry.objects.all()} == {desk.zhang}
    assert [desk.merit(), desk.merit(new_home)] == [5, 0]
    assert [selectors.available(desk.zhang), selectors.available(new_home)] == [5, 0]


def test_a_membership_put_right_before_posting_credits_the_right_household(desk: Desk) -> None:
    daughter, new_home = desk.cast.member(desk.zhang), desk.cast.household(name="李四")
    desk.record("help", resident=daughter)
    with moved(daughter, new_home, MONTH - timedelta(days=1)):
        desk.post()
    assert [desk.merit(), desk.merit(new_home)] == [0, 5]


def test_a_membership_put_right_later_acts_by_reversal(desk: Desk) -> None:
    head, new_home = head_of(desk.zhang), desk.cast.household(name="李四")
    desk.record("help", resident=head)
    desk.post()
    posted = list(Entry.objects.values())
    with moved(head, new_home, MONTH - timedelta(days=1)):
        ledger.reverse(posting=Posting.objects.get(), reason="户籍更正", by=SYSTEM)
    assert list(Entry.objects.order_by("pk").values())[: len(posted)] == posted
    assert desk.merit() == 0 and book.balances() == book.sums()
    assert book.breaches() == {}
