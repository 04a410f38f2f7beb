"""What is due when, for every town, and what waits for a worker, in the public schema.

A tick costs by what is due, not by how many towns there are.
"""

from typing import ClassVar

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
    period = models.CharField("期间", max_length=40, help_text="2025-03、2025Q1、2025，可带村 2025-03/17")
    due_at = models.DateTimeField("到期(业务时间)")
    state = models.CharField("状态", max_length=8, choices=DueState, default=DueState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    problem = models.TextField(blank=True)
    planned_at = models.DateTimeField("排定(业务时间)", null=True)
    follows = models.BigIntegerField("由哪一项排定", null=True)
    is_again = models.BooleanField(
        "再办一次", default=False, db_default=False, help_text="时间调快时办过，调回以后到期再办"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["town", "kind", "period"], name="clocks_due_once")]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="waiting"), name="clocks_due_waiting"),
            models.Index(fields=["lease_until"], condition=Q(state="sent"), name="clocks_due_sent"),
        ]


class WorkState(models.TextChoices):
    WAITING = "waiting", "排队"
    FED = "fed", "已交付"
    RUNNING = "running", "办理中"
    FAILED = "failed", "失败"


class Work(models.Model):
    """One piece of work in a town's backlog. Finished work is deleted; ``args`` are ids and periods, never names."""

    town = models.CharField(max_length=63)
    task = models.CharField("任务", max_length=80)
    args = models.JSONField(default=list)
    due = models.OneToOneField(Due, null=True, on_delete=models.CASCADE, related_name="work")
    state = models.CharField("状态", max_length=8, choices=WorkState, default=WorkState.WAITING)
    put_at = models.DateTimeField("进入队列")
    ready_at = models.DateTimeField("最早开始")
    ticket = models.PositiveIntegerField(default=0, help_text="交给消息队列的次数：旧消息不再算数")
    until = models.DateTimeField("过时再查", null=True)
    started_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    problem = models.TextField(blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(town=""), name="clocks_work_of_a_town")]
        indexes = [
            models.Index(fields=["town", "id"], condition=Q(state="waiting"), name="clocks_work_waiting"),
            models.Index(fields=["town"], condition=Q(state__in=["fed", "running"]), name="clocks_work_in_hand"),
        ]


class Lane(models.Model):
    """A town's place in the turns (deficit round robin); the row ``""`` holds the number of the round.

    ``deficit``: seconds of work the town may still start in ``round``; every later round adds one quantum.
    """

    PLATFORM: ClassVar[str] = ""

    town = models.CharField(max_length=63, primary_key=True)
    concurrency = models.PositiveSmallIntegerField("同时办理", null=True, help_text="空：按平台的默认数")
    deficit = models.FloatField(default=0)
    round = models.BigIntegerField(default=0)
    fed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(concurrency=None) | Q(concurrency__gte=1, concurrency__lte=64),
                name="clocks_lane_concurrency",
            )
        ]


class Offset(models.Model):
    """Business time minus real time, in microseconds. One row, embedded mode alone."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    microseconds = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="clocks_offset_one_row")]


class Beat(models.Model):
    """The newest business time that a tick has seen, to a minute. One row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    business = models.DateTimeField("业务时间")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="clocks_beat_one_row")]


class SetBack(models.Model):
    """The clock stood ahead and was set back. ``done``: by town, how many jobs of each kind were done meanwhile."""

    ahead = models.DateTimeField("走快到")
    back = models.DateTimeField("调回到")
    noticed_at = models.DateTimeField("发现(实际时间)")
    done = models.JSONField("走快期间办的", default=dict)


class Holiday(models.Model):
    """A day that differs from the plain week: off, or a weekend day that is worked. The provider edits the table."""

    day = models.DateField("日期", unique=True)
    is_off = models.BooleanField("放假")
    name = models.CharField("节日", max_length=20)

    class Meta:
        ordering = ["day"]


class Late(models.Model):
    """How many villages of a town are behind in one step of one period. Figures alone; gone when all have done it."""

    town = models.CharField(max_length=63)
    clock = models.CharField("时钟", max_length=10)
    period = models.CharField("期间", max_length=10)
    due_on = models.DateField("截止")
    villages = models.PositiveSmallIntegerField("村数")
    told = models.PositiveSmallIntegerField("已催办", default=0)
    is_escalated = models.BooleanField("已上报", default=False)
    since = models.DateTimeField()

    class Meta:
        ordering = ["due_on", "clock"]
        constraints = [
            models.UniqueConstraint(fields=["town", "clock", "period"], name="clocks_late_once"),
            models.CheckConstraint(condition=Q(villages__gt=0), name="clocks_late_of_somebody"),
        ]


class Deadline(models.Model):
    """The last day of a step in one period of a town, as its calendar names it; ``done_on``: since when nobody is
    behind. What the district sees of a town's calendar."""

    town = models.CharField(max_length=63)
    clock = models.CharField("时钟", max_length=10)
    period = models.CharField("期间", max_length=10)
    due_on = models.DateField("截止")
    done_on = models.DateField("办完", null=True)

    class Meta:
        ordering = ["due_on", "clock"]
        constraints = [models.UniqueConstraint(fields=["town", "clock", "period"], name="clocks_deadline_once")]
