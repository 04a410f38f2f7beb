"""The kinds of amount: what a deed is worth before multipliers and limits.

Amounts are magnitudes; the rule's sign says whether they are added or taken. A new kind is a class here, a member of
``Amount``, a line in ``PRICES`` and one in ``pricing.PRICING``.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from jifen.kernel import cel
from scoring.rules.base import Model, NotNegative, Number, Positive, Short, Slug, plain, refused
from scoring.rules.spec_inputs import FieldName

Rounding = Literal["exact", "down", "nearest", "up"]
QUANTITY = "quantity"


class Fixed(Model):
    """The same points each time."""

    kind: Literal["fixed"]
    points: NotNegative
    per: Short | None = Field(default=None, description="每什么：次、日；原文没有写就不填")


class Tier(Model):
    """``points``; or ``least`` to ``most``, between which the committee chooses (较重扣4至6分).

    Points below nothing are taken, in an item that gives and takes (A等加5分、D等扣3分).
    """

    code: Slug
    name: Short
    points: Number | None = Field(
        default=None, description="固定几分；由评议定分的写 least 和 most；有加有扣的，扣分写负数"
    )
    least: NotNegative | None = Field(default=None, description="评议定分的，最少几分")
    most: Positive | None = Field(default=None, description="评议定分的，最多几分")

    @model_validator(mode="after")
    def _says_how_much(self) -> Self:
        if (self.least is None) != (self.most is None):
            raise refused("tier", f"“{self.name}”的最少和最多几分要一起写")
        if (self.points is None) == (self.most is None):
            raise refused("tier", f"“{self.name}”要写固定几分，或者写从几分到几分，只写一种")
        if self.least is not None and self.most is not None and self.least >= self.most:
            told = f"{plain(self.least)}至{plain(self.most)}分"
            raise refused("tier", f"“{self.name}”写的是{told}，最少的应当低于最多的")
        return self

    @property
    def is_open(self) -> bool:
        """Whether somebody chooses within it."""
        return self.most is not None

    @property
    def ends(self) -> tuple[Decimal, Decimal]:
        """Least and most; the same twice for fixed points."""
        points = self.points or Decimal(0)
        return (self.least or Decimal(0), self.most) if self.most is not None else (points, points)

    @property
    def text(self) -> str:
        """4至6; 5; −3."""
        least, most = self.ends
        return f"{plain(least)}至{plain(most)}" if self.is_open else f"{'−' if most < 0 else ''}{plain(abs(most))}"


class Tiers(Model):
    """One of several levels: 村 / 镇 / 县 / 市 / 省 / 国家, or degrees of severity: 一般 / 较重 / 严重.

    With ``counted`` the tier's points are for each ``per``, times the quantity of the deed. Within an open tier the
    committee chooses in steps of ``step``.
    """

    kind: Literal["tiers"]
    tiers: Annotated[tuple[Tier, ...], Field(strict=False, min_length=2)]
    per: Short | None = None
    counted: bool = Field(default=False, description="按数量相乘，per 写单位")
    step: Positive = Field(default=Decimal(1), description="评议定分的档次里，每一格相差几分")

    @model_validator(mode="after")
    def _codes_differ(self) -> Self:
        if len({tier.code for tier in self.tiers}) < len(self.tiers):
            raise refused("tiers", "档次代码重复")
        if self.counted and not self.per:
            raise refused("tiers", "按数量相乘的档次，“每什么”（per）要写单位")
        if self.counted and self.is_open:
            raise refused("tiers", "由评议定分的档次不能再乘数量")
        least = min(tier.ends[0] for tier in self.tiers)
        if any(tier.points == 0 for tier in self.tiers) and least == 0:
            raise refused("tiers", "0分的档次只用在有加有扣的条目里")
        if least < 0 and max(tier.ends[1] for tier in self.tiers) <= 0:
            raise refused("tiers", "每一档都是扣分的，选“扣分”，分值写正数")
        return self

    @property
    def takes(self) -> bool:
        """Whether some tier takes while others give."""
        return any(tier.ends[0] < 0 for tier in self.tiers)

    @property
    def is_open(self) -> bool:
        """Whether the committee chooses within one of the tiers."""
        return any(tier.is_open for tier in self.tiers)

    def tier(self, code: str | None) -> Tier | None:
        """The one with ``code``."""
        return next((tier for tier in self.tiers if tier.code == code), None)


class Range(Model):
    """Between ``least`` and ``most``, at the committee's discretion, in steps."""

    kind: Literal["range"]
    least: NotNegative
    most: Positive
    step: Positive = Decimal(1)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.least > self.most:
            raise refused("range", f"最少{plain(self.least)}分高于最多{plain(self.most)}分，请改小最少的，或改大最多的")
        return self


