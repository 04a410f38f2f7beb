"""Figures, dates and periods as people read them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest

from jifen.web import wording


@pytest.mark.parametrize(
    ("value", "signed", "text"),
    [
        (Decimal("46.00"), False, "46"),
        (Decimal("3.20"), False, "3.2"),
        (Decimal("2.00"), True, "+2"),
        (Decimal("-10.00"), True, "−10"),
        (Decimal("0.00"), True, "0"),
        (None, True, ""),
    ],
)
def test_points_carry_no_needless_zeros_and_a_true_minus_sign(value: Decimal | None, signed: bool, text: str) -> None:
    assert wording.points_text(value, signed) == text


@pytest.mark.parametrize(
    ("text", "read"), [("不是这一户。", "不是这一户。"), ("认错户", "认错户。"), ("", ""), ("真的！", "真的！")]
)
def test_a_sentence_ends_with_one_full_stop(text: str, read: str) -> None:
    assert wording.sentence(text) == read


def test_an_explanation_names_the_item_not_its_code() -> None:
    assert wording.without_code("规则MD-03：植树，+2分/次") == "细则：植树，+2分/次"
    assert wording.without_code("植树，与规则BY-02不重复计分") == "植树，与规则BY-02不重复计分"


def test_a_day_reads_as_a_chinese_date() -> None:
    assert wording.date_cn(date(2025, 3, 5)) == "2025年3月5日"
    assert wording.month_cn(date(2025, 3, 5)) == "2025年3月"


def test_a_moment_is_told_in_chinas_time() -> None:
    assert wording.datetime_cn(datetime(2025, 3, 5, 23, 6, tzinfo=UTC)) == "2025年3月6日 07:06"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("2025Q1", "2025年第一季度"),
        ("2025-Q4", "2025年第四季度"),
        ("2025-03", "2025年3月"),
        (2025, "2025年"),
        (date(2025, 12, 1), "2025年12月"),
        (SimpleNamespace(year=2025, quarter=2), "2025年第二季度"),
        ("上半年", "上半年"),
        (None, ""),
    ],
)
def test_a_period_is_named_in_words(value: object, text: str) -> None:
    assert wording.period_cn(value) == text


def test_money_is_exact_to_the_fen_and_a_share_is_a_percentage() -> None:
    assert wording.yuan(Decimal("1280.5")) == "¥1,280.50"
    assert wording.yuan(Decimal(-3)) == "−¥3.00"
    assert wording.percent(Decimal("0.834")) == "83%"
