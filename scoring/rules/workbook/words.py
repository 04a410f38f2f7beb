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
    r"(?!\s*[-~至到])|酌情(?:加|扣|奖|给)?分|视情|另行|自行|比例|翻倍|双倍|加倍|减半|折半|依次|逐次|逐年|递增|递减|满分|"
    r"扣完|[加积计]满|(?:至少|最少|最低|起码)(?:加|扣|奖|计|给|减|得)*\d|(?:^|[,;、(])[原现](?:为|是|来|在)?\d|"
    r"再加|再扣|每增|每多|每超|"
    r"参照|比照|累计满|每少|以此类推"
)
"""What leaves open how much, or says more than this reading understands."""

ON_TOP = re.compile(
    r"(?:另外?|额外|此外|外)(?:可|能|给予|予以|一次性|每[人次户名])*(?:奖励|加分|奖|加|扣|计|给|[+-])\d"
    r"|[追附]加(?:积分)?\d|(?<![归偿退返])还(?:可|能|要)?(?:奖励|奖|加|扣)\d"
)
"""Points on top of others: no tier beside them."""

PROPOSALS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"一票否决"), "写明否决什么：在条目的“分数以外的后果”里选取消评优资格、暂停兑换或当年积分清零"),
    (
        re.compile(r"整改.*恢复|恢复"),
        "另加一条加分条目“整改到位”，在它的“改正后恢复”里选这一条",
    ),
    (re.compile(r"加分.*清零|清零.*加分|清零|归零"), "在条目的“分数以外的后果”里选当月、当年或可兑换积分清零"),
    (re.compile(r"冻结|暂停"), "在条目的“分数以外的后果”里选暂停加分或暂停兑换，写明到什么时候"),
    (re.compile(r"降[一二两三四五\d].*[星级档]"), "在条目的“分数以外的后果”里选星级降级"),
    (re.compile(r"[本该此]大类"), "写明多久（“本大类每年最高50分”），或者在“整本细则”的“几条合起来的上限”里选这个大类"),
    (
        re.compile(r"[×✕*÷=]|乘以?|分/.*数"),
        "看不出每什么几分，请写成“每亩2分”“每100元1分”的样子，或者在条目里选“算式”",
    ),
    (
        re.compile(r"每次.{0,8}(?:最[高多]|不超过|不得超过|上限|封顶|为限)"),
        "这是一次最多几分：按数量计的，在条目的分值里填“一次最多报”多少；有高有低的，用区间，把它写成最高分",
    ),
    (re.compile(r"不重复|取?最高"), "在条目里打勾“同类只计一项”或“不重复计分”，选是哪几条"),
    (re.compile(r"再犯|再次|屡|第[二三四\d]次"), "在条目里打勾“次数多了加倍”或“先提醒，再扣分”"),
)
"""Which part of the editor says what a price cell cannot be read to say."""

EFFECTS: tuple[tuple[re.Pattern[str], dict[str, Any]], ...] = (
    (re.compile(r"(?:当月|本月)(?:的)?(?:积分)?(?:全部)?清零"), {"kind": "zero_month"}),
    (re.compile(r"(?:当年|当年度|本年度|年度)积分(?:全部)?清零"), {"kind": "zero_year"}),
    (
        re.compile(r"取消(?:当年|当年度|本年度|年度)(?:的)?(?:评优|评先|评优评先|评先评优|各类评优)(?:的)?资格"),
        {"kind": "bar_honours", "until": "year_end"},
    ),
    (
        re.compile(
            r"取消(?:次年|下一?年度?|第二年)(?:的)?(?:评优评先|评先评优|各类评优|评优|评先)(?:的)?资格"
            r"|(?:次年|下一?年度?|第二年)(?:不得|不能|不予)(?:参与|参加)?(?:评优评先|评先评优|评优|评先)"
        ),
        {"kind": "bar_honours", "until": "next_year"},
    ),
    (
        re.compile(r"(?:当年|当年度|本年度|年度)(?:不得|不能|不予|暂停)(?:参与|参加)?(?:积分)?兑换"),
        {"kind": "bar_redemption", "until": "year_end"},
    ),
)
"""Consequences that a text states together with how long they last."""

NOTHING_LEFT = (
    r"(?:(?:积分|分数|分值)?(?:余额)?(?:全部|一旦)?(?:扣完|扣光|(?:扣|降|减|归)?(?:为|到|至|成)(?:零|0)分?)"
    r"|积分(?:归零|清零)(?=的|后|以后|之后|时))"
    r"(?:的|后|以后|之后|时|为止|的时候)?[,;、]?(?:即|就|则|再|方|才|应|要)?"
)
"""Who has no points left, before what follows from it."""
