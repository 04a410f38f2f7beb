"""Prices that people write as a product: 每亩×2分, 人数×3分, 金额÷100×1分 (pure).

A product whose figure and unit are plain becomes the price that is read anyway: 每亩2分, 每人3分, 每100元1分.
Any other is left as it stands, so that it is found and listed with the reason.
"""

import re
from decimal import Decimal

from scoring.rules.workbook import units

_NUMBER = r"\d+(?:\.\d+)?"
_UNIT = units.PATTERN
FIGURES: dict[str, str | None] = {
    "金额": "元", "款额": "元", "面积": None, "亩数": "亩", "人数": "人", "户数": "户", "次数": "次", "场数": "场",
    "棵数": "棵", "株数": "株", "件数": "件", "袋数": "袋", "份数": "份", "小时数": "小时", "公斤数": "公斤",
    "斤数": "斤", "吨数": "吨", "公里数": "公里", "时长": None, "里程": None, "重量": None, "长度": None, "数量": None,
}  # fmt: skip
"""What is multiplied, and its unit; None where the word alone does not say in what it is counted."""
_TIMES = r"(?:[×✕*]|乘以?)"
_DOING = "(?:按|以)?(?:实际)?(?:参加|参与|捐款|捐赠|捐|种植|植树|栽种|服务|劳动|志愿服务|流转|复垦)?的?"
_FIGURE = (
    rf"""{_DOING}(?P<figure>{"|".join(FIGURES)})(?:\((?:单位[:为]?)?(?P<unit>{_UNIT})\))?(?:[÷/](?P<each>{_NUMBER}))?"""
)
_POINTS = rf"(?P<points>{_NUMBER})分"
_ALONE, _END = r"(?:^|(?<=[,;、。:(=]))(?:(?:得分|积分|分值|加分|计分)=)?", r"(?=$|[,;、。)])"
_EVERY = re.compile(rf"(每(?:{_NUMBER})?{_UNIT}){_TIMES}(?={_NUMBER}分{_END})")
_FORWARD = re.compile(rf"{_ALONE}{_FIGURE}{_TIMES}{_POINTS}{_END}")
_BACKWARD = re.compile(rf"{_ALONE}{_POINTS}{_TIMES}{_FIGURE}{_END}")
_WITHOUT_UNIT = re.compile(rf"(?:{'|'.join(name for name, unit in FIGURES.items() if unit is None)})(?!\()")


def spelled(text: str, unit: tuple[Decimal, str] | None = None) -> str:
    """``text`` (plain, without blanks) with each clear product as a price; ``unit``: what its column 单位 counts."""

    def price(found: re.Match[str]) -> str:
        own = found["unit"] or FIGURES[found["figure"]]
        if own is None and unit is not None and not found["each"]:
            return f"{found['points']}分"
        if own is None or not Decimal(found["each"] or 1):
            return found.group()
        return f"每{found['each'] or ''}{own}{found['points']}分"

    same = _EVERY.sub(r"\1", text)
    return _BACKWARD.sub(price, _FORWARD.sub(price, same))


def lacks_unit(text: str) -> bool:
    """Whether a product in ``text`` does not say in what it is counted."""
    return bool(re.search(_TIMES, text) and _WITHOUT_UNIT.search(text))
