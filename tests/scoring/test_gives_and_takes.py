"""A card that gives and takes in one item: 满90分加5分, 不满60分扣3分; A等加5分, D等扣3分."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM, Actor
from scoring import errors, round_errors
from scoring.models import CapUse, Declaration, Hearing, Posting
from scoring.selectors import verifying
from scoring.selectors.exceptions import exceptions
from scoring.services import activities, filings, hearings, ledger, papers, posting, reviews
from scoring.verify import checks
from tests.clients import PageClient
from tests.scoring import wide
from tests.scoring.desk import NOW, Desk, rule
from tests.scoring.test_whatif import book, tried

ITEMS = [{"code": "all", "name": "总分", "most": 100}]
CARD = rule("card", "卫生检查", {"kind": "score_card", "items": ITEMS, "grades": [
    {"code": "good", "name": "优", "least": 90, "points": 5}, {"code": "fair", "name": "中", "least": 60, "points": 0},
    {"code": "poor", "name": "差", "least": 0, "points": -3}]},
    limits=[{"kind": "points", "value": 7, "period": "month"}])  # fmt: skip
GRADE = rule("grade", "评等次", {"kind": "tiers", "tiers": [
    {"code": "a", "name": "A等", "points": 5}, {"code": "c", "name": "C等", "points": 0},
    {"code": "d", "name": "D等", "points": -3}]})  # fmt: skip


@pytest.fixture
def graded(desk: Desk) -> Desk:
    wide.install(desk, more=[CARD, GRADE])
    return desk


def card(desk: Desk, total: str) -> Declaration:
    return desk.record("card", facts={"scores": {"all": total}})


def all_hold() -> None:
    assert [check.title for check in checks() if check.breaches()] == []


def test_what_is_given_is_capped_and_what_is_taken_is_not(graded: Desk) -> None:
    for total in ("95", "20", "91", "99", "20", "70"):
        card(graded, total)
    graded.post()
    assert graded.merit() == 7 - 6 and CapUse.objects.get(rule_code="card").used == 7
    all_hold()


def test_what_is_taken_waits_until_the_household_is_heard(graded: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    graded.choose(hearing_days=3)
    graded.cast.villager(graded.zhang)
    card(graded, "95"), card(graded, "20")
    sheet = graded.sheet()
    filings.answer(filing=graded.decide_all(sheet), accept=True, by=Actor.of(graded.officer))
    posting.post_review(review=sheet, by=SYSTEM)
    assert graded.merit() == 5
    heard = Hearing.objects.get()
    assert heard.points == -3 and heard.told_at is not None
    then = clock.at(NOW + timedelta(days=5), 0, 30)
    monkeypatch.setattr(clock, "now", lambda: then)
    hearings.close_due(day=clock.today().isoformat())
    posting.post_review(review=sheet, by=SYSTEM)
    assert graded.merit() == 2
    all_hold()


def test_a_reversed_deduction_leaves_the_cap_as_it_is(graded: Desk) -> None:
    deed, _ = card(graded, "20"), card(graded, "95")
    graded.post()
    ledger.reverse(posting=Posting.objects.get(declaration=deed), reason="认错户", by=graded.by)
    assert graded.merit() == 5 and CapUse.objects.get(rule_code="card").used == 5
    all_hold()


def test_the_committee_takes_no_more_than_was_told_and_gives_nothing_for_it(graded: Desk) -> None:
    deed = card(graded, "20")
    graded.sheet()
    by = Actor.of(graded.li)
    for points in ("1", "-4"):
        with pytest.raises(errors.AdjustedOutOfBounds):
            decide(graded, deed, points, by)
    decide(graded, deed, "-1", by)
    graded.post()
    assert graded.merit() == -1


def decide(desk: Desk, deed: Declaration, points: str, by: Actor) -> None:
    reviews.decide(item=desk.item(deed), verdict="adjusted", points=Decimal(points), reason="已整改", by=by)


def test_another_grade_may_be_given_on_the_sheet(graded: Desk) -> None:
    deed = graded.record("grade", facts={"tier": "d"})
    graded.sheet()
    with pytest.raises(errors.AdjustedOutOfBounds):
        decide(graded, deed, "-4", Actor.of(graded.li))
    decide(graded, deed, "5", Actor.of(graded.li))
    graded.post()
    assert graded.merit() == 5


def test_what_is_taken_is_looked_at_as_a_deduction(graded: Desk) -> None:
    taken = graded.record("grade", facts={"tier": "d"})
    given = graded.record("grade", facts={"tier": "a"}, household=graded.cast.household(name="李四"))
    found = exceptions(graded.sheet())
    hints = [{hint.code for hint in found.get(graded.item(one).pk, [])} for one in (taken, given)]
    assert ["negative" in one for one in hints] == [True, False]
    assert [verifying.facts(one)["is_negative"] for one in (taken, given)] == [True, False]
    taken.declared_by = given.declared_by = "group_leader"
    assert [one.is_accusation for one in (taken, given)] == [True, False]


def test_the_papers_add_up_given_and_taken_apart(graded: Desk) -> None:
    for tier in ("a", "d"):
        graded.record("grade", facts={"tier": tier})
    sheet = graded.sheet()
    graded.decide_all(sheet)
    items = list(sheet.items.select_related("declaration__rule"))
    assert papers._totals(items)[-2:] == ["5", "3"]


def test_what_if_replays_it(graded: Desk) -> None:
    for total in ("95", "20"):
        card(graded, total)
    graded.record("grade", facts={"tier": "d"})
    graded.post()
    run = tried(graded, book())
    assert run.summary is not None and run.summary["merit"] == {"before": "-1", "after": "-1"}


def test_no_activity_is_of_an_item_that_may_take(graded: Desk, client_for: Callable[..., PageClient]) -> None:
    graded_rule = graded.rule_in_force("grade")
    told: dict[str, Any] = {"title": "评比", "place": "村口", "happened_on": NOW, "facts": {"tier": "d"}}
    with pytest.raises(round_errors.ActivityDeducts):
        activities.open_activity(village=graded.village, rule=graded_rule, **told, by=graded.by)
    offered = client_for(graded.steward).get("/village/activities/new/").context["form"].fields["rule"].choices
    assert str(graded_rule.pk) not in dict(offered)


def test_the_pages_show_every_sign(graded: Desk, client_for: Callable[..., PageClient]) -> None:
    client = client_for(graded.steward)
    address = f"/village/record/?household={graded.zhang.number}&rule={graded.rule_in_force('grade').pk}"
    page = client.get(address).content.decode()
    assert "D等（−3分）" in page and "A等+5分、C等0分、D等−3分" in page
