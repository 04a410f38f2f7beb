"""The points year and its seals."""

from typing import ClassVar

from django.db import models

from jifen.kernel.actors import Acted
from jifen.kernel.points import PointsField


class YearState(models.TextChoices):
    OPEN = "open", "进行中"
    CLOSING = "closing", "结转中"
    SEALED = "sealed", "已封账"


class Year(models.Model):
    """积分年度: a calendar year. Points do not cross it."""

    number = models.PositiveSmallIntegerField("年度", unique=True)
    state = models.CharField("状态", max_length=8, choices=YearState, default=YearState.OPEN)
    opened_at = models.DateTimeField("开启时间")
    sealed_at = models.DateTimeField("封账时间", null=True)

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number}年"


class SealKind(models.TextChoices):
    CLOSE = "close", "封账"
    REOPEN = "reopen", "重开"
    SUPPLEMENT = "supplement", "补记"


class YearSeal(Acted):
    """SHA-256 over the year's entries in id order and the previous seal's hash (I7)."""

    database_rights: ClassVar[str] = "append_only"

    year = models.ForeignKey(Year, on_delete=models.PROTECT, related_name="seals")
    kind = models.CharField(max_length=10, choices=SealKind)
    entries = models.PositiveIntegerField("笔数")
    hash = models.CharField(max_length=64)
    previous = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="next")
    sealed_at = models.DateTimeField()


class YearStanding(models.Model):
    """A household's place at the end of a year, as sealed."""

    database_rights: ClassVar[str] = "append_only"

    seal = models.ForeignKey(YearSeal, on_delete=models.PROTECT, related_name="standings")
    household = models.ForeignKey("community.Household", on_delete=models.PROTECT, related_name="+")
    positive = PointsField()
    negative = PointsField()
    net = PointsField()
    village_rank = models.PositiveIntegerField()
    town_rank = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seal", "household"], name="scoring_standing_once")]
