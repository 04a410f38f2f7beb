"""Items that are twice there: the same words, nearly the same, or the same by ear."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import combinations, takewhile

from jifen.kernel.pinyin import sort_key
from scoring.rules.findings.base import Change, Finding, Found, Mend, active, names
from scoring.rules.spec import Rulebook, RuleSpec
from scoring.rules.workbook import units

ALIKE_TEXT = 0.72
ALIKE_TITLE = 0.8
SAME_DEED = 0.6
"""How much of their trigrams two texts share; two items of one name are one deed when their texts are this alike."""
SHORTEST_TURNED = 4
ALIKE_LETTERS = 0.8
"""How much of their letters two names share in the same order; below four letters nothing is said."""
_TELLING = re.compile(
    r"组(?!织)|[村镇乡县区市省国一二三四五六七八九十百千半\d甲乙丙丁不未无非拒首再大小上下高低初男女老幼早晚]"
)
"""Letters that tell one deed from another, wherever they stand."""
_MARKS = re.compile(r"[\s\W_]+|^(有|积极|主动)|(的|行为)$|的(?!士|确)|了(?!解)|等(?![级次候待额同])")
_UNITS = "|".join(sorted((*units.DEEDS, *units.CONTINUOUS, *units.COUNTED, "天", "毫升"), key=len, reverse=True))
_MEASURE = re.compile(
    rf"每满?(?:[\d.]+|[一二两三四五六七八九十百千]+)?(?:{_UNITS})(?:(?:加|得|计|奖励?|扣)?\d+(?:\.\d+)?分)?"
)
"""By what a deed is counted, which says nothing of the deed: 每满2小时, 每100元1分."""


def find(book: Rulebook) -> Found:
    """Duplicates, one deed with two prices, near-duplicates."""
    for one, other in combinations(active(book), 2):
        if one.sign == other.sign and not _apart(one, other):
            yield from _pair(one, other)


def _pair(one: RuleSpec, other: RuleSpec) -> Iterator[Finding]:
    title, text = (plain(one.title), plain(other.title)), (plain(one.text), plain(other.text))
    alike = share(*text)
    if one.price_text != other.price_text and (text[0] == text[1] or title[0] == title[1] or _is_one_deed(one, other)):
        yield _two_prices(one, other)
    elif text[0] == text[1] or is_turned(*text) or (title[0] == title[1] and alike >= SAME_DEED):
        yield _same(one, other)
    elif alike >= ALIKE_TEXT or _is_near(*title, is_priced_apart=one.price_text != other.price_text):
        yield _near(one, other)


def _is_near(one: str, other: str, *, is_priced_apart: bool) -> bool:
    return (
        share(one, other) >= ALIKE_TITLE
        or is_turned(one, other)
        or _sounds_like(one, other)
        or (is_priced_apart and nearly(one, other))
    )


def _is_one_deed(one: RuleSpec, other: RuleSpec) -> bool:
    """Whether their words differ by no more than what is counted, or say verb and object the other way round."""
    pairs = ((deed(one.text), deed(other.text)), (deed(one.title), deed(other.title)))
    return any(first == second or is_turned(first, second) for first, second in pairs)


def is_turned(one: str, other: str) -> bool:
    """清扫门前道路, 门前道路清扫; 孝敬公婆父母, 孝敬父母公婆: two pieces change places.

    Not 老人照顾小孩, 小孩照顾老人.
    """
    if len(one) != len(other) or len(one) < SHORTEST_TURNED or sorted(one) != sorted(other):
        return False
    before = _alike(one, other)
    after = _alike(one[before:][::-1], other[before:][::-1])
    first, second = (text[before : len(text) - after] for text in (one, other))
    return first in second + second


def _alike(one: str, other: str) -> int:
    """How many letters both begin with."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


