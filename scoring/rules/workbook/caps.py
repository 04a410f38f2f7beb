"""Caps as people write them: 每户每月最多30分, 年度上限20分, 每年限2次, 最高10分/月.

A cap is read where it stands for itself: words that lean on it from the left or the right (党员每月最多4次,
三年内限1次, 最多10分钟) say more than is understood, and leave it in the text.
"""

import re
from dataclasses import dataclass
from typing import Any

from scoring.rules.workbook import units

_PERIODS = {
    "day": "每天|每日|当天|当日|一天|单日|日", "week": "每周|当周|一周|周",
    "month": "每个月|每月|月度|当月|单月|全月|一个月|月",
    "quarter": "每个季度|每季度|每季|当季|季度|一个季度", "halfyear": "每半年|半年度|半年",
    "year": "每年度|每年|年度|全年|当年|一年|年", "ever": "累计|总计|合计|一共|总共",
}  # fmt: skip
_SCOPES = {
    "resident": "每人|每个人|个人|单人|同一人", "village": "全村|每村",
    "household": "每户|单户|每家|每个家庭|每户家庭|同一户|户",
}  # fmt: skip
_FILLER = "(?:内|的|累计|合计|总分|积分|加分|扣分|得分|分值|该项|本项|此项|单项|,|:)*"
_MOST = (
    "不超过|不得超过|不得多于|不多于|不高于|最高不超过|最多不超过|累计不超过|最多|最高|至多|上限|封顶"
    "|限计|限加|限报|只计|仅计|限|不超"
)
_AFTER = "(?:为|是|:|可|限|加|扣|减|计|得|积|奖|记|报|申报)*"
_EACH = {
    "天": "day", "日": "day", "周": "week", "月": "month", "季度": "quarter", "季": "quarter", "半年": "halfyear",
    "年度": "year", "年": "year", "人": "resident", "户": "household",
}  # fmt: skip
_FIRST = {"年": "year", "年度": "year", "全年": "year", "月": "month", "季度": "quarter"}
_EVERY = "|".join(f"每{one}" for one in _EACH)
_END = r"(?=$|[,;、。()\n])"
_TAIL = rf"(?P<tail>(?:/(?:{'|'.join(_EACH)}))+|(?:/?(?:{_EVERY}))+{_END})?"


def _named(groups: dict[str, str], prefix: str) -> str:
    return "|".join(f"(?P<{prefix}{name}>{words})" for name, words in groups.items())


_CAP = re.compile(
    rf"""(?P<open>\()?[,;、]?(?:且|并且|并|但|同时)?(?:该项|本项|此项|单项)?(?P<year_first>每年度?|每月|每季度|年度|全年)?
        (?:{_named(_SCOPES, "s_")})?(?:{_named(_PERIODS, "p_")})?{_FILLER}
        (?:(?:{_MOST}){_AFTER}(?P<value>\d+(?:\.\d+)?)(?P<unit>分|次)(?:封顶|为限|为止|止)?
          |(?P<value2>\d+(?:\.\d+)?)(?P<unit2>分)(?:封顶|为限|为上限)){_TAIL}
        (?=$|[,;、。()\n每且并但同年月全超])(?(open)\))""",
    re.VERBOSE,
)
_BEFORE = re.compile(rf"(?:^|[,;、。:()\n]|分(?:[/每]\d*{units.PATTERN}(?:/{units.PATTERN})?)?)$")
"""What a cap may stand behind: nothing, a mark, or a price."""
_ROLLING = re.compile(
    r"(?<![/\d])[\d一二两三四五六七八九十半几]+个?(?:年|月|天|日|周|季度|学期|小时)(?:以内|之内|内|期间)?[,、]?$"
)
_BEYOND = re.compile(r"[,;、(]?超(?:出|过)?的?(?:部分)?不(?:再|予)?(?:重复)?(?:计|加|奖|扣)(?:算|入|励)?分?\)?")
_LEFT = re.compile(rf"(?:{_MOST}){_AFTER}\d+(?:\.\d+)?(?:分(?!钟)|次)|\d+(?:\.\d+)?[分次](?:封顶|为限|为止|为上限)")


_ITEM_NUMBER = r"\d{1,3}(?:\.\d{1,3})*"
_ITEMS = rf"(?:(?:第)?{_ITEM_NUMBER}[项条款]?)(?:[、,和与及](?:第)?{_ITEM_NUMBER}[项条款]?)*"
_TOGETHER = re.compile(
    rf"""[,;、(]?(?P<with>与|和|同)?(?P<items>{_ITEMS})(?:[两三四五六七八九二]?[项条款])?(?:等)?(?:分值|积分|得分|加分|扣分)?
        (?:合计|累计|共计|总计|合起来|加起来)(?={_FILLER}(?:{_named(_SCOPES, "t_")})?(?:{_named(_PERIODS, "q_")}))
        (?P<cap>[^;。()]*?\d+(?:\.\d+)?[分次])(?:封顶|为限|为止)?\)?""",
    re.VERBOSE,
)


