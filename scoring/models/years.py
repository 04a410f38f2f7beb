"""The points year and its seals."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

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
    closes_on = models.DateField("封账日", null=True)

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number}年"


class SealKind(models.TextChoices):
    CLOSE = "close", "封账"
    REOPEN = "reopen", "重开"
    SUPPLEMENT = "supplement", "补记"


class YearSeal(Acted):
    """SHA-256 over the year's entries in id order and the previous seal's hash (I7).

    A seal that closes also holds the SHA-256 over its standings, in the order of households.
    """

    database_rights: ClassVar[str] = "append_only"

    year = models.ForeignKey(Year, on_delete=models.PROTECT, related_name="seals")
    kind = models.CharField(max_length=10, choices=SealKind)
    entries = models.PositiveIntegerField("笔数")
    hash = models.CharField(max_length=64)
    standings_hash = models.CharField(max_length=64, blank=True, default="")
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


class RequestState(models.TextChoices):
    PROPOSED = "proposed", "等第二人批准"
    CONFIRMED = "confirmed", "已批准"
    DONE = "done", "已办理"
    WITHDRAWN = "withdrawn", "已撤回"


class YearRequest(Acted):
    """封账、重开 take two people: ``actor`` proposes, another one confirms, then the seal is made (I7)."""

    year = models.ForeignKey(Year, on_delete=models.PROTECT, related_name="requests")
    kind = models.CharField(max_length=10, choices=[("close", "封账"), ("reopen", "重开")])
    state = models.CharField("状态", max_length=10, choices=RequestState, default=RequestState.PROPOSED)
    reason = models.CharField("理由", max_length=300, blank=True)
    proposed_at = models.DateTimeField("提出时间")
    confirmer_realm = models.CharField(max_length=63, blank=True)
    confirmer_id = models.BigIntegerField(null=True)
    confirmer_name = models.CharField("批准人", max_length=60, blank=True)
    confirmed_at = models.DateTimeField("批准时间", null=True)
    seal = models.OneToOneField(YearSeal, null=True, on_delete=models.PROTECT, related_name="request")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmer_id=None) | ~Q(confirmer_id=F("actor_id")) | ~Q(confirmer_realm=F("actor_realm")),
                name="scoring_year_two_people",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["proposed", "withdrawn"])
                | Q(confirmer_id__isnull=False, confirmed_at__isnull=False),
                name="scoring_year_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(state="done", seal__isnull=False) | (~Q(state="done") & Q(seal=None)),
                name="scoring_year_request_done",
            ),
            models.CheckConstraint(condition=~Q(kind="reopen") | ~Q(reason=""), name="scoring_reopen_reason"),
            models.UniqueConstraint(
                fields=["year"], condition=Q(state__in=["proposed", "confirmed"]), name="scoring_year_request_open_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}{self.get_kind_display()}"


class YearVolume(models.Model):
    """One volume (册) of a village's archived passbooks of a sealed year: a page or more for each household."""

    seal = models.ForeignKey(YearSeal, on_delete=models.PROTECT, related_name="volumes")
    village = models.ForeignKey("community.Village", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField("册")
    first = models.CharField("首户户号", max_length=20)
    last = models.CharField("末户户号", max_length=20)
    households = models.PositiveIntegerField("户数")
    file = models.ForeignKey("files.File", null=True, on_delete=models.PROTECT, related_name="+")
    archived_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["village", "number"]
        constraints = [
            models.UniqueConstraint(fields=["seal", "village", "number"], name="scoring_volume_once"),
            models.CheckConstraint(
                condition=Q(file=None, archived_at=None) | Q(file__isnull=False, archived_at__isnull=False),
                name="scoring_volume_archived",
            ),
        ]


class ExpiryWarning(models.Model):
    """清零提醒: on this day the village's households with points left were to be told."""

    database_rights: ClassVar[str] = "append_only"

    year = models.ForeignKey(Year, on_delete=models.PROTECT, related_name="warnings")
    village = models.ForeignKey("community.Village", on_delete=models.PROTECT, related_name="+")
    days = models.PositiveSmallIntegerField("提前天数")
    last_day = models.DateField("最后兑换日")
    households = models.PositiveIntegerField("户数")
    points = PointsField("可兑换积分")
    warned_at = models.DateTimeField("提醒时间")

    class Meta:
        ordering = ["-warned_at"]
        constraints = [models.UniqueConstraint(fields=["year", "village", "days"], name="scoring_warned_once")]
