"""What does not fit together in an amount, and names of items that are not there."""

from collections.abc import Iterable
from decimal import Decimal
from itertools import pairwise
from typing import Any

from scoring.rules.base import plain
from scoring.rules.facts import ROLES
from scoring.rules.findings.base import Finding, Found, Mend, active, dumped, only
from scoring.rules.spec import Band, Bands, Fixed, Group, Limit, Range, Rulebook, RuleSpec, ScoreCard, Tiers
from scoring.rules.spec_amounts import QUANTITY, Tier

_CENT = Decimal("0.01")
RANKS: tuple[tuple[tuple[str, ...], ...], ...] = (
    (("村", "社区"), ("镇", "乡", "街道"), ("县", "区"), ("市",), ("省",), ("国家", "全国")),
    (("轻微", "较轻"), ("一般",), ("较重",), ("特别严重", "严重")),
    (("三等",), ("二等",), ("一等",), ("特等",)),
)
"""Words of levels, from the lowest up."""


def find(book: Rulebook) -> Found:
    """Bands that overlap or leave gaps, grades nobody reaches, levels upside down, dangling names, empty classes."""
    for rule in active(book):
        if isinstance(rule.amount, Bands):
            yield from _bands(rule, rule.amount)
        elif isinstance(rule.amount, Tiers):
            yield from _tiers(rule, rule.amount)
        elif isinstance(rule.amount, ScoreCard):
            yield from _grades(rule, rule.amount)
        elif isinstance(rule.amount, Range):
            yield from _rating(rule, rule.amount)
        yield from _nobodies(rule)
    yield from _dangling(book)
    yield from _named_by_caps(book)
    yield from _alone(book)


def _nobodies(rule: RuleSpec) -> Found:
    for one in rule.multipliers.roles if rule.multipliers else ():
        if one.role not in ROLES:
            told = f"“{rule.title}”按身份的倍数写了“{one.name}”，平台上没有这种身份，永远乘不到。"
            mend = Mend(f"改成{'、'.join(ROLES.values())}里的一种")
            yield Finding("unknown_role", "blocking", (rule.code,), told, mend)


def _bands(rule: RuleSpec, amount: Bands) -> Found:
    unit = amount.unit or ""
    spots = list(_spots(rule, amount))
    twice = next((spot for spot in spots if _holding(amount, spot) > 1), None)
    if twice is not None:
        told = f"“{rule.title}”的分段有重叠：{plain(twice)}{unit}同时属于两段，系统判不了。"
        yield Finding("bands_overlap", "blocking", (rule.code,), told, _joined(rule, amount))
    inside = [spot for spot in spots if _lowest(amount) <= spot <= _highest(amount)]
    nowhere = next((spot for spot in inside if _holding(amount, spot) == 0), None)
    if nowhere is not None:
        told = f"“{rule.title}”的分段有空档：{plain(nowhere)}{unit}不属于任何一段，系统判不了。"
        yield Finding("bands_gap", "blocking", (rule.code,), told, _joined(rule, amount))
    yield from _open_end(rule, amount, unit)


def _open_end(rule: RuleSpec, amount: Bands, unit: str) -> Found:
    top = _highest(amount)
    item = rule.input(amount.by)
    if all(band.most is not None or band.below is not None for band in amount.bands) and not (
        item and item.most is not None and item.most <= top
    ):
        end = max(_ends(amount))
        beyond = f"超过{plain(end)}{unit}" if top == end else f"{plain(end)}{unit}以上"
        told = f"“{rule.title}”的分段没有写{beyond}怎么计，遇到要由人认定。"
        last = max(amount.bands, key=lambda band: _end(band) or top)
        opened = [
            band if band is not last else band.model_copy(update={"most": None, "below": None}) for band in amount.bands
        ]
        mend = Mend("最高一段改成“以上”，不封顶", only(rule, amount=_with(amount, bands=dumped(opened))))
        yield Finding("bands_open", "hint", (rule.code,), told, mend)


def _end(band: Band) -> Decimal | None:
    return band.most if band.most is not None else band.below


def _ends(amount: Bands) -> list[Decimal]:
    return sorted({end for band in amount.bands for end in (band.least, band.most, band.below) if end is not None})


def _lowest(amount: Bands) -> Decimal:
    return Decimal("-Infinity") if any(band.least is None for band in amount.bands) else _ends(amount)[0]


def _highest(amount: Bands) -> Decimal:
    """Up to where numbers belong to a band; the open end of the last one does not matter here."""
    ends = [end for band in amount.bands if (end := _end(band)) is not None]
    closed = [band.most for band in amount.bands if band.most is not None]
    if any(_end(band) is None for band in amount.bands) or not ends:
        return Decimal("Infinity")
    return max(closed) if closed and max(closed) == max(ends) else max(ends) - _CENT


def _spots(rule: RuleSpec, amount: Bands) -> Iterable[Decimal]:
    """Numbers that tell: every end, and one on each side of it; whole ones where only whole ones can be told."""
    item = rule.input(amount.by)
    whole = item.kind == "count" if item else amount.by == QUANTITY
    step = Decimal(1) if whole and not any(end % 1 for end in _ends(amount)) else _CENT
    for end in _ends(amount):
        yield from (end - step, end, end + step)


