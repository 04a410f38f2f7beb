"""What the cells beside a price say about it: caps and prices told in the deed or in the note.

A cap is read as if it stood in the price cell. A price that contradicts the cell's makes the line unread; what is not
understood is told with its words.
"""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from scoring.rules.spec import Sign
from scoring.rules.workbook import amounts, caps, leftovers, notes, units
from scoring.rules.workbook import columns as c
from scoring.rules.workbook.plain import VERBS, plain_text
from scoring.rules.workbook.tables import Line

_NUMBERED = re.compile(r"(?:^|(?<=[\n;。,)\s])|(?=\(\d))\s*(?:\((\d{1,2})\)|(\d{1,2})[.、](?!\d))")
_HOLDS = re.compile(
    r"每[户人家][^,;。]{0,4}限\d|[仅只]限|不重复|不累计|就[高低]|[只仅]计|封顶|除外|不(?:再)?(?:计|加|得)分|加倍|减半|翻倍"
    rf"|每(?!{units.PATTERN}[加扣减奖计得\d])[^,;。(]{{1,6}}[加扣减奖计得]\d"
    r"|(?<![^,;。(])(?:每[年月户人][^,;。]{0,6})?限\d"
    r"|(?<![^,;。(])[每一半两三]个?[年月日天周季人户]度?[一二两三四五六\d]+次(?=$|[,;。)])"
    r"|首次|初次|第[一二三四五\d]次|一次性(?:加|奖|计|给)"
)
"""Words in a deed or a note that say how much or how often, or for whom not."""
_BASE = re.compile(
    r"(?:[^,;。、:扣减]{0,10}(?:[每各全][户家人村]|建档户|农户|家庭|村民|积分户|参与户))?(?:均|的|年度|年初|每年|赋予|给予|发放)*"
    r"(?:基础|起始|初始|基本|基准|起步|原始)(?:积分|分值|分)(?:为|是|:|,)?(?:\d+分?)?(?:[/每]?[户人年]){0,3}"
)
_POINTS = re.compile(r"\d分(?!钟)")
_BARE = re.compile(r"(?:[+-]|加|扣|奖励?|计|得)?\d+(?:\.\d+)?分")
_CLASSIFIERS = "位|名|个|只|头|棵|株|条|件|份|处|桶|盆|本|辆|张|块|幅|车|家|户|人"
_SIZE = r"(?:\d+(?:\.\d+)?)?"
_AT_END = re.compile(
    rf"(每满?(?:{VERBS})?{_SIZE}(?:(?:{_CLASSIFIERS})(?=[^\d,;、。()每月季年周天]{{1,5}}[)的]?$)|{units.PATTERN}(?:每{units.PATTERN})?(?=[)的]?$)))"
)
"""What a deed is counted by, at its end: 志愿服务每满10小时, 赡养老人的,每位老人."""
_AT_START = re.compile(
    rf"(?:^|(?<=[,;、:(]))(每(?:满(?:{VERBS})?|(?:{VERBS})){_SIZE}{units.PATTERN})(?![/每次])(?!以[上下内])"
)
"""The same at the start of a clause: 每参加一天义务劳动."""
_EVERY = re.compile(rf"每(?!次|场|逢|当|一次)(?:满?(?:{VERBS})?{_SIZE}个?(?P<unit>{units.PATTERN}))?")


class Told(NamedTuple):
    """The caps of an item that stand beside its price, and what a person has to look at."""

    limits: tuple[dict[str, Any], ...] = ()
    doubts: tuple[str, ...] = ()
    values: Mapping[str, Any] = {}
    """Other fields of the item, as JSON."""


def with_unit(deed: str, price: str) -> str:
    """``price``, a bare figure, for each of what ``deed`` is counted by: 每满10小时2分; where unclear, as it is."""
    plain = _plain(deed)
    found = _AT_END.search(plain) or _AT_START.search(plain)
    if found is None or not _BARE.fullmatch(price) or _POINTS.search(plain):
        return price
    return price if "每" in plain.replace(found.group(1), "", 1) else found.group(1) + price


def is_base(text: str) -> bool:
    """Whether ``text`` names what every household starts with: 每户基础分100分, 初始积分."""
    return _BASE.fullmatch(_plain(text)) is not None


