"""What is gathered on the way before it becomes deeds: an inspection's marks, an activity's sign-in list."""

from django.db import models
from django.db.models import Q

from jifen.kernel.actors import Acted
from jifen.kernel.points import PointsField
from scoring.models.declarations import Batch
from scoring.models.rulebooks import Rule


class RoundState(models.TextChoices):
    OPEN = "open", "进行中"
    SUBMITTED = "submitted", "已提交"
    CANCELLED = "cancelled", "已取消"


class Round(Acted):
    """What inspections and activities share: gathered while open, then one batch of deeds, or none."""

    village = models.ForeignKey("community.Village", on_delete=models.PROTECT, related_name="+")
    title = models.CharField("名称", max_length=80)
    place = models.CharField("地点", max_length=80)
    happened_on = models.DateField("日期")
    state = models.CharField("状态", max_length=10, choices=RoundState, default=RoundState.OPEN)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    batch = models.OneToOneField(Batch, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True
        ordering = ["-happened_on", "-id"]


def _ends(name: str) -> models.CheckConstraint:
    """Open without an end, cancelled without a batch, submitted with both."""
    return models.CheckConstraint(
        condition=Q(state="open", closed_at=None, batch=None)
        | Q(state="cancelled", closed_at__isnull=False, batch=None)
        | Q(state="submitted", closed_at__isnull=False, batch__isnull=False),
        name=name,
    )


class Inspection(Round):
    """入户检查: every household of a village against a score card (seed 000: 每月家庭卫生).

    ``rules`` are the results a household can have; ``items`` of the card are ``{"name", "most"}``, their sum is what a
    rule with a range gets.
    """

    rules = models.ManyToManyField(Rule, related_name="+")
    items = models.JSONField("评分项目", default=list)

    class Meta(Round.Meta):
        abstract = False
        constraints = [_ends("scoring_inspection_ends")]


class InspectionMark(Acted):
    """What one household got; without a rule nobody was at home. The newest by ``made_at`` counts, whenever it came."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="marks")
    household = models.ForeignKey("community.Household", on_delete=models.PROTECT, related_name="+")
    rule = models.ForeignKey(Rule, null=True, on_delete=models.PROTECT, related_name="+")
    tier = models.CharField(max_length=40, blank=True)
    scores = models.JSONField("各项得分", default=dict)
    total = PointsField("得分")
    note = models.CharField("备注", max_length=100, blank=True)
    made_at = models.DateTimeField("打分时间")
    received_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["inspection", "household"], name="scoring_mark_once")]


class Activity(Round):
    """集体活动: one rule, a list of those who came (seeds 000 and 003: 志愿者、文艺体育活动)."""

    rule = models.ForeignKey(Rule, on_delete=models.PROTECT, related_name="+")
    facts = models.JSONField("计分要素", default=dict)
    secret = models.CharField(max_length=43, unique=True)

    class Meta(Round.Meta):
        abstract = False
        constraints = [_ends("scoring_activity_ends")]


class SignWay(models.TextChoices):
    CODE = "code", "扫码签到"
    HAND = "hand", "人工签到"


class Attendance(Acted):
    """签到: one person at one activity."""

    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="attendances")
    household = models.ForeignKey("community.Household", on_delete=models.PROTECT, related_name="+")
    resident = models.ForeignKey("community.Resident", on_delete=models.PROTECT, related_name="+")
    way = models.CharField("方式", max_length=4, choices=SignWay)
    signed_at = models.DateTimeField("签到时间")

    class Meta:
        ordering = ["signed_at", "id"]
        constraints = [models.UniqueConstraint(fields=["activity", "resident"], name="scoring_attendance_once")]
