"""When a month's points post is the town's choice: at the decision, at the answer, or after a notice period."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from jifen.clocks import jobs
from jifen.clocks.models import Due
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM, Actor
from jifen.web.wording import date_cn
from scoring import errors, ports
from scoring.models import Declaration, Entry, Filing, Review
from scoring.services import filings, posting
from tests.scoring.desk import NOW, Desk

PageClient = Callable[..., Any]


def sent(desk: Desk) -> Filing:
    desk.record("tidy")
    return desk.decide_all(desk.sheet())


def due() -> list[str]:
    return list(Due.objects.filter(kind="review.post").values_list("period", flat=True))


def test_at_the_decision_points_post_before_the_town_has_answered(desk: Desk) -> None:
    desk.choose(posts="decision")
    filing = sent(desk)
    [period] = due()
    jobs.known()["review.post"].body(period)
    sheet = Review.objects.get()
    assert Entry.objects.count() == 2 and sheet.state == "decided" and sheet.posted_at
    filings.answer(filing=filing, accept=True, by=Actor.of(desk.officer))
    jobs.known()["review.post"].body(str(sheet.pk))
    assert Entry.objects.count() == 2 and Review.objects.get().state == "posted"


def test_at_the_answer_nothing_posts_before_it(desk: Desk) -> None:
    filing = sent(desk)
    assert due() == []
    with pytest.raises(errors.ReviewNotSettled):
        posting.post_review(review=Review.objects.get(), by=SYSTEM)
    filings.answer(filing=filing, accept=True, by=Actor.of(desk.officer))
    assert due() == [str(Review.objects.get().pk)]


def test_after_a_notice_period_points_wait_for_its_end(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, client_for: PageClient
) -> None:
    desk.choose(posts="notice", notice_days=5)
    filings.answer(filing=sent(desk), accept=True, by=Actor.of(desk.officer))
    sheet, browser = Review.objects.get(), client_for(desk.steward)
    until = f"{date_cn(NOW + timedelta(days=5))}（含）前没有异议的，第二天起记账"
    for page in (f"/village/sheets/{sheet.pk}/", f"/village/declarations/{Declaration.objects.get().pk}/"):
        assert until in browser.get(page).content.decode()
    assert Due.objects.get(kind="review.post").due_at == clock.at(NOW + timedelta(days=6))
    with pytest.raises(errors.ReviewNotSettled):
        posting.post_review(review=sheet, by=SYSTEM)
    assert Declaration.objects.get().state == "approved" and not Entry.objects.exists()
    monkeypatch.setattr(clock, "now", lambda: clock.at(NOW + timedelta(days=6)))
    assert posting.post_review(review=sheet, by=SYSTEM) == 2
    assert posting.open_until(sheet) is None


def test_what_somebody_objects_to_is_looked_at_again_the_next_day(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.choose(posts="notice", notice_days=0)
    told = desk.record("trees", facts={"quantity": "1"})
    filings.answer(filing=sent(desk), accept=True, by=Actor.of(desk.officer))
    sheet = Review.objects.get()
    tomorrow = clock.at(NOW + timedelta(days=1), 6)
    monkeypatch.setattr(clock, "now", lambda: tomorrow)
    monkeypatch.setattr(ports, "_objections", [lambda _, is_told: {told.pk}])
    [again] = jobs.known()["review.post"].body(str(sheet.pk)) or ()
    assert Entry.objects.filter(measure="merit").count() == 1 and Review.objects.get().state == "settled"
    monkeypatch.setattr(ports, "_objections", [])
    assert jobs.known()["review.post"].body(again.period) == []
    assert Entry.objects.filter(measure="merit").count() == 2 and Review.objects.get().state == "posted"


def test_a_change_of_mind_does_not_touch_what_is_on_its_way(desk: Desk) -> None:
    filing = sent(desk)
    desk.choose(NOW + timedelta(days=1), posts="notice", notice_days=30)
    filings.answer(filing=filing, accept=True, by=Actor.of(desk.officer))
    assert posting.post_review(review=Review.objects.get(), by=SYSTEM) == 2
