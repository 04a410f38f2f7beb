"""Holds, captures, reversals, openings: the ledger adds and never changes."""

from decimal import Decimal

import pytest

from jifen.kernel.actors import SYSTEM
from scoring import errors, selectors
from scoring.models import Balance, Entry, Posting
from scoring.selectors import effects
from scoring.services import ledger
from scoring.verify import checks
from tests.scoring.desk import NOW, Desk, photo
from tests.together import together


def test_held_points_are_captured_and_merit_stays(desk: Desk) -> None:
    _earn(desk)
    ledger.hold(household=desk.zhang, points=Decimal(2))
    assert selectors.available(desk.zhang) == 4
    made = ledger.capture(household=desk.zhang, points=Decimal(2), redemption_id=7, reason="换肥皂", by=desk.by)
    assert selectors.available(desk.zhang) == 4 and desk.merit() == 6
    assert selectors.posting_of_redemption(7) == made
    assert _breaches() == []


def test_a_released_hold_is_free_again(desk: Desk) -> None:
    _earn(desk)
    ledger.hold(household=desk.zhang, points=Decimal(6))
    ledger.release_hold(household=desk.zhang, points=Decimal(6))
    assert selectors.available(desk.zhang) == 6


def test_nobody_holds_more_than_there_is(desk: Desk) -> None:
    _earn(desk)
    with pytest.raises(errors.InsufficientPoints, match="现有6分,需要7分"):
        ledger.hold(household=desk.zhang, points=Decimal(7))
    with pytest.raises(errors.HoldMissing):
        ledger.release_hold(household=desk.zhang, points=Decimal(1))
    with pytest.raises(errors.AmountInvalid):
        ledger.hold(household=desk.zhang, points=Decimal(0))


def test_a_deduction_may_leave_a_debt_which_blocks_new_holds(desk: Desk) -> None:
    _earn(desk, "tidy")
    ledger.hold(household=desk.zhang, points=Decimal(2))
    ledger.capture(household=desk.zhang, points=Decimal(2), redemption_id=1, reason="换", by=desk.by)
    ledger.reverse(posting=Posting.objects.get(cause="declaration"), reason="认错户", by=desk.by)
    assert selectors.available(desk.zhang) == -2
    with pytest.raises(errors.InsufficientPoints):
        ledger.hold(household=desk.zhang, points=Decimal(1))


def test_a_reversal_mirrors_and_happens_once(desk: Desk) -> None:
    _earn(desk)
    posting = Posting.objects.get()
    reversal = ledger.reverse(posting=posting, reason="认错户", by=desk.by)
    assert desk.merit() == 0 and Balance.objects.filter(posted=0, positive=0).count() == 2
    for wrong, error in ((posting, errors.AlreadyReversed), (reversal, errors.ReversalOfReversal)):
        with pytest.raises(error):
            ledger.reverse(posting=wrong, reason="再来", by=desk.by)
    with pytest.raises(errors.ReversalReasonMissing):
        ledger.reverse(posting=posting, reason=" ", by=desk.by)
    assert _breaches() == []


def test_the_reversal_of_a_redemption_gives_the_points_back(desk: Desk) -> None:
    _earn(desk)
    ledger.hold(household=desk.zhang, points=Decimal(2))
    made = ledger.capture(household=desk.zhang, points=Decimal(2), redemption_id=7, reason="换", by=desk.by)
    with pytest.raises(errors.NotReversible):
        ledger.reverse(posting=made, reason="退货", by=desk.by)
    ledger.reverse(posting=made, reason="退货", by=desk.by, goods_returned=True)
    assert selectors.available(desk.zhang) == 6 and desk.merit() == 6


def test_a_posting_without_entries_is_reversed_too(desk: Desk) -> None:
    desk.record("illegal")
    desk.post()
    assert effects.of_household(desk.zhang, NOW.year)[0].kind == "bar_honours"
    ledger.reverse(posting=Posting.objects.get(), reason="查无此事", by=desk.by)
    assert effects.of_household(desk.zhang, NOW.year) == [] and not Entry.objects.exists()


