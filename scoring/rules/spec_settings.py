"""What holds for a whole rulebook: fractions, classes of points, base points, balances, shared caps, pools.

The defaults are what holds where a rulebook says nothing.
"""

from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from scoring.rules.base import Count, Model, NotNegative, Number, Short, Slug, plain, refused
from scoring.rules.spec_limits import BookLimit

CountsFor = Literal["both", "rank", "redeem"]
Negative = Literal["allowed", "zero", "carried"]


class Fractions(Model):
    """Points are kept to ``places``; ``rounding`` makes them so, by magnitude."""

    places: Annotated[int, Field(ge=0, le=2)] = 2
    rounding: Literal["nearest", "down", "up"] = "nearest"


class Expiry(Model):
    """The points of one deed lapse this long after its day; see ``expiry.last_day``."""

    months: Count | None = None
    years: Count | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.months is None) == (self.years is None):
            raise refused("expiry", "有效期写月数（months）或年数（years），只写一个")
        return self

    @property
    def length(self) -> int:
        """In months."""
        return self.months or 12 * (self.years or 0)


class PointClass(Model):
    """A named class of points (善行分, 环境分) and its weight in the total.

    ``keeps``: its points never expire, not even at the year's end (荣誉分).
    """

    code: Slug
    name: Short
    weight: NotNegative = Decimal(1)
    counts_for: CountsFor = "both"
    keeps: bool = False
    expires: Expiry | None = None

    @model_validator(mode="after")
    def _keeps_or_expires(self) -> Self:
        if self.keeps and self.expires:
            raise refused("class", "长期保留的积分类别不写有效期")
        return self


class MemberPoints(Model):
    """What a member of one type brings: 党员, 60 岁以上, 在校学生; ``member`` counts whoever has no type of his own."""

    member: Slug
    name: Short
    points: NotNegative


class BaseGrant(Model):
    """基础分. ``points`` for the household, and for each member what his type brings.

    ``pro_rata`` is the part for whoever joins within the period: ``none`` gives the whole, ``months`` counts the months
    left (the month of joining included), ``days`` the days left.
    """

    when: Literal["joining", "month", "quarter", "year"]
    points: NotNegative = Decimal(0)
    members: Annotated[tuple[MemberPoints, ...], Field(strict=False)] = ()
    pro_rata: Literal["none", "months", "days"] = "none"
    redeemable: bool = False

    @model_validator(mode="after")
    def _gives_something(self) -> Self:
        if not self.points and not any(one.points for one in self.members):
            raise refused("base", "每户或每种成员至少有一个要大于0分")
        if self.when == "joining" and self.pro_rata != "none":
            raise refused("base", "参加时一次发的基础分不按时间折算")
        return self


class Balance(Model):
    """Bounds of a balance, and what a negative one means.

    ``allowed``: a debt that blocks redemption, ended with the year. ``zero``: a deduction stops at 0 (or ``floor``).
    ``carried``: what is below 0 at the year's end is taken from the next year. A rulebook that takes points says which;
    where an old one does not, it is ``allowed``.
    """

    floor: Number | None = None
    ceiling: Number | None = None
    negative: Negative | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.floor is not None and self.ceiling is not None and self.floor > self.ceiling:
            raise refused(
                "balance", f"最低{plain(self.floor)}分高于最高{plain(self.ceiling)}分，请改小最低的，或改大最高的"
            )
        if self.negative == "zero" and (self.floor or Decimal(0)) < 0:
            raise refused("balance", "扣到0分为止的，最低几分不能小于0，请改成0或不填")
        return self

    @property
    def below_zero(self) -> Negative:
        """What a negative balance does."""
        return self.negative or "allowed"

    @property
    def lowest(self) -> Decimal | None:
        """Below which no deduction brings the balance."""
        if self.floor is not None:
            return self.floor
        return Decimal(0) if self.negative == "zero" else None


class Pool(Model):
    """A dividend: one point is worth the pool divided by all points that take part.

    Each share is rounded to ``places`` of a yuan. ``residue``: what rounding leaves stays in the fund (``kept``), is
    added to the next pool (``next``), or goes out fen by fen to the largest remainders (``largest``).
    """

    code: Slug
    name: Short
    period: Literal["quarter", "halfyear", "year"] = "year"
    measure: Literal["merit", "redeemable"] = "merit"
    places: Annotated[int, Field(ge=0, le=2)] = 2
    rounding: Literal["down", "nearest"] = "down"
    residue: Literal["kept", "next", "largest"] = "kept"
    least_points: NotNegative = Field(default=Decimal(0), description="满几分才参加分配")

    @model_validator(mode="after")
    def _never_pays_more_than_it_has(self) -> Self:
        if self.residue == "largest" and self.rounding != "down":
            raise refused("pool", "除不尽的按零头大小发完时，每户多的钱要选“舍去”，不能四舍五入")
        return self


class Cells(Model):
    """联户组: how a group of households is called and how many belong to it."""

    name: Short = "十户联组"
    size: Count = 10


class Settings(Model):
    fractions: Fractions = Fractions()
    classes: Annotated[tuple[PointClass, ...], Field(strict=False)] = ()
    base: Annotated[tuple[BaseGrant, ...], Field(strict=False)] = ()
    redeem_above_base: bool = Field(default=False, description="只有基础分以上的部分可以兑换")
    merit: Balance = Balance()
    redeemable: Balance = Balance()
    limits: Annotated[tuple[BookLimit, ...], Field(strict=False)] = ()
    pools: Annotated[tuple[Pool, ...], Field(strict=False)] = ()
    cells: Cells | None = None

    @model_validator(mode="after")
    def _codes_differ(self) -> Self:
        for items in (self.classes, self.pools):
            if len({item.code for item in items}) < len(items):
                raise refused("settings", "积分类别或资金池的代码重复")
        return self

    def point_class(self, code: str) -> PointClass | None:
        """The class with ``code``, or None."""
        return next((one for one in self.classes if one.code == code), None)


PLAIN = Settings()
"""A rulebook that says nothing about itself."""
