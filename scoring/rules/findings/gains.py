"""What one household can gain or lose: by one item, against the others, in a year."""

from decimal import ROUND_DOWN, Decimal

from scoring.rules.base import plain
from scoring.rules.findings import ceilings
from scoring.rules.findings.base import Change, Finding, Found, Mend, Past, active, dumped, only
from scoring.rules.most import least_of
from scoring.rules.spec import Fixed, Formula, Percent, PerUnit, Rulebook, RuleSpec
from scoring.rules.spec_limits import EVERY

TIMES = 3
"""One item may bring a household this many times what the median household gains in a year."""
USUAL_UNITS = 10
WORK = frozenset({"半天", "小时", "课时", "天"})


def find(book: Rulebook, past: Past | None) -> Found:
    """Items without an end, items that outweigh everything else, deductions larger than any year's gain."""
    for rule in active(book):
        if rule.sign == "positive":
            yield from _endless(rule)
            yield from _outsized(rule, past)
    yield from _deductions(book, past)


def _endless(rule: RuleSpec) -> Found:
    """Points by quantity without any cap: one large number is enough."""
    endless = isinstance(rule.amount, PerUnit | Percent | Formula) and ceilings.of_deed(rule) is None
    if not endless or ceilings.in_period(rule, "year", "household") is not None or _capped(rule):
        return
    told = f"“{rule.title}”（{rule.price_text}）没有上限，报多少就给多少。"
    value, period = _proposed(rule)
    cap = _cap(value, period)
    mend = Mend(f"加一个上限：每户{EVERY[period]}最多{plain(value)}分", only(rule, limits=[*dumped(rule.limits), cap]))
    yield Finding("no_ceiling", "hint", (rule.code,), told, mend)


def _capped(rule: RuleSpec) -> bool:
    """Whether any cap on points bounds what one deed brings."""
    return any(limit.kind == "points" for limit in rule.limits)


def _proposed(rule: RuleSpec) -> tuple[Decimal, str]:
    """Ten units in a year; of work, in a month."""
    if isinstance(rule.amount, PerUnit):
        return rule.amount.points * USUAL_UNITS, "month" if rule.amount.unit in WORK else "year"
    return Decimal(20), "year"


def _cap(value: Decimal, period: str) -> dict[str, str]:
    return {"kind": "points", "value": plain(value), "period": period, "scope": "household", "figures": "example"}


def _outsized(rule: RuleSpec, past: Past | None) -> Found:
    if past is None or past.median <= 0:
        return
    bound = ceilings.in_period(rule, "year", "household")
    seen = past.most_by_rule.get(rule.code)
    most = seen if bound is None else bound
    bearable = TIMES * past.median
    if most is None or most <= bearable:
        return
    how = "有一户一年得了" if bound is None else "一户一年最多能得"
    told = f"“{rule.title}”{how}{plain(most)}分，超过一般户全年所得（{plain(past.median)}分）的{TIMES}倍。"
    value = max(bearable.quantize(Decimal(1), ROUND_DOWN), Decimal(1))
    mend = Mend(
        f"加一个上限：每户每年最多{plain(value)}分", only(rule, limits=[*dumped(rule.limits), _cap(value, "year")])
    )
    yield Finding("outsized", "hint", (rule.code,), told, mend)


def _deductions(book: Rulebook, past: Past | None) -> Found:
    most = _most_gained(book, past)
    if most is None or most <= 0:
        return
    for rule in active(book):
        taken = -least_of(rule) if rule.takes else ceilings.of_deed(rule) if rule.sign == "negative" else None
        if taken is not None and taken > most:
            told = f"“{rule.title}”一次扣{plain(taken)}分，比一户一年所能得的（{plain(most)}分）还多，等于一年白做。"
            yield Finding("deduction_outsized", "hint", (rule.code,), told, _lighter(rule, most))


def _lighter(rule: RuleSpec, most: Decimal) -> Mend:
    changes: tuple[Change, ...] = ()
    if isinstance(rule.amount, Fixed):
        changes = only(rule, amount=rule.amount.model_dump(mode="json") | {"points": plain(most)})
    return Mend(f"扣分不超过{plain(most)}分", changes)


def _most_gained(book: Rulebook, past: Past | None) -> Decimal | None:
    """The highest yearly gain of a household: as it was, or else as far as every item has an end."""
    if past is not None and past.highest > 0:
        return past.highest
    found = [ceilings.in_period(rule, "year", "household") for rule in active(book) if rule.sign == "positive"]
    known = [one for one in found if one is not None]
    return sum(known, Decimal(0)) if found and len(known) == len(found) else None