def test_an_opening_balance_names_its_paper(desk: Desk) -> None:
    def opening(document: str, merit: int = 12) -> Posting:
        return ledger.open_balance(
            household=desk.zhang, merit=Decimal(merit), redeemable=Decimal(merit and 5), document=document, by=SYSTEM
        )

    for wrong, error in ((" ", errors.DocumentMissing), ("空", errors.AmountInvalid)):
        with pytest.raises(error):
            opening(wrong, 0 if error is errors.AmountInvalid else 12)
    opening("2025年纸质台账")
    assert desk.merit() == 12 and selectors.available(desk.zhang) == 5


def test_base_points_are_given_once_a_year(desk: Desk) -> None:
    ledger.grant_base(household=desk.zhang, points=Decimal(100), reason="入户基础分", by=SYSTEM)
    with pytest.raises(errors.BaseGranted):
        ledger.grant_base(household=desk.zhang, points=Decimal(100), reason="再来", by=SYSTEM)
    assert desk.merit() == 100


def test_a_passbook_tells_what_why_and_how_much(desk: Desk) -> None:
    _earn(desk)
    book = selectors.passbook(desk.zhang, NOW.year)
    [row] = book.rows
    assert row.title == "植树" and row.merit == row.redeemable == book.positive == 6 and book.negative == 0
    why = selectors.why(Entry.objects.filter(measure="merit").get())
    assert (
        why.rule_text == "植树。" and why.decided_by == "石岭岗村审核委员会（2人签字）" and why.rule_price == "+3分/棵"
    )


def test_a_sensitive_deed_keeps_its_reason_to_itself(desk: Desk) -> None:
    desk.record("report", evidence=[photo("ready")], reason="举报某人")
    desk.post()
    [row] = selectors.passbook(desk.zhang, NOW.year).rows
    assert row.reason == "" and row.explanation == ""


def test_households_rank_by_net_and_people_by_their_own(desk: Desk) -> None:
    other = desk.cast.household(name="李四")
    desk.record("help", household=other, resident=other.head)
    desk.record("litter")
    desk.record("tidy")
    desk.post()
    rows = selectors.rankings(year=NOW.year)
    first, second = rows
    assert first.id == other.pk and first.net == 5
    assert second.id == desk.zhang.pk and second.positive == 2 and second.negative == 3 and second.net == -1
    people = selectors.rankings(year=NOW.year, subject="resident", villages=[desk.village.pk])
    assert [row.id for row in people] == [other.head_id]
    assert selectors.merit_total(NOW.year) == 4
    assert selectors.households_able_to_redeem(year=NOW.year, least=5) == [other]


def test_of_two_holds_at_the_same_moment_one_is_refused(committing_desk: Desk) -> None:
    _earn(committing_desk)
    answers = together(*[lambda: ledger.hold(household=committing_desk.zhang, points=Decimal(4)) for _ in range(2)])
    assert sorted(type(answer).__name__ for answer in answers) == ["InsufficientPoints", "NoneType"]
    assert Balance.objects.get(measure="redeemable").held == 4


def test_of_two_reversals_at_the_same_moment_one_wins(committing_desk: Desk) -> None:
    _earn(committing_desk)
    posting = Posting.objects.get()
    answers = together(
        *[lambda: ledger.reverse(posting=posting, reason="认错户", by=committing_desk.by) for _ in range(2)]
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["AlreadyReversed", "Posting"]
    assert committing_desk.merit() == 0


def _earn(desk: Desk, code: str = "trees") -> None:
    desk.record(code, facts={"quantity": "2"} if code == "trees" else {})
    desk.post()


def _breaches() -> list[str]:
    return [check.title for check in checks() if check.breaches()]
