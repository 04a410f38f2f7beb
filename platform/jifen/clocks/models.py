"""What is due when, for every town, in the public schema.

A tick costs by what is due, not by how many towns there are.
"""

from django.db import models
from django.db.models import Q


class DueState(models.TextChoices):
    WAITING = "waiting", "未到期"
    SENT = "sent", "已派发"
    DONE = "done", "已完成"
    FAILED = "failed", "失败"


class Due(models.Model):
    """One job of one town (``""`` for the platform) for one period. Idempotent by (town, kind, period)."""

    town = models.CharField(max_length=63, blank=True)
    kind = models.CharField("事项", max_length=40)
    period = models.CharField("期间", max_length=40, help_text="2025-03、2025Q1、2025,可带村 2025-03/17")
    due_at = models.DateTimeField("到期(业务时间)")
    state = models.CharField("状态", max_length=8, choices=DueState, default=DueState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    problem = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["town", "kind", "period"], name="clocks_due_once")]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="waiting"), name="clocks_due_waiting"),
            models.Index(fields=["lease_until"], condition=Q(state="sent"), name="clocks_due_sent"),
        ]


class Offset(models.Model):
    """Business time minus real time, in microseconds. One row, embedded mode alone."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    microseconds = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="clocks_offset_one_row")]
