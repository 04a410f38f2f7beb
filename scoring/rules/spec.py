"""The shape of a rule, a rulebook and a scheme file (DESIGN §5).

A ``RuleSpec`` is JSON in and JSON out: ``RuleSpec.model_validate(spec.model_dump(mode="json")) == spec``, decimals as
strings. Amounts are magnitudes; the rule's sign says whether they are added or taken. A new kind of amount is a class
here, a member of ``Amount`` and a line in ``engine.PRICING``.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from jifen.kernel import cel
from scoring.rules.base import (
    Model,
    Name,
    NotNegative,
    Number,
    Positive,
    SeedCode,
    Short,
    Slug,
    Stated,
    Text,
    plain,
    refused,
)
from scoring.rules.policy import Policy

Sign = Literal["positive", "negative"]
Subject = Literal["household", "resident", "group"]
Declarer = Literal["self", "neighbour", "group_leader", "steward", "committee", "feed"]
Figures = Literal["seed", "example"]
Period = Literal["day", "week", "month", "quarter", "year", "ever"]
Scope = Literal["resident", "household", "village"]

DEED_FIELDS: dict[str, cel.Kind] = {"deed_date": "date", "quantity": "number"}
"""Names every condition may use besides the rule's own inputs."""


class Fixed(Model):
    """The same points each time."""

    kind: Literal["fixed"]
    points: NotNegative
    per: Short | None = Field(default=None, description="每什么：次、日；原文没有写就不填")


class Tier(Model):
    code: Slug
    name: Short
    points: Positive


class Tiers(Model):
    """One of several levels: 县 / 镇 / 村, or degrees of severity."""

    kind: Literal["tiers"]
    tiers: Annotated[tuple[Tier, ...], Field(strict=False, min_length=2)]
    per: Short | None = None

    @model_validator(mode="after")
    def _codes_differ(self) -> Self:
        if len({tier.code for tier in self.tiers}) < len(self.tiers):
            raise refused("tiers", "档次代码重复")
        return self


class Range(Model):
    """Between ``least`` and ``most``, at the committee's discretion, in steps."""

    kind: Literal["range"]
    least: NotNegative
    most: Positive
    step: Positive = Decimal(1)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.least > self.most:
            raise refused("range", "最低分高于最高分")
        return self


class PerUnit(Model):
    """Points for each unit: 亩, 棵, 人, 户, 半天, 公斤.

    ``whole`` units are counted, a fraction is bad input. Otherwise ``rounding`` says what happens to a fraction:
    ``exact`` keeps it (points to two places), ``down`` / ``nearest`` / ``up`` make whole units of it.
    """

    kind: Literal["per_unit"]
    points: Positive
    unit: Short
    whole: bool = True
    rounding: Literal["exact", "down", "nearest", "up"] = "exact"
    most: Positive | None = Field(default=None, description="一次最多申报的数量")


class PerMonth(Model):
    """Points for a month in which the standard was kept; at most once a month for a household."""

    kind: Literal["per_month"]
    points: Positive


Amount = Annotated[Fixed | Tiers | Range | PerUnit | PerMonth, Field(discriminator="kind")]


