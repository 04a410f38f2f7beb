"""A year is closed on its day, when two people have approved it and nothing stands in the way; and opened again."""

from datetime import date, timedelta

import pytest

from jifen.clocks import holidays, jobs
from jifen.clocks.models import Due
from jifen.flows import calendar, close_year, dry_run, errors
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM
from reporting.models import Notice
from reporting.services import objections
from scoring import selectors, year_errors
from scoring.models import Entry, Posting, Year, YearSeal
from scoring.selectors import closing
from scoring.services import years
from tests.flows.conftest import LAST, hang
from tests.scoring.closing import CHEN, ZHOU
from tests.scoring.desk import NOW, Desk


def approve() -> None:
    close_year.propose(number=LAST, by=ZHOU)
    close_year.confirm(number=LAST, by=CHEN)


def close() -> int:
    approve()
    return close_year.close(number=LAST, by=SYSTEM)


def test_the_clock_alone_closes_nothing(lived: Desk) -> None:
    close_year.propose(number=LAST, by=ZHOU)
    with pytest.raises(year_errors.YearNotApproved):
        close_year.close(number=LAST, by=SYSTEM)
    assert selectors.year(LAST).state == "open" and not YearSeal.objects.exists()
    assert not Entry.objects.filter(cause="expiry").exists()


def test_an_approved_year_is_put_on_the_clock_and_sealed_once(lived: Desk) -> None:
    close_year.begin(number=LAST, by=SYSTEM)
    approve()
    asked = closing.open_request(selectors.year(LAST))
    assert asked is not None
    periods = Due.objects.filter(kind="year.close").values_list("period", flat=True)
    assert sorted(periods) == [str(LAST), f"{LAST}#{asked.pk}"]
    first = close_year.close(number=LAST, by=SYSTEM)
    assert close_year.close(number=LAST, by=SYSTEM) == first == YearSeal.objects.get().pk
    assert Year.objects.filter(number=LAST + 1).exists()


def test_what_stands_in_the_way_is_named_with_its_place(lived: Desk) -> None:
    lived.sheet(date(LAST, 12, 1))
    hang(lived.cast.village("另一村"))
    lived.cast.village("没有公示的村")
    objections.raise_objection(
        household=lived.zhang, posting=Posting.objects.get(), notice=None, text="少算了", by=lived.by
    )
    found = dry_run.blocks(selectors.year(LAST))
    assert ["审核表没有记账" in found[0].text, "没有公示的村" in found[1].text, "异议" in found[2].text] == [True] * 3
    assert all(block.url.startswith("/") for block in found) and len(found) == 3
    approve()
    with pytest.raises(errors.YearHasOpenReviews):
        close_year.close(number=LAST, by=SYSTEM)


def test_a_question_to_the_new_year_does_not_keep_the_old_one_open(lived: Desk) -> None:
    lived.record("tidy")
    lived.post()
    posting = Posting.objects.filter(entries__year=lived.year).first()
    objections.raise_objection(household=lived.zhang, posting=posting, notice=None, text="少算了", by=lived.by)
    assert dry_run.blocks(selectors.year(LAST)) == [] and close()


def test_the_close_day_comes_after_the_fourth_notice_and_may_be_set_later(lived: Desk) -> None:
    year = selectors.year(LAST)
    assert dry_run.earliest(LAST) == date(NOW.year, 1, 18) and dry_run.close_day(year) == date(NOW.year, 1, 20)
    with pytest.raises(errors.YearCloseEarly):
        close_year.set_day(number=LAST, day=date(NOW.year, 1, 17), by=ZHOU)
    later = clock.today() + timedelta(days=9)
    close_year.begin(number=LAST, by=SYSTEM)
    close_year.set_day(number=LAST, day=later, by=ZHOU)
    assert Due.objects.get(kind="year.close", period=str(LAST)).due_at == clock.at(later, 8)
    approve()
    with pytest.raises(errors.YearCloseLater):
        close_year.close(number=LAST, by=SYSTEM)


@pytest.mark.parametrize(("kind", "quarter"), [("town_quarter", 4), ("village_quarter", 2)])
def test_a_notice_that_hangs_late_keeps_the_year_open(lived: Desk, kind: str, quarter: int) -> None:
    approve()
    assert dry_run.blocks(selectors.year(LAST)) == []
    late = hang(lived.cast.village("另一村"))
    today = clock.today()
    told = {"kind": kind, "village_id": None if kind == "town_quarter" else late.village_id, "quarter": quarter}
    over = {"closes_on": today, "objections_until": today + timedelta(days=3)}
    Notice.objects.create(
        **told, **over, year=LAST, number="迟挂", title="季度公示", snapshot={}, sha256="0" * 64, token="late",
        published_at=clock.now(), **SYSTEM.columns(),
    )  # fmt: skip
    assert dry_run.earliest(LAST) == today + timedelta(days=4)
    with pytest.raises(errors.YearCloseLater):
        close_year.close(number=LAST, by=SYSTEM)


