"""基础分: the rules' amount for every household that takes part, once a year."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM
from scoring import errors, policies, selectors
from scoring.models import Entry, Posting
from scoring.rules import grants
from scoring.rules.spec import BaseGrant, Settings
from scoring.services import base, ledger, years
from scoring.verify import checks
from tenants.community.models import Household
from tests.scoring import closing, wide
from tests.scoring.desk import NOW, Desk

SECTION = {
    "review": {"after": "filing", "quorum": "0.5", "majority": "0.5"},
    "year": {"base": {"per_year": "100", "at_joining": "60"}},
}


@pytest.fixture
def ruled(desk: Desk) -> Desk:
    """100 points at the year's beginning, 60 for those who join in it."""
    policies.install(section=SECTION, effective_from=date(NOW.year, 1, 1), by=SYSTEM)
    return desk


def test_every_household_gets_its_base_points_once(ruled: Desk) -> None:
    late = ruled.cast.household(name="新来的", joined=False)
    since = min(date(NOW.year, 3, 4), NOW)
    ruled.cast.join(late, since)
    ruled.cast.household(name="没参加的", joined=False)
    assert base.grant_due(number=NOW.year, by=SYSTEM) == 5 and base.grant_due(number=NOW.year, by=SYSTEM) == 0
    assert ruled.merit() == selectors.available(ruled.zhang) == 100 and ruled.merit(late) == 60
    assert Entry.objects.get(household=late, measure="merit").happened_on == since
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
    with pytest.raises(errors.YearSealed, match="不能再发放这一年的基础分。请核对年度"):
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


def test_who_reads_a_grant_reads_how_it_comes_about(booked: Desk, client_for: Callable[..., Any]) -> None:
    base.grant_due(number=NOW.year, by=SYSTEM)
    row = Posting.objects.get(granted_to=booked.zhang, granted_for__startswith="year:")
    ledger.reverse(posting=row, reason="多发了", by=booked.by)
    pages = {"scoring:posting": booked.cast.villager(booked.zhang), "scoring:village_posting": booked.steward}
    for name, reader in (pages | {"scoring:office_posting": booked.officer}).items():
        for posting in (row, Posting.objects.get(reverses=row)):
            page = client_for(reader).get(reverse(name, args=[posting.pk])).content.decode()
            assert "基础分（每年）：每户60分，计60分" in page


def test_what_a_rulebook_granted_and_was_taken_back_is_not_granted_anew(booked: Desk) -> None:
    base.grant_due(number=NOW.year, by=SYSTEM)
    for row in Posting.objects.filter(entries__household=booked.zhang).distinct():
        ledger.reverse(posting=row, reason="多发了", by=booked.by)
    assert base.grant_due(number=NOW.year, by=SYSTEM) == 0 and booked.merit() == 0


