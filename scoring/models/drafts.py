"""A rulebook on its way: what people write together, what was found, tried and resolved, before it is a version."""

from django.db import models
from django.db.models import F, Q

from jifen.kernel.actors import Acted
from scoring.models.rulebooks import Rulebook, RulebookVersion


class DraftState(models.TextChoices):
    OPEN = "open", "编辑中"
    CHECKED = "checked", "已检查"
    TRIED = "tried", "已试算"
    SUBMITTED = "submitted", "审批中"
    APPROVED = "approved", "已通过"
    DISCARDED = "discarded", "已放弃"


EDITABLE = (DraftState.OPEN, DraftState.CHECKED, DraftState.TRIED)
UNDER_WAY = (*EDITABLE, DraftState.SUBMITTED)


class Draft(Acted):
    """The next version of a town's rulebook, or of a village's overlay on ``base`` (a version of the town).

    ``revision`` counts every change of its content: a check, a trial and a resolution hold for the revision they saw.
    ``head`` is the rulebook without its rules (a village's: its own main classes), changed under ``head_revision``.
    """

    rulebook = models.ForeignKey(Rulebook, on_delete=models.PROTECT, related_name="drafts")
    base = models.ForeignKey(RulebookVersion, null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField("状态", max_length=10, choices=DraftState, default=DraftState.OPEN)
    title = models.CharField("名称", max_length=120)
    head = models.JSONField("通用约定", default=dict)
    bounds = models.JSONField("村里能改什么", default=dict)
    head_revision = models.PositiveIntegerField(default=0)
    revision = models.PositiveIntegerField(default=0)
    origin_code = models.CharField("样张", max_length=60, blank=True)
    origin_number = models.PositiveSmallIntegerField("样张版本", null=True)
    is_charter = models.BooleanField("是否涉及村规民约", default=False)
    note = models.CharField("退回意见", max_length=300, blank=True)
    opened_at = models.DateTimeField()
    changed_at = models.DateTimeField("最近改动")
    changed_by_name = models.CharField("最近改动人", max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rulebook"],
                condition=Q(state__in=["open", "checked", "tried", "submitted"]),
                name="scoring_one_draft",
            ),
        ]


class DraftItem(models.Model):
    """One item: of a town's draft the rule as JSON, of a village's one change of its overlay.

    ``body`` may be unfinished; ``selectors.drafts`` says what is missing. A removed item stays and can be put back.
    """

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="items")
    code = models.CharField("编号", max_length=40)
    position = models.PositiveIntegerField("序号")
    body = models.JSONField()
    is_removed = models.BooleanField("已删除", default=False)
    revision = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    changed_by_name = models.CharField(max_length=60)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["draft", "code"], name="scoring_draftitem_code")]


class DraftUnread(models.Model):
    """A place of the file that the draft was made of which could not be read: it stays until somebody ticks it off.

    ``cells``: the line as it stood, by column; empty where it was no line of a list.
    """

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="unread")
    position = models.PositiveIntegerField("序号")
    sheet = models.CharField("表", max_length=60, blank=True)
    cell = models.CharField("格", max_length=12, blank=True)
    text = models.CharField("原文", max_length=600, blank=True)
    why = models.CharField("为什么没有读", max_length=300)
    cells = models.JSONField("整行", default=dict)
    done_at = models.DateTimeField(null=True)
    done_by_name = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at=None, done_by_name="") | (Q(done_at__isnull=False) & ~Q(done_by_name="")),
                name="scoring_unread_done",
            ),
        ]


class DraftFinding(models.Model):
    """What the check found at ``revision``. A blocking one is mended, or signed off with a reason."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="findings")
    key = models.CharField(max_length=64, help_text="同一问题、同样的条目内容，编号不变")
    kind = models.CharField(max_length=40)
    codes = models.JSONField("条目", default=list)
    text = models.CharField("问题", max_length=600)
    mend = models.CharField("建议", max_length=600, blank=True)
    is_blocking = models.BooleanField("须处理")
    revision = models.PositiveIntegerField()
    reason = models.CharField("签署理由", max_length=300, blank=True)
    signed_at = models.DateTimeField(null=True)
    signed_by_name = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["-is_blocking", "id"]
        constraints = [
            models.UniqueConstraint(fields=["draft", "key"], name="scoring_finding_once"),
            models.CheckConstraint(
                condition=Q(signed_at=None, reason="", signed_by_name="")
                | (Q(signed_at__isnull=False) & ~Q(reason="") & ~Q(signed_by_name="")),
                name="scoring_finding_signed",
            ),
        ]


class DraftTrial(Acted):
    """The draft of ``revision`` on the village's or town's history: what a run showed, or why there was none."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="trials")
    revision = models.PositiveIntegerField()
    summary = models.JSONField("试算结果", null=True)
    waiver = models.CharField("不试算的理由", max_length=300, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(summary=None) & ~Q(waiver="")) | Q(summary__isnull=False, waiver=""),
                name="scoring_trial_or_waiver",
            )
        ]


