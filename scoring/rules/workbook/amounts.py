"""What people write about a price: 2分/次, 扣4分, 县级10分、镇级5分、村级1分, 每次加2分，每月不超过10分.

Nothing is guessed: whatever a text says beyond what is understood makes it ``Unread``, with the reason. What a text
leaves open and custom fills in is a ``doubt`` for a person to look at.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, NamedTuple

from scoring.rules.spec import Sign
from scoring.rules.workbook import caps, consequences, leftovers, products, units
from scoring.rules.workbook.plain import VERBS, plain_text
from scoring.rules.workbook.words import LEVELS, ON_TOP, REFUSED

MAX_LENGTH = 600
_NUMBER = r"\d+(?:\.\d+)?"
_UNIT = units.PATTERN
_PRICE = re.compile(
    rf"""(?:每(?P<filled>满)?(?:{VERBS})?(?P<each>{_NUMBER})?(?P<before>{_UNIT}(?:每{_UNIT})?)(?:可|各|给予|一律|的)*)?
        (?:(?P<once>一次性)(?:给予|予以)*)?
        (?P<mark>倒扣|扣除|扣减|扣罚|扣|减|罚|(?<![等秀嘉金银铜大])奖励|(?<![等秀嘉金银铜大])奖|(?<![参增追附])加|(?<![合累共总小])计|记|积|得|给予|给|[+-])?(?:积分|分值|分)?
        (?P<least>{_NUMBER})(?:(?:-|~|至|到)(?P<most>{_NUMBER}))?分(?![钟类别工享会组析子散布支摊担配红制值数钱])
        (?:[/每](?P<size>{_NUMBER})?(?P<after>{_UNIT}(?:/{_UNIT})?))?""",
    re.VERBOSE,
)
_ORDINAL = re.compile(
    r"(?:^|(?<=[\n;。,)])|(?<=[分次人户年月天日棵亩个件时])(?=\())\s*(?:\(\d{1,2}\)|\d{1,2}[.、](?!\d))"
)
_ILL_WRITTEN = re.compile(r"(?!十分[\u4e00-\u9fff])[一二两三四五六七八九十百千几\d]+个?(?:积?分(?![钟之类])|点)")
_UP_TO = re.compile(rf"(?<![-~至到\d.])(?:≤({_NUMBER})分|({_NUMBER})分(?:以内|之内|内))")
_LONE_PERIOD = re.compile(r"(?:^|(?<=[,;、(]))(季度|年度|月度|半年)(?=[+加奖扣]?\d+(?:\.\d+)?分)")
"""季度5分 as 每季度5分."""
_ONCE = re.compile(r"\((?:为)?一次性(?:奖励|加分|扣分)?\)|[,;、]一次性(?:奖励|加分|扣分)?$")
_STEPS = (Decimal(1), Decimal("0.5"))
_TAKEN, _GIVEN = ("倒扣", "扣除", "扣减", "扣罚", "扣", "减", "罚", "-"), ("奖励", "奖", "加", "+")
_NO_TIER = re.compile(r"^(?:[总另再]|合计|共计|累计|小计|上限|基础)|每")
_CLINGS = re.compile(r"[/·×✕*x乘次]|\+(?=[\d每])", re.IGNORECASE)
"""What goes on with a price: 2分/户/年/次, 3分×人数, 2分/场次."""
_WRITTEN_UNIT = re.compile(rf"(?:分)?[/每]?(?P<each>{_NUMBER})?(?P<unit>{_UNIT}(?:[/每]{_UNIT})?)")
_REACHED = re.compile(r"及?(?:以上|以下|以内)|制")
_SHORT_OF = re.compile(r"[不未没无非差劣]|迟|缺|早退|拒|逾|扣|只|家属|代替")
"""Words of a tier that may well take points where another one gives them."""
_SCORE = re.compile(r"(?:满|达|达到|低于|高于|超过|不足|为|值|总|共|第|[是在比]|[\d~-])$")
_EVERY = re.compile(rf"每(?:{_UNIT})")
_VAGUE = re.compile(rf"(?:{_NUMBER}\s*(?:分(?!钟)|次|%|倍))|(?:[百十]分之)")


class Unread(ValueError):
    """Why a text is no price."""


@dataclass(frozen=True, slots=True)
class Price:
    """``amount`` as JSON; ``sign`` where the text says it; ``limits`` and ``effects`` as JSON; ``words`` what else it
    says; ``doubts`` what was filled in."""

    amount: dict[str, Any]
    sign: Sign | None = None
    limits: tuple[dict[str, Any], ...] = ()
    effects: tuple[dict[str, Any], ...] = ()
    once: bool = False
    words: str = ""
    doubts: tuple[str, ...] = ()
    after_warning: dict[str, Any] | None = None
    prose: bool = False
    """The words tell a deed, and the price stands behind them in brackets."""


@dataclass(slots=True)
class _Found:
    """One price in a text: its numbers, its unit, its sign, and what stands before it."""

    points: Decimal
    most: Decimal | None
    unit: str | None
    each: Decimal
    filled: bool
    sign: Sign | None
    once: bool
    label: str
    leads: bool = False
    """Its unit stands before it: 每人2分."""
    span: tuple[int, int] = field(default=(0, 0))


def clauses(text: str) -> list[str]:
    """The numbered clauses of a cell when each of several has a price of its own; else the whole."""
    starts = [found.start() for found in _ORDINAL.finditer(text)]
    if len(starts) < 2 or _PRICE.search(text[: starts[0]]):
        return [text]
    parts = [text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]
    if not all(_PRICE.search(part) for part in parts):
        return [text]
    return [_ORDINAL.sub("", part, count=1).strip(" ;。,\n") for part in parts]


def unit_of(text: str) -> tuple[Decimal, str] | None:
    """What the column 单位 counts: 100元, 户/年; None when it says nothing.

    Raises:
        Unread: with the reason in Chinese.
    """
    told = plain_text(text).replace(" ", "")
    if told in ("", "分", "不限", "按次", "/", "-"):
        return (Decimal(1), "次") if told == "按次" else None
    found = _WRITTEN_UNIT.fullmatch(told)
    unit = units.named(found["unit"].replace("每", "/")) if found else ""
    if found is None or not units.is_clear(unit):
        raise Unread(f"“{told}”没看懂，不知道是什么单位")
    return Decimal(found["each"] or 1), unit


def read(text: str, unit: tuple[Decimal, str] | None = None) -> Price:
    """The price in ``text``, which ``plain_text`` made plain; ``unit`` is what its column 单位 counts.

    Raises:
        Unread: with the reason in Chinese.
    """
    if len(text) > MAX_LENGTH:
        raise Unread(f"超过{MAX_LENGTH}字")
    text = _LONE_PERIOD.sub(r"每\1", text)
    limits, rest = caps.taken(products.spelled(leftovers.without_no_cap(text.replace(" ", "")), unit))
    follow = consequences.taken(rest)
    upto = [found.group() for found in _UP_TO.finditer(follow.rest)]
    rest, once = _ONCE.subn("", _UP_TO.sub(_from_nothing, follow.rest))
    refused = REFUSED.search(rest)
    if refused:
        raise Unread(f"“{leftovers.clause(rest, refused)}”没有说清到底几分、多久几次")
    on_top = ON_TOP.search(rest)
    if on_top:
        lost = leftovers.clause(rest, on_top)
        raise Unread(f"“{lost}”是在原来的分上另给的，没有读：请把另给的单独写成一条")
    cap = caps.left(rest)
    if cap:
        lost = leftovers.clause(rest, cap)
        raise Unread(f"“{lost}”没看懂{leftovers.proposal(lost)}")
    found = [_counted(one, rest, unit) for one in _prices(rest)]
    words, prose = leftovers.without_joins(_words(rest, found)), _in_brackets(rest, found)
    vague = _VAGUE.search(words) or _EVERY.search(words)
    if vague:
        lost = leftovers.clause(words, vague)
        raise Unread(f"“{lost}”没看懂{leftovers.proposal(lost)}")
    price = _priced(found, follow, limits, words)
    behind = leftovers.without_joins(_words(rest[found[-1].span[1] :], [])) if found else ""
    words = "" if words == "酌情" or (_only_labels(price, found) and not behind) else words
    lost = leftovers.deciding(words, prose=prose)
    if lost:
        raise Unread(f"“{lost}”没看懂{leftovers.proposal(lost)}")
    told = (*price.doubts, *limits.doubts, *follow.doubts, *(f"“{one}”按从0分起由审核时定" for one in upto))
    return replace(
        price, limits=units.without_twins((*price.limits, *limits.found)), effects=follow.effects, words=words,
        doubts=tuple(dict.fromkeys(told)), once=price.once or once > 0, after_warning=follow.after_warning, prose=prose,
    )  # fmt: skip


class Said(NamedTuple):
    """A price in a sentence that has its own cell for the price."""

    text: str
    points: Decimal
    most: Decimal | None
    unit: str | None
    sign: Sign | None
    start: int


def told(text: str) -> list[Said]:
    """The prices in ``text`` (plain, without blanks). A score to be reached (80分以上, 满90分) is none."""
    found = []
    for match in _PRICE.finditer(text):
        unit = match["before"] or match["after"]
        marked = match["mark"] or unit or not _SCORE.search(text, 0, match.start())
        if marked and not _REACHED.match(text, match.end()):
            most = Decimal(match["most"]) if match["most"] else None
            unit = units.named(unit.replace("每", "/")) if unit else None
            found.append(Said(match.group(), Decimal(match["least"]), most, unit, _sign(match["mark"]), match.start()))
    return found


def _counted(one: _Found, text: str, unit: tuple[Decimal, str] | None) -> _Found:
    """``one`` with the unit of its column; it ends where its price ends, and does not contradict the column."""
    start, end = one.span
    more = _CLINGS.match(text, end)
    if more:
        lost = leftovers.clause(text, more)
        raise Unread(f"“{lost}”没看懂{leftovers.proposal(lost)}")
    if unit is None:
        return one
    if one.unit is None:
        return replace(one, each=unit[0], unit=unit[1])
    if (one.each, one.unit) != unit:
        raise Unread(f"单位一列写着“{unit[0] if unit[0] != 1 else ''}{unit[1]}”，和“{text[start:end]}”对不上")
    return one


def _from_nothing(found: re.Match[str]) -> str:
    """5分以内 as 0-5分."""
    return f"0-{found.group(1) or found.group(2)}分"


def _in_brackets(text: str, found: list[_Found]) -> bool:
    """Whether each price stands in brackets of its own, behind or between words."""
    return bool(found) and all(
        text[max(one.span[0] - 1, 0)] == "(" and text[one.span[1] : one.span[1] + 1] == ")" for one in found
    )


def _priced(found: list[_Found], follow: consequences.Consequences, limits: caps.Caps, words: str) -> Price:
    if not found:
        return _only_effects(follow.effects, limits, words)
    return _several(found) if len(found) > 1 else _single(found[0])


def _only_labels(price: Price, found: list[_Found]) -> bool:
    """Whether all that stands before the prices are the names of their tiers."""
    names = {tier["name"] for tier in price.amount.get("tiers", ())}
    return bool(names) and all(_bare(one.label) in names for one in found)


def _prices(text: str) -> Iterator[_Found]:
    last = 0
    for found in _PRICE.finditer(text):
        yield _found(found, text[last : found.start()])
        last = found.end()


def _found(found: re.Match[str], label: str) -> _Found:
    before, after = found["before"], found["after"]
    told = {units.named(one.replace("每", "/")) for one in (before, after) if one}
    if len(told) > 1 or not all(map(units.is_clear, told)):
        raise Unread(f"“{found.group()}”里有两个单位")
    unit, each = next(iter(told), None), found["each"] or found["size"]
    if unit and "/" in unit and each:
        raise Unread(f"“{found.group()}”没看懂")
    most = Decimal(found["most"]) if found["most"] else None
    return _Found(
        Decimal(found["least"]), most, unit, Decimal(each or 1),
        bool(found["filled"]), _sign(found["mark"]), bool(found["once"]), label, bool(before), found.span(),
    )  # fmt: skip


def _sign(mark: str | None) -> Sign | None:
    if mark in _TAKEN:
        return "negative"
    return "positive" if mark in _GIVEN else None


def _words(text: str, found: list[_Found]) -> str:
    """``text`` without its prices and the brackets around them."""
    rest, last = "", 0
    for one in found:
        rest, last = rest + text[last : one.span[0]], one.span[1]
    rest = re.sub(r"\((?:[,;、:]|的)*\)", "", rest + text[last:])
    return re.sub(r"([,;、。:])[,;、。:]+", r"\1", rest).strip(" ,;、。:\n")


def _only_effects(effects: tuple[dict[str, Any], ...], limits: caps.Caps, words: str) -> Price:
    if effects:
        return Price({"kind": "fixed", "points": "0"}, "negative", effects=effects, words=words)
    if limits.found:
        raise Unread("只写了上限，没有写每次几分")
    unclear = _ILL_WRITTEN.search(words)
    if unclear:
        raise Unread(f"“{unclear.group()}”没看懂，请用数字写，例如“加5分”")
    raise Unread(f"没有写几分{leftovers.proposal(words)}")


def _single(one: _Found) -> Price:
    if one.most is not None:
        return _range(one)
    price = units.priced(one.points, one.unit, one.each, filled=one.filled)
    return Price(price.amount, one.sign, price.limits, once=one.once, doubts=price.doubts)


def _range(one: _Found) -> Price:
    least, most = one.points, one.most or one.points
    if one.unit not in (None, *units.DEEDS) or one.each != 1:
        raise Unread("一个分值范围只能按次给，不能按数量给")
    if least >= most:
        raise Unread(f"{least}到{most}不是从小到大")
    step = next((step for step in _STEPS if not (least % step or most % step)), None)
    if step is None:
        raise Unread("看不出每一档相差几分")
    doubts = () if step == 1 else (f"原文没有写每一档差几分，按{step}分一档",)
    amount = {"kind": "range", "least": str(least), "most": str(most), "step": str(step)}
    return Price(amount, one.sign, once=one.once, doubts=doubts)


def _several(found: list[_Found]) -> Price:
    """Several prices in one text are tiers, if what stands before each says which."""
    sign, doubts = _sign_of_all(found)
    is_open = any(one.most is not None for one in found)
    named = {one.unit for one in found if one.unit}
    if is_open and named - set(units.DEEDS):
        raise Unread("一个分值范围只能按次给，不能按数量给")
    if len(named) > 1:
        raise Unread("几个分值的单位不一样，请拆成几行")
    if named and not all(one.unit for one in found) and (found[-1].unit not in units.DEEDS or found[-1].leads):
        raise Unread("几个分值有的写了单位、有的没有写，请拆成几行")
    tiers = _tiers(found)
    unit = named.pop() if named else None
    if any(one.each != 1 for one in found):
        raise Unread("分档的条目不能按每几个单位计分")
    amount, limits = units.tiered(tiers, unit)
    step = _common_step(found) if is_open else Decimal(1)
    if step != 1:
        amount["step"] = str(step)
    ordered = [tier["name"] for tier in tiers if leftovers.deciding(tier["name"], prose=False)]
    if ordered:
        doubts += (f"“{'、'.join(ordered)}”读成几档，由登记的人选，系统不自动算是哪一档",)
    if step != 1:
        doubts = (*doubts, f"原文没有写每一档差几分，按{step}分一档")
    return Price(amount, sign, limits, doubts=doubts)


def _sign_of_all(found: list[_Found]) -> tuple[Sign | None, tuple[str, ...]]:
    """Whether the tiers give or take, and what was assumed to say so."""
    signs = {one.sign for one in found}
    if len(signs - {None}) > 1:
        raise Unread("一格里又加分又扣分，请拆成两行；同一件事有加有扣的，在系统里用“分档次”，要扣的那一档写负数")
    if len(signs) == 1:
        return signs.pop(), ()
    if "positive" in signs and not any(_SHORT_OF.search(one.label) for one in found):
        return "positive", ("有几档没有写加还是扣，按加分读，请核对",)
    raise Unread("一格里有的写了加扣、有的没有写，看不出哪几档是加分、哪几档是扣分")


def _common_step(found: list[_Found]) -> Decimal:
    """In what steps the ranges can be walked; each of them rises."""
    ends = [end for one in found if one.most is not None for end in (one.points, one.most)]
    for one in found:
        if one.most is not None and one.points >= one.most:
            raise Unread(f"{one.points}到{one.most}不是从小到大")
    step = next((step for step in _STEPS if not any(end % step for end in ends)), None)
    if step is None:
        raise Unread("看不出每一档相差几分")
    return step


def _tiers(found: list[_Found]) -> list[dict[str, Any]]:
    tiers = [(*_level(one.label), _worth(one)) for one in found]
    if len({name for _, name, _ in tiers}) < len(tiers):
        raise Unread("一格里有几个分值，看不出各是哪一档")
    codes = [code for code, _, _ in tiers]
    return [
        {"code": code if code and codes.count(code) == 1 else f"t{place}", "name": name, **worth}
        for place, (code, name, worth) in enumerate(tiers, 1)
    ]


def _worth(one: _Found) -> dict[str, str]:
    """What a tier gives: 4分, or 4至6分 at the committee's discretion."""
    return {"points": str(one.points)} if one.most is None else {"least": str(one.points), "most": str(one.most)}


def _level(label: str) -> tuple[str, str]:
    """(code, name) of a tier from what stands before its points."""
    plain = _bare(label)
    known = [(code, word) for word, code in LEVELS.items() if word in plain]
    if known:
        code, word = max(known, key=lambda pair: len(pair[1]))
        return code, word
    if not plain or len(plain) > 12 or _NO_TIER.search(plain):
        raise Unread("一格里有几个分值，看不出各是哪一档")
    return "", plain


def _bare(label: str) -> str:
    return re.sub(r"^[(),;、。:/\s]+|[(),;、。:/\s的为]+$", "", label)