class PerUnit(Model):
    """Points for each ``each`` units: 次, 人, 户, 亩, 棵, 半天, 小时, 公斤, 元, 袋.

    ``whole`` units are counted, a fraction is bad input. Otherwise ``rounding`` says what happens to a fraction:
    ``exact`` keeps it (points to two places), ``down`` / ``nearest`` / ``up`` make whole units of it.
    """

    kind: Literal["per_unit"]
    points: Positive
    unit: Short
    each: Positive = Field(default=Decimal(1), description="每几个单位计一份分，例如每 100 元")
    whole: bool = True
    rounding: Rounding = "exact"
    most: Positive | None = Field(default=None, description="一次最多申报的数量")


class PerMonth(Model):
    """Points for a month in which the standard was kept; at most once a month for a household."""

    kind: Literal["per_month"]
    points: Positive


class Band(Model):
    """From ``least`` (included) to ``most`` (included) or ``below`` (not included); open where neither is given."""

    least: Number | None = None
    most: Number | None = None
    below: Number | None = None
    points: NotNegative

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.most is not None and self.below is not None:
            raise refused("band", "一段的上限，“含”（most）和“不满”（below）只写一个")
        end = self.most if self.most is not None else self.below
        if self.least is not None and end is not None and (end < self.least or self.below == self.least):
            raise refused("band", f"从{plain(self.least)}到{plain(end)}是空的一段，起点应当低于终点")
        return self

    def holds(self, number: Decimal) -> bool:
        """Whether ``number`` lies in the band."""
        if self.least is not None and number < self.least:
            return False
        if self.most is not None and number > self.most:
            return False
        return self.below is None or number < self.below

    def span(self, unit: str) -> str:
        """2至3名, 80000元以上, 不满20小时."""
        least = plain(self.least) if self.least is not None else ""
        if self.most is not None:
            most = plain(self.most)
            return f"{least}{unit}" if least == most else f"{least}至{most}{unit}" if least else f"{most}{unit}以下"
        is_from_zero = self.below is not None and not self.least
        above = f"{least}{unit}以上" if least and not is_from_zero else ""
        return (f"{above}不满{plain(self.below)}{unit}" if self.below is not None else above) or "不限"

    def text(self, unit: str, word: str = "计") -> str:
        """2至3名计5分; ``word``: 扣 for what is taken."""
        return f"{self.span(unit)}{word}{plain(self.points)}分"


class Bands(Model):
    """Points by the band that a number falls into: an amount of money, months, a rank.

    A number in no band, or in two, leaves the deed undecided.
    """

    kind: Literal["bands"]
    by: FieldName = Field(default=QUANTITY, description="看哪个填写项的数；quantity 是数量")
    unit: Short | None = None
    bands: Annotated[tuple[Band, ...], Field(strict=False, min_length=1)]


class Rung(Model):
    at: Positive
    points: Positive


class Ladder(Model):
    """A number accumulated over the period: 20 hours of volunteering → 2, 50 → 5, 100 → 10.

    ``highest``: the highest rung reached counts in all, a deed gets what that adds to what was given before.
    ``each``: every rung passed gives its own points.
    """

    kind: Literal["ladder"]
    unit: Short
    counts: Literal["highest", "each"] = "highest"
    period: Literal["month", "quarter", "halfyear", "year", "ever"] = "year"
    scope: Literal["resident", "household"] = "household"
    rungs: Annotated[tuple[Rung, ...], Field(strict=False, min_length=1)]

    @model_validator(mode="after")
    def _climbs(self) -> Self:
        heights = [rung.at for rung in self.rungs]
        if heights != sorted(set(heights)):
            raise refused("ladder", "各级的数量要从小到大，不能重复")
        points = [rung.points for rung in self.rungs]
        if self.counts == "highest" and points != sorted(points):
            raise refused("ladder", "按最高一级计分时，级别越高分值不能越低")
        return self

    def worth(self, total: Decimal) -> Decimal:
        """What ``total`` accumulated units are worth altogether."""
        reached = [rung.points for rung in self.rungs if total >= rung.at]
        if not reached:
            return Decimal(0)
        return reached[-1] if self.counts == "highest" else sum(reached, Decimal(0))


class Percent(Model):
    """A percentage of another figure: 年增收额的 1%."""

    kind: Literal["percent"]
    percent: Positive
    of: FieldName = Field(default=QUANTITY, description="哪个填写项的数；quantity 是数量")
    unit: Short | None = None
    most: Positive | None = Field(default=None, description="一次最多几分")


class Formula(Model):
    """CEL over the rule's inputs; a result below ``least`` or above ``most`` is drawn to it."""

    kind: Literal["formula"]
    formula: Annotated[str, Field(min_length=1, max_length=cel.MAX_LENGTH)]
    words: Short = Field(description="用一句话说明怎么算，写进说明里")
    least: NotNegative = Decimal(0)
    most: Positive | None = None


class CardItem(Model):
    """One line of a card: scored from ``least`` to ``most``; a deduction stops at ``least``."""

    code: Slug
    name: Short
    most: Positive
    least: NotNegative = Decimal(0)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.least >= self.most:
            raise refused(
                "card",
                f"“{self.name}”的最低{plain(self.least)}分不低于满分{plain(self.most)}分，请改小最低的，或改大满分",
            )
        return self


