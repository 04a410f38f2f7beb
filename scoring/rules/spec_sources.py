"""Where a rule comes from, who may tell of it and score it, and what has to be shown."""

from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from scoring.rules.base import Count, Model, NotNegative, Positive, SeedCode, Share, Short, Slug, Text, refused, settled

Declarer = Literal["self", "neighbour", "group_leader", "steward", "committee", "feed"]
Rater = Literal["self", "neighbour", "panel"]
RATER_NAMES: dict[str, str] = {"self": "自评", "neighbour": "互评", "panel": "评议小组"}
PROOF_NAMES: dict[str, str] = {
    "photo": "照片",
    "video": "视频",
    "document": "文件",
    "certificate": "证书",
    "minutes": "会议记录",
    "receipt": "票据",
    "witness": "证明人",
}


class Source(Model):
    """Where a rule comes from: the source document and the place in it."""

    seed: SeedCode | None = None
    section: Text


class Proof(Model):
    """Evidence by kind and number."""

    kind: Literal["photo", "video", "document", "certificate", "minutes", "receipt", "witness"]
    least: Annotated[int, Field(ge=1, le=20)] = 1


class RaterPart(Model):
    """Marks of ``who`` count for ``weight``; at least ``least`` marks of that kind are needed."""

    who: Rater
    weight: Share = Decimal(1)
    least: Count = 1


class Rating(Model):
    """The figure is what several people gave: each kind of rater's average, weighted.

    ``middle`` leaves out the highest and the lowest of three and more marks of one kind.
    The result stands in for the points chosen in a range, rounded down to its step; elsewhere it is the quantity, for
    bands, percentages, formulas and conditions.
    """

    parts: Annotated[tuple[RaterPart, ...], Field(strict=False, min_length=1, max_length=3)]
    method: Literal["average", "middle", "median"] = "average"
    least: NotNegative = Decimal(0)
    most: Positive = Decimal(100)

    @model_validator(mode="after")
    def _weights_add_up(self) -> Self:
        if settled(sum((part.weight for part in self.parts), Decimal(0))) != 1:
            raise refused("rating", "各方权重相加应当等于 1（100%）")
        if len({part.who for part in self.parts}) < len(self.parts):
            raise refused("rating", "同一类评分人只写一次")
        return self


class Feed(Model):
    """A device or a department's file sends the deeds, with a key of its own.

    ``reviewed`` False: they stand on the month's sheet among the plain ones, which are passed in one act; what takes
    points, has none yet or is objected to is looked at all the same. Nothing is posted past the committee.
    """

    code: Slug
    name: Short
    kind: Literal["device", "department"]
    reviewed: bool = Field(default=True, description="送来的记录仍须每月审核")


class CatchAll(Model):
    """A rule for what no other rule names: 类似行为比照, 其他（最多 5 分）. It needs more than the usual approval."""

    most: Positive
    approval: Literal["committee", "representatives_meeting", "town"] = "representatives_meeting"
    names_a_rule: bool = Field(default=False, description="须写明比照哪一条")