@lru_cache(maxsize=8192)
def nearly(one: str, other: str) -> bool:
    """Whether the letters of one stand in the other in the same order but for a few that tell nothing apart.

    举报犯罪, 举报违法犯罪. Not 获县级表彰, 获市级表彰.
    """
    shared = sum((Counter(one) & Counter(other)).values())
    most = ALIKE_LETTERS * (len(one) + len(other))
    if min(len(one), len(other)) < SHORTEST_TURNED or 2 * shared < most:
        return False
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if 2 * sum(block.size for block in matcher.get_matching_blocks()) < most:
        return False
    apart = [(one[a:b], other[c:d]) for tag, a, b, c, d in matcher.get_opcodes() if tag != "equal"]
    return not any(_TELLING.search(left + right) for left, right in apart)


def _two_prices(one: RuleSpec, other: RuleSpec) -> Finding:
    told = f"{names((one, other))}说的是同一件事，分值却不同：{one.price_text}和{other.price_text}。"
    mend = Mend("只留一条；确是两件事的，改名写明区别，或设为不重复计分", _exclusive(one, other))
    return Finding("two_prices", "blocking", (one.code, other.code), told, mend)


def _same(one: RuleSpec, other: RuleSpec) -> Finding:
    codes = (one.code, other.code)
    told = f"{names((one, other))}重复。"
    return Finding(
        "duplicate", "blocking", codes, told, Mend(f"删去后一条（{other.code}）", (Change(other.code, None),))
    )


def _near(one: RuleSpec, other: RuleSpec) -> Finding:
    prices = "" if one.price_text == other.price_text else f"，分值不同（{one.price_text}、{other.price_text}）"
    told = f"{names((one, other))}很像{prices}，请看是不是同一件事。"
    mend = Mend("是同一件事就只留一条；不是就把区别写清楚，或设为不重复计分", _exclusive(one, other))
    return Finding("near_duplicate", "hint", (one.code, other.code), told, mend)


def _exclusive(one: RuleSpec, other: RuleSpec) -> tuple[Change, ...]:
    if other.not_with is not None:
        return ()
    return (Change(other.code, {"not_with": {"rules": [one.code], "period": "day"}}),)


def _apart(one: RuleSpec, other: RuleSpec) -> bool:
    """Whether a deed cannot count under both: they exclude each other, or hold at different times."""
    if one.group and other.group and one.group.code == other.group.code:
        return True
    if other.code in _excluded(one) or one.code in _excluded(other):
        return True
    starts, ends = (one.since or date.min, other.since or date.min), (one.until or date.max, other.until or date.max)
    return max(starts) > min(ends)


def _excluded(rule: RuleSpec) -> tuple[str, ...]:
    return rule.not_with.rules if rule.not_with else ()


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """``text`` without marks and the small words that make no difference."""
    return _MARKS.sub("", _MARKS.sub("", text))


@lru_cache(maxsize=4096)
def deed(text: str) -> str:
    """``text`` as ``plain`` has it, and without what is counted; all of it where nothing else would be left."""
    return plain(_MEASURE.sub("", text)) or plain(text)


@lru_cache(maxsize=4096)
def _trigrams(text: str) -> frozenset[str]:
    padded = f"^{text}$"
    return frozenset(padded[place : place + 3] for place in range(len(padded) - 2))


def share(one: str, other: str) -> float:
    """Of the trigrams of both texts, the part that they have in common: 0 to 1."""
    first, second = _trigrams(one), _trigrams(other)
    if not first or not second or 2 * min(len(first), len(second)) < SAME_DEED * (len(first) + len(second)):
        return 0.0
    return 2 * len(first & second) / (len(first) + len(second))


def _sounds_like(one: str, other: str) -> bool:
    """Whether two names of the same length are the same by ear: 清扫院落, 清扫院洛."""
    return len(one) == len(other) > 2 and _sound(one) == _sound(other)


@lru_cache(maxsize=4096)
def _sound(text: str) -> str:
    return sort_key(text)