def _holding(amount: Bands, number: Decimal) -> int:
    return sum(band.holds(number) for band in amount.bands)


def _joined(rule: RuleSpec, amount: Bands) -> Mend:
    """Each band reaches up to where the next begins."""
    if any(band.least is None for band in amount.bands[1:]):
        return Mend("把每一段写成“多少以上、不满多少”，一段接一段")
    ordered = sorted(amount.bands, key=lambda band: Decimal("-Infinity") if band.least is None else band.least)
    joined = [
        one.model_copy(update={"most": None, "below": after.least}) if after is not None else one
        for one, after in zip(ordered, [*ordered[1:], None], strict=True)
    ]
    if any(one.least is not None and one.least == one.below for one in joined):
        return Mend("两段从同一个数起，请改其中一段的起点")
    text = "每一段到下一段起点为止：" + "、".join(band.text(amount.unit or "") for band in joined)
    return Mend(text, only(rule, amount=_with(amount, bands=dumped(joined))))


def _with(amount: Bands | Tiers | ScoreCard, **values: Any) -> dict[str, Any]:
    return amount.model_dump(mode="json") | values


def _tiers(rule: RuleSpec, amount: Tiers) -> Found:
    if len({tier.name for tier in amount.tiers}) < len(amount.tiers):
        yield Finding(
            "tiers_overlap", "blocking", (rule.code,), f"“{rule.title}”有两档叫同一个名字。", Mend("给每一档不同的名字")
        )
    yield from _open_tiers(rule, amount)
    for ladder in RANKS:
        ranked = [(rank, tier) for tier in amount.tiers if (rank := _rank(tier.name, ladder)) is not None]
        ranked.sort(key=lambda pair: pair[0])
        worths = [tier.ends for _, tier in ranked]
        if worths != sorted(worths) and len({rank for rank, _ in ranked}) == len(ranked):
            told = "、".join(f"{tier.name}{tier.text}分" for _, tier in ranked)
            text = f"“{rule.title}”的档次高低和分值反了：{told}。"
            rising = sorted((tier for _, tier in ranked), key=lambda tier: tier.ends)
            swapped = dict(zip((tier.code for _, tier in ranked), rising, strict=True))
            tiers = [swapped[one.code].model_copy(update={"code": one.code, "name": one.name})
                     if one.code in swapped else one for one in amount.tiers]  # fmt: skip
            mend = Mend("分值按档次从低到高排", only(rule, amount=_with(amount, tiers=dumped(tiers))))
            yield Finding("tiers_upside_down", "hint", (rule.code,), text, mend)


def _open_tiers(rule: RuleSpec, amount: Tiers) -> Found:
    """Points that two tiers give alike, and points between two that none can give, where the committee chooses."""
    rising = sorted((tier for tier in amount.tiers if tier.is_open), key=lambda tier: tier.ends)
    for lower, upper in pairwise(rising):
        told = f"“{lower.name}”是{lower.text}分，“{upper.name}”是{upper.text}分"
        if upper.ends[0] < lower.ends[1]:
            text = f"“{rule.title}”的档次有重叠：{told}。"
            yield Finding("tier_ranges_overlap", "hint", (rule.code,), text, _parted(rule, amount, lower, upper))
        elif upper.ends[0] - lower.ends[1] > amount.step and _is_degree(lower, upper):
            text = f"“{rule.title}”的档次有空档：{told}，中间的分哪一档都给不了。"
            yield Finding("tier_ranges_gap", "hint", (rule.code,), text, _parted(rule, amount, lower, upper))


def _is_degree(lower: Tier, upper: Tier) -> bool:
    """Degrees of one thing follow each other; levels of honours may lie apart."""
    return all(_rank(tier.name, RANKS[1]) is not None for tier in (lower, upper))


def _parted(rule: RuleSpec, amount: Tiers, lower: Tier, upper: Tier) -> Mend:
    """The upper one begins a step above the lower one's end."""
    least = lower.ends[1] + amount.step
    if upper.most is None or least >= upper.most:
        return Mend("请改这两档的分值，一档接一档")
    tiers = [one.model_copy(update={"least": least}) if one is upper else one for one in amount.tiers]
    return Mend(f"“{upper.name}”改成从{plain(least)}分起", only(rule, amount=_with(amount, tiers=dumped(tiers))))


def _rank(name: str, ladder: tuple[tuple[str, ...], ...]) -> int | None:
    found = [place for place, words in enumerate(ladder) if any(word in name for word in words)]
    return found[0] if len(found) == 1 else None