class MeetingKind(models.TextChoices):
    REPRESENTATIVES = "representatives", "村民代表会议"
    ASSEMBLY = "assembly", "村民会议"


class Resolution(Acted):
    """What a meeting resolved on the draft of ``revision``: who came, how they voted, the signed minutes.

    ``quorum`` and ``majority`` are the shares that held on that day, as ``approvals.shares.Fraction`` writes them.
    Rows are added, never changed.
    """

    database_rights = "append_only"

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="resolutions")
    revision = models.PositiveIntegerField()
    meeting = models.CharField("会议", max_length=16, choices=MeetingKind)
    held_on = models.DateField("日期")
    place = models.CharField("地点", max_length=80)
    members = models.PositiveIntegerField("应到")
    present = models.PositiveIntegerField("实到")
    votes_for = models.PositiveIntegerField("赞成")
    votes_against = models.PositiveIntegerField("反对")
    votes_abstained = models.PositiveIntegerField("弃权")
    quorum = models.JSONField("到会比例")
    majority = models.JSONField("通过比例")
    is_passed = models.BooleanField("是否通过")
    text = models.CharField("决议", max_length=600)
    minutes = models.ForeignKey("files.File", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["held_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(present__lte=F("members"), members__gt=0)
                & Q(present=F("votes_for") + F("votes_against") + F("votes_abstained")),
                name="scoring_resolution_votes",
            )
        ]


class Deliberation(models.TextChoices):
    """四议两公开, in the order of the law."""

    PARTY = "party", "村党组织提议"
    COMMITTEES = "committees", "村“两委”会议商议"
    PARTY_MEMBERS = "party_members", "党员大会审议"
    REPRESENTATIVES = "representatives", "村民代表会议(村民会议)决议"
    PUBLISHED = "published", "决议公开"
    IMPLEMENTED = "implemented", "实施结果公开"


class DeliberationStep(Acted):
    """One of the six steps with its day. Rows are added, never changed."""

    database_rights = "append_only"

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="deliberations")
    step = models.CharField("步骤", max_length=16, choices=Deliberation)
    held_on = models.DateField("日期")
    note = models.CharField("说明", max_length=300, blank=True)
    paper = models.ForeignKey("files.File", null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["held_on", "id"]
        constraints = [models.UniqueConstraint(fields=["draft", "step"], name="scoring_deliberation_once")]


class AdaptationState(models.TextChoices):
    PENDING = "pending", "待确认"
    CONFIRMED = "confirmed", "已确认"
    REPLACED = "replaced", "已有更新的版本"


class Adaptation(models.Model):
    """The town has a new version: what a village with an overlay makes of it. Until then its own version goes on.

    ``choices``: item's code to ``town`` or ``own``.
    """

    rulebook = models.ForeignKey(Rulebook, on_delete=models.PROTECT, related_name="adaptations")
    town_version = models.ForeignKey(RulebookVersion, on_delete=models.PROTECT, related_name="+")
    from_version = models.ForeignKey(RulebookVersion, on_delete=models.PROTECT, related_name="+")
    state = models.CharField("状态", max_length=10, choices=AdaptationState, default=AdaptationState.PENDING)
    choices = models.JSONField("选择", default=dict)
    result = models.ForeignKey(RulebookVersion, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by_name = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["rulebook", "town_version"], name="scoring_adaptation_once"),
            models.UniqueConstraint(
                fields=["rulebook"], condition=Q(state="pending"), name="scoring_adaptation_one_pending"
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | Q(result__isnull=False), name="scoring_adaptation_result"
            ),
        ]