_CLASS = re.compile(
    r"""[,;、(]?(?:本|该|此|这一?)(?:大类|类别)(?:的)?(?:分值|积分|得分|加分|扣分)?
        (?P<cap>[^;。()]*?\d+(?:\.\d+)?[分次](?:封顶|为限|为止)?(?:/[年月季户人]|每[年月季户人])*)(?=$|[,;、。()])\)?""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class OfClass:
    """A cap over the whole main class of its item: ``text`` as it was written, ``limit`` as JSON."""

    text: str
    limit: dict[str, Any]


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
    limits, doubts, rest, last = [], [], "", 0
    for match in _CAP.finditer(text):
        made = _cap(match) if _stands_alone(text, match) else None
        if made is None:
            continue
        limits.append(made[0])
        doubts += [made[1]] if made[1] else []
        rest, last = rest + text[last : match.start()], match.end()
    rest += text[last:]
    return Caps(tuple(limits), tuple(doubts)), _BEYOND.sub("", rest) if limits else rest


def left(text: str) -> re.Match[str] | None:
    """Words of a cap in ``text`` that ``taken`` did not understand."""
    return _LEFT.search(text)


def _stands_alone(text: str, match: re.Match[str]) -> bool:
    """Whether nothing before a cap says more of it, such as whom it holds for."""
    before = text[: match.start()]
    clear = match.group()[0] in "(,;、" or _BEFORE.search(before)
    return bool(clear) and not _ROLLING.search(before)


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


def of_class(text: str) -> tuple[tuple[OfClass, ...], str]:
    """The caps over the item's main class in ``text``, and the text without them; one that is not certain (for how
    long?) stays in it."""
    found, rest, last = [], "", 0
    plain = text.replace(" ", "")
    for match in _CLASS.finditer(plain):
        cap = read(match["cap"])
        if cap is None or cap.doubts or len(cap.found) != 1:
            continue
        found.append(OfClass(match.group().strip(",;、()"), cap.found[0]))
        rest, last = rest + plain[last : match.start()], match.end()
    return tuple(found), rest + plain[last:] if found else text


_FIGURE = re.compile(
    rf"(?:(?:{'|'.join(_SCOPES.values())}))?(?:(?:{'|'.join(_PERIODS.values())}))?(?P<value>\d+(?:\.\d+)?[分次])(?:/.+)?"
)


def listed(text: str) -> Caps | None:
    """The caps of a column that is called 上限, where 每月5次, 5次/月 and 10分 need no word for it."""
    parts = [part for part in re.split(r"[,;、。\n]", text.replace(" ", "")) if part]
    plain = [_FIGURE.fullmatch(part) for part in parts]
    return read(
        "、".join(
            f"{part[: found.start('value')]}最多{part[found.start('value') :]}" if found else part
            for part, found in zip(parts, plain, strict=True)
        )
    )


def read(text: str) -> Caps | None:
    """The caps of a cell that holds nothing else; None when it holds more."""
    found, rest = taken(text.replace(" ", ""))
    return found if found.found and not rest.strip(",;、。()\n") else None


def _cap(match: re.Match[str]) -> tuple[dict[str, Any], str] | None:
    """The cap as JSON, and what was filled in; None when it says two periods, or whom it counts twice."""
    unit, value = match["unit"] or match["unit2"], match["value"] or match["value2"]
    told = [_EACH[one] for one in re.findall("|".join(_EACH), match["tail"] or "")]
    periods = [name for name in _PERIODS if match[f"p_{name}"]] + [one for one in told if one in _PERIODS]
    periods += [_FIRST[match["year_first"].removeprefix("每")]] if match["year_first"] else []
    scopes = [name for name in _SCOPES if match[f"s_{name}"]] + [one for one in told if one in _SCOPES]
    periods = [one for one in periods if one != "ever"] or periods
    if len(periods) > 1 or len(scopes) > 1:
        return None
    period, scope = (periods or ["year"])[0], (scopes or ["household"])[0]
    limit = {"kind": "points" if unit == "分" else "count", "value": value, "period": period, "scope": scope}
    if periods:
        return limit, ""
    return limit | {"figures": "example"}, f"“{match.group().strip(',;、')}”没有写多久，按每年读"
