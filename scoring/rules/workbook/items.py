"""From one line of a list to items: the cells' meaning, and codes for new items."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from jifen.kernel.pinyin import sort_key
from scoring.rules.spec import Sign
from scoring.rules.workbook import amounts, caps, deeds, leftovers, units
from scoring.rules.workbook import columns as c
from scoring.rules.workbook.plain import plain_text
from scoring.rules.workbook.tables import Line

PROOFS = {"不需要": "none", "无": "none", "可有可无": "optional", "必须有": "required", "必须": "required"}
PROOF_WORDS = {"none": "不需要", "optional": "可有可无", "required": "必须有"}
TELLERS = {
    "本人": "self", "邻居": "neighbour", "组长": "group_leader", "积分管理员": "steward", "审核委员会": "committee",
    "系统接入": "feed",
}  # fmt: skip
TELLER_WORDS = {code: word for word, code in TELLERS.items()}
NEGATIVE_TELLERS = ("neighbour", "group_leader", "steward", "committee")
"""Who tells of a deduction where a list does not say: nobody tells of her own."""
LONGEST_TITLE = 40
BASE_POINTS = "基础分是每户起步就有的分，不是做一件事得的：请写在“整本细则”的“基础分”里，写明每户几分、什么时候发"
NO_SIGN = "看不出是加分还是扣分：请写“加2分”“扣2分”，或在标题里写明正面、负面清单"
_WIDE = str.maketrans({",": "，", ";": "；", ":": "：", "(": "（", ")": "）"})
_BULLET = re.compile(r"^\s*(?:\(\d{1,2}\)|\d{1,2}[.、．]\s*)\s*(?!\d)")
_POINTS_ALONE = re.compile(r"[+-]?\d+(?:\.\d+)?")
_DAYS = (36_526, 54_788)
"""What Excel counts the days of 2000 to 2049 as."""
_SLUG = re.compile(r"[a-z][a-z0-9]*([-_][a-z0-9]+)*")
_FIELDS = {
    "category": c.CLASS, "matter": c.MATTER, "title": c.TITLE, "text": c.DEED, "amount": c.PRICE, "limits": c.CAP,
    "note": c.NOTE, "number": c.NUMBER, "code": c.CODE,
}  # fmt: skip


class CellUnread(ValueError):
    """Why a line is no item, and the column it is about."""

    def __init__(self, column: str, why: str) -> None:
        super().__init__(why)
        self.column = column


@dataclass(frozen=True, slots=True)
class Draft:
    """An item as JSON, without a code, and what was filled in; ``together``, ``of_class``: caps that it shares with
    others, named or of its main class."""

    values: dict[str, Any]
    doubts: tuple[str, ...] = ()
    together: tuple[caps.Together, ...] = ()
    of_class: tuple[caps.OfClass, ...] = ()


def column_of_field(path: Iterable[Any]) -> str:
    """The column that a field of an item comes from."""
    return next((_FIELDS[str(step)] for step in path if str(step) in _FIELDS), c.PRICE)


_TIMES = {"一": 1, "两": 2, "二": 2, "三": 3, "四": 4}
_OFTEN = re.compile(r"[每一](半)?(年|季度?|月|周)([一两二三四])次")
_IS_ONCE = re.compile("一次性|仅(?:限)?一次|只(?:计)?一次")


def drafts(line: Line, *, shared: bool) -> list[Draft]:
    """The items of a line: one, or one for each numbered clause with a price of its own. CellUnread says why not.

    ``shared``: other lines are about the same deed, so each is called by what it says itself.
    """
    line, deed = _with_frequency(line), plain_deed(line)
    if not line.said(c.PRICE):
        raise CellUnread(c.PRICE, "没有写分值" if deed else "没有写行为和分值，这一行没有成为条目")
    own, told = caps.together(plain_text(line.said(c.PRICE)))
    listed, cap = caps.together(plain_text(line.said(c.CAP)))
    own_class, told = caps.of_class(told)
    listed_class, cap = caps.of_class(cap)
    if listed or listed_class:
        line = replace(line, cells={**line.cells, c.CAP: cap})
    parts = amounts.clauses(told)
    apart = _apart(line, parts)
    several = shared or len(parts) > 1
    made = [
        _draft(line, deed, part, several=several) if apart is None else _draft(line, apart[place], part, several=shared)
        for place, part in enumerate(parts)
    ]
    return [replace(one, together=(*own, *listed), of_class=(*own_class, *listed_class)) for one in made]


def _with_frequency(line: Line) -> Line:
    """The line; how often it counts (频次：每月4次) is a cap and no unit."""
    told = plain_text(line.said(c.UNIT))
    if _IS_ONCE.fullmatch(told):
        return replace(line, cells={**line.cells, c.UNIT: "", c.PRICE: f"{line.said(c.PRICE)}，一次性"})
    often = _OFTEN.sub(lambda found: f"每{found[1] or ''}{found[2]}{_TIMES[found[3]]}次", told)
    if not told or caps.listed(often) is None:
        return line
    cells = {**line.cells, c.UNIT: "", c.CAP: "，".join(filter(None, [line.said(c.CAP), often]))}
    return replace(line, cells=cells, places={c.CAP: line.places[c.UNIT], **line.places})


def _apart(line: Line, parts: list[str]) -> list[str] | None:
    """The deed of each of several prices that say none themselves, by their numbers; None when each says its own."""
    if len(parts) < 2 or all(price_of(line, part).words for part in parts):
        return None
    found = deeds.numbered(line.said(c.DEED) or line.said(c.TITLE))
    if len(found) != len(parts):
        raise CellUnread(c.PRICE, f"分值分了{len(parts)}条，行为没有分成同样几条，看不出哪条对哪个分值")
    return [one.translate(_WIDE) for one in found]


def plain_deed(line: Line) -> str:
    """The behaviour as told, without its number in the list."""
    told = line.said(c.DEED) or line.said(c.TITLE)
    return _BULLET.sub("", told, count=1).strip(" ;；。\n")


def _draft(line: Line, deed: str, part: str, *, several: bool) -> Draft:
    price = price_of(line, part, deed)
    _not_base_points(line, deed)
    own = price.words.translate(_WIDE)
    title, text = _told(line, deed, own, several)
    if not text:
        raise CellUnread(c.DEED, "没有写行为")
    values = shared_values(line) | priced(price) | {"sign": sign_of(line, price), "title": title, "text": text}
    beside = deeds.told(line, deed, price, values["sign"], shared=several)
    limits, doubts = _capped(line, price, beside)
    values |= {**beside.values, "limits": limits}
    against = deeds.contradiction(deed, price, values["sign"])
    if against:
        raise CellUnread(c.PRICE, against)
    if values["sign"] == "negative":
        values.setdefault("declarers", list(NEGATIVE_TELLERS))
    left = leftovers.doubt(price.words, plain_text(deed), prose=price.prose)
    return Draft(values, (*price.doubts, *doubts, *([left] if left else ())))


def _not_base_points(line: Line, deed: str) -> None:
    """CellUnread where a line tells what every household starts with, which is no deed to be done again and again."""
    told = [deed, line.said(c.TITLE), line.said(c.PRICE), *([] if deed else [line.said(c.MATTER)])]
    if any(map(deeds.is_base, told)):
        raise CellUnread(c.PRICE, BASE_POINTS)


def _told(line: Line, deed: str, own: str, several: bool) -> tuple[str, str]:
    """(title, text) of an item. Of several in one cell each is called by its own clause."""
    if several and own:
        return _title(own), f"{deed}：{own}" if deed else own
    base = deed or line.said(c.MATTER)
    text = f"{base}（{own}）" if own and own not in base and base not in own else max(own, base, key=len)
    return _title(line.said(c.TITLE) or base), text


def _title(text: str) -> str:
    """The first phrase of a text, as a name."""
    first = re.split(r"[。；;：:\n]", text.strip(), maxsplit=1)[0].strip("，, ")
    if len(first) > LONGEST_TITLE:
        first = re.split(r"[，,（(]", first, maxsplit=1)[0]
    return first if len(first) <= LONGEST_TITLE else f"{first[: LONGEST_TITLE - 1]}…"


def price_of(line: Line, part: str, deed: str = "") -> amounts.Price:
    """The price in ``part``; a bare number counts points, for each unit of the column 单位, or else of ``deed``."""
    try:
        unit, points = amounts.unit_of(line.said(c.UNIT)), _points(part)
        return amounts.read(points if unit else deeds.with_unit(deed, points), unit)
    except amounts.Unread as unread:
        raise CellUnread(c.PRICE, str(unread)) from unread


def _points(part: str) -> str:
    """``part``; a bare number as points. A cell that Excel made a date of, and shows as a number, is none."""
    if not _POINTS_ALONE.fullmatch(part):
        return part
    if _DAYS[0] <= abs(Decimal(part)) <= _DAYS[1]:
        raise amounts.Unread(f"“{part}”像是 Excel 把这一格存成了日期，请改成文字再写")
    return f"{part}分"


def priced(price: amounts.Price) -> dict[str, Any]:
    """The fields of an item that its price says."""
    values: dict[str, Any] = {"amount": price.amount}
    if price.once:
        values["once"] = True
    if price.after_warning:
        values["after_warning"] = price.after_warning
    if price.effects:
        values["effect"], values["effects"] = price.effects[0], list(price.effects[1:])
    return values


def sign_of(line: Line, price: amounts.Price) -> Sign:
    """Whether points are given or taken: what the price says, and it must not contradict the list it stands in."""
    listed = _listed(line)
    if price.sign and listed and price.sign != listed:
        raise CellUnread(c.PRICE, "正面清单里写着扣分" if listed == "positive" else "负面清单里写着加分")
    sign = price.sign or listed
    if sign == "positive" and price.after_warning:
        raise CellUnread(c.PRICE, "先提醒、再犯才计，只用于扣分")
    if sign is None:
        raise CellUnread(c.PRICE, NO_SIGN)
    return sign


def _listed(line: Line) -> Sign | None:
    """The sign of the list that a line stands in: as its own cells say it, else as its title or section does."""
    told = line.said(c.LIST)
    own = c.listed_sign(told) if told else None
    if told and own is None and line.sign is None:
        raise CellUnread(c.LIST, f"“{told}”看不出是加分还是扣分")
    for column in (c.MATTER, c.CLASS):
        is_name, sign = c.class_sign(line.said(column))
        if sign and not is_name and sign != (own or line.sign or sign):
            raise CellUnread(column, f"{column}写着“{line.said(column)}”，和标题里的加分、扣分对不上")
        own = own or (sign if is_name else None)
    if own is None:
        return line.sign
    return "positive" if own == "positive" else "negative"


def shared_values(line: Line) -> dict[str, Any]:
    """What a line says beside its price and its deed."""
    category = line.said(c.CLASS)
    if not category:
        raise CellUnread(c.CLASS, "没有写大类")
    values: dict[str, Any] = {"category": category, "matter": line.said(c.MATTER) or category}
    if line.said(c.NOTE):
        values["note"] = line.said(c.NOTE)
    if line.said(c.NUMBER):
        values["number"] = line.said(c.NUMBER)
    return values | proof(line) | tellers(line)


def proof(line: Line) -> dict[str, Any]:
    """Whether proof is needed; what the column says otherwise is not understood."""
    told = line.said(c.PROOF)
    if not told:
        return {}
    if told not in PROOFS:
        raise CellUnread(c.PROOF, "佐证一列请写“必须有”“可有可无”或“不需要”")
    return {"evidence": PROOFS[told]}


def tellers(line: Line) -> dict[str, Any]:
    told = [one for one in re.split(r"[、,，;；/\s]+", line.said(c.TELLERS)) if one]
    unknown = [one for one in told if one not in TELLERS]
    if unknown:
        raise CellUnread(c.TELLERS, f"不认识“{unknown[0]}”，能写的有{'、'.join(TELLERS)}")
    return {"declarers": [TELLERS[one] for one in told]} if told else {}


def capped(line: Line) -> tuple[tuple[dict[str, Any], ...], tuple[str, ...]]:
    """The caps in the column 上限, and what was filled in."""
    told = plain_text(line.said(c.CAP)).strip()
    if told in ("", "无", "不限", "不设", "不封顶", "上不封顶", "/"):
        return (), ()
    found = caps.read(told) or caps.listed(told)
    if found is None:
        raise CellUnread(c.CAP, "没有看懂上限，请写成“每户每月最多10分”“每年限2次”的样子")
    return found.found, found.doubts


def _capped(line: Line, price: amounts.Price, beside: deeds.Told) -> tuple[Any, tuple[str, ...]]:
    """The caps that the price, its column and the cells beside them say, and what was filled in."""
    limits, doubts = capped(line)
    against = deeds.clash([*price.limits, *limits], beside.limits)
    if against:
        raise CellUnread(c.PRICE, f"上限写了两处，{against}，对不上")
    return units.without_twins([*price.limits, *limits, *beside.limits]), (*doubts, *beside.doubts)


class Codes:
    """Codes for new items: two letters of the class, ``f`` for deductions, and a number."""

    def __init__(self, taken: Mapping[str, Any]) -> None:
        self._taken = set(taken)
        self._stems: dict[tuple[str, str], str] = {}
        self._numbers: Counter[str] = Counter()

    def fresh(self, draft: Draft, wanted: str) -> str:
        """``wanted`` if it is a code that is still free; else the next one of the class."""
        code = wanted if _SLUG.fullmatch(wanted) and len(wanted) <= LONGEST_TITLE else ""
        stem = self._stem(draft.values["category"], draft.values["sign"]) if not code or code in self._taken else ""
        while not code or code in self._taken:
            self._numbers[stem] += 1
            code = f"{stem}{self._numbers[stem]:02d}"
        self._taken.add(code)
        return code

    def _stem(self, category: str, sign: str) -> str:
        """``rj-`` of 人居环境, ``rj-f`` for its deductions."""
        if (category, sign) not in self._stems:
            self._stems[category, sign] = f"{_letters(category)}-{'f' if sign == 'negative' else ''}"
        return self._stems[category, sign]


def _letters(category: str) -> str:
    found = "".join(word[0] for word in sort_key(category[:2]).split() if word[0].isascii() and word[0].isalpha())
    return found or "tm"
