"""一月一审核: the sheet, its decisions, signatures and quorum; then filing or confirmation."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from jifen.clocks import jobs
from jifen.clocks.models import Due
from jifen.kernel.actors import SYSTEM, Actor
from scoring import errors, policies, selectors
from scoring.calendar import first_jobs
from scoring.models import Declaration, Entry, Review, ReviewItem
from scoring.selectors.months import board
from scoring.services import declarations, filings, posting, reviews, years
from tenants.community.models import Resident
from tenants.community.services import relatives
from tests.scoring import closing
from tests.scoring.desk import DAY, MONTH, NOW, Desk


def test_a_sheet_gathers_what_waits_and_takes_in_late_deeds_while_it_is_open(desk: Desk) -> None:
    desk.record("tidy")
    sheet = desk.sheet()
    desk.record("tidy")
    assert desk.sheet() == sheet and sheet.items.count() == 2
    desk.decide_all(sheet)
    late = desk.record("tidy")
    desk.sheet()
    assert sheet.items.count() == 2
    late.refresh_from_db()
    assert late.state == "ready"


def test_the_clock_opens_all_villages_at_once(desk: Desk) -> None:
    desk.cast.village("李家村")
    desk.record("tidy")
    jobs.known()["review.open"].body(f"{MONTH:%Y-%m}")
    assert Review.objects.count() == 2
    assert [job.period for job in first_jobs(NOW.year)][:2] == [f"{NOW.year}-01", f"{NOW.year}-02"]


def test_a_future_month_is_not_reviewed(desk: Desk) -> None:
    with pytest.raises(errors.ReviewNotBegun):
        desk.sheet(date(NOW.year + 1, 1, 1))


@pytest.mark.parametrize(
    ("code", "facts", "verdict", "points", "reason", "error"),
    [
        ("tidy", {}, "maybe", None, "", errors.VerdictUnknown),
        ("tidy", {}, "rejected", None, "", errors.VerdictReasonMissing),
        ("tidy", {}, "adjusted", "3", "多了", errors.AdjustedOutOfBounds),
        ("tidy", {}, "adjusted", None, "多了", errors.AdjustedOutOfBounds),
        ("tidy", {}, "adjusted", "-1", "多了", errors.AdjustedOutOfBounds),
        ("host", {"points": "3"}, "adjusted", "6", "多了", errors.AdjustedOutOfBounds),
        ("litter", {}, "adjusted", "1", "多了", errors.AdjustedOutOfBounds),
    ],
)
def test_a_wrong_verdict_changes_nothing(
    desk: Desk, code: str, facts: dict[str, str], verdict: str, points: str | None, reason: str, error: type[Exception]
) -> None:
    item = _item(desk, code, facts)
    amount = Decimal(points) if points else None
    with pytest.raises(error):
        reviews.decide(item=item, verdict=verdict, points=amount, reason=reason, by=Actor.of(desk.li))
    item.refresh_from_db()
    assert item.verdict == "pending"


@pytest.mark.parametrize(
    ("code", "facts", "points", "redeemable"),
    [("host", {"points": "1"}, "5", "5"), ("prize", {"tier": "village"}, "4", "4"), ("honour", {}, "3", "0")],
)
def test_the_committee_adjusts_within_the_rule(
    desk: Desk, code: str, facts: dict[str, str], points: str, redeemable: str
) -> None:
    item = _item(desk, code, facts)
    made = reviews.decide(item=item, verdict="adjusted", points=Decimal(points), reason="核实", by=Actor.of(desk.li))
    assert (made.points, made.redeemable) == (Decimal(points), Decimal(redeemable))


def test_redeemable_points_are_set_apart_within_the_merit(desk: Desk) -> None:
    item, li = _item(desk, "tidy", {}), Actor.of(desk.li)
    half = Decimal("0.5")
    assert (
        reviews.decide(item=item, verdict="adjusted", points=Decimal(1), redeemable=half, reason="半", by=li).redeemable
        == half
    )
    with pytest.raises(errors.AdjustedOutOfBounds):
        reviews.decide(item=item, verdict="adjusted", points=Decimal(1), redeemable=Decimal(2), reason="多", by=li)


def test_a_member_stands_back_from_her_own_and_her_relatives_deeds(desk: Desk) -> None:
    li = Actor.of(desk.li)
    _make_related(desk)
    item = _item(desk, "tidy", {})
    with pytest.raises(errors.Recused):
        reviews.decide(item=item, verdict="approved", by=li)
    assert reviews.decide_rest(review=item.review, by=li) == 0
    assert selectors.recusals(item.review) == [("李委员", 1)]
    assert reviews.decide_rest(review=item.review, by=Actor.of(desk.wu)) == 1
    assert [line.barred for line in selectors.sheet(item.review, li).attention] == [True]


def test_a_barred_signature_does_not_count_for_the_quorum(desk: Desk) -> None:
    _make_related(desk)
    sheet = _item(desk, "tidy", {}).review
    reviews.decide_rest(review=sheet, by=Actor.of(desk.wu))
    reviews.sign(review=sheet, role=desk.seat(desk.li), by=Actor.of(desk.li))
    with pytest.raises(errors.RecusedQuorumMissing, match="有1条须回避"):
        reviews.close(review=sheet, by=Actor.of(desk.li))
    reviews.sign(review=sheet, role=desk.seat(desk.wu), by=Actor.of(desk.wu))
    assert reviews.close(review=sheet, by=Actor.of(desk.li)).state == "sent"


def test_a_sheet_that_nobody_signed_says_how_many_must(desk: Desk) -> None:
    sheet = _item(desk, "tidy", {}).review
    reviews.decide_rest(review=sheet, by=Actor.of(desk.li))
    with pytest.raises(errors.QuorumMissing, match="须有1位委员签字，现在0位"):
        reviews.close(review=sheet, by=Actor.of(desk.li))
    sheet.refresh_from_db()
    assert sheet.state == "open"


def test_a_sheet_with_open_items_is_neither_signed_nor_closed(desk: Desk) -> None:
    sheet = _item(desk, "tidy", {}).review
    with pytest.raises(errors.ItemsPending):
        reviews.sign(review=sheet, role=desk.seat(desk.li), by=Actor.of(desk.li))
    with pytest.raises(errors.ItemsPending):
        reviews.close(review=sheet, by=Actor.of(desk.li))


def test_nobody_signs_on_anothers_seat(desk: Desk) -> None:
    sheet = desk.sheet()
    with pytest.raises(errors.SeatNotYours):
        reviews.sign(review=sheet, role=desk.seat(desk.wu), by=Actor.of(desk.li))
    seat = reviews.sign(review=sheet, role=desk.seat(desk.li), by=Actor.of(desk.li))
    assert reviews.sign(review=sheet, role=desk.seat(desk.li), by=Actor.of(desk.li)) == seat


def test_a_decision_after_a_signature_voids_it(desk: Desk) -> None:
    item = _item(desk, "tidy", {})
    reviews.decide(item=item, verdict="approved", by=Actor.of(desk.li))
    reviews.sign(review=item.review, role=desk.seat(desk.li), by=Actor.of(desk.li))
    reviews.decide(item=item, verdict="rejected", reason="不实", by=Actor.of(desk.wu))
    assert not item.review.seats.exists()


def test_a_decided_sheet_takes_no_further_word(desk: Desk) -> None:
    item = _item(desk, "tidy", {})
    desk.decide_all(item.review)
    with pytest.raises(errors.ReviewNotOpen):
        reviews.decide(item=item, verdict="approved", by=Actor.of(desk.li))
    with pytest.raises(errors.VerdictUnknown):
        reviews.decide_rest(review=item.review, verdict="rejected", by=Actor.of(desk.li))


def test_a_filing_is_received_once_and_never_returned(desk: Desk) -> None:
    filing = desk.decide_all(_item(desk, "tidy", {}).review)
    officer = Actor.of(desk.officer)
    with pytest.raises(errors.FilingDecidesNothing):
        filings.answer(filing=filing, accept=False, note="改", by=officer)
    assert filings.answer(filing=filing, accept=True, by=officer).state == "received"
    with pytest.raises(errors.FilingAnswered):
        filings.answer(filing=filing, accept=True, by=officer)


def test_a_returned_month_is_corrected_signed_anew_and_confirmed(desk: Desk) -> None:
    section = {"review": {"after": "confirmation", "quorum": "0.5", "majority": "0.5"}}
    policies.install(section=section, effective_from=DAY, by=SYSTEM)
    item, officer = _item(desk, "tidy", {}), Actor.of(desk.officer)
    filing = desk.decide_all(item.review)
    with pytest.raises(errors.NoteMissing):
        filings.answer(filing=filing, accept=False, by=officer)
    filings.answer(filing=filing, accept=False, note="请核对", by=officer)
    reviews.decide(item=item, verdict="rejected", reason="不实", by=Actor.of(desk.li))
    confirmed = filings.answer(filing=desk.sign_and_close(item.review), accept=True, by=officer)
    assert confirmed.state == "confirmed"
    told = Declaration.objects.get()
    assert (told.state, told.refusal) == ("rejected", "不实")
    assert posting.post_review(review=item.review, by=SYSTEM) == 0


def test_the_clock_posts_a_settled_sheet(desk: Desk) -> None:
    sheet = _item(desk, "tidy", {}).review
    filings.answer(filing=desk.decide_all(sheet), accept=True, by=Actor.of(desk.officer))
    assert Due.objects.filter(kind="review.post", period=str(sheet.pk), town="t_alpha").exists()
    jobs.known()["review.post"].body(str(sheet.pk))
    assert Entry.objects.count() == 2


def test_a_december_deed_reviewed_in_january_belongs_to_the_old_year(desk: Desk) -> None:
    old = years.open_year(number=NOW.year - 1, by=SYSTEM)
    desk.record("tidy", happened_on=date(NOW.year - 1, 12, 31))
    desk.post(date(NOW.year, 1, 1))
    assert {(row.year, row.month, row.concerns_year) for row in Entry.objects.all()} == {(old, 12, None)}


def test_a_deed_of_a_year_sealed_meanwhile_posts_in_the_open_one_and_says_which_it_concerns(desk: Desk) -> None:
    old = years.open_year(number=NOW.year - 1, by=SYSTEM)
    desk.record("tidy", happened_on=date(NOW.year - 1, 12, 31))
    closing.seal(old)
    desk.post()
    assert {(row.year, row.concerns_year) for row in Entry.objects.all()} == {(desk.year, NOW.year - 1)}


def test_a_sealed_year_and_one_that_is_not_open_take_no_sheet_and_say_so(desk: Desk) -> None:
    with pytest.raises(errors.YearNotOpen, match="不能建立这一年的审核表。请核对月份") as refused:
        desk.sheet(date(NOW.year - 1, 12, 1))
    assert refused.value.field == "month"
    closing.seal(years.open_year(number=NOW.year - 1, by=SYSTEM))
    with pytest.raises(errors.YearSealed, match="不能再建立这一年的审核表。请核对月份；月份没有错的") as sealed:
        desk.sheet(date(NOW.year - 1, 12, 1))
    assert sealed.value.field == "month"


def test_the_board_shows_what_has_arrived_and_what_is_late(desk: Desk) -> None:
    desk.cast.village("李家村")
    sheet = desk.sheet()
    cells = {cell.village: cell for cell in board(MONTH, today=NOW, due=NOW - timedelta(days=1))}
    assert cells["石岭岗村"].late and cells["石岭岗村"].label == "审核中" and cells["李家村"].label == "未开始"
    desk.decide_all(sheet)
    cells = {cell.village: cell for cell in board(MONTH, today=NOW, due=NOW - timedelta(days=1))}
    assert not cells["石岭岗村"].overdue and cells["石岭岗村"].filing_id


def _item(desk: Desk, code: str, facts: dict[str, str]) -> ReviewItem:
    told = desk.record(code, facts=facts)
    desk.sheet()
    return desk.item(told)


def _make_related(desk: Desk) -> None:
    """李委员 and 张三 are siblings."""
    member = Resident.objects.get(user=desk.li)
    relatives.declare(resident=member, other=desk.head(), kind="sibling", on=MONTH, by=SYSTEM)


def test_withdrawn_deeds_are_not_gathered(desk: Desk) -> None:
    declarations.withdraw(declaration=desk.record("tidy"), by=desk.by)
    assert desk.sheet().items.count() == 0
