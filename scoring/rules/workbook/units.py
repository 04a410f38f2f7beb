"""Units of prices, and what kind of amount each makes."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

DEEDS = ("次", "场", "项", "篇", "期", "起", "例")
"""One deed is one of them."""
PERIODS = {"日": "day", "周": "week", "月": "month", "季": "quarter", "半年": "halfyear", "年": "year"}
CONTINUOUS = frozenset({"亩", "小时", "公斤", "斤", "吨", "米", "平方米", "公里", "元", "万元"})
"""There are fractions of them."""
COUNTED = (
    "人次", "户次", "人", "户", "棵", "株", "半天", "课时", "袋", "个", "只", "件", "条", "份", "处", "桶", "盆", "本",
    "名", "位", "头", "辆", "张", "块", "幅", "车", "家", "公分",
)  # fmt: skip
NAMES = {
    "天": "日", "星期": "周", "季度": "季", "年度": "年", "个月": "月", "月度": "月", "kg": "公斤", "千克": "公斤",
    "人/次": "人次",
    "次/人": "人次", "次/户": "次", "户/次": "次", "人・次": "人次",
    "名次": "名", "平米": "平方米", "m2": "平方米", "KG": "公斤",
}  # fmt: skip
"""Other words for a unit. A deed is a household's, so that 次/户 is 次; how many deeds of each is for a cap to say."""

_ALL = sorted({*DEEDS, *PERIODS, *CONTINUOUS, *COUNTED, *NAMES}, key=len, reverse=True)
PATTERN = "(?:" + "|".join(_ALL) + ")"
_WHOSE = {"人": "resident", "户": "household"}


@dataclass(frozen=True, slots=True)
class Priced:
    """An amount and the caps that its unit implies, as JSON."""

    amount: dict[str, Any]
    limits: tuple[dict[str, Any], ...] = ()
    doubts: tuple[str, ...] = ()


def named(unit: str) -> str:
    """The one word for ``unit``, which may be made of two: 户/年度 is 户/年, 年/户 as well."""
    if unit in NAMES:
        return NAMES[unit]
    first, _, last = (NAMES.get(part, part) for part in unit.partition("/"))
    if not last:
        return first
    return f"{last}/{first}" if first in PERIODS and last in _WHOSE else f"{first}/{last}"


def is_clear(unit: str) -> bool:
    """Whether it is known what a price for each ``unit`` means: one thing, or once in a period for each 户 or 人."""
    return "/" not in unit or _once_each(unit) is not None


def _once_each(unit: str) -> tuple[str, dict[str, Any]] | None:
    """The period of 户/年 and the cap that it means."""
    whose, _, period = unit.partition("/")
    if whose not in _WHOSE or period not in PERIODS:
        return None
    return period, once_in(period) | {"scope": _WHOSE[whose]}


def priced(points: Decimal, unit: str | None, each: Decimal, *, filled: bool) -> Priced:
    """``points`` for each ``each`` ``unit``s; ``filled``: only full ones count."""
    if each == 1 and (unit is None or unit in DEEDS):
        per = {"per": unit} if unit else {}
        return Priced({"kind": "fixed", "points": str(points), **per})
    if each == 1 and unit in ("月", "户/月"):
        return Priced({"kind": "per_month", "points": str(points)})
    if each == 1 and unit in PERIODS:
        return Priced({"kind": "fixed", "points": str(points), "per": unit}, (once_in(unit),))
    once = _once_each(unit or "")
    if once:
        return Priced({"kind": "fixed", "points": str(points), "per": once[0]}, (once[1],))
    amount: dict[str, Any] = {"kind": "per_unit", "points": str(points), "unit": unit}
    if each != 1:
        amount["each"] = str(each)
    if filled and each != 1:
        return Priced(amount | {"whole": False, "rounding": "down"})
    if unit in CONTINUOUS:
        amount["whole"] = False
    doubts = () if each == 1 else (f"原文没有写不足{each}{unit}的怎么算，按比例计",)
    return Priced(amount, doubts=doubts)


def tiered(tiers: list[dict[str, Any]], unit: str | None) -> tuple[dict[str, Any], tuple[dict[str, Any], ...]]:
    """The amount of ``tiers`` given for each ``unit``, and the caps it implies."""
    amount: dict[str, Any] = {"kind": "tiers", "tiers": tiers}
    if unit is None:
        return amount, ()
    if unit in DEEDS:
        return amount | {"per": unit}, ()
    if unit in PERIODS:
        return amount | {"per": unit}, (once_in(unit),)
    once = _once_each(unit)
    if once:
        return amount | {"per": once[0]}, (once[1],)
    return amount | {"per": unit, "counted": True}, ()


def once_in(unit: str) -> dict[str, Any]:
    """What a price for each day, quarter or year means: once in it."""
    return {"kind": "count", "value": "1", "period": PERIODS[unit], "scope": "household"}


def without_twins(limits: Iterable[dict[str, Any]]) -> tuple[dict[str, Any], ...]:
    """Each cap once."""
    kept: list[dict[str, Any]] = []
    for limit in limits:
        if limit not in kept:
            kept.append(limit)
    return tuple(kept)
