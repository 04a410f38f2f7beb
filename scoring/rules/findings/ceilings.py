"""The most that an item can bring: in one deed, in a period; and caps that can therefore never be reached."""

import re
from collections.abc import Iterable
from decimal import Decimal

from scoring.rules.base import plain
from scoring.rules.findings.base import Finding, Found, Mend, active, dumped, names, only
from scoring.rules.spec import (
    Bands,
    Fixed,
    Formula,
    Ladder,
    Limit,
    Percent,
    PerMonth,
    PerUnit,
    Range,
    Rulebook,
    RuleSpec,
    ScoreCard,
    SharedLimit,
    Tiers,
)

WITHIN: dict[str, dict[str, int]] = {
    "day": {"day": 1, "week": 1, "month": 1, "quarter": 1, "halfyear": 1, "year": 1},
    "week": {"day": 7, "week": 1, "month": 2, "quarter": 2, "halfyear": 2, "year": 2},
    "month": {"day": 31, "week": 6, "month": 1, "quarter": 1, "halfyear": 1, "year": 1},
    "quarter": {"day": 92, "week": 15, "month": 3, "quarter": 1, "halfyear": 1, "year": 1},
    "halfyear": {"day": 184, "week": 28, "month": 6, "quarter": 2, "halfyear": 1, "year": 1},
    "year": {"day": 366, "week": 54, "month": 12, "quarter": 4, "halfyear": 2, "year": 1},
    "ever": {},
}
"""How many periods of the inner kind one period of the outer kind can touch at most."""
_LITERAL = re.compile(r"\d+(?:\.\d+)?")
_EXTREME = re.compile(r"(min|max)\((.*)\)", re.DOTALL)
_WIDE = {"resident": 0, "household": 1, "village": 2}


def find(book: Rulebook) -> Found:
    """Caps that other caps, or the price itself, keep from ever being reached; caps below a single deed."""
    for rule in active(book):
        for limit in rule.limits:
            yield from _own(rule, limit)
    yield from _shared(book)


def of_deed(rule: RuleSpec) -> Decimal | None:
    """The most points of one deed; None without an end."""
    found = _of_amount(rule)
    if found is None or rule.heads == "times" or gives_to_each(rule):
        return None
    found = max((found, *(rule.repeat.amounts if rule.repeat else ())))
    if rule.multipliers:
        factors = [one.factor for one in rule.multipliers.roles]
        product = Decimal(1)
        for factor in factors:
            product *= max(factor, Decimal(1))
        found *= max([Decimal(1), *factors]) if rule.multipliers.several == "highest" else product
    return min(found, rule.catch_all.most) if rule.catch_all else found


def gives_to_each(rule: RuleSpec) -> bool:
    """Whether a household gets the points once for each of its people."""
    return rule.sharing == "each" and any(portion.to == "every_member" for portion in rule.portions)


def in_period(rule: RuleSpec, period: str, scope: str, *, without: Limit | None = None) -> Decimal | None:
    """The most points that one resident, household or village gets by ``rule`` in a period; None without an end.

    ``without``: as if that cap were not there. Bonuses for streaks and what is multiplied have no end here.
    """
    if rule.streak or (rule.repeat and not rule.repeat.amounts):
        return None
    deed = of_deed(rule)
    found = [_by_limit(limit, period, deed) for limit in _bearing(rule, scope) if limit is not without]
    if isinstance(rule.amount, Ladder) and rule.amount.scope in (scope, "household"):
        found.append(_times(period, rule.amount.period, rule.amount.worth(rule.amount.rungs[-1].at)))
    return min((one for one in found if one is not None), default=None)


def _bearing(rule: RuleSpec, scope: str) -> Iterable[Limit]:
    """Caps that hold for ``scope``: a household's cap holds for each of its people too."""
    return (one for one in rule.effective_limits if _WIDE[one.scope] >= _WIDE[scope] and one.by is None)


def _by_limit(limit: Limit, period: str, deed: Decimal | None) -> Decimal | None:
    worth = limit.value if limit.kind == "points" else None if deed is None else limit.value * deed
    return None if worth is None else _times(period, limit.period, worth)


def _times(period: str, inner: str, worth: Decimal) -> Decimal | None:
    if inner == "ever":
        return worth
    number = WITHIN[period].get(inner)
    return None if number is None else number * worth