def _grades(rule: RuleSpec, amount: ScoreCard) -> Found:
    if not amount.grades:
        return
    high = [grade for grade in amount.grades if grade.least > amount.full]
    if high:
        told = f"“{rule.title}”满分{plain(amount.full)}分，到不了“{high[0].name}”的{plain(high[0].least)}分。"
        rest = [grade for grade in amount.grades if grade not in high]
        mend = Mend("去掉到不了的等次", only(rule, amount=_with(amount, grades=dumped(rest)))) if rest else None
        yield Finding("grade_unreachable", "blocking", (rule.code,), told, mend)
    lowest = amount.grades[-1]
    if lowest.least > sum((item.least for item in amount.items), Decimal(0)):
        told = f"“{rule.title}”没有写低于{plain(lowest.least)}分算哪一等，遇到要由人认定。"
        below = {"code": "below", "name": "不达标", "least": "0", "points": "0"}
        grades = [*dumped(amount.grades), below]
        yield Finding(
            "grades_gap",
            "hint",
            (rule.code,),
            told,
            Mend("加一等“不达标”，0分", only(rule, amount=_with(amount, grades=grades))),
        )


def _dangling(book: Rulebook) -> Found:
    known = {rule.code: rule for rule in book.rules}
    for rule in active(book):
        for field, code in _named(rule):
            if code not in known:
                told = f"“{rule.title}”提到的条目 {code} 不在细则里。"
                yield Finding("unknown_item", "blocking", (rule.code,), told, _without(rule, field, code))
            elif not known[code].active:
                told = f"“{rule.title}”提到的“{known[code].title}”已经停用。"
                yield Finding("item_off", "hint", (rule.code, code), told, _without(rule, field, code))


def _named_by_caps(book: Rulebook) -> Found:
    """Caps over items by name: each has to be there, and of the cap's sign."""
    known = {rule.code: rule for rule in book.rules}
    for limit in book.settings.limits:
        word = "加分" if limit.sign == "positive" else "扣分"
        for code in limit.rules:
            rule = known.get(code)
            if rule is None:
                told = f"合计上限“{limit.text}”提到的条目 {code} 不在细则里。"
                yield Finding("unknown_item", "blocking", (), told, Mend("在整本细则的约定里去掉它"))
            elif rule.sign != limit.sign:
                told = f"合计上限“{limit.text}”管的是{word}，“{rule.title}”不是{word}条目，不受它管。"
                yield Finding("shared_cap_sign", "blocking", (code,), told, Mend("加分、扣分的合计上限分开写"))
            elif not rule.active:
                told = f"合计上限“{limit.text}”提到的“{rule.title}”已经停用。"
                yield Finding("item_off", "hint", (code,), told, Mend("在整本细则的约定里去掉它"))


def _named(rule: RuleSpec) -> Iterable[tuple[str, str]]:
    if rule.after_warning and rule.after_warning.rule:
        yield "after_warning", rule.after_warning.rule
    for field in ("not_with", "repair"):
        part = getattr(rule, field)
        for code in part.rules if part else ():
            yield field, code


def _without(rule: RuleSpec, field: str, code: str) -> Mend:
    part = getattr(rule, field)
    rest = [one for one in getattr(part, "rules", ()) if one != code]
    value = part.model_dump(mode="json") | {"rules": rest} if rest else None
    return Mend("去掉这处引用", only(rule, **{field: value}))


def _alone(book: Rulebook) -> Found:
    rules = active(book)
    for rule in rules:
        if rule.group and not any(one is not rule and one.group and one.group.code == rule.group.code for one in rules):
            yield from _alone_in(rule, rule.group)
    used = {rule.category for rule in rules}
    for category in book.categories:
        if category.name not in used:
            yield Finding(
                "class_empty", "hint", (), f"大类“{category.name}”下没有条目。", Mend("加上条目，或去掉这个大类")
            )


def _alone_in(rule: RuleSpec, group: Group) -> Found:
    """Of different prices of one item the highest counts: that needs no other item. Of one price only one counts."""
    told = f"“{rule.title}”设了同组只计一项，但同组没有别的条目"
    if group.counts == "first":
        yield Finding("group_alone", "hint", (rule.code,), f"{told}。", Mend("去掉同组设置", only(rule, group=None)))
    elif isinstance(rule.amount, Fixed):
        once = Limit(kind="count", value=Decimal(1), period=group.period, scope=group.scope, by=group.by)
        mend = Mend(f"改成次数上限：{once.text}", only(rule, group=None, limits=dumped([*rule.limits, once])))
        text = f"{told}，等于{once.text}。"
        yield Finding("group_alone", "hint", (rule.code,), text, mend)


def _rating(rule: RuleSpec, amount: Range) -> Found:
    """Marks out of a hundred for twenty points: every good mark is drawn to the highest."""
    rating = rule.rating
    if rating is None or rating.most <= amount.most:
        return
    most = plain(amount.most)
    told = f"“{rule.title}”打分打到{plain(rating.most)}分，分值却只到{most}分：打{most}分以上的一律计{most}分。"
    values = {"most": most, "least": plain(min(rating.least, amount.least))}
    mend = Mend(f"打分改成最高{most}分", only(rule, rating=rating.model_dump(mode="json") | values))
    yield Finding("rating_scale", "blocking", (rule.code,), told, mend)
