"""How figures, dates and periods are written for people."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from jifen.kernel.points import plain

MINUS = "\N{MINUS SIGN}"
_QUARTERS = "一二三四"
_QUARTER = re.compile(r"(\d{4})-?[Qq]([1-4])")
_MONTH = re.compile(r"(\d{4})-(\d{1,2})")
_CITED = re.compile(r"^规则[A-Z][A-Z0-9-]*：")
_YEAR = re.compile(r"\d{4}")


def points_text(value: Any, signed: bool = False) -> str:
    """``46``, ``3.2``, ``−5``; with ``signed`` also ``+2``. Nothing for ``None``."""
    if value in (None, ""):
        return ""
    text = plain(value)
    if text.startswith("-"):
        return MINUS + text[1:]
    return f"+{text}" if signed and text != "0" else text


def grouped(value: Any) -> str:
    """A whole number in groups of three: ``12,480``; points are rounded to it."""
    return "" if value in (None, "") else f"{Decimal(value):,.0f}"


def date_cn(value: date | None) -> str:
    """``2025年3月5日``; a moment is taken in China's time."""
    if value is None:
        return ""
    day = timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value
    return f"{day.year}年{day.month}月{day.day}日"


def month_cn(value: date) -> str:
    """``2025年3月``."""
    return f"{value.year}年{value.month}月"


def datetime_cn(value: datetime | None) -> str:
    """``2025年3月5日 14:06``."""
    if value is None:
        return ""
    moment = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{date_cn(moment)} {moment:%H:%M}"


def moment_cn(value: date | datetime | None) -> str:
    """A moment with its hour, a day without."""
    return datetime_cn(value) if isinstance(value, datetime) else date_cn(value)


def period_cn(value: Any) -> str:
    """``2025年第一季度``, ``2025年3月`` or ``2025年``.

    Takes ``"2025Q1"``, ``"2025-Q1"``, ``"2025-03"``, ``"2025"``, a year as a number, the first day of a month, or
    anything with ``year`` and ``quarter`` or ``month``.
    """
    if value in (None, ""):
        return ""
    if isinstance(value, str | int):
        return _period_of_text(str(value))
    if getattr(value, "quarter", None):
        return _quarter(value.year, int(value.quarter))
    if getattr(value, "month", None):
        return f"{value.year}年{value.month}月"
    return f"{value.year}年"


def _period_of_text(text: str) -> str:
    if found := _QUARTER.fullmatch(text):
        return _quarter(found[1], int(found[2]))
    if found := _MONTH.fullmatch(text):
        return f"{found[1]}年{int(found[2])}月"
    return f"{text}年" if _YEAR.fullmatch(text) else text


def _quarter(year: Any, number: int) -> str:
    return f"{year}年第{_QUARTERS[number - 1]}季度"


def without_code(text: Any) -> str:
    """An explanation as villagers read it: 细则：植树3分/棵, not 规则MD-03：植树3分/棵."""
    return _CITED.sub("细则：", str(text or ""))


def sentence(text: Any) -> str:
    """``text`` with one full stop at its end, whether it was written with one or not."""
    words = str(text or "").strip().rstrip("。")
    return words if not words or words[-1] in "！？" else f"{words}。"


def yuan(value: Decimal | int | str | None) -> str:
    """``¥1,280.50``, exact to the fen."""
    if value in (None, ""):
        return ""
    amount = Decimal(str(value)).quantize(Decimal("0.01"))
    return f"{MINUS if amount < 0 else ''}¥{abs(amount):,.2f}"


def percent(value: Any, places: int = 0) -> str:
    """``0.834`` as ``83%``."""
    return "" if value in (None, "") else f"{Decimal(str(value)) * 100:.{places}f}%"