class Input(Model):
    """A typed field the declaration asks for. Money is in yuan with two places."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    label: Short
    kind: Literal["number", "count", "money", "date", "choice", "yes_no", "text", "person"]
    required: bool = True
    choices: Annotated[tuple[Short, ...], Field(strict=False)] = ()
    unit: Short | None = None
    least: Number | None = None
    most: Number | None = None
    help: Text | None = None

    @model_validator(mode="after")
    def _choices_fit(self) -> Self:
        if (self.kind == "choice") != bool(self.choices):
            raise refused("input", "只有 kind: choice 的填写项要写 choices，且不能为空")
        return self

    @property
    def cel_kind(self) -> cel.Kind:
        if self.kind in ("number", "count", "money"):
            return "number"
        return {"date": "date", "yes_no": "yes_no"}.get(self.kind, "text")  # type: ignore[return-value]


class Condition(Model):
    """A CEL condition over the inputs; ``message`` says in Chinese what is required."""

    when: Annotated[str, Field(min_length=1, max_length=cel.MAX_LENGTH)]
    message: Text


class Limit(Model):
    """At most ``value`` points, or ``value`` counted deeds, in each period for each resident / household / village."""

    kind: Literal["points", "count"]
    value: Positive
    period: Period
    scope: Scope = "household"
    figures: Figures = "seed"

    @model_validator(mode="after")
    def _counts_are_whole(self) -> Self:
        if self.kind == "count" and self.value % 1:
            raise refused("limit", "次数上限应当是整数")
        return self


class Effect(Model):
    """What happens beyond points (底线、一票否决)."""

    kind: Literal["zero_year", "bar_honours", "freeze_positive", "bar_redemption"]
    until: Literal["year_end", "repair"] = "year_end"
    text: Text


class Source(Model):
    """Where a rule comes from: the source document and the place in it."""

    seed: SeedCode | None = None
    section: Text


class RuleSpec(Model):
    """One behaviour and what it is worth."""

    code: Slug
    sign: Sign
    category: Name = Field(description="大类")
    matter: Short = Field(description="事项")
    title: Short
    text: Text = Field(description="行为")
    subject: Subject = "household"
    amount: Amount
    inputs: Annotated[tuple[Input, ...], Field(strict=False)] = ()
    conditions: Annotated[tuple[Condition, ...], Field(strict=False)] = ()
    limits: Annotated[tuple[Limit, ...], Field(strict=False)] = ()
    once: bool = Field(default=False, description="每户只计一次，不分年度")
    effect: Effect | None = None
    attribution: Literal["resident", "household"] = "household"
    declarers: Annotated[tuple[Declarer, ...], Field(strict=False, min_length=1)] = ("self", "neighbour", "steward")
    evidence: Literal["none", "optional", "required"] = "optional"
    sensitive: bool = Field(default=False, description="举报类：任何公示、榜单、存折都不显示事由")
    redeemable: bool = True
    figures: Figures = Field(default="seed", description="seed 原文分值；example 示例分值，非原文")
    note: Text | None = None
    source: Source
    active: bool = True
    since: Annotated[date, Field(strict=False)] | None = Field(default=None, description="从哪天的行为起计分（含当日）")
    until: Annotated[date, Field(strict=False)] | None = Field(default=None, description="到哪天的行为为止（含当日）")

    def counts_on(self, day: date) -> bool:
        """Whether a deed of ``day`` may be told under the rule."""
        return self.active and (self.since or day) <= day <= (self.until or day)

    @property
    def window_text(self) -> str:
        """2025年7月1日起; empty without a window."""
        parts = [
            f"{day.year}年{day.month}月{day.day}日{word}"
            for day, word in ((self.since, "起"), (self.until, "止"))
            if day
        ]
        return "，".join(parts)

    @property
    def factor(self) -> int:
        """+1 for a positive rule, −1 for a negative one."""
        return 1 if self.sign == "positive" else -1

    @property
    def label(self) -> str:
        """As explanations cite it: 规则MD-03."""
        return f"规则{self.code.upper()}"

    @property
    def effective_limits(self) -> tuple[Limit, ...]:
        """All limits in the order they apply: the one that the kind of amount implies, once, then the rule's own."""
        implied: list[Limit] = []
        if isinstance(self.amount, PerMonth):
            implied.append(Limit(kind="count", value=Decimal(1), period="month"))
        if self.once:
            implied.append(Limit(kind="count", value=Decimal(1), period="ever"))
        return (*implied, *self.limits)

    @property
    def price_text(self) -> str:
        """The score as the printed rulebook states it: +2分/次, −5分, 10/5/1分/次."""
        mark = "+" if self.sign == "positive" else "−"
        return mark + _price(self.amount)

    def cel_fields(self) -> dict[str, cel.Kind]:
        """The names a condition of this rule may use, with their kinds."""
        return DEED_FIELDS | {item.name: item.cel_kind for item in self.inputs}

    @model_validator(mode="after")
    def _window_ordered(self) -> Self:
        if self.since and self.until and self.until < self.since:
            raise refused("dates", "条目的截止日早于起始日")
        return self

    @model_validator(mode="after")
    def _inputs_differ(self) -> Self:
        names = [item.name for item in self.inputs]
        if len(set(names)) < len(names) or set(names) & set(DEED_FIELDS):
            raise refused("inputs", "填写项名称重复，或用了 deed_date、quantity 这两个专用名")
        return self

    @model_validator(mode="after")
    def _conditions_compile(self) -> Self:
        for condition in self.conditions:
            try:
                cel.compile_expression(condition.when, self.cel_fields(), condition=True)
            except cel.ExpressionInvalid as error:
                raise refused("condition", f"“{condition.when}”：{error.message}") from error
        return self

    @model_validator(mode="after")
    def _zero_needs_an_effect(self) -> Self:
        if isinstance(self.amount, Fixed) and not self.amount.points and self.effect is None:
            raise refused("amount", "0 分的条目要写明 effect（例如取消评优资格）")
        return self

    @model_validator(mode="after")
    def _attribution_fits_subject(self) -> Self:
        if self.attribution == "resident" and self.subject == "household":
            raise refused("attribution", "对象是家庭户的条目只能计入家庭户")
        return self


