"""Deeds by analogy: looked at one by one, passed with a basis, and with the town's consent where the item asks it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from jifen.kernel.actors import SYSTEM, Actor
from scoring import meeting_errors
from scoring.models import Declaration, ReviewState
from scoring.rules.spec import RuleSpec
from scoring.selectors.exceptions import exceptions
from scoring.services import filings, meetings, on_paper, posting, reviews, rulebooks
from scoring.services.on_paper import Said
from tests.scoring.desk import DAY, Desk, photo, rule, scheme

Browser = Callable[..., Any]
SPAN = {"kind": "range", "least": 1, "most": 5}
BASIS = "8月3日村民代表会议同意"


def other(desk: Desk, approval: str) -> Declaration:
    """A deed under the town's item for what no other item names."""
    body = rule("other", "其他好事", SPAN, catch_all={"most": 5, "approval": approval})
    book = scheme().rulebook
    wider = book.model_copy(update={"rules": (*book.rules, RuleSpec.model_validate(body))})
    changed = scheme().model_copy(update={"rulebook": wider})
    rulebooks.install(scheme=changed, effective_from=DAY, resolution="修订", by=SYSTEM)
    return desk.record("other", facts={"points": "3"})


@pytest.mark.parametrize(
    ("approval", "why"),
    [("committee", "审核委员会"), ("representatives_meeting", "村民代表会议"), ("town", "镇里收到以后才记账")],
)
def test_a_deed_by_analogy_stands_out_and_says_whose_consent_it_needs(desk: Desk, approval: str, why: str) -> None:
    deed = other(desk, approval)
    sheet = desk.sheet()
    [hint] = [one for one in exceptions(sheet)[desk.item(deed).pk] if one.word == "同类推断"]
    assert hint.code == f"analogy_{approval}" and why in hint.why


def test_it_is_never_passed_with_the_rest(desk: Desk) -> None:
    plain, deed = desk.record(), other(desk, "committee")
    sheet, wu = desk.sheet(), Actor.of(desk.wu)
    assert reviews.decide_rest(review=sheet, by=wu) == 1
    assert [desk.item(one).verdict for one in (plain, deed)] == ["approved", "pending"]


@pytest.mark.parametrize(("verdict", "points"), [("approved", None), ("adjusted", 2)])
def test_it_passes_with_its_basis_alone(desk: Desk, verdict: str, points: Any) -> None:
    deed = other(desk, "representatives_meeting")
    desk.sheet()
    item, wu = desk.item(deed), Actor.of(desk.wu)
    with pytest.raises(meeting_errors.BasisMissing, match="哪一天的村民代表会议"):
        reviews.decide(item=item, verdict=verdict, points=points, reason=" ", by=wu)
    assert desk.item(deed).verdict == "pending"
    reviews.decide(item=item, verdict=verdict, points=points, reason=BASIS, by=wu)
    assert (desk.item(deed).verdict, desk.item(deed).reason) == (verdict, BASIS)


def test_it_needs_its_basis_off_the_paper_too(desk: Desk) -> None:
    deed = other(desk, "committee")
    sheet = desk.sheet()
    meetings.hold(review=sheet, held_on=DAY, by=desk.by)
    seat, item = desk.seat(desk.wu).pk, desk.item(deed).pk
    meetings.all_came(review=sheet, by=desk.by)
    meetings.attach(review=sheet, file=photo("ready"), by=desk.by)
    with pytest.raises(meeting_errors.BasisMissing):
        on_paper.enter(review=sheet, said=[Said(item, seat, "approved")], by=desk.by)
    assert on_paper.enter(review=sheet, said=[], rest=seat, by=desk.by) == 0
    assert on_paper.enter(review=sheet, said=[Said(item, seat, "approved", reason=BASIS)], by=desk.by) == 1


@pytest.mark.parametrize(("approval", "at_once"), [("committee", 5), ("town", 2)])
def test_the_towns_consent_is_waited_for_where_the_village_posts_at_its_own_word(
    desk: Desk, approval: str, at_once: int
) -> None:
    desk.choose(posts="decision")
    desk.record()
    deed = other(desk, approval)
    sheet = desk.sheet()
    reviews.decide(item=desk.item(deed), verdict="approved", reason=BASIS, by=Actor.of(desk.wu))
    filing = desk.decide_all(sheet)
    posting.post_review(review=sheet, by=SYSTEM)
    assert desk.merit() == at_once
    filings.answer(filing=filing, accept=True, by=Actor.of(desk.officer))
    posting.post_review(review=sheet, by=SYSTEM)
    sheet.refresh_from_db()
    assert desk.merit() == 5 and sheet.state == ReviewState.POSTED


def test_the_pages_ask_for_the_basis_and_name_the_consent(desk: Desk, client_for: Browser) -> None:
    deed = other(desk, "representatives_meeting")
    sheet, wu = desk.sheet(), client_for(desk.wu)
    page = wu.get(reverse("scoring:sheet", args=[sheet.pk])).content.decode()
    assert "同类推断" in page and "哪一天的村民代表会议同意的" in page
    here = reverse("scoring:sheet_item", args=[sheet.pk, desk.item(deed).pk])
    hx = {"HX-Request": "true"}
    assert "是兜底条目" in wu.post(here, {"verdict": "approved"}, headers=hx).content.decode()
    assert "定为通过" in wu.post(here, {"verdict": "approved", "reason": BASIS}, headers=hx).content.decode()
    steward = client_for(desk.steward)
    told = steward.get(reverse("scoring:declaration", args=[deed.pk])).content.decode()
    assert "兜底条目，须经村民代表会议同意" in told
    form = f"{reverse('scoring:record')}?household={desk.zhang.number}&rule={deed.rule_id}"
    assert "兜底条目，须经村民代表会议同意" in steward.get(form).content.decode()