def test_what_a_rulebook_begins_to_grant_in_mid_year_is_booked_from_that_day_on(
    ruled: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The grant of the year is for the months that are left; a version that goes on with it changes nothing."""
    year, since = NOW.year, date(NOW.year, 5, 2)
    late = ruled.cast.household(name="新来的", joined=False)
    ruled.cast.join(late, date(year, 5, 20))
    every = [BASE[0] | {"members": []}, {"when": "month", "points": 2}]
    wide.install(ruled, since=since, settings={"base": every})
    wide.install(ruled, since=date(year, 5, 30), settings={"base": [*every, {"when": "quarter", "points": 3}]})
    monkeypatch.setattr(clock, "now", lambda: clock.at(date(year, 6, 1), 7))
    base.grant_due(number=year, by=SYSTEM)
    assert _booked(ruled.zhang) == [
        (f"{year}年5月基础分", since, 5, 2), (f"{year}年6月基础分", date(year, 6, 1), 6, 2),
        (f"{year}年度基础分", since, 5, 40), (f"{year}年第2季度基础分", date(year, 5, 30), 5, 3),
    ]  # fmt: skip
    told = Posting.objects.get(granted_to=ruled.zhang, granted_for__startswith="year:").explanation
    made = grants.grant(BaseGrant.model_validate(every[0]), day=NOW, joined=date(year - 1, 1, 1), since=since)
    assert told == made.explanation == f"基础分（每年）：每户60分，细则自{year}年5月2日起发放，按8/12个月折算，计40分"
    assert (f"{year}年度基础分", date(year, 5, 20), 5, 40) in _booked(late)
    assert base.grant_due(number=year, by=SYSTEM) == 0
    assert [check.title for check in checks() if check.breaches()] == []


def _booked(household: Household) -> list[tuple[Any, ...]]:
    """Of each grant its words, its day, the month it is booked in, and its merit."""
    rows = Entry.objects.filter(household=household, measure="merit", cause="base_grant").order_by("posting__reason")
    return list(rows.values_list("posting__reason", "happened_on", "month", "amount"))


def test_the_towns_own_grant_is_booked_from_the_day_on_which_it_chose_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    since = date(NOW.year, 5, 2)
    policies.install(section=SECTION, effective_from=since, by=SYSTEM)
    monkeypatch.setattr(clock, "now", lambda: clock.at(date(NOW.year, 6, 1), 7))
    base.grant_due(number=NOW.year, by=SYSTEM)
    assert _booked(desk.zhang) == [(f"{NOW.year}年度基础分", since, 5, 100)]
    assert Posting.objects.filter(explanation="基础分：年初已经参加的，每户计100分").exists()


def test_who_joined_in_a_month_that_is_over_gets_its_part_of_it(booked: Desk) -> None:
    last = NOW.replace(day=1) - timedelta(days=1)
    years.open_year(number=last.year, by=SYSTEM)
    late = booked.cast.household(name="新来的", joined=False)
    booked.cast.join(late, last)
    base.grant_due(number=NOW.year, by=SYSTEM)
    assert _grants(late)[f"{last.year}年{last.month}月基础分"] == 2
    assert f"{last.year}年{last.month}月基础分" not in _grants(booked.zhang)


KINDS = [
    {"member": "party_member", "name": "党员", "points": "5"}, {"member": "elder", "name": "老人", "points": "1.25"},
    {"member": "child", "name": "儿童", "points": "0.35"}, {"member": "member", "name": "其他家人", "points": "2.5"},
    {"member": "volunteer", "name": "志愿者", "points": "1"},
]  # fmt: skip
WILD: list[dict[str, Any]] = [
    {"when": "year", "points": "10.01", "pro_rata": "days", "members": KINDS, "redeemable": True},
    {"when": "year", "points": "7", "pro_rata": "months"},
    {"when": "quarter", "points": "0", "members": KINDS[1:4], "pro_rata": "months"},
    {"when": "month", "points": "3", "pro_rata": "days", "members": KINDS[:1]},
    {"when": "month", "points": "1", "redeemable": True},
    {"when": "joining", "points": "4", "members": [KINDS[3], KINDS[0]]},
]
TYPES = {"elder": 70, "child": 9, "member": 40}
PEOPLE: list[list[str]] = [["party_member", "child", "child"], ["elder"], ["member", "party_member"], []]


def _people(desk: Desk, household: Household, types: list[str]) -> list[str]:
    """Members of these types beside the head, whose own is ``member``."""
    for place, one in enumerate(types):
        born = date(NOW.year - TYPES.get(one, 40), 1, 1)
        person = desk.cast.member(household, f"家人{place}", born=born)
        person.is_party_member = one == "party_member"
        person.save(update_fields=["is_party_member"])
    return ["member", *types]


@pytest.mark.parametrize("rounding", ["nearest", "down", "up"])
@pytest.mark.parametrize("places", [0, 1, 2])
def test_all_are_granted_what_the_rules_reckon_for_each(ruled: Desk, rounding: str, places: int) -> None:
    told = Settings.model_validate({"base": WILD, "fractions": {"places": places, "rounding": rounding}})
    wide.install(ruled, since=date(NOW.year - 1, 1, 2), settings=told.model_dump(mode="json"))
    expected: dict[tuple[int, str], Decimal] = {}
    for place, types in enumerate(PEOPLE):
        home = ruled.cast.household(name=f"住户{place}", joined=False)
        joined = date(NOW.year, max(1, NOW.month - place), 1) + timedelta(days=min(place, NOW.day - 1))
        ruled.cast.join(home, joined)
        kinds = _people(ruled, home, types)
        for base_grant in told.base:
            named = [one.member for one in base_grant.members]
            seen = [kind if kind in named else "member" for kind in kinds]
            made = grants.grant(base_grant, day=NOW, joined=joined, members=seen, settings=told)
            if made.points:
                expected[home.pk, made.explanation] = made.points
    base.grant_due(number=NOW.year, by=SYSTEM)
    rows = Entry.objects.filter(measure="merit", household__head__name__startswith="住户", cause="base_grant")
    rows = rows.exclude(posting__reason=f"{NOW.year}年{NOW.month - 1}月基础分")
    assert {(row.household_id, row.posting.explanation): row.amount for row in rows} == expected
    assert base.grant_due(number=NOW.year, by=SYSTEM) == 0


def test_two_grants_of_one_month_are_both_given_and_each_once(ruled: Desk) -> None:
    settings = {"base": [{"when": "month", "points": 2}, {"when": "month", "points": 3, "redeemable": True}]}
    wide.install(ruled, since=date(NOW.year - 1, 1, 2), settings=settings)
    base.grant_due(number=NOW.year, by=SYSTEM)
    assert ruled.merit() == 5 and selectors.available(ruled.zhang) == 3
    assert base.grant_due(number=NOW.year, by=SYSTEM) == 0


def test_the_words_of_a_grant_do_not_say_whether_it_was_given(booked: Desk) -> None:
    ledger.grant_base(household=booked.zhang, points=Decimal(1), reason=f"{NOW.year}年度基础分", by=SYSTEM)
    base.grant_due(number=NOW.year, by=SYSTEM)
    assert booked.merit() == 1 + 60 + 2


def test_the_database_refuses_a_second_grant_for_the_same(booked: Desk) -> None:
    base.grant_due(number=NOW.year, by=SYSTEM)
    row = Posting.objects.get(granted_to=booked.zhang, granted_for__startswith="year:")
    told: dict[str, Any] = {"cause": "base_grant", "reason": "又发一次", "posted_at": row.posted_at, **SYSTEM.columns()}
    with pytest.raises(IntegrityError, match="scoring_granted_once"), transaction.atomic():
        Posting.objects.create(**told, granted_to=booked.zhang, granted_for=row.granted_for)
    with pytest.raises(IntegrityError, match="scoring_posting_grants"), transaction.atomic():
        Posting.objects.create(**told, granted_to=booked.zhang)
