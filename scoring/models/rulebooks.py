"""Rules as rows: dated, versioned, and how much of their caps is used."""

from datetime import date, timedelta

from django.db import models
from django.db.models import F, Q

from jifen.kernel.actors import Acted
from jifen.kernel.points import ZERO, PointsField


class Rulebook(models.Model):
    """积分细则 of the town (``village`` null) or of one village."""

    village = models.OneToOneField("community.Village", null=True, on_delete=models.PROTECT, related_name="rulebook")
    title = models.CharField("名称", max_length=120)
    template_code = models.CharField("样张", max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                F("village").asc(nulls_last=True), name="scoring_one_town_rulebook", nulls_distinct=False
            )
        ]


class VersionState(models.TextChoices):
    """A version goes one way only. Drafts that people work on are ``drafts.Draft``; here a draft is being written."""

    DRAFT = "draft", "草稿"
    SUBMITTED = "submitted", "审批中"
    APPROVED = "approved", "已批准"
    IN_FORCE = "in_force", "已生效"
    SUPERSEDED = "superseded", "已被取代"
    WITHDRAWN = "withdrawn", "已撤销"


JUDGING = (VersionState.IN_FORCE, VersionState.SUPERSEDED, VersionState.WITHDRAWN)
"""Versions that judge the deeds of their dates. One that was withdrawn before it began has no dates: from = to."""


class RulebookVersion(Acted):
    """A dated set of rules. A deed is judged by the version in force on its date.

    ``head`` is the rulebook without its rules, ``bounds`` what a town lets villages change. A village's version names
    the town's version and the overlay that it was made from. ``content_hash`` seals all of it when it is handed in.
    """

    rulebook = models.ForeignKey(Rulebook, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField("版本")
    state = models.CharField("状态", max_length=10, choices=VersionState, default=VersionState.DRAFT)
    effective_from = models.DateField("生效日期")
    effective_to = models.DateField("截止日期", null=True, blank=True, help_text="不含当日")
    resolution = models.CharField("依据", max_length=200, help_text="哪次村民代表大会或哪份文件")
    made_at = models.DateTimeField()
    head = models.JSONField("通用约定", default=dict, db_default={})
    bounds = models.JSONField("村里能改什么", default=dict, db_default={})
    town_version = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="village_versions")
    overlay = models.JSONField("村里的改动", null=True)
    draft = models.ForeignKey("scoring.Draft", null=True, on_delete=models.PROTECT, related_name="versions")
    origin_code = models.CharField("样张", max_length=60, blank=True, default="", db_default="")
    origin_number = models.PositiveSmallIntegerField("样张版本", null=True)
    content_hash = models.CharField(max_length=64, blank=True, default="", db_default="")
    enacted_at = models.DateTimeField("定下生效日期的时间", null=True)
    earlier_end = models.DateField("前一版本原来的截止日期", null=True, help_text="撤销未生效的版本时还给前一版本")
    note = models.CharField("说明", max_length=200, blank=True, default="", db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rulebook", "number"], name="scoring_version_number"),
            models.CheckConstraint(
                condition=Q(effective_to=None) | Q(effective_to__gte=F("effective_from")), name="scoring_version_dates"
            ),
            models.CheckConstraint(
                condition=Q(overlay=None, town_version=None) | Q(overlay__isnull=False, town_version__isnull=False),
                name="scoring_version_overlay",
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | Q(effective_to__isnull=False), name="scoring_version_withdrawn"
            ),
        ]

    @property
    def last_day(self) -> date | None:
        """The last day on which it holds; None without an end, and when it never held."""
        if self.effective_to is None or self.effective_to == self.effective_from:
            return None
        return self.effective_to - timedelta(days=1)


class Sign(models.TextChoices):
    POSITIVE = "positive", "加分"
    NEGATIVE = "negative", "扣分"


class Rule(models.Model):
    """条目. ``spec`` is the whole rule as the engine reads it (``scoring.rules.spec.RuleSpec``)."""

    version = models.ForeignKey(RulebookVersion, on_delete=models.PROTECT, related_name="rules")
    code = models.CharField("编号", max_length=40)
    position = models.PositiveSmallIntegerField("序号")
    sign = models.CharField("正负", max_length=8, choices=Sign)
    subject = models.CharField("对象", max_length=10)
    category = models.CharField("大类", max_length=40)
    matter = models.CharField("事项", max_length=60, blank=True)
    title = models.CharField("名称", max_length=120)
    text = models.TextField("行为")
    is_example = models.BooleanField("示例分值", default=False)
    is_sensitive = models.BooleanField("不公开事由", default=False)
    spec = models.JSONField()

    class Meta:
        ordering = ["version", "position"]
        constraints = [models.UniqueConstraint(fields=["version", "code"], name="scoring_rule_code")]

    def __str__(self) -> str:
        return self.title


class RuleLimit(models.Model):
    """One cap of a rule, as rows so that a month is capped in one statement. ``key`` stays from version to version."""

    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="limits")
    position = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=120)
    kind = models.CharField(max_length=6, choices=[("points", "分"), ("count", "次")])
    value = PointsField()
    period = models.CharField(max_length=8)
    scope = models.CharField(max_length=10)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rule", "position"], name="scoring_limit_position"),
            models.UniqueConstraint(fields=["rule", "key"], name="scoring_limit_key"),
        ]


class CapUse(models.Model):
    """How much of a cap is used, per household, resident or village and period. Posting locks these rows (I12).

    ``rule_code`` is ``@`` and a category's name, or ``*``, for a cap that rules share; ``limit_key`` says which cap it
    is (``rules.spec_limits.keyed``); ``by_value`` tells events apart where a cap counts each on its own.
    """

    rulebook = models.ForeignKey(Rulebook, on_delete=models.PROTECT)
    rule_code = models.CharField(max_length=60)
    limit_key = models.CharField(max_length=120)
    scope_kind = models.CharField(max_length=10)
    scope_id = models.BigIntegerField()
    period_start = models.DateField()
    by_value = models.CharField(max_length=80, blank=True, default="", db_default="")
    used = PointsField(default=ZERO)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "rulebook", "rule_code", "limit_key", "scope_kind", "scope_id", "period_start", "by_value",
                ],
                name="scoring_cap_once",
            )
        ]  # fmt: skip