class Grade(Model):
    """A grade for a total of ``least`` and more; points below nothing are taken, where other grades give."""

    code: Slug
    name: Short
    least: NotNegative
    points: Number = Field(description="计几分；有加有扣的，扣分写负数")


class ScoreCard(Model):
    """Items with maxima. ``deduct``: what was taken off is sent for each item. ``score``: what was given is sent.

    The total becomes points by its grade, or is multiplied by ``factor`` where there are no grades.
    """

    kind: Literal["score_card"]
    items: Annotated[tuple[CardItem, ...], Field(strict=False, min_length=1, max_length=40)]
    marks: Literal["score", "deduct"] = "score"
    grades: Annotated[tuple[Grade, ...], Field(strict=False)] = ()
    factor: Positive = Decimal(1)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if len({item.code for item in self.items}) < len(self.items):
            raise refused("card", "检查项代码重复")
        heights = [grade.least for grade in self.grades]
        if heights != sorted(set(heights), reverse=True):
            raise refused("card", "等次要从高到低，起点分不能重复")
        if self.takes and max(grade.points for grade in self.grades) <= 0:
            raise refused("card", "每一等都是扣分的，选“扣分”，分值写正数")
        return self

    @property
    def takes(self) -> bool:
        """Whether some grade takes while others give."""
        return any(grade.points < 0 for grade in self.grades)

    @property
    def full(self) -> Decimal:
        """The total when nothing is wrong."""
        return sum((item.most for item in self.items), Decimal(0))


Amount = Annotated[
    Fixed | Tiers | Range | PerUnit | PerMonth | Bands | Ladder | Percent | Formula | ScoreCard,
    Field(discriminator="kind"),
]
AnyAmount = Fixed | Tiers | Range | PerUnit | PerMonth | Bands | Ladder | Percent | Formula | ScoreCard


def price_text(amount: AnyAmount) -> str:
    """The score as the printed rulebook states it, without its sign: 2分/次, 10/5/1分/次."""
    return PRICES[type(amount)](amount)


def signed_price(amount: AnyAmount, sign: str) -> str:
    """The same with its sign; what is a sentence of its own says 扣 where it takes."""
    takes = sign == "negative"
    word = "扣" if takes else "计"
    match amount:
        case Bands():
            return _bands(amount, word)
        case Ladder():
            return ladder_text(amount, word)
        case ScoreCard(grades=()):
            return f"{'最多扣' if takes else '满分'}{plain(amount.full * amount.factor)}分"
        case ScoreCard(grades=grades):
            return "、".join(f"{one.name}{signed_text(-one.points if takes else one.points)}分" for one in grades)
        case Formula():
            return f"{'扣分，' if takes else ''}{_formula(amount)}"
    return f"{'−' if takes else '+'}{price_text(amount)}"


def _per(per: str | None) -> str:
    return f"/{per}" if per else ""


def _per_unit(amount: PerUnit) -> str:
    each = plain(amount.each) if amount.each != 1 else ""
    return f"{plain(amount.points)}分/{each}{amount.unit}"


def _bands(amount: Bands, word: str = "计") -> str:
    return "、".join(band.text(amount.unit or "", word) for band in amount.bands)


def ladder_text(amount: Ladder, word: str = "计") -> str:
    """满20小时计2分、满50小时计5分."""
    return "、".join(f"满{plain(rung.at)}{amount.unit}{word}{plain(rung.points)}分" for rung in amount.rungs)


def _formula(amount: Formula) -> str:
    return amount.words if amount.most is None else f"{amount.words}，最多{plain(amount.most)}分"


def signed_text(points: Decimal) -> str:
    """+5, −3, 0."""
    return f"{'+' if points > 0 else '−' if points < 0 else ''}{plain(abs(points))}"


def _tiers(amount: Tiers) -> str:
    if amount.takes:
        worths = ((tier.name, f"+{tier.text}" if tier.is_open else signed_text(tier.ends[0])) for tier in amount.tiers)
        return "、".join(f"{name}{worth}分" for name, worth in worths) + _per(amount.per)
    return "/".join(tier.text for tier in amount.tiers) + f"分{_per(amount.per)}"


def _card(amount: ScoreCard) -> str:
    if amount.takes:
        return "、".join(f"{grade.name}{signed_text(grade.points)}分" for grade in amount.grades)
    if amount.grades:
        return "、".join(f"{grade.name}{plain(grade.points)}分" for grade in amount.grades)
    return f"满分{plain(amount.full * amount.factor)}分"


PRICES: dict[type, Callable[[Any], str]] = {
    Fixed: lambda amount: f"{plain(amount.points)}分{_per(amount.per)}",
    Tiers: _tiers,
    Range: lambda amount: f"{plain(amount.least)}至{plain(amount.most)}分",
    PerUnit: _per_unit,
    PerMonth: lambda amount: f"{plain(amount.points)}分/月",
    Bands: _bands,
    Ladder: ladder_text,
    Percent: lambda amount: f"{plain(amount.percent)}%",
    Formula: _formula,
    ScoreCard: _card,
}
