"""What cannot be priced is recorded, goes to a person with its reason, and is never worth anything by itself."""

from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from jifen.kernel import clock
from jifen.kernel.actors import Actor
from scoring import errors
from scoring.models import Declaration, ItemVerdict, ReviewItem
from scoring.selectors.exceptions import exceptions
from scoring.services import filings, posting, reviews
from scoring.verify import checks
from tests.scoring import wide
from tests.scoring.desk import Desk


@pytest.fixture
def told(desk: Desk) -> Declaration:
    """A bride price that no band of the rule covers."""
    wide.install(desk)
    return desk.record("gift", facts={"inputs": {"money": "90000"}})


def test_it_is_recorded_worth_nothing_with_its_reason(told: Declaration) -> None:
    assert told.points == 0 and told.undecided == "90000元不在任何一段里，由审核组认定"
    assert told.explanation.endswith(told.undecided)


def test_points_nobody_chose_yet_are_left_to_the_committee(desk: Desk) -> None:
    assert desk.record("host").undecided == "没有评定分数（1至5分）"


def test_the_sheet_shows_it_first_among_the_exceptions(desk: Desk, told: Declaration) -> None:
    sheet = desk.sheet()
    [hint, *_] = exceptions(sheet)[desk.item(told).pk]
    assert hint.code == "undecided" and "90000元" in hint.why


def test_approving_the_rest_leaves_it_open(desk: Desk, told: Declaration) -> None:
    desk.record("tidy")
    sheet = desk.sheet()
    assert reviews.decide_rest(review=sheet, by=Actor.of(desk.li)) == 1
    assert desk.item(told).verdict == ItemVerdict.PENDING


def test_nobody_approves_it_as_it_is(desk: Desk, told: Declaration) -> None:
    desk.sheet()
    with pytest.raises(errors.StillUndecided, match="90000元"):
        reviews.decide(item=desk.item(told), verdict="approved", by=Actor.of(desk.li))
    with pytest.raises(DatabaseError, match="I5"), transaction.atomic():
        ReviewItem.objects.update(verdict="approved", decided_at=clock.now())
    assert desk.item(told).verdict == ItemVerdict.PENDING


def test_it_posts_with_the_points_that_a_person_gave(desk: Desk, told: Declaration) -> None:
    sheet = desk.sheet()
    item = reviews.decide(
        item=desk.item(told), verdict="adjusted", points=Decimal(5), reason="按第二段认定", by=Actor.of(desk.li)
    )
    assert item.points == 5
    filings.answer(filing=desk.sign_and_close(sheet), accept=True, by=Actor.of(desk.officer))
    posting.post_review(review=sheet, by=desk.by)
    assert desk.merit() == 5


def test_a_person_gives_no_more_than_the_rule_ever_does(desk: Desk, told: Declaration) -> None:
    desk.sheet()
    with pytest.raises(errors.AdjustedOutOfBounds):
        reviews.decide(
            item=desk.item(told), verdict="adjusted", points=Decimal(11), reason="认定", by=Actor.of(desk.li)
        )


def test_what_was_told_of_it_never_changes(told: Declaration) -> None:
    with pytest.raises(DatabaseError, match="I5"), transaction.atomic():
        Declaration.objects.update(undecided="")
    with pytest.raises(DatabaseError, match="I5"), transaction.atomic():
        Declaration.objects.update(facts={})


def test_verify_asks_for_it(told: Declaration) -> None:
    [check] = [one for one in checks() if one.title == "算不出分值的登记由人认定"]
    assert check.breaches() == 0
