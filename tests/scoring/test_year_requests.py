"""A year is closed and reopened by two people, never by one and never by the clock alone (I7)."""

from datetime import date

import pytest
from django.db import IntegrityError

from jifen.kernel.actors import SYSTEM
from scoring import errors, year_errors
from scoring.models import Year, YearRequest
from scoring.services import year_requests, years
from scoring.verify import checks
from tests.scoring.closing import CHEN, ZHOU, approve, reopen, seal
from tests.scoring.desk import NOW, Desk
from tests.scoring.owner import refusal
from tests.together import together


@pytest.fixture
def last(desk: Desk) -> Year:
    return years.open_year(number=NOW.year - 1, by=SYSTEM)


def test_nobody_confirms_her_own_proposal(last: Year) -> None:
    asked = year_requests.propose(year=last, kind="close", by=ZHOU)
    with pytest.raises(year_errors.SecondPersonNeeded):
        year_requests.confirm(request=asked, by=ZHOU)
    asked.refresh_from_db()
    assert asked.state == "proposed" and asked.confirmer_id is None
    assert year_requests.confirm(request=asked, by=CHEN).confirmer_name == "陈经办"


def test_the_database_itself_wants_two_people(last: Year) -> None:
    asked = year_requests.propose(year=last, kind="close", by=ZHOU)
    with pytest.raises(IntegrityError, match="scoring_year_two_people"):
        YearRequest.objects.filter(pk=asked.pk).update(
            state="confirmed", confirmed_at=asked.proposed_at, **ZHOU.columns("confirmer")
        )


def test_the_system_asks_for_nothing_and_seals_nothing_that_was_not_approved(last: Year) -> None:
    with pytest.raises(year_errors.YearNeedsPeople):
        year_requests.propose(year=last, kind="close", by=SYSTEM)
    asked = year_requests.propose(year=last, kind="close", by=ZHOU)
    with pytest.raises(year_errors.YearNeedsPeople):
        year_requests.confirm(request=asked, by=SYSTEM)
    with pytest.raises(year_errors.YearNotApproved):
        years.seal(year=last, by=SYSTEM)
    last.refresh_from_db()
    assert last.state == "open"


def test_one_request_at_a_time_and_a_withdrawn_one_approves_nothing(last: Year) -> None:
    asked = approve(last)
    with pytest.raises(year_errors.YearRequestOpen):
        year_requests.propose(year=last, kind="close", by=CHEN)
    year_requests.withdraw(request=asked, by=CHEN)
    with pytest.raises(year_errors.YearRequestAnswered):
        year_requests.withdraw(request=asked, by=CHEN)
    with pytest.raises(year_errors.YearNotApproved):
        years.seal(year=last, by=SYSTEM)


def test_a_reopening_takes_a_sealed_year_a_reason_and_two_people(last: Year) -> None:
    with pytest.raises(errors.YearNotSealed):
        year_requests.propose(year=last, kind="reopen", reason="复查", by=ZHOU)
    first = seal(last)
    with pytest.raises(year_errors.ReopenReasonMissing):
        year_requests.propose(year=last, kind="reopen", reason=" ", by=ZHOU)
    with pytest.raises(year_errors.YearNotApproved):
        years.reopen(year=last, by=SYSTEM)
    assert reopen(last).previous == first
    assert [check.title for check in checks() if check.breaches()] == []


def test_an_answered_request_stays_as_it_was(last: Year) -> None:
    seal(last)
    assert "I7: " in refusal("UPDATE scoring_yearrequest SET actor_name = '别人'")
    assert "I7: " in refusal("DELETE FROM scoring_yearrequest")


def test_two_who_confirm_at_the_same_moment_are_one_confirmation(committing_desk: Desk) -> None:
    asked = year_requests.propose(year=committing_desk.year, kind="close", by=ZHOU)
    one, two = (
        (lambda: year_requests.confirm(request=asked, by=CHEN)),
        (lambda: year_requests.confirm(request=asked, by=CHEN)),
    )
    answers = together(one, two)
    assert sorted(type(answer).__name__ for answer in answers) == ["YearRequest", "YearRequestAnswered"]


def test_a_close_day_lies_after_the_year(last: Year) -> None:
    with pytest.raises(year_errors.CloseDayWrong):
        years.set_close_day(year=last, day=date(last.number, 12, 31), by=ZHOU)
    assert years.set_close_day(year=last, day=date(last.number + 1, 2, 9), by=ZHOU).closes_on == date(NOW.year, 2, 9)
