"""One rule: everything it may say, and what has to fit together in it."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from jifen.kernel import cel
from scoring.rules.base import Model, Name, Short, Slug, Text, refused, settled
from scoring.rules.spec_amounts import (
    QUANTITY,
    Amount,
    Bands,
    Fixed,
    Formula,
    Ladder,
    Percent,
    PerMonth,
    PerUnit,
    Range,
    ScoreCard,
    Tiers,
    price_text,
    signed_price,
)
from scoring.rules.spec_effects import Effect
from scoring.rules.spec_inputs import DEED_FIELDS, DEED_LABELS, NUMBERS, PEOPLE, Condition, FieldName, Input
from scoring.rules.spec_limits import (
    AfterWarning,
    Cooldown,
    Figures,
    Group,
    Limit,
    NotWith,
    Repair,
    Repeat,
    Sign,
    Streak,
)
from scoring.rules.spec_people import Multipliers, Portion, Target
from scoring.rules.spec_settings import Expiry, Fractions
from scoring.rules.spec_sources import CatchAll, Declarer, Feed, Proof, Rating, Source

Subject = Literal["household", "resident", "group"]


class RuleSpec(Model):
    """One behaviour and what it is worth."""

    code: Slug
    number: Short | None = Field(default=None, description="印在细则上的编号，例如 3.2；不写就用代码")
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
    cooldown: Cooldown | None = Field(default=None, description="计分后隔几天才能再计")
    streak: Streak | None = Field(default=None, description="连续几期都有，另外奖励；扣分条目另外扣")
    repeat: Repeat | None = Field(default=None, description="第几次起翻倍，或者逐次写明几分")
    after_warning: AfterWarning | None = Field(default=None, description="先提醒，再扣分")
    group: Group | None = Field(default=None, description="同组条目只计最高的，或只计最先的")
    not_with: NotWith | None = Field(default=None, description="与哪些条目不重复计分")
    repair: Repair | None = Field(default=None, description="恢复以前扣的分")
    effect: Effect | None = None
    effects: Annotated[tuple[Effect, ...], Field(strict=False)] = Field(default=(), description="另外的后果")
    attribution: Target = "household"
    shares: Annotated[tuple[Portion, ...], Field(strict=False)] = Field(
        default=(), description="按份分给几方；写了就不看 attribution"
    )
    sharing: Literal["split", "each"] = Field(
        default="split", description="全家每人、联户组各户：平分，或者每人（户）都得全分"
    )
    beneficiary: FieldName | None = Field(default=None, description="哪个填写项写明受益的人或户")
    responsible: FieldName | None = Field(default=None, description="哪个填写项写明责任人；不写就是户主")
    multipliers: Multipliers | None = Field(default=None, description="按身份乘倍数")
    heads: Literal["none", "times", "average"] = Field(default="none", description="乘以家庭人数，或按人均")
    declarers: Annotated[tuple[Declarer, ...], Field(strict=False, min_length=1)] = ("self", "neighbour", "steward")
    evidence: Literal["none", "optional", "required"] = "optional"
    proofs: Annotated[tuple[Proof, ...], Field(strict=False)] = Field(
        default=(), description="要哪几种佐证、各几件；evidence: required 时必须齐全"
    )
    rating: Rating | None = Field(default=None, description="由几个人打分")
    feed: Feed | None = Field(default=None, description="由设备或部门送来")
    catch_all: CatchAll | None = Field(default=None, description="兜底条目：类似行为、其他")
    sensitive: bool = Field(default=False, description="举报类：任何公示、榜单、存折都不显示事由")
    redeemable: bool = Field(default=True, description="可以兑换")
    ranked: bool = Field(default=True, description="参加评比")
    point_class: Slug | None = Field(default=None, description="计入哪一类积分（善行分、环境分）")
    expires: Expiry | None = Field(default=None, description="这一笔积分多久后失效")
    fractions: Fractions | None = Field(default=None, description="小数怎么取；不写就按整本细则")
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
        """As explanations cite it: 规则3.2, or 规则MD-03 where the rulebook prints no numbers."""
        return f"规则{self.number or self.code.upper()}"

    @property
    def cited(self) -> str:
        """As another rule's explanation cites it: by the number that the rulebook prints, else by its title."""
        return f"规则{self.number}" if self.number else f"“{self.title}”"

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
    def consequences(self) -> tuple[Effect, ...]:
        """All effects beyond points."""
        return (self.effect, *self.effects) if self.effect else self.effects

    @property
    def is_worth_nothing(self) -> bool:
        """Whether it brings effects alone: they then stand where others have their price."""
        return isinstance(self.amount, Fixed) and not self.amount.points

    @property
    def portions(self) -> tuple[Portion, ...]:
        """Who gets which part."""
        return self.shares or (Portion(to=self.attribution, share=Decimal(1)),)

    @property
    def is_sequenced(self) -> bool:
        """Whether the rule looks at more of what was posted than set-based caps can: see ``scoring.rules.sequence``."""
        looks_back = (
            self.cooldown, self.streak, self.repeat, self.after_warning, self.group, self.not_with, self.repair
        )  # fmt: skip
        if any(looks_back) or isinstance(self.amount, Ladder) or not self.ranked or self.takes:
            return True
        return any(not limit.is_plain for limit in self.limits)

    @property
    def price_text(self) -> str:
        """The score as the printed rulebook states it: +2分/次, −5分, 10/5/1分/次; without points what follows."""
        if self.is_worth_nothing:
            return "、".join(effect.text for effect in self.consequences)
        if self.takes:
            return price_text(self.amount)
        return signed_price(self.amount, self.sign)

    @property
    def takes(self) -> bool:
        """Whether a rule that gives also takes: caps and freezes hold for what it gives, hearings for what it takes."""
        return isinstance(self.amount, ScoreCard | Tiers) and self.amount.takes

    def cel_fields(self) -> dict[str, cel.Kind]:
        """The names a condition or formula of this rule may use, with their kinds."""
        fields = dict(DEED_FIELDS)
        for item in self.inputs:
            fields |= item.cel_fields()
        return fields

    def cel_labels(self) -> dict[str, str]:
        """What people call those names."""
        labels = dict(DEED_LABELS)
        for item in self.inputs:
            labels |= item.cel_labels()
        return labels

    def input(self, name: str) -> Input | None:
        """The input called ``name``, or None."""
        return next((item for item in self.inputs if item.name == name), None)

    @model_validator(mode="after")
    def _window_ordered(self) -> Self:
        if self.since and self.until and self.until < self.since:
            raise refused("dates", "条目的截止日早于起始日")
        return self

    @model_validator(mode="after")
    def _inputs_differ(self) -> Self:
        names = [name for item in self.inputs for name in {item.name, *item.cel_fields()}]
        if len(set(names)) < len(names) or set(names) & set(DEED_FIELDS):
            raise refused("inputs", "填写项的代码重复，或用了专用的代码（deed_date、quantity）")
        return self

    @model_validator(mode="after")
    def _conditions_compile(self) -> Self:
        for condition in self.conditions:
            self._compile(condition.when, condition=True)
        if isinstance(self.amount, Formula):
            self._compile(self.amount.formula, condition=False)
        return self

    def _compile(self, text: str, *, condition: bool) -> None:
        result: cel.Result = "yes_no" if condition else "number"
        try:
            cel.compile_expression(text, self.cel_fields(), gives=result, labels=self.cel_labels())
        except cel.ExpressionInvalid as error:
            raise refused("condition", f"“{text}”：{error.message}") from error

    @model_validator(mode="after")
    def _zero_needs_an_effect(self) -> Self:
        if self.is_worth_nothing and not self.consequences:
            raise refused("amount", "0分的条目要写明“其他后果”（effect），例如取消评优资格；有分的，分值要填大于0的数")
        return self

    @model_validator(mode="after")
    def _attribution_fits_subject(self) -> Self:
        if self.subject == "household" and any(portion.to == "resident" for portion in self.portions):
            raise refused("attribution", "对象是家庭户的条目只能计入家庭户")
        return self

    @model_validator(mode="after")
    def _shares_add_up(self) -> Self:
        if self.shares and settled(sum((one.share for one in self.shares), Decimal(0))) != 1:
            raise refused("shares", "各方份额相加应当等于 1（100%）")
        if len({portion.to for portion in self.portions}) < len(self.portions):
            raise refused("shares", "同一方只写一份")
        return self

    @model_validator(mode="after")
    def _fields_exist(self) -> Self:
        for where, name, kinds, wanted in self._named_fields():
            item = self.input(name)
            if item is None:
                raise refused("field", f"{where}选的填写项（{name}）不在这一条里，请重选，或先加上这个填写项")
            if kinds and item.kind not in kinds:
                raise refused("field", f"{where}选的填写项“{item.label}”要是{wanted}，请重选，或改它的种类")
        return self

    def _named_fields(self) -> Iterator[tuple[str, str, frozenset[str], str]]:
        """(part of the rule, input that it names, the kinds that may have, those in words)."""
        apart = [
            *(("上限", one) for one in self.limits),
            ("“同类只计一项”", self.group),
            ("“不重复计分”", self.not_with),
        ]
        for where, part in apart:
            if part is not None and part.by:
                yield where, part.by, frozenset(), ""
        counted = {Bands: "by", Percent: "of"}.get(type(self.amount))
        if counted and getattr(self.amount, counted) != QUANTITY:
            yield "分值", getattr(self.amount, counted), NUMBERS, "数"
        for where, name in (("受益人", self.beneficiary), ("责任人", self.responsible)):
            if name:
                yield where, name, PEOPLE, "人名或哪一户"
        if self.beneficiary is None and any(portion.to == "beneficiary" for portion in self.portions):
            raise refused("beneficiary", "积分给受益人的条目要写明受益人（beneficiary）是哪个填写项")

    @model_validator(mode="after")
    def _parts_fit(self) -> Self:
        for wrong, message in self._misfits():
            if wrong:
                raise refused("rule", message)
        return self

    def _misfits(self) -> Iterator[tuple[bool, str]]:
        positive = self.sign == "positive"
        yield bool(self.streak and self.is_worth_nothing), "0分的条目没有连着的分，连续几次另扣几分写在有分的条目上"
        stated = bool(self.repeat and self.repeat.amounts)
        yield stated and not isinstance(self.amount, Fixed), "逐次写明几分的，分值用每次一样的"
        yield bool(self.repair and not positive), "恢复分值只用于加分条目"
        yield self.takes and not positive, "有加有扣的条目选“加分”，要扣的那几档写负数"
        looks = (self.cooldown, self.streak, self.repeat, self.after_warning, self.group, self.not_with, self.repair)
        yield self.takes and any(looks), "有加有扣的条目，不能再设连续奖励、加倍、先提醒、只计一项、隔几天再计、恢复"
        yield self.takes and bool(self.consequences), "有加有扣的条目不带其他后果，后果另写一条扣分条目"
        yield self.takes and bool(self.catch_all), "兜底条目只加分或只扣分"
        yield not (self.ranked or self.redeemable), "积分要么参加评比，要么可以兑换"
        yield (
            bool(self.feed and "feed" not in self.declarers),
            "由设备或部门送来的条目，由谁申报（declarers）里要有系统接入（feed）",
        )
        yield bool(self.proofs and self.evidence == "none"), "不要佐证的条目不写佐证种类（proofs）"
        counts = isinstance(self.amount, PerUnit | Ladder | ScoreCard) or self.amount.kind == "tiers"
        yield bool(self.rating and counts), "由几个人打分的条目，分值用区间、分段、按比例、公式或固定分值"
        yield self._exceeds_catch_all, "分值高于兜底条目的最高分"

    @property
    def _exceeds_catch_all(self) -> bool:
        if self.catch_all is None:
            return False
        match self.amount:
            case Range(most=points) | Fixed(points=points):
                return points > self.catch_all.most
        return False
