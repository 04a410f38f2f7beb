"""What happens beyond points (底线、一票否决)."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from scoring.rules.base import Count, Model, Text, refused

EffectKind = Literal[
    "zero_year",
    "zero_month",
    "zero_balance",
    "bar_honours",
    "bar_redemption",
    "freeze_positive",
    "downgrade_star",
    "leave_programme",
]
EFFECT_NAMES: dict[str, str] = {
    "zero_year": "当年积分清零",
    "zero_month": "当月积分清零",
    "zero_balance": "可兑换积分清零",
    "bar_honours": "取消评优资格",
    "bar_redemption": "暂停兑换",
    "freeze_positive": "暂停加分",
    "downgrade_star": "星级降级",
    "leave_programme": "退出积分制",
}
LASTING = frozenset({"bar_honours", "bar_redemption", "freeze_positive", "downgrade_star"})
"""Those that last until a day; the others happen once."""


class Effect(Model):
    """One consequence. ``until`` says how long a lasting one holds, ``next_year`` for that year alone; see
    ``effects.last_day``."""

    kind: EffectKind
    until: Literal["year_end", "next_year_end", "next_year", "repair", "date", "months", "ever"] = "year_end"
    day: Annotated[date, Field(strict=False)] | None = Field(default=None, description="until: date 时到哪天止（含）")
    months: Count | None = Field(default=None, description="until: months 时满几个月")
    stars: Annotated[int, Field(ge=1, le=5)] = 1
    at_zero: bool = Field(default=False, description="退出积分制：到扣完为止才退出，不是马上退出")
    text: Text

    @model_validator(mode="after")
    def _end_is_stated(self) -> Self:
        if (self.until == "date") != (self.day is not None):
            raise refused("effect", "到某一天为止（until: date）的要写日期（day），其他情形不写")
        if (self.until == "months") != (self.months is not None):
            raise refused("effect", "到几个月为止（until: months）的要写月数（months），其他情形不写")
        if self.until == "next_year" and self.kind not in ("bar_honours", "bar_redemption"):
            raise refused("effect", "只管下一年（until: next_year）的，只用于取消评优资格和暂停兑换")
        return self

    @property
    def lasts(self) -> bool:
        return self.kind in LASTING
