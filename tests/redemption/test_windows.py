"""When the seeds open redemption, as dates; and money in whole fen."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redemption import windows
from redemption.money import fen_for, yuan
from scoring.rules import library
from scoring.rules.policy import RedemptionPolicy


def of_seed(code: str, start: date | None = None) -> list[windows.Days]:
    return windows.of_year(library.load(code).policy.redemption, 2025, start)


def test_seed_000_opens_on_fixed_days() -> None:
    assert of_seed("seed_000")[0] == (date(2025, 1, 15), date(2025, 1, 15))


def test_seed_000s_trial_opens_monthly_for_three_months() -> None:
    trial = {"kind": "monthly", "text": "试运行", "first_months": 3, "days": [20]}
    policy = RedemptionPolicy.model_validate({"windows": [trial], "carriers": ["passbook"]})
    days = windows.of_year(policy, 2025, date(2025, 5, 8))
    assert [opens for opens, _ in days] == [date(2025, 5, 20), date(2025, 6, 20), date(2025, 7, 20)]


def test_seed_001_proposes_the_month_before_october() -> None:
    assert of_seed("seed_001") == [(date(2025, 9, 1), date(2025, 9, 30))]


def test_seed_002_opens_once_a_quarter() -> None:
    assert [opens.month for opens, _ in of_seed("seed_002")] == [3, 6, 9, 12]


def test_seed_003_is_open_all_year() -> None:
    assert of_seed("seed_003") == [(date(2025, 1, 1), date(2025, 12, 31))]


def test_nothing_opens_before_the_start() -> None:
    assert of_seed("seed_003", date(2025, 6, 1)) == [(date(2025, 6, 1), date(2025, 12, 31))]
    assert [opens.month for opens, _ in of_seed("seed_002", date(2025, 7, 1))] == [9, 12]


def test_a_day_that_a_month_lacks_is_its_last() -> None:
    window = {"kind": "fixed_days", "text": "月底", "days": [31]}
    policy = RedemptionPolicy.model_validate({"windows": [window], "carriers": ["card"]})
    assert windows.of_year(policy, 2025)[1] == (date(2025, 2, 28), date(2025, 2, 28))


DAYS = st.dates(date(2025, 1, 1), date(2025, 12, 31))
SPANS = st.lists(
    st.tuples(DAYS, st.integers(0, 40)).map(lambda pair: (pair[0], pair[0] + timedelta(pair[1]))), max_size=9
)


def days_of(spans: list[windows.Days]) -> set[date]:
    return {opens + timedelta(days=n) for opens, closes in spans for n in range((closes - opens).days + 1)}


@given(SPANS)
def test_joined_windows_cover_the_same_days_and_lie_apart(spans: list[windows.Days]) -> None:
    joined = windows.joined(spans)
    assert days_of(joined) == days_of(spans)
    assert windows.apart(joined)


@pytest.mark.parametrize(
    "spans", [[(date(2025, 2, 2), date(2025, 2, 1))], [(date(2025, 2, 1), date(2025, 2, 2)), (date(2025, 2, 2),) * 2]]
)
def test_windows_that_overlap_or_run_backwards_are_seen(spans: list[windows.Days]) -> None:
    assert not windows.apart(spans)


@given(st.decimals("0.01", "9999", places=2), st.integers(1, 999))
def test_fen_are_never_off_by_more_than_a_half(points: Decimal, rate: int) -> None:
    assert abs(fen_for(points, rate) - points * rate) <= Decimal("0.5")


def test_fen_as_yuan() -> None:
    assert (yuan(4005), yuan(7), yuan(0)) == ("40.05", "0.07", "0.00")
