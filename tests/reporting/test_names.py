"""Whom a notice names, and what a withdrawal of consent changes."""

from datetime import date

import pytest

from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM
from reporting import snapshots
from reporting.models import Notice
from reporting.selectors import names
from reporting.services import notices
from tenants.community.models import Consent, ConsentKind, Household, Resident
from tests.cast import Cast
from tests.reporting import months

JULY = date(2026, 7, 6)


@pytest.fixture
def home(cast: Cast) -> Household:
    months.set_up("seed_000_003")
    return cast.household(name="欧阳明", number="0001")


def _agrees(resident: Resident | None) -> Consent:
    assert resident is not None
    return Consent.objects.create(
        resident=resident, kind=ConsentKind.PUBLICATION, given_on=date(2026, 1, 5), **SYSTEM.columns()
    )


def _notice(home: Household, resident: Resident | None = None) -> Notice:
    months.deed(home, "结对帮扶" if resident else "每日清扫", JULY, resident=resident)
    months.post(home.village, JULY)
    return notices.publish_quarter(village=home.village, year=2026, quarter=3, by=SYSTEM)


def _names(snapshot: snapshots.Json, subject: str = "household") -> list[str]:
    [ranking] = [
        part for part in snapshot["rankings"]
        if (part["subject"], part["measure"], part["basis"]) == (subject, "positive", "quarter")
    ]  # fmt: skip
    return [row["name"] for row in ranking["rows"]]


def test_without_consent_there_is_only_a_number(home: Household) -> None:
    assert _names(_notice(home).snapshot) == [""]


def test_with_the_heads_consent_the_name_is_masked(home: Household) -> None:
    _agrees(home.head)
    assert _names(_notice(home).snapshot) == ["欧*明"]


def test_a_child_is_never_named(cast: Cast, home: Household) -> None:
    child = cast.member(home, "张小宝", born=date(2012, 5, 1))
    _agrees(child)
    assert _names(_notice(home, child).snapshot, "resident") == [""]


def test_a_grown_member_is_named_for_her_own_points(cast: Cast, home: Household) -> None:
    daughter = cast.member(home, "欧阳小花")
    _agrees(daughter)
    assert _names(_notice(home, daughter).snapshot, "resident") == ["欧**花"]


def test_withdrawn_consent_masks_the_display_and_leaves_the_sealed_copy(home: Household) -> None:
    consent = _agrees(home.head)
    notice = _notice(home)
    Consent.objects.filter(pk=consent.pk).update(withdrawn_on=clock.today())
    assert _names(names.as_of(notice.snapshot, clock.today())) == [""]
    notice.refresh_from_db()
    assert _names(notice.snapshot) == ["欧*明"]
    assert snapshots.digest(notice.snapshot) == notice.sha256


def test_consent_given_later_adds_no_name(home: Household) -> None:
    notice = _notice(home)
    _agrees(home.head)
    assert _names(names.as_of(notice.snapshot, clock.today())) == [""]
