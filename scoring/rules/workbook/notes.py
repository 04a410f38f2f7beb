"""What a note says of its item: how long its points last and what they are for, read; all else that governs, told.

A note is prose. What is told is any clause with a word or a figure that may say who, how many, how often, from or until
when, or what for. Whoever looks once too often loses a moment; a limit that nobody saw is wrong for a year.
"""

import re
from datetime import date
from typing import Any

from scoring.rules.spec import Sign

_HAN = {char: number for number, char in enumerate("零一二三四五六七八九十")} | {"两": 2}
_LASTS = re.compile(
    r"(?:该项|本项|此项)?(?:积分|分值|分)(?:的)?(?:有效期(?:限)?(?:为|是|:)?)?(?P<count>\d{1,2}|[一二两三四五六七八九十])"
    r"(?P<unit>年|个月)(?:之)?内?(?:有效)?"
)
_RANK_ONLY = re.compile(
    r"(?:积分|分值)?[仅只](?:用于|作为?|参与|参加)(?:评比|评优|评先评优|评优评先|评星|排名)|(?:积分|分值)?不(?:参与|参加|能|得|可|可以|予|用于)?(?:积分)?兑换"
)
_REDEEM_ONLY = re.compile(
    r"(?:积分|分值)?[仅只](?:用于|可以?|能)兑换|(?:积分|分值)?不(?:参与|参加|纳入|计入)(?:评比|排名)"
)
_SINCE = re.compile(r"[从自]?(\d{4})年(\d{1,2})月(\d{1,2})日起(?:执行|实施|施行|生效|计分|开始)?")
_UNITS = "分|次|名|位|户|人|年|月|日|天|张|个|周|季|元|倍|成|岁|小时|分钟|件|份|折|项|场|届|期|%"
_GOVERNS = re.compile(
    "|".join(
        (
            rf"[\d半](?:个|多|余)?(?:{_UNITS})",
            rf"(?<![统同万专第])[一二两三四五六七八九十百几](?:个)?(?:{_UNITS.replace('分|', '分(?!类)|')})(?!般|切)",
            r"前[\d一二三四五六七八九十百]|第[\d一二三四五六七八九十][次名]|[首初末][次月年个季]",
            r"(?<![期权界有无局])限(?!期)|上限|有效(?![地果性率])|失效|过期|到期|作废|结转|跨年|逾期",
            r"起(?:执行|实施|施行|算|计|生效|开始|$)|[从自].{1,12}起|为止|截[止至]|期间|终止|年[底终]|[月季]末|[当次下]年",
            r"(?<![避以难豁])免(?!费|疫)|豁免|超(?!市|级|前)|倍|翻番|减半|折半|递[增减]|逐[级次年]|就[高低]|最[高低多少]|封顶",
            r"至少|不[少低高多]于|不超|累计|合计|重复|叠加|同时|清零|归零|均可|均不|双方|平分|各自",
            r"(?<!不)仅(?!供)|只(?=[限计用对有能可算按适奖加扣给兑])|除外|以外|除.{1,8}外|例外|另[计加行外算]|否则|除非",
            r"不(?:再|得|予|可|能|计|加|扣|兑|奖|给|记|算|享|参|纳|累|重|适|含|包|受|跨|列|补|评)|禁止",
            r"须|(?<![按所急必供])需(?!求)|必须|应当?在|应于|凭",
            r"每(?!次|场|项|逢|当|位村民|名村民)|按(?:户|人|月|季|年|天|次|件|亩)[计算给记]|以[户人组家].{0,3}为(?:单位|准)",
            r"用[于作]|作为.{0,8}(?:依据|条件)|可(?:以)?(?:兑换|抵|累)|积分归|计入|记入|适用|对象|面向|党员(?:[计加扣翻不可均]|优先)",
            r":(?:每?[半年月季周天日][度月年]?)$",
            r":[-+]?\d+(?:\.\d+)?$",
            r"[月日号节夕\d](?:至|到|[-—~])[\d正腊一二三四五六七八九十元国除]",
            r"取消|撤销|收回|追[回缴究]|[扣退]回|倒扣|双扣|暂停|恢复|否决|降[级星档]|酌情|视情|另行|上浮|下浮",
        )
    )
)
"""Words and figures that may say who, how many, how often, from or until when, what for."""


def terms(text: str, sign: Sign | None) -> tuple[dict[str, Any], str]:
    """The fields of an item that the note ``text`` (plain, without blanks) says by whole clauses, and the rest of it.

    Of an item that takes points nothing is read: it is not certain what lasts or is for ranking then.
    """
    values: dict[str, Any] = {}
    rest = []
    for clause in re.split(r"([,;。、])", text):
        found = _term(clause) if sign == "positive" else {}
        if found and all(values.get(name, value) == value for name, value in found.items()):
            values |= found
        else:
            rest.append(clause)
    if values.get("redeemable") is False and values.get("ranked") is False:
        return {}, text
    return values, "".join(rest)


def governing(text: str) -> list[str]:
    """The clauses of a note that may govern its item."""
    clauses = [clause.strip("()") for clause in re.split(r"[,;。、\n]", text)]
    return [clause for clause in clauses if _GOVERNS.search(clause)]


def _term(clause: str) -> dict[str, Any]:
    """What a clause that says nothing else says."""
    lasts = _LASTS.fullmatch(clause)
    if lasts and "有效" in clause:
        told = lasts["count"]
        return {"expires": {"years" if lasts["unit"] == "年" else "months": _HAN.get(told) or int(told)}}
    if _RANK_ONLY.fullmatch(clause):
        return {"redeemable": False}
    if _REDEEM_ONLY.fullmatch(clause):
        return {"ranked": False}
    since = _SINCE.fullmatch(clause)
    day = _day(*map(int, since.groups())) if since else None
    return {"since": day} if day else {}


def _day(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None
