"""How often and how much: caps, and everything else of a rule that looks at what was posted before."""

import re
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from typing import Annotated, Literal, Self, TypeVar

from pydantic import BeforeValidator, Field, model_validator

from scoring.rules.base import SLUG, Count, Model, NotNegative, Positive, Share, Slug, plain, refused
from scoring.rules.spec_inputs import FieldName

Figures = Literal["seed", "example"]
Period = Literal["day", "week", "month", "quarter", "halfyear", "year", "ever"]
Scope = Literal["resident", "household", "village"]
Sign = Literal["positive", "negative"]

PLAIN_PERIODS = frozenset({"day", "week", "month", "quarter", "year", "ever"})
"""Those that set-based posting knows."""

EVERY = {
    "day": "每天",
    "week": "每周",
    "month": "每月",
    "quarter": "每季度",
    "halfyear": "每半年",
    "year": "每年",
    "ever": "累计",
}
WHOSE = {"resident": "每人", "household": "每户", "village": "全村"}


class Limit(Model):
    """At most ``value`` points, or ``value`` counted deeds, in each period for each resident / household / village.

    ``by`` names an input: each of its values is counted on its own (once per household and event).
    """

    kind: Literal["points", "count"]
    value: Positive
    period: Period
    scope: Scope = "household"
    by: FieldName | None = Field(default=None, description="按哪个填写项分别计，例如同一场活动")
    figures: Figures = "seed"

    @model_validator(mode="after")
    def _counts_are_whole(self) -> Self:
        if self.kind == "count" and self.value % 1:
            raise refused("limit", "次数上限应当是整数")
        return self

    @property
    def is_plain(self) -> bool:
        """Whether set-based posting can apply it."""
        return self.period in PLAIN_PERIODS and self.by is None

    @property
    def shape(self) -> tuple[str, ...]:
        """What makes it the same cap in another version, whatever its value and wherever it stands."""
        return (self.kind, self.period, self.scope, *([self.by] if self.by else ()))

    @property
    def text(self) -> str:
        """每户每月最多30分."""
        unit = "分" if self.kind == "points" else "次"
        return f"{WHOSE[self.scope]}{EVERY[self.period]}最多{plain(self.value)}{unit}"


class SharedLimit(Limit):
    """A cap over all positive, or all negative, rules of a category or of the rulebook."""

    sign: Sign = "positive"

    @property
    def shape(self) -> tuple[str, ...]:
        return (*super().shape, self.sign)


def _an_item(told: object) -> object:
    if isinstance(told, str) and not re.fullmatch(SLUG, told):
        raise refused("limit", f"细则里没有“{told}”这一条，请写印在细则上的编号或名称")
    return told


class BookLimit(SharedLimit):
    """A cap of the rulebook: over all its rules of that sign, or over those that ``rules`` names."""

    rules: Annotated[tuple[Annotated[Slug, BeforeValidator(_an_item)], ...], Field(strict=False)] = Field(
        default=(), description="只管哪几个条目合起来；不写就管整本"
    )

    @property
    def shape(self) -> tuple[str, ...]:
        """Of named items the first stands for all: others may join it and leave it."""
        return (*super().shape, *self.rules[:1])

    @model_validator(mode="after")
    def _names_several(self) -> Self:
        if len(self.rules) == 1:
            raise refused("limit", "几条合起来的上限至少写两个条目；只管一条的，写在那一条上")
        if len(set(self.rules)) < len(self.rules):
            raise refused("limit", "几条合起来的上限，同一个条目只写一次")
        return self

    def covers(self, code: str) -> bool:
        """Whether it counts deeds under the rule with ``code``, if that has its sign."""
        return not self.rules or code in self.rules


_Limit = TypeVar("_Limit", bound=Limit)


