"""备案 and 审定: what the town does with a decided month, and how little of it comes back."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from jifen.approvals import services as approvals
from jifen.inbox.models import Message
from jifen.kernel.actors import SYSTEM, Actor
from jifen.kernel.errors import Forbidden
from scoring import errors, verify_reviews
from scoring.models import Declaration, Entry, Filing, ReturnedItem, Review, ReviewItem
from scoring.services import filings, posting, reviews
from scoring.verify import checks
from tests.scoring.desk import MONTH, Desk


@pytest.fixture
def confirming(desk: Desk) -> Desk:
    """The town confirms what the villages decide."""
    desk.choose(after="confirmation")
    return desk


def sent(desk: Desk, *codes: str) -> Filing:
    for code in codes:
        desk.record(code)
    return desk.decide_all(desk.sheet())


def item(code: str) -> ReviewItem:
    return ReviewItem.objects.get(declaration__rule__code=code)


def test_single_deeds_come_back_and_the_others_keep_their_decision(confirming: Desk) -> None:
    filing = sent(confirming, "tidy", "litter")
    by = Actor.of(confirming.officer)
    filings.answer(filing=filing, accept=False, items={item("litter").pk: "请补照片"}, by=by)
    assert (item("tidy").verdict, item("litter").verdict) == ("approved", "pending")
    assert Review.objects.get().state == "returned" and not Review.objects.get().seats.exists()
    back = ReturnedItem.objects.get()
    assert (back.note, back.verdict, back.points) == ("请补照片", "approved", -3)


def test_only_what_came_back_is_decided_anew(confirming: Desk) -> None:
    filing = sent(confirming, "tidy", "litter")
    filings.answer(
        filing=filing, accept=False, note="请核实", items={item("litter").pk: ""}, by=Actor.of(confirming.officer)
    )
    li = Actor.of(confirming.li)
    with pytest.raises(errors.ItemKept):
        reviews.decide(item=item("tidy"), verdict="rejected", reason="不实", by=li)
    reviews.decide(item=item("litter"), verdict="rejected", reason="不实", by=li)
    filings.answer(filing=confirming.sign_and_close(Review.objects.get()), accept=True, by=Actor.of(confirming.officer))
    posting.post_review(review=Review.objects.get(), by=SYSTEM)
    assert [int(row.amount) for row in Entry.objects.filter(measure="merit")] == [2]
    assert ReturnedItem.objects.get().note == "请核实"


def test_the_database_keeps_the_decisions_that_did_not_come_back(confirming: Desk) -> None:
    filing = sent(confirming, "tidy", "litter")
    filings.answer(filing=filing, accept=False, items={item("litter").pk: "核实"}, by=Actor.of(confirming.officer))
    with pytest.raises(DatabaseError, match="keeps its decision"), transaction.atomic():
        ReviewItem.objects.filter(pk=item("tidy").pk).update(verdict="rejected", reason="不实")
    assert item("tidy").verdict == "approved"


@pytest.mark.parametrize("note", ["", "请核实"])
def test_a_deed_of_another_sheet_does_not_come_back(confirming: Desk, note: str) -> None:
    filing = sent(confirming, "tidy")
    with pytest.raises((errors.ItemsForeign, errors.NoteMissing)):
        filings.answer(filing=filing, accept=False, note=note, items={0: note}, by=Actor.of(confirming.officer))
    filing.refresh_from_db()
    assert filing.state == "sent" and Review.objects.get().state == "decided" and not ReturnedItem.objects.exists()


def test_a_deed_returned_without_a_word_is_refused(confirming: Desk) -> None:
    filing = sent(confirming, "tidy", "litter")
    with pytest.raises(errors.NoteMissing):
        filings.answer(filing=filing, accept=False, items={item("tidy").pk: " "}, by=Actor.of(confirming.officer))
    assert Filing.objects.get().state == "sent" and item("tidy").verdict == "approved"


def test_a_filing_gives_no_deed_back(desk: Desk) -> None:
    filing = sent(desk, "tidy")
    with pytest.raises(errors.FilingDecidesNothing):
        filings.answer(filing=filing, accept=False, items={item("tidy").pk: "核实"}, by=Actor.of(desk.officer))
    assert item("tidy").verdict == "approved"


def test_all_that_have_arrived_are_received_in_one_act(desk: Desk) -> None:
    sent(desk, "tidy")
    assert filings.receive_all(month=MONTH, by=Actor.of(desk.officer)) == filings.Received(answered=1)
    assert filings.receive_all(month=MONTH, by=Actor.of(desk.officer)) == filings.Received()
    assert Filing.objects.get().state == "received"


def test_what_posted_early_and_came_back_is_corrected_by_reversal(confirming: Desk) -> None:
    confirming.choose(after="confirmation", posts="decision")
    filing = sent(confirming, "tidy", "litter")
    posting.post_review(review=Review.objects.get(), by=SYSTEM)
    filings.answer(filing=filing, accept=False, items={item("litter").pk: "不实"}, by=Actor.of(confirming.officer))
    reviews.decide(item=item("litter"), verdict="rejected", reason="不实", by=Actor.of(confirming.li))
    confirming.sign_and_close(Review.objects.get())
    posting.post_review(review=Review.objects.get(), by=SYSTEM)
    assert [int(row.amount) for row in Entry.objects.filter(measure="merit").order_by("pk")] == [2, -3, 3]
    filings.answer(filing=Filing.objects.latest("pk"), accept=True, by=Actor.of(confirming.officer))
    posting.post_review(review=Review.objects.get(), by=SYSTEM)
    assert Review.objects.get().state == "posted"
    assert Declaration.objects.get(rule__code="litter").state == "rejected"
    assert [check.title for check in checks() if check.breaches()] == []


def test_where_the_town_has_a_flow_the_last_word_confirms(confirming: Desk) -> None:
    _two_steps(confirming)
    filing = sent(confirming, "tidy")
    officer, admin = Actor.of(confirming.officer), Actor.of(confirming.cast.admin())
    assert filings.answer(filing=filing, accept=True, by=officer).state == "sent"
    with pytest.raises(Forbidden):
        filings.answer(filing=filing, accept=True, by=officer)
    assert Review.objects.get().state == "decided"
    assert filings.answer(filing=filing, accept=True, by=admin).state == "confirmed"
    assert Review.objects.get().state == "settled"


def test_the_flows_last_word_sends_the_marked_deeds_back(confirming: Desk) -> None:
    _two_steps(confirming)
    filing = sent(confirming, "tidy", "litter")
    officer = Actor.of(confirming.officer)
    told = filings.answer(filing=filing, accept=False, items={item("litter").pk: "请补照片"}, by=officer)
    assert (told.state, told.note) == ("returned", "请补照片")
    assert (item("tidy").verdict, item("litter").verdict) == ("approved", "pending")


def test_one_act_receives_only_what_waits_for_her(confirming: Desk) -> None:
    _two_steps(confirming)
    sent(confirming, "tidy")
    admin = Actor.of(confirming.cast.admin())
    assert filings.receive_all(month=MONTH, by=admin) == filings.Received(elsewhere=1)
    assert filings.receive_all(month=MONTH, by=Actor.of(confirming.officer)) == filings.Received(passed_on=1)
    assert Filing.objects.get().state == "sent"
    assert filings.receive_all(month=MONTH, by=admin) == filings.Received(answered=1)


def _two_steps(desk: Desk) -> None:
    office = {"name": "镇级办公室", "who": {"role": "town_officer"}}
    group = {"name": "审定工作组", "who": {"role": "town_admin"}}
    approvals.install(subject_kind="filing", steps=[office, group], by=SYSTEM)


def test_the_committee_and_the_steward_hear_that_a_month_came_back(confirming: Desk) -> None:
    filing = sent(confirming, "tidy")
    assert not Message.objects.filter(kind="review_returned").exists()
    filings.answer(filing=filing, accept=False, note="请补照片。", by=Actor.of(confirming.officer))
    told = Message.objects.filter(kind="review_returned", past_at=None)
    assert {row.user_id for row in told} == {confirming.li.pk, confirming.wu.pk, confirming.steward.pk}
    assert "被镇里退回" in told[0].title and told[0].body.startswith("整张退回：请补照片。请重新")
    confirming.sign_and_close(Review.objects.get())
    assert not told.all().exists()


def test_each_deed_that_came_back_says_why(confirming: Desk, client_for: Callable[..., Any]) -> None:
    filing = sent(confirming, "tidy", "litter", "class")
    reasons = {item("litter").pk: "时间不对", item("class").pk: "没有进红榜"}
    filings.answer(filing=filing, accept=False, items=reasons, by=Actor.of(confirming.officer))
    told = Message.objects.filter(kind="review_returned")[0]
    assert told.body.startswith("退回2件，其余保持原决定：时间不对；没有进红榜。请重新")
    sheet, browser = Review.objects.get(), client_for(confirming.li)
    page = browser.get(f"/village/sheets/{sheet.pk}/").content.decode()
    assert page.count("镇里的意见：") == 2 and all(page.count(reason) == 1 for reason in reasons.values())
    assert reviews.decide_plain(review=sheet, by=Actor.of(confirming.li)) == 0
    kept = browser.get(f"/village/sheets/{sheet.pk}/items/{item('tidy').pk}/").content.decode()
    assert "原来的决定不变" in kept and "不通过" not in kept


def test_a_closed_sheet_that_too_few_have_signed_is_found(confirming: Desk) -> None:
    sent(confirming, "tidy")
    [short, _] = verify_reviews.checks()
    assert short.breaches() == 0
    for name in ("甲委员", "乙委员", "丙委员"):
        confirming.cast.committee(name=name)
    assert short.breaches() == 1
    assert short.told and "2席签字，须3席" in short.told()[0]
