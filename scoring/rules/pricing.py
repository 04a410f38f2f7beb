"""What each kind of amount is worth: one function per kind, magnitude and step.

A magnitude is exact here; ``engine`` rounds it as the rule says. Wrong facts raise RuleError, missing ones Undecided.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Any

from jifen.kernel import cel
from scoring.rules import inputs
from scoring.rules.base import plain
from scoring.rules.errors import PointsOutOfRange, QuantityInvalid, ScoreInvalid, TierUnknown
from scoring.rules.facts import Facts, Undecided, number
from scoring.rules.spec import (
    Bands,
    CardItem,
    Fixed,
    Formula,
    Ladder,
    Percent,
    PerMonth,
    PerUnit,
    Range,
    RuleSpec,
    ScoreCard,
    Tiers,
)
from scoring.rules.spec_amounts import QUANTITY, Tier
from scoring.rules.steps import Step, about

Priced = tuple[Decimal, tuple[Step, ...]]
CENT = Decimal("0.01")
ROUNDINGS = {"down": ROUND_FLOOR, "nearest": ROUND_HALF_UP, "up": ROUND_CEILING}
_ONE = Decimal(1)


@dataclass(slots=True)
class Deed:
    """A deed while it is priced: its rule, facts, and typed inputs. ``mark`` is the sign as printed.

    ``formula`` is the rule's, compiled; ``rated`` what several people's marks come to, which then is the quantity.
    """

    rule: RuleSpec
    facts: Facts
    values: inputs.Values
    mark: str
    formula: cel.Expression | None = None
    rated: Decimal | None = None

    @property
    def quantity(self) -> Decimal | None:
        if self.rated is not None:
            return self.rated
        sent = self.facts.quantity
        return None if sent is None or sent == "" else number(sent, QuantityInvalid, "数量")

    def scope(self) -> dict[str, cel.Value]:
        """What conditions and formulas see."""
        return inputs.scope(self.rule, self.values) | {"deed_date": self.facts.date, QUANTITY: self.quantity}


def _fixed(deed: Deed, amount: Fixed) -> Priced:
    if not amount.points:
        return amount.points, (("brings", tuple(effect.text for effect in deed.rule.consequences)),)
    return amount.points, (("fixed", deed.mark, amount.points, amount.per),)


def _tiers(deed: Deed, amount: Tiers) -> Priced:
    names = "、".join(tier.name for tier in amount.tiers)
    if not deed.facts.tier:
        raise Undecided(f"没有选档次（{names}）")
    tier = amount.tier(deed.facts.tier)
    if tier is None:
        raise TierUnknown(f"“{deed.rule.title}”没有“{deed.facts.tier}”这一档，请从{names}中选。")
    if tier.is_open:
        return _open_tier(deed, amount, tier)
    points = tier.ends[0]
    if _was_chosen(deed) and _chosen(deed) != points:
        raise PointsOutOfRange(f"“{deed.rule.title}”的“{tier.name}”固定{plain(points)}分，不用评定分数。")
    if not amount.counted:
        return points, (("tier", tier.name, _mark(deed, points), abs(points), amount.per),)
    unit = amount.per or ""
    count = _counted(deed, unit, whole=True, most=None)
    total = points * count
    return total, (("tier_units", tier.name, points, unit, count, deed.rule.factor * total),)


def _open_tier(deed: Deed, amount: Tiers, tier: Tier) -> Priced:
    """What the committee chose within the tier."""
    if not _was_chosen(deed):
        raise Undecided(f"没有评定分数（{tier.name}{tier.text}分）")
    chosen, (least, most) = _chosen(deed), tier.ends
    if not _is_between(chosen, least, most, amount.step):
        told = f"“{deed.rule.title}”定为“{tier.name}”的，分数应在{tier.text}分之间，每档相差{plain(amount.step)}分。"
        raise PointsOutOfRange(told)
    return chosen, (("tier_range", tier.name, least, most, deed.mark, chosen, amount.per),)


def _was_chosen(deed: Deed) -> bool:
    return deed.facts.points is not None and deed.facts.points != ""


def _chosen(deed: Deed) -> Decimal:
    return number(deed.facts.points, PointsOutOfRange, "评定的分数")


def _is_between(chosen: Decimal, least: Decimal, most: Decimal, step: Decimal) -> bool:
    return least <= chosen <= most and not (chosen - least) % step


def _range(deed: Deed, amount: Range) -> Priced:
    if deed.rated is not None:
        return _rated(deed, amount, deed.rated)
    if not _was_chosen(deed):
        raise Undecided(f"没有评定分数（{plain(amount.least)}至{plain(amount.most)}分）")
    chosen = _chosen(deed)
    if not _is_between(chosen, amount.least, amount.most, amount.step):
        span = f"{plain(amount.least)}至{plain(amount.most)}分"
        raise PointsOutOfRange(f"“{deed.rule.title}”的分数应在{span}之间，每档相差{plain(amount.step)}分。")
    return chosen, (("range", amount.least, amount.most, deed.mark, chosen),)


def _rated(deed: Deed, amount: Range, found: Decimal) -> Priced:
    """Marks of several people: drawn into the range and down to its step."""
    inside = min(max(found, amount.least), amount.most)
    chosen = inside - (inside - amount.least) % amount.step
    return chosen, (("range", amount.least, amount.most, deed.mark, chosen),)


def _per_unit(deed: Deed, amount: PerUnit) -> Priced:
    sent = declared = _counted(deed, amount.unit, whole=amount.whole, most=amount.most)
    if amount.rounding != "exact":
        sent = (sent / amount.each).to_integral_value(ROUNDINGS[amount.rounding]) * amount.each
    points = amount.points * sent if amount.each == _ONE else amount.points * sent / amount.each
    each = amount.each if amount.each != _ONE else ""
    step: Step = ("units", amount.points, each, amount.unit, sent, about(deed.rule.factor * points))
    return points, (step if sent == declared else (*step, declared),)


def _counted(deed: Deed, unit: str, *, whole: bool, most: Decimal | None) -> Decimal:
    sent = deed.quantity
    if sent is None:
        raise Undecided(f"没有填写数量（单位：{unit}）")
    if sent <= 0:
        raise QuantityInvalid(f"“{deed.rule.title}”的数量应当大于0{unit}。")
    if whole and sent % 1:
        raise QuantityInvalid(f"“{deed.rule.title}”按整{unit}计，“{plain(sent)}”不是整数。")
    if most is not None and sent > most:
        raise QuantityInvalid(f"“{deed.rule.title}”一次最多{plain(most)}{unit}，请分次申报或核对。")
    return sent


def _per_month(deed: Deed, amount: PerMonth) -> Priced:
    day = deed.facts.date
    return amount.points, (("month", day.year, day.month, deed.mark, amount.points),)


def _bands(deed: Deed, amount: Bands) -> Priced:
    found, unit = _figure(deed, amount.by).quantize(CENT, ROUND_HALF_UP), amount.unit or ""
    holding = [band for band in amount.bands if band.holds(found)]
    if len(holding) != 1:
        problem = "同时落在几段里" if holding else "不在任何一段里"
        raise Undecided(f"{plain(found)}{unit}{problem}，由审核组认定")
    [band] = holding
    return band.points, (("band", found, unit, band.span(unit), deed.mark, band.points),)


def _figure(deed: Deed, name: str) -> Decimal:
    """The number that an amount looks at: the quantity or one of the inputs."""
    item = deed.rule.input(name)
    found = deed.quantity if item is None else deed.values[name]
    if not isinstance(found, Decimal):
        raise Undecided(f"没有填写{item.label if item else '数量'}")
    return found


def _ladder(deed: Deed, amount: Ladder) -> Priced:
    """As if nothing had been accumulated before; ``sequence`` knows what was."""
    sent = _counted(deed, amount.unit, whole=False, most=None)
    return amount.worth(sent), (("ladder", sent, amount.unit),)


def _percent(deed: Deed, amount: Percent) -> Priced:
    found = _figure(deed, amount.of)
    if found < 0:
        raise Undecided(f"{plain(found)}{amount.unit or ''}不能按比例计分，由审核组认定")
    total = found * amount.percent / 100
    step: Step = ("percent", about(found), amount.unit or "", amount.percent, about(deed.rule.factor * total))
    if amount.most is None or total <= amount.most:
        return total, (step,)
    return amount.most, (step, ("most", amount.most))


def _formula(deed: Deed, amount: Formula) -> Priced:
    formula = deed.formula or cel.compile_expression(amount.formula, deed.rule.cel_fields())
    try:
        found = formula.evaluate(deed.scope())
    except cel.ExpressionFailed:
        raise Undecided(f"填写的内容不足以计算“{amount.words}”") from None
    if not isinstance(found, Decimal):
        raise Undecided(f"“{amount.words}”算出来的不是数字")
    if amount.most is not None and found > amount.most:
        return amount.most, (("formula_drawn", amount.words, about(found)), ("most", amount.most))
    if found < amount.least:
        return amount.least, (("formula_drawn", amount.words, about(found)), ("least", amount.least))
    return found, (("formula", amount.words, deed.mark, about(found)),)


def _card(deed: Deed, amount: ScoreCard) -> Priced:
    scores = _scores(deed, amount)
    total = sum(scores.values(), Decimal(0))
    off = tuple((item.name, item.most - scores[item.code]) for item in amount.items if scores[item.code] < item.most)
    step: Step = ("card", off, total, amount.full)
    if not amount.grades:
        points = total * amount.factor
        if amount.factor == _ONE:
            return points, (step, ("fixed", deed.mark, points, None))
        return points, (step, ("card_points", amount.factor, deed.mark, points))
    grade = amount.grade(total)
    if grade is None:
        raise Undecided(f"得{plain(total)}分，不到最低一等")
    return grade.points, (step, ("grade", grade.name, _mark(deed, grade.points), abs(grade.points)))


def _mark(deed: Deed, points: Decimal) -> str:
    """The sign as printed; of an item that gives and takes that of its points."""
    return "−" if points < 0 else deed.mark


def _scores(deed: Deed, amount: ScoreCard) -> dict[str, Decimal]:
    """The score of every item; what was taken off stops at its floor."""
    sent: Mapping[str, Any] = deed.facts.scores
    unknown = [code for code in sent if code not in {item.code for item in amount.items}]
    if unknown:
        raise ScoreInvalid(f"“{deed.rule.title}”的检查表没有“{unknown[0]}”这一项，请去掉。")
    missing = [item.name for item in amount.items if sent.get(item.code) in (None, "")]
    if missing and (amount.marks == "score" or not sent):
        raise Undecided(f"没有打分：{'、'.join(missing)}")
    return {item.code: _score(amount, item, sent.get(item.code)) for item in amount.items}


def _score(amount: ScoreCard, item: CardItem, sent: Any) -> Decimal:
    if amount.marks == "deduct":
        off = Decimal(0) if sent in (None, "") else number(sent, ScoreInvalid, item.name)
        if off < 0:
            raise ScoreInvalid(f"{item.name}：扣分不能是负数。")
        return max(item.most - off, item.least)
    score = number(sent, ScoreInvalid, item.name)
    if not item.least <= score <= item.most:
        raise ScoreInvalid(f"{item.name}：应在{plain(item.least)}至{plain(item.most)}分之间。")
    return score


PRICING: dict[type, Callable[[Deed, Any], Priced]] = {
    Fixed: _fixed,
    Tiers: _tiers,
    Range: _range,
    PerUnit: _per_unit,
    PerMonth: _per_month,
    Bands: _bands,
    Ladder: _ladder,
    Percent: _percent,
    Formula: _formula,
    ScoreCard: _card,
}
"""One pricing function per kind of amount."""
