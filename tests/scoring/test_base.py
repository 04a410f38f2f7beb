"""基础分: the rules' amount for every household that takes part, once a year."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from jifen.kernel.actors import SYSTEM
from scoring import errors, policies, selectors
from scoring.models import Entry, Posting
from scoring.rules import grants
from scoring.rules.spec import BaseGrant
from scoring.services import base, ledger, years
from scoring.verify import checks
from tenants.community.models import Household
from tests.scoring import closing, wide
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


BASE: list[dict[str, Any]] = [
    {"when": "year", "points": 60, "pro_rata": "months", "redeemable": True,
     "members": [{"member": "party_member", "name": "党员", "points": 5}]},
    {"when": "month", "points": 2},
    {"when": "joining", "points": 10},
]  # fmt: skip


@pytest.fixture
def booked(ruled: Desk) -> Desk:
    """The rulebook itself says what is granted; the town's policy holds for nobody in its villages."""
    wide.install(ruled, since=date(NOW.year - 1, 1, 2), settings={"base": BASE})
    return ruled


def _grants(household: Household) -> dict[str, Decimal]:
    rows = Posting.objects.filter(entries__household=household, entries__measure="merit", cause="base_grant")
    return dict(rows.values_list("reason", "entries__amount"))


def test_a_rulebook_grants_by_period_and_member_and_for_the_part_that_is_left(booked: Desk) -> None:
    head = booked.head()
    head.is_party_member = True
    head.save(update_fields=["is_party_member"])
    late = booked.cast.household(name="新来的", joined=False)
    booked.cast.join(late, date(NOW.year, NOW.month, 1))
    base.grant_due(number=NOW.year, by=SYSTEM)
    month, whole = f"{NOW.year}年{NOW.month}月基础分", f"{NOW.year}年度基础分"
    assert _grants(booked.zhang) == {whole: 65, month: 2}
    part = grants.grant(BaseGrant.model_validate(BASE[0]), day=NOW, joined=date(NOW.year, NOW.month, 1))
    assert _grants(late) == {whole: part.points, month: 2, f"{NOW.year}年参加时基础分": 10}
    assert "党员5分 × 1人" in Posting.objects.get(entries__household=booked.zhang, entries__amount=65,
                                              entries__measure="merit").explanation  # fmt: skip
    assert base.grant_due(number=NOW.year, by=SYSTEM) == 0
    assert selectors.available(booked.zhang) == 65
    assert [check.title for check in checks() if check.breaches()] == []


def test_what_a_rulebook_granted_and_was_taken_back_is_not_granted_anew(booked: Desk) -> None:
    base.grant_due(number=NOW.year, by=SYSTEM)
    for row in Posting.objects.filter(entries__household=booked.zhang).distinct():
        ledger.reverse(posting=row, reason="多发了", by=booked.by)
    assert base.grant_due(number=NOW.year, by=SYSTEM) == 0 and booked.merit() == 0


def test_who_joined_in_a_month_that_is_over_gets_its_part_of_it(booked: Desk) -> None:
    last = NOW.replace(day=1) - timedelta(days=1)
    years.open_year(number=last.year, by=SYSTEM)
    late = booked.cast.household(name="新来的", joined=False)
    booked.cast.join(late, last)
    base.grant_due(number=NOW.year, by=SYSTEM)
    assert _grants(late)[f"{last.year}年{last.month}月基础分"] == 2
    assert f"{last.year}年{last.month}月基础分" not in _grants(booked.zhang)
