"""基础分: the rules' amount for every household that takes part, once a year."""

from datetime import date
from decimal import Decimal

import pytest

from jifen.kernel.actors import SYSTEM
from scoring import errors, policies, selectors
from scoring.models import Entry, Posting
from scoring.services import base, ledger, years
from scoring.verify import checks
from tests.scoring import closing
from tests.scoring.desk import NOW, Desk


@pytest.fixture
def ruled(desk: Desk) -> Desk:
    """100 points at the year's beginning, 60 for those who join in it."""
    section = {
        "review": {"after": "filing", "quorum": "0.5", "majority": "0.5"},
        "year": {"base": {"per_year": "100", "at_joining": "60"}},
    }
    policies.install(section=section, effective_from=date(NOW.year, 1, 1), by=SYSTEM)
    return desk


def test_every_household_gets_its_base_points_once(ruled: Desk) -> None:
    late = ruled.cast.household(name="新来的", joined=False)
    ruled.cast.join(late, date(NOW.year, 3, 4))
    ruled.cast.household(name="没参加的", joined=False)
    assert base.grant_due(number=NOW.year, by=SYSTEM) == 5 and base.grant_due(number=NOW.year, by=SYSTEM) == 0
    assert ruled.merit() == selectors.available(ruled.zhang) == 100 and ruled.merit(late) == 60
    assert Entry.objects.get(household=late, measure="merit").happened_on == date(NOW.year, 3, 4)
    assert [check.title for check in checks() if check.breaches()] == []


def test_a_household_that_has_base_points_is_left_alone(ruled: Desk) -> None:
    ledger.grant_base(household=ruled.zhang, points=Decimal(80), reason="入户", by=SYSTEM)
    assert base.grant_due(number=NOW.year, by=SYSTEM) == 3 and ruled.merit() == 80


def test_a_grant_that_was_taken_back_is_not_repeated(ruled: Desk) -> None:
    base.grant_due(number=NOW.year, by=SYSTEM)
    posting = Posting.objects.get(document=f"户号{ruled.zhang.number}")
    ledger.reverse(posting=posting, reason="不该发", by=ruled.by)
    assert base.grant_due(number=NOW.year, by=SYSTEM) == 0 and ruled.merit() == 0


def test_where_the_rules_name_none_or_the_year_has_not_come_nothing_is_granted(desk: Desk) -> None:
    assert base.grant_due(number=NOW.year, by=SYSTEM) == 0
    assert base.grant_due(number=NOW.year + 1, by=SYSTEM) == 0 and not Entry.objects.exists()


def test_a_sealed_year_takes_no_base_points(ruled: Desk) -> None:
    last = NOW.year - 1
    closing.seal(years.open_year(number=last, by=SYSTEM))
    with pytest.raises(errors.YearSealed):
        base.grant_due(number=last, by=SYSTEM)
    assert not Entry.objects.exists()
