"""Caps as people write them: 每户每月最多30分, 年度上限20分, 每年限2次."""

import re
from dataclasses import dataclass
from typing import Any

_PERIODS = {
    "day": "每天|每日|当天|当日|一天|单日|日", "week": "每周|当周|一周|周",
    "month": "每个月|每月|月度|当月|单月|全月|一个月|月",
    "quarter": "每个季度|每季度|每季|当季|季度|一个季度", "halfyear": "每半年|半年度|半年",
    "year": "每年度|每年|年度|全年|当年|一年|年", "ever": "累计|总计|合计|一共|总共",
}  # fmt: skip
_SCOPES = {"resident": "每人|个人|单人|人均", "household": "每户|单户|每家|户均|同一户|户", "village": "全村|每村"}
_FILLER = "(?:内|的|累计|合计|总分|积分|加分|扣分|得分|分值|同一事项|该项|本项|此项|每项|单项|,|:)*"
_MOST = (
    "不超过|不得超过|不多于|不高于|最高不超过|最多不超过|累计不超过|最多|最高|至多|上限|封顶"
    "|限计|限加|限报|只计|仅计|限|不超"
)
_AFTER = "(?:为|是|:|可|加|扣|计|得|积|奖|记|报|申报)*"


def _named(groups: dict[str, str], prefix: str) -> str:
    return "|".join(f"(?P<{prefix}{name}>{words})" for name, words in groups.items())


_CAP = re.compile(
    rf"""[,;、(]?(?:{_named(_SCOPES, "s_")})?(?:{_named(_PERIODS, "p_")})?{_FILLER}
        (?:(?:{_MOST}){_AFTER}(?P<value>\d+(?:\.\d+)?)(?P<unit>分|次)(?:封顶|为限|为止|止)?
          |(?P<value2>\d+(?:\.\d+)?)(?P<unit2>分)(?:封顶|为限))\)?""",
    re.VERBOSE,
)


_ITEM_NUMBER = r"\d{1,3}(?:\.\d{1,3})*"
_ITEMS = rf"(?:(?:第)?{_ITEM_NUMBER}[项条款]?)(?:[、,和与及](?:第)?{_ITEM_NUMBER}[项条款]?)*"
_TOGETHER = re.compile(
    rf"""[,;、(]?(?P<with>与|和|同)?(?P<items>{_ITEMS})(?:[两三四五六七八九二]?[项条款])?(?:等)?(?:分值|积分|得分|加分|扣分)?
        (?:合计|累计|共计|总计|合起来|加起来)(?={_FILLER}(?:{_named(_SCOPES, "t_")})?(?:{_named(_PERIODS, "q_")}))
        (?P<cap>[^;。()]*?\d+(?:\.\d+)?[分次])(?:封顶|为限|为止)?\)?""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Together:
    """One cap over several items: their printed ``numbers``; ``own``: the item that says it belongs to them unsaid.
    ``text`` as it was written, ``limit`` as JSON."""

    text: str
    numbers: tuple[str, ...]
    own: bool
    limit: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Caps:
    """As JSON, and what was filled in."""

    found: tuple[dict[str, Any], ...] = ()
    doubts: tuple[str, ...] = ()


def taken(text: str) -> tuple[Caps, str]:
    """The caps in ``text`` (without blanks), and the text without them."""
    limits, doubts = [], []
    for match in _CAP.finditer(text):
        limit, doubt = _cap(match)
        limits.append(limit)
        doubts += [doubt] if doubt else []
    return Caps(tuple(limits), tuple(doubts)), _CAP.sub("", text)


def together(text: str) -> tuple[tuple[Together, ...], str]:
    """The caps over several items in ``text``, and the text without them; one that is not certain stays in it."""
    found = []
    for match in _TOGETHER.finditer(text.replace(" ", "")):
        cap = read(match["cap"])
        numbers = tuple(dict.fromkeys(re.findall(_ITEM_NUMBER, match["items"])))
        if cap is None or cap.doubts or len(cap.found) != 1 or len(numbers) + bool(match["with"]) < 2:
            return (), text
        found.append(Together(match.group().strip(",;、()"), numbers, bool(match["with"]), cap.found[0]))
    return tuple(found), _TOGETHER.sub("", text.replace(" ", "")) if found else text


def read(text: str) -> Caps | None:
    """The caps of a cell that holds nothing else; None when it holds more."""
    found, rest = taken(text.replace(" ", ""))
    return found if found.found and not rest.strip(",;、。()\n") else None


def _cap(match: re.Match[str]) -> tuple[dict[str, Any], str]:
    unit, value = match["unit"] or match["unit2"], match["value"] or match["value2"]
    period = next((name for name in _PERIODS if match[f"p_{name}"]), None)
    scope = next((name for name in _SCOPES if match[f"s_{name}"]), "household")
    limit = {"kind": "points" if unit == "分" else "count", "value": value, "period": period or "year", "scope": scope}
    if period is not None:
        return limit, ""
    return limit | {"figures": "example"}, f"“{match.group().strip(',;、')}”没有写多久，按每年读"