def told(line: Line, deed: str, price: amounts.Price, sign: Sign, *, shared: bool) -> Told:
    """What the cells of ``line`` beside its ``price`` and its cap say.

    ``shared``: the deed stands for several items, so that it cannot be known whether its cap holds for each or for all.
    """
    limits: list[dict[str, Any]] = []
    doubts: list[str] = []
    plain = _plain(deed)
    found, rest = caps.taken(plain)
    if shared and found.found:
        found, rest = caps.Caps(), plain
    limits += found.found
    doubts += [*found.doubts, *(_unread(c.DEED, rest) or _every(rest, price))]
    found, rest = caps.taken(_plain(line.said(c.NOTE)))
    values, rest = notes.terms(rest, sign)
    limits += found.found
    doubts += [*found.doubts, *note(rest)]
    for column in (c.CLASS, c.MATTER, c.TITLE):
        if line.said(column) != deed:
            doubts += _unread(column, _plain(line.said(column)))
        if sign == "positive" and is_base(line.said(column)):
            doubts.append(f"{column}写着“{line.said(column)}”：是做到了才得的分，还是每户都有的基础分，请核对")
            break
    return Told(tuple(limits), tuple(doubts), values)


def note(text: str) -> list[str]:
    """What a person has to look at in a note (or what is left of it)."""
    clauses = list(dict.fromkeys(notes.governing(_plain(text))))
    return [f"{c.NOTE}里写着{''.join(f'“{one}”' for one in clauses)}，没有算进分值，请核对"] if clauses else []


def contradiction(deed: str, price: amounts.Price, sign: Sign | None) -> str:
    """Why ``price`` cannot be what ``deed`` says; empty when it can."""
    points = set(_points(price.amount))
    plain = caps.taken(_plain(deed))[1]
    for one in amounts.told(plain):
        own = price.amount.get("unit")
        unit = own if one.unit is None and _counts(plain[: one.start], own) else one.unit
        if {one.points, one.most} - {None} <= points and one.sign in (None, sign) and _same_unit(unit, price):
            continue
        return f"行为里写着“{one.text}”，和分值对不上"
    return ""


def _counts(before: str, unit: str | None) -> bool:
    """Whether the clause that ends ``before`` a price says one ``unit``: 发动1人参加."""
    clause = re.split("[,;、。:(]", before)[-1]
    return unit is not None and re.search(rf"(?<!\d)1?{re.escape(unit)}", clause) is not None


def clash(own: Iterable[dict[str, Any]], more: Iterable[dict[str, Any]]) -> str:
    """Two caps for the same time that differ, in two cells; empty when there are none."""
    known = {_place(limit): limit["value"] for limit in own}
    pairs = [(known[_place(one)], one["value"]) for one in more if _place(one) in known]
    return next((f"{first}和{second}" for first, second in pairs if first != second), "")


def numbered(text: str) -> list[str]:
    """The clauses of a deed that numbers them from 1; empty when it does not."""
    plain = plain_text(text)
    starts = list(_NUMBERED.finditer(plain))
    if [int(one[1] or one[2]) for one in starts] != list(range(1, len(starts) + 1)) or not starts or starts[0].start():
        return []
    ends = [*(one.start() for one in starts[1:]), len(plain)]
    return [plain[one.end() : end].strip(" ;。,\n") for one, end in zip(starts, ends, strict=True)]


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", plain_text(text))


def _unread(column: str, text: str) -> list[str]:
    found = caps.left(text) or _HOLDS.search(text)
    return [f"{column}里写着“{leftovers.clause(text, found)}”，没有算进分值，请核对"] if found else []


def _every(deed: str, price: amounts.Price) -> list[str]:
    """What ``deed`` is told to be for each, when ``price`` is not for each of it nor once in it."""
    unit = price.amount.get("unit") or price.amount.get("per")
    times = {limit["period"] for limit in price.limits} | ({"month"} if price.amount["kind"] == "per_month" else set())
    for found in _EVERY.finditer(deed):
        each = units.NAMES.get(found["unit"] or "", found["unit"] or "")
        is_time = each in units.PERIODS or (each in ("户", "人") and times)
        if each == unit or units.PERIODS.get(each) in times or (unit and (is_time or not each)):
            continue
        return [f"{c.DEED}里写着“{leftovers.clause(deed, found)}”，没有算进分值，请核对"]
    return []


def _place(limit: Mapping[str, Any]) -> tuple[str, str, str]:
    return limit["kind"], limit["period"], limit["scope"]


def _points(amount: Mapping[str, Any]) -> Iterable[Decimal]:
    """Every figure that an amount gives."""
    for one in (amount, *amount.get("tiers", ())):
        yield from (Decimal(one[name]) for name in ("points", "least", "most") if name in one)


def _same_unit(unit: str | None, price: amounts.Price) -> bool:
    own = price.amount.get("unit") or price.amount.get("per") or ("月" if price.amount["kind"] == "per_month" else None)
    deeds = (None, *units.DEEDS)
    return unit == own or (unit in deeds and own in deeds) or (unit in deeds and price.amount["kind"] == "tiers")
