"""What the household says before a deduction posts, and what the town sent back."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from jifen.kernel.points import PointsField
from scoring.models.declarations import Channel, Declaration
from scoring.models.reviews import Filing, ItemVerdict, ReviewItem


class HearingOutcome(models.TextChoices):
    OPEN = "open", "听取说明"
    SILENT = "silent", "没有说明"
    KEPT = "kept", "维持扣分"
    LOWERED = "lowered", "减少扣分"
    DROPPED = "dropped", "不扣分"
    VOID = "void", "重新审定"


class Telling(models.TextChoices):
    """How the household was told."""

    MESSAGE = "message", "消息"
    ORAL = "oral", "口头"
    PHONE = "phone", "电话"
    PAPER = "paper", "书面"
    BOARD = "board", "公开栏"


class Hearing(models.Model):
    """听取说明: the household is told of a deduction before it posts and may explain up to the end of ``until``.

    It opens when the sheet is decided. Whoever has an account gets a message; the others are told by people, and their
    ``days`` begin only then. ``points`` and ``redeemable`` are what it is about; ``decided_points`` and
    ``decided_redeemable`` what is left of it. Who declared the deed stands nowhere here.
    """

    item = models.ForeignKey(ReviewItem, on_delete=models.PROTECT, related_name="hearings", db_index=False)
    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT, related_name="hearings")
    household = models.ForeignKey("community.Household", on_delete=models.PROTECT, related_name="hearings")
    points = PointsField("拟扣分")
    redeemable = PointsField("拟扣可兑换分")
    opened_at = models.DateTimeField("审定时间")
    days = models.PositiveSmallIntegerField("听取几天")
    told_at = models.DateTimeField("告知时间", null=True)
    told_how = models.CharField("告知方式", max_length=8, choices=Telling, blank=True)
    told_by_name = models.CharField("告知人", max_length=60, blank=True)
    until = models.DateField("说明期限", null=True)
    statement = models.CharField("说明", max_length=500, blank=True)
    stated_at = models.DateTimeField("说明时间", null=True)
    stated_by_name = models.CharField("记录人", max_length=60, blank=True)
    channel = models.CharField("渠道", max_length=8, choices=Channel, blank=True)
    outcome = models.CharField("结果", max_length=8, choices=HearingOutcome, default=HearingOutcome.OPEN)
    decided_points = PointsField("认定扣分", null=True)
    decided_redeemable = PointsField("认定扣可兑换分", null=True)
    reason = models.CharField("理由", max_length=200, blank=True)
    decided_at = models.DateTimeField("决定时间", null=True)
    decided_by_id = models.BigIntegerField(null=True)
    decided_by_name = models.CharField("决定人", max_length=60, blank=True)
    decided_by_resident = models.ForeignKey("community.Resident", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["until", "id"]
        indexes = [models.Index(fields=["until"], condition=Q(outcome="open"), name="scoring_hearing_due")]
        constraints = [
            models.UniqueConstraint(fields=["item"], condition=~Q(outcome="void"), name="scoring_hearing_once"),
            models.CheckConstraint(
                condition=Q(told_at=None, until=None, told_how="", outcome__in=["open", "void"])
                | (Q(told_at__gte=F("opened_at"), until__isnull=False) & ~Q(told_how="") & ~Q(told_by_name="")),
                name="scoring_hearing_told",
            ),
            models.CheckConstraint(condition=Q(points__lt=0), name="scoring_hearing_of_deduction"),
            models.CheckConstraint(
                condition=Q(outcome="open", decided_at=None) | (~Q(outcome="open") & Q(decided_at__isnull=False)),
                name="scoring_hearing_decided",
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=["kept", "lowered", "dropped"])
                | (~Q(statement="") & ~Q(reason="") & Q(stated_at__isnull=False)),
                name="scoring_hearing_heard",
            ),
            models.CheckConstraint(
                condition=Q(outcome="lowered", decided_points__gt=F("points"), decided_points__lt=0)
                | (~Q(outcome="lowered") & Q(decided_points=None)),
                name="scoring_hearing_lowered",
            ),
        ]


class ReturnedItem(models.Model):
    """One deed that the town sent back to the committee, and what had been decided on it."""

    database_rights: ClassVar[str] = "append_only"

    filing = models.ForeignKey(Filing, on_delete=models.PROTECT, related_name="returned_items", db_index=False)
    item = models.ForeignKey(ReviewItem, on_delete=models.PROTECT, related_name="returns")
    note = models.CharField("意见", max_length=200)
    verdict = models.CharField("原决定", max_length=8, choices=ItemVerdict)
    points = PointsField("原认定分值")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["filing", "item"], name="scoring_returned_once"),
            models.CheckConstraint(condition=~Q(note=""), name="scoring_returned_note"),
        ]
