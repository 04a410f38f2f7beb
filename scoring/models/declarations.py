"""What was done: one deed, one record (一事一记录), with its proof."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from jifen.kernel.actors import Acted
from jifen.kernel.points import PointsField
from scoring.models.rulebooks import Rule


class Channel(models.TextChoices):
    ORAL = "oral", "口头"
    PHONE = "phone", "电话"
    SMS = "sms", "短信"
    QQ = "qq", "QQ"
    WECHAT = "wechat", "微信"
    WINDOW = "window", "窗口"
    ONLINE = "online", "网上"
    DEVICE = "device", "设备"


class Declarer(models.TextChoices):
    SELF = "self", "本人"
    NEIGHBOUR = "neighbour", "其他村民"
    GROUP_LEADER = "group_leader", "村民小组组长"
    STEWARD = "steward", "积分管理员"
    COMMITTEE = "committee", "审核委员会"
    FEED = "feed", "系统接入"


class DeclarationState(models.TextChoices):
    SUBMITTED = "submitted", "待核实"
    READY = "ready", "待审核"
    IN_REVIEW = "in_review", "审核中"
    REJECTED = "rejected", "未通过"
    APPROVED = "approved", "待记账"
    POSTED = "posted", "已记账"
    WITHDRAWN = "withdrawn", "已撤回"


class Batch(Acted):
    """Deeds recorded together: an inspection round (入户检查) or an activity's sign-in list."""

    village = models.ForeignKey("community.Village", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=[("inspection", "入户检查"), ("activity", "集体活动")])
    title = models.CharField("名称", max_length=80)
    happened_on = models.DateField("日期")
    recorded_at = models.DateTimeField()


class Declaration(Acted):
    """登记: one deed. Who, which rule, when, where, why, by which channel, declared by whom, worth what."""

    village = models.ForeignKey("community.Village", on_delete=models.PROTECT, related_name="+")
    household = models.ForeignKey("community.Household", on_delete=models.PROTECT, related_name="declarations")
    resident = models.ForeignKey("community.Resident", null=True, on_delete=models.PROTECT, related_name="declarations")
    rule = models.ForeignKey(Rule, on_delete=models.PROTECT, related_name="declarations")
    batch = models.ForeignKey(Batch, null=True, on_delete=models.PROTECT, related_name="declarations")
    happened_on = models.DateField("日期")
    happened_time = models.TimeField("时间", null=True, blank=True)
    place = models.CharField("地点", max_length=80)
    reason = models.CharField("事由", max_length=300)
    channel = models.CharField("渠道", max_length=8, choices=Channel)
    declared_by = models.CharField("申报方", max_length=12, choices=Declarer)
    declarer = models.ForeignKey("community.Resident", null=True, on_delete=models.PROTECT, related_name="+")
    facts = models.JSONField("计分要素", default=dict)
    state = models.CharField("状态", max_length=10, choices=DeclarationState)
    points = PointsField("申报分值")
    redeemable = PointsField("申报可兑换分")
    explanation = models.CharField("算法说明", max_length=300)
    undecided = models.CharField(
        "待定原因", max_length=200, blank=True, default="", db_default="", help_text="不空时由审核组认定分值"
    )
    refusal = models.CharField("未通过原因", max_length=200, blank=True)
    recorded_at = models.DateTimeField("登记时间")
    idempotency_key = models.CharField(max_length=80, null=True, blank=True, unique=True)

    class Meta:
        ordering = ["-happened_on", "-id"]
        indexes = [
            models.Index(fields=["village", "state", "happened_on"]),
            models.Index(fields=["household", "-happened_on"]),
            models.Index(fields=["village"], condition=~Q(undecided=""), name="scoring_undecided"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=DeclarationState.values), name="scoring_declaration_state")
        ]

    @property
    def is_accusation(self) -> bool:
        """A deduction that another villager told of: who it was is for those alone who look into an objection."""
        is_taken = self.rule.sign == "negative" or self.points < 0
        return is_taken and self.declared_by in (Declarer.NEIGHBOUR, Declarer.GROUP_LEADER)


class ChangeKind(models.TextChoices):
    AMENDED = "amended", "退回后修改"
    POINTS = "points", "核实时改分值"


class DeclarationChange(Acted):
    """What a declaration said before it was changed: ``before`` is its row. None changes without."""

    database_rights: ClassVar[str] = "append_only"

    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=8, choices=ChangeKind)
    before = models.JSONField("原来的内容")
    at = models.DateTimeField("时间")


class DeclarationEvidence(models.Model):
    """佐证."""

    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT, related_name="evidence")
    file = models.ForeignKey("files.File", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["declaration", "file"], name="scoring_evidence_once")]