def test_the_close_day_is_no_later_than_the_end_of_the_next_year(desk: Desk) -> None:
    close_year.begin(number=NOW.year, by=SYSTEM)
    last = date(NOW.year + 1, 12, 31)
    close_year.set_day(number=NOW.year, day=last, by=ZHOU)
    with pytest.raises(errors.YearCloseFar):
        close_year.set_day(number=NOW.year, day=last + timedelta(days=1), by=ZHOU)
    assert selectors.year(NOW.year).closes_on == last


def test_days_off_move_a_close_that_waits_approved_or_not(desk: Desk) -> None:
    last = {"kind": "working_day", "number": -1, "months": 1}
    calendar.choose(section={"year": {"due": last}}, effective_from=clock.today(), by=SYSTEM)
    close_year.begin(number=NOW.year, by=SYSTEM)
    close_year.propose(number=NOW.year, by=ZHOU)
    close_year.confirm(number=NOW.year, by=CHEN)
    waiting = Due.objects.filter(kind="year.close", period__startswith=f"{NOW.year}")
    [before] = set(waiting.values_list("due_at", flat=True))
    day = before.astimezone(clock.TIME_ZONE).date()
    holidays.enter(day=day, is_off=True, name="调休", by=SYSTEM)
    Due.objects.filter(kind=holidays.REPLAN).update(state="sent")
    jobs.run(jobs.lookup(holidays.REPLAN), "")
    [after] = set(waiting.values_list("due_at", flat=True))
    assert after < before and after == clock.at(dry_run.close_day(selectors.year(NOW.year)), 8)
    assert waiting.count() == 2


@pytest.mark.parametrize("later", [3, 20])
def test_an_approved_close_goes_with_the_day_that_is_set(desk: Desk, later: int) -> None:
    close_year.begin(number=NOW.year, by=SYSTEM)
    first = dry_run.earliest(NOW.year)
    close_year.set_day(number=NOW.year, day=first + timedelta(days=9), by=CHEN)
    close_year.propose(number=NOW.year, by=ZHOU)
    close_year.confirm(number=NOW.year, by=CHEN)
    close_year.set_day(number=NOW.year, day=first + timedelta(days=later), by=CHEN)
    waiting = Due.objects.filter(kind="year.close", period__startswith=f"{NOW.year}")
    assert waiting.count() == 2
    assert set(waiting.values_list("due_at", flat=True)) == {clock.at(first + timedelta(days=later), 8)}


def test_the_dry_run_says_what_the_close_then_does(lived: Desk) -> None:
    year = selectors.year(LAST)
    told = dry_run.preview(year).closing
    assert [told.entries, told.households, told.losers] == [2, 4, 1] and told.expiring == 6 and told.carried == 0
    [loser] = closing.losers(year)
    assert [loser.number, loser.head] == [lived.zhang.number, "张三"] and loser.merit == loser.expiring == 6
    assert len(closing.fingerprint(year)) == 64
    close()
    expired = Entry.objects.get(cause="expiry")
    assert (-expired.amount, expired.household) == (told.expiring, lived.zhang)
    assert closing.closing(year).expiring == 0


def test_two_people_open_a_year_again_until_the_next_years_first_notice(lived: Desk) -> None:
    close()
    with pytest.raises(year_errors.ReopenReasonMissing):
        close_year.propose_reopening(number=LAST, reason=" ", by=ZHOU)
    close_year.propose_reopening(number=LAST, reason="漏记一户", by=ZHOU)
    close_year.confirm(number=LAST, by=CHEN)
    assert selectors.year(LAST).state == "open"
    close()
    assert list(YearSeal.objects.order_by("pk").values_list("kind", flat=True)) == ["close", "reopen", "close"]


def test_after_the_next_years_first_notice_no_year_is_opened_again(lived: Desk) -> None:
    close()
    close_year.propose_reopening(number=LAST, reason="漏记一户", by=ZHOU)
    hang(lived.village, NOW.year, 1)
    with pytest.raises(errors.YearReopenLate):
        close_year.confirm(number=LAST, by=CHEN)
    close_year.withdraw(number=LAST, by=ZHOU)
    with pytest.raises(errors.YearReopenLate):
        close_year.propose_reopening(number=LAST, reason="漏记一户", by=ZHOU)
    assert selectors.year(LAST).state == "sealed" and YearSeal.objects.count() == 1


def test_without_a_request_there_is_nothing_to_confirm_or_take_back(lived: Desk) -> None:
    for act in (close_year.confirm, close_year.withdraw):
        with pytest.raises(errors.YearNothingAsked):
            act(number=LAST, by=CHEN)


def test_deeds_of_the_year_that_no_sheet_holds_are_counted(lived: Desk) -> None:
    lived.record("tidy", happened_on=date(LAST, 12, 28))
    assert closing.closing(selectors.year(LAST)).late == 1
    assert years.open_year(number=LAST, by=SYSTEM).state == "open"
