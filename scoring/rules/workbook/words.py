"""Words of published schemes that the reading of prices knows."""

import re
from typing import Any

LEVELS: dict[str, str] = {
    "国家级": "national", "全国": "national", "省级": "province", "省部级": "province", "市级": "city",
    "地市级": "city",
    "市级及以上": "city", "县级": "county", "区级": "district", "县区级": "county", "县(区)级": "county",
    "镇级": "town", "乡级": "town", "乡镇级": "town", "镇(街道)级": "town", "街道级": "town", "村级": "village",
    "社区级": "village", "村(社区)级": "village", "组级": "group",
    "轻微": "slight", "情节轻微": "slight", "情节较轻": "minor", "一般": "minor", "情节一般": "minor",
    "较重": "serious", "情节较重": "serious", "严重": "grave", "情节严重": "grave", "特别严重": "gravest",
    "情节特别严重": "gravest",
    "特等奖": "special", "一等奖": "first", "二等奖": "second", "三等奖": "third", "优秀奖": "merit",
    "第一名": "first", "第二名": "second", "第三名": "third",
    "优秀": "excellent", "良好": "good", "合格": "pass", "较差": "poor", "不合格": "fail", "达标": "pass",
    "五星级": "five", "四星级": "four", "三星级": "three", "二星级": "two", "一星级": "one",
}  # fmt: skip
"""The name of a tier, and its code."""

REFUSED = re.compile(
    r"分(?:以上|以下|左右|起|不等)|(?:不少于|至少|大约|约|高于|低于)\d|酌情[^\d]*(?:加|扣|给|奖)?[^\d]*(?:\d+(?:\.\d+)?分)"
    r"(?!\s*[-~至到])|酌情(?:加|扣|奖|给)?分|视情|另行|自行|比例|翻倍|双倍|加倍|减半|折半|依次|递增|递减|满分|再加|再扣|每增|每多|每超|"
    r"参照|比照|累计满|每少|以此类推"
)
"""What leaves open how much, or says more than this reading understands."""

EFFECTS: tuple[tuple[re.Pattern[str], dict[str, Any]], ...] = (
    (re.compile(r"(?:当年|当年度|本年度|年度)积分(?:全部)?清零"), {"kind": "zero_year"}),
    (
        re.compile(r"取消(?:当年|当年度|本年度|年度)(?:的)?(?:评优|评先|评优评先|评先评优|各类评优)(?:的)?资格"),
        {"kind": "bar_honours", "until": "year_end"},
    ),
    (
        re.compile(r"(?:当年|当年度|本年度|年度)(?:不得|不能|不予|暂停)(?:参与|参加)?(?:积分)?兑换"),
        {"kind": "bar_redemption", "until": "year_end"},
    ),
)
"""Consequences that a text states together with how long they last."""