def keyed(limits: Iterable[_Limit]) -> tuple[tuple[str, _Limit], ...]:
    """Each with the key under which its use is counted: ``points/month/household``; the second alike is its ``#2``."""
    seen: Counter[str] = Counter()
    found = []
    for limit in limits:
        key = "/".join(limit.shape)
        seen[key] += 1
        found.append((key if seen[key] == 1 else f"{key}#{seen[key]}", limit))
    return tuple(found)


class Cooldown(Model):
    """After a counted deed the same rule gives nothing for ``days`` days."""

    days: Count
    scope: Scope = "household"


class Streak(Model):
    """A counted deed in each of ``length`` periods running gives (takes, of a negative rule) ``bonus`` points more,
    once or (``again``) for each such run."""

    length: Annotated[int, Field(ge=2, le=60)]
    period: Literal["day", "week", "month", "quarter", "halfyear", "year"] = "month"
    bonus: Positive
    again: bool = Field(default=False, description="每连续满一轮再奖一次")
    scope: Scope = "household"


class Repeat(Model):
    """From the ``nth`` deed of the period on the points are multiplied; ``grows``: once more for each further deed.

    With ``amounts`` the points of each are stated instead: the first for the ``nth`` deed, the last for all further
    ones (第一次5分、第二次3分、以后1分 is a rule of 5 points with 3 and 1).
    """

    nth: Annotated[int, Field(ge=2, le=100)] = 2
    factor: Positive = Decimal(2)
    grows: bool = Field(default=False, description="以后每多一次再乘一次")
    most: Positive | None = Field(default=None, description="最多乘到几倍")
    amounts: Annotated[tuple[NotNegative, ...], Field(strict=False, max_length=20)] = Field(
        default=(), description="不乘倍数，逐次写明几分：从第 nth 次起，最后一个管以后各次"
    )
    period: Period = "year"
    scope: Scope = "household"

    @model_validator(mode="after")
    def _states_or_multiplies(self) -> Self:
        if self.amounts and (self.factor != 2 or self.grows or self.most is not None):
            raise refused("repeat", "逐次写明几分的，不再写倍数")
        if not all(self.amounts[:-1]):
            raise refused("repeat", "逐次写明几分的，只有最后一个可以是0分")
        return self

    def amount(self, time: int) -> Decimal | None:
        """What is stated for the deed that is the ``time``-th; None where nothing is."""
        if not self.amounts or time < self.nth:
            return None
        return self.amounts[min(time - self.nth, len(self.amounts) - 1)]


class AfterWarning(Model):
    """Only after a warning: the first ``times`` deeds of the period warn and take nothing.

    With ``rule`` the warnings are deeds of that other rule.
    """

    times: Annotated[int, Field(ge=1, le=20)] = 1
    rule: Slug | None = None
    period: Period = "year"
    scope: Scope = "household"


class Group(Model):
    """Rules of one group that do not add up: the ``highest`` counts, or the ``first`` one shuts out the others.

    With ``by`` only deeds with the same value of that input compete (the same event). A higher one that comes after a
    lower one was posted gets the difference.
    """

    code: Slug
    counts: Literal["highest", "first"] = "highest"
    period: Period = "year"
    scope: Scope = "household"
    by: FieldName | None = None


class NotWith(Model):
    """Does not count together with ``rules`` in one period: of deeds posted together it yields, of others the earlier
    posted one counts."""

    rules: Annotated[tuple[Slug, ...], Field(strict=False, min_length=1)]
    period: Period = "day"
    scope: Scope = "household"
    by: FieldName | None = None


class Repair(Model):
    """Gives back what ``rules`` (all negative ones when empty) took in the period: ``share`` of it, up to ``ceiling``.

    ``lifts``: effects of those deeds that last until repair end with it.
    """

    rules: Annotated[tuple[Slug, ...], Field(strict=False)] = ()
    share: Share = Decimal(1)
    ceiling: Positive | None = Field(default=None, description="一个周期内最多恢复几分")
    period: Period = "year"
    scope: Scope = "household"
    lifts: bool = True