def _of_amount(rule: RuleSpec) -> Decimal | None:
    match rule.amount:
        case Fixed(points=points) | PerMonth(points=points):
            return points
        case Tiers(tiers=tiers, counted=counted):
            return None if counted else max(tier.ends[1] for tier in tiers)
        case Range(most=most) | Percent(most=most):
            return most
        case Formula(most=most, formula=formula):
            return min((one for one in (most, bound_of(formula)) if one is not None), default=None)
        case PerUnit(points=points, each=each, most=most):
            return None if most is None else points * most / each
        case Bands(bands=bands):
            return max(band.points for band in bands)
        case Ladder(rungs=rungs):
            return rule.amount.worth(rungs[-1].at)
        case ScoreCard(grades=()):
            return rule.amount.full * rule.amount.factor
        case ScoreCard(grades=grades):
            return max(grade.points for grade in grades)


def bound_of(formula: str) -> Decimal | None:
    """What a formula never exceeds by its own words, as ``min(div(days, 7), 4)``; None where they do not say."""
    text = formula.strip()
    if _LITERAL.fullmatch(text):
        return Decimal(text)
    call = _EXTREME.fullmatch(text)
    parts = _arguments(call[2]) if call else []
    found = [bound_of(part) for part in parts]
    known = [one for one in found if one is not None]
    if call is None or not known or (call[1] == "max" and len(known) < len(found)):
        return None
    return min(known) if call[1] == "min" else max(known)


def _arguments(text: str) -> list[str]:
    """The arguments of one call; none where ``text`` is more than that."""
    parts, depth = [""], 0
    for char in text:
        depth += (char == "(") - (char == ")")
        if depth < 0:
            return []
        if char == "," and not depth:
            parts.append("")
        else:
            parts[-1] += char
    return parts


def _own(rule: RuleSpec, limit: Limit) -> Found:
    rest = [one for one in rule.limits if one is not limit]
    drop = only(rule, limits=dumped(rest))
    if limit.kind == "count":
        most = _most_times(rule, limit)
        if most is not None and most < limit.value:
            told = f"“{rule.title}”的“{limit.text}”到不了：按其他次数限制最多只有{plain(most)}次。"
            yield Finding("cap_idle", "hint", (rule.code,), told, Mend("去掉这个上限", drop))
        return
    found = in_period(rule, limit.period, limit.scope, without=limit)
    if found is not None and found < limit.value:
        told = f"“{rule.title}”的“{limit.text}”到不了：按分值和其他上限最多只有{plain(found)}分。"
        yield Finding("cap_idle", "hint", (rule.code,), told, Mend("去掉这个上限", drop))
    if isinstance(rule.amount, Fixed) and rule.amount.points > limit.value:
        told = f"“{rule.title}”一次{plain(rule.amount.points)}分，“{limit.text}”，永远给不足。"
        higher = [
            one if one is not limit else limit.model_copy(update={"value": rule.amount.points}) for one in rule.limits
        ]
        mend = Mend(f"把上限提到{plain(rule.amount.points)}分", only(rule, limits=dumped(higher)))
        yield Finding("cap_below_price", "hint", (rule.code,), told, mend)


def _most_times(rule: RuleSpec, limit: Limit) -> Decimal | None:
    others = (one for one in _bearing(rule, limit.scope) if one is not limit and one.kind == "count")
    found = (_times(limit.period, one.period, one.value) for one in others)
    return min((one for one in found if one is not None), default=None)


def _shared(book: Rulebook) -> Found:
    """Caps of classes and of the whole book that their items together cannot reach."""
    for category in book.categories:
        for limit in category.limits:
            rules = [one for one in active(book) if one.category == category.name]
            yield from _idle(f"大类“{category.name}”", limit, rules, ())
    for cap in book.settings.limits:
        rules = [one for one in active(book) if cap.covers(one.code)]
        name = f"{names(rules)}合计" if cap.rules else "整本细则"
        yield from _idle(name, cap, rules, tuple(one.code for one in rules) if cap.rules else ())


def _idle(name: str, limit: SharedLimit, covered: Iterable[RuleSpec], codes: tuple[str, ...]) -> Found:
    rules = [one for one in covered if one.sign == limit.sign]
    if limit.kind == "count":
        worths = [_most_times(rule, limit) for rule in rules]
    else:
        worths = [in_period(rule, limit.period, limit.scope) for rule in rules]
    total = sum((one for one in worths if one is not None), Decimal(0))
    if None not in worths and total < limit.value:
        unit = "分" if limit.kind == "points" else "次"
        told = f"{name}的“{limit.text}”到不了：各条目加起来最多{plain(total)}{unit}。"
        yield Finding("cap_idle", "hint", codes, told, Mend("去掉或调低这个上限"))