class Category(Model):
    """A main class of behaviours (大类)."""

    name: Name
    summary: Text | None = None


class Rulebook(Model):
    categories: Annotated[tuple[Category, ...], Field(strict=False, min_length=1)]
    rules: Annotated[tuple[RuleSpec, ...], Field(strict=False, min_length=1)]

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        names = {category.name for category in self.categories}
        seen: set[str] = set()
        for rule in self.rules:
            if rule.category not in names:
                raise refused("category", f"条目 {rule.code} 的大类“{rule.category}”没有列在 categories 里")
            if rule.code in seen:
                raise refused("code", f"条目代码 {rule.code} 重复")
            seen.add(rule.code)
        return self

    def rule(self, code: str) -> RuleSpec:
        """The rule with ``code``; KeyError when there is none."""
        for rule in self.rules:
            if rule.code == code:
                return rule
        raise KeyError(code)


class Scheme(Stated):
    """A template: a rulebook, and the policy that the source document states around it."""

    code: Slug
    title: Text
    seed: Annotated[str, Field(pattern=r"^\d{3}(\+\d{3})*$")]
    issuer: Text | None = Field(default=None, description="发文机关")
    issued: Annotated[date, Field(strict=False)] | None = None
    effective_from: Annotated[date, Field(strict=False)]
    effective_to: Annotated[date, Field(strict=False)] | None = Field(
        default=None, description="有效期最后一天（含当日）"
    )
    source_note: Text
    rulebook: Rulebook
    policy: Policy

    @model_validator(mode="after")
    def _dates_ordered(self) -> Self:
        if self.effective_to and self.effective_to < self.effective_from:
            raise refused("dates", "有效期的截止日早于起始日")
        return self


def _price(amount: Fixed | Tiers | Range | PerUnit | PerMonth) -> str:
    match amount:
        case Fixed(points=points, per=per):
            return f"{plain(points)}分" + (f"/{per}" if per else "")
        case Tiers(tiers=tiers, per=per):
            return "/".join(plain(tier.points) for tier in tiers) + "分" + (f"/{per}" if per else "")
        case Range(least=least, most=most):
            return f"{plain(least)}至{plain(most)}分"
        case PerUnit(points=points, unit=unit):
            return f"{plain(points)}分/{unit}"
        case PerMonth(points=points):
            return f"{plain(points)}分/月"
