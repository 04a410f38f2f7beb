"""Runs of another rulebook over the months gone by, and what each household would have."""

from django.db import models

from jifen.kernel.actors import Acted
from jifen.kernel.points import PointsField
from scoring.models.drafts import Draft


class WhatIfState(models.TextChoices):
    WAITING = "waiting", "等待"
    RUNNING = "running", "试算中"
    DONE = "done", "已完成"
    STOPPED = "stopped", "已停止"
    FAILED = "failed", "没有算成"


class WhatIfRun(Acted):
    """One run. ``village`` None: the whole town. ``rulebook``: what was tried, as JSON. Days are inclusive.

    ``done`` of ``total`` deeds. A run for a draft names the revision that was tried. ``summary`` is the result.
    """

    village = models.ForeignKey("community.Village", null=True, on_delete=models.PROTECT, related_name="+")
    title = models.CharField("名称", max_length=120)
    draft = models.ForeignKey(Draft, null=True, on_delete=models.SET_NULL, related_name="runs")
    revision = models.PositiveIntegerField(null=True)
    rulebook = models.JSONField()
    terms = models.JSONField(default=dict)
    since = models.DateField("从哪天")
    until = models.DateField("到哪天")
    state = models.CharField("状态", max_length=8, choices=WhatIfState, default=WhatIfState.WAITING)
    is_stopping = models.BooleanField(default=False)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    summary = models.JSONField(null=True)
    problem = models.CharField("原因", max_length=200, blank=True, default="")
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(until__gte=models.F("since")), name="scoring_whatif_days")
        ]

    @property
    def is_over(self) -> bool:
        return self.state in (WhatIfState.DONE, WhatIfState.STOPPED, WhatIfState.FAILED)

    @property
    def percent(self) -> int:
        """How far it is, 0 to 100."""
        return 100 if self.state == WhatIfState.DONE else min(99, 100 * self.done // self.total) if self.total else 0


class WhatIfHousehold(models.Model):
    """One household in one run, on both sides; ``reasons``: the items that changed, each with one deed's sentence."""

    run = models.ForeignKey(WhatIfRun, on_delete=models.CASCADE, related_name="households")
    household = models.ForeignKey("community.Household", on_delete=models.PROTECT, related_name="+")
    merit_before = PointsField()
    merit_after = PointsField()
    redeemable_before = PointsField()
    redeemable_after = PointsField()
    rank_before = models.PositiveIntegerField()
    rank_after = models.PositiveIntegerField()
    gain = PointsField()
    red_before = models.BooleanField()
    red_after = models.BooleanField()
    black_before = models.BooleanField()
    black_after = models.BooleanField()
    honoured_before = models.BooleanField()
    honoured_after = models.BooleanField()
    undecided = models.PositiveIntegerField()
    reasons = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "household"], name="scoring_whatif_once")]
        indexes = [models.Index(fields=["run", "gain"], name="scoring_whatif_gain")]
