"""Notices, lists, objections and reports of one town."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from jifen.kernel.actors import Acted
from jifen.kernel.points import PointsField
from jifen.kernel.policies import DatedPolicy


class NoticePolicy(DatedPolicy):
    """Days, rankings, lists, honours, benefits and reports (the scheme's ``notice``, ``lists`` … sections)."""


class NoticeKind(models.TextChoices):
    VILLAGE_QUARTER = "village_quarter", "村季度公示"
    TOWN_QUARTER = "town_quarter", "镇季度公示"
    DIFFERENCE = "difference", "更正公示"


class Notice(Acted):
    """公示: a frozen, dated snapshot. ``snapshot`` holds what the wall shows (names already masked by consent) and
    ``sha256`` is taken over its canonical JSON; once published nothing of it changes (I8)."""

    database_rights: ClassVar[str] = "notice"

    kind = models.CharField(max_length=16, choices=NoticeKind)
    village = models.ForeignKey("community.Village", null=True, on_delete=models.PROTECT, related_name="notices")
    year = models.PositiveSmallIntegerField("年度")
    quarter = models.PositiveSmallIntegerField("季度")
    number = models.CharField("编号", max_length=40, unique=True)
    title = models.CharField("标题", max_length=120)
    snapshot = models.JSONField()
    sha256 = models.CharField(max_length=64)
    corrects = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="differences")
    token = models.CharField(max_length=43, unique=True)
    published_at = models.DateTimeField("公示日期")
    closes_on = models.DateField("公示截止")
    objections_until = models.DateField("异议截止")

    class Meta:
        ordering = ["-published_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "village", "year", "quarter"],
                condition=~Q(kind="difference"),
                name="reporting_notice_once",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return self.title


class DraftState(models.TextChoices):
    WAITING = "waiting", "送审中"
    PUBLISHED = "published", "已公示"
    REFUSED = "refused", "待修改"
    OVERTAKEN = "overtaken", "账目有变动，已重新生成"
    WITHDRAWN = "withdrawn", "已撤回"


class NoticeDraft(Acted):
    """公示草稿: a quarter's notice computed and frozen for those who approve it before it hangs.

    ``sha256`` is taken over what they approve (``snapshots.essence``), so the published notice gives the same.
    """

    database_rights: ClassVar[str] = "no_delete"

    kind = models.CharField(max_length=16, choices=NoticeKind)
    village = models.ForeignKey("community.Village", null=True, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField("年度")
    quarter = models.PositiveSmallIntegerField("季度")
    attempt = models.PositiveSmallIntegerField("第几稿")
    title = models.CharField("标题", max_length=120)
    snapshot = models.JSONField()
    sha256 = models.CharField(max_length=64)
    due_on = models.DateField("公示日")
    made_at = models.DateTimeField("生成时间")
    state = models.CharField("状态", max_length=10, choices=DraftState, default=DraftState.WAITING)
    remark = models.CharField("要改什么", max_length=500, blank=True)
    ended_at = models.DateTimeField(null=True)
    notice = models.OneToOneField(Notice, null=True, on_delete=models.PROTECT, related_name="draft")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "village", "year", "quarter", "attempt"], name="reporting_draft_attempt",
                nulls_distinct=False,
            ),
            models.UniqueConstraint(
                fields=["kind", "village", "year", "quarter"], condition=Q(state="waiting"),
                name="reporting_draft_waits_once", nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(state="published", notice__isnull=False) | (~Q(state="published") & Q(notice=None)),
                name="reporting_draft_published",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", ended_at=None) | (~Q(state="waiting") & Q(ended_at__isnull=False)),
                name="reporting_draft_ended",
            ),
            models.CheckConstraint(condition=~Q(state="refused") | ~Q(remark=""), name="reporting_draft_why"),
            models.CheckConstraint(condition=~Q(kind="difference"), name="reporting_draft_kind"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.title}第{self.attempt}稿"


class Poster(models.Model):
    """The printed form of a notice: one A3 page, or A4 tiles."""

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="posters")
    form = models.CharField(max_length=8, choices=[("a3", "A3一张"), ("a4", "A4拼页")])
    file = models.ForeignKey("files.File", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "form"], name="reporting_poster_once")]

    def __str__(self) -> str:
        return self.get_form_display()


class ListRow(models.Model):
    """红榜/黑榜: who stood on which list of which notice, by which measure, with how many points."""

    database_rights: ClassVar[str] = "append_only"

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="list_rows")
    colour = models.CharField(max_length=5, choices=[("red", "红榜"), ("black", "黑榜")])
    position = models.PositiveSmallIntegerField()
    household = models.ForeignKey("community.Household", on_delete=models.PROTECT, related_name="+")
    measure = models.CharField(
        max_length=10, choices=[("positive", "正积分"), ("negative", "负积分"), ("net", "总积分")]
    )
    points = PointsField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "colour", "household"], name="reporting_listed_once")]

    def __str__(self) -> str:
        return f"{self.get_colour_display()}第{self.position}名"


class ObjectionState(models.TextChoices):
    RAISED = "raised", "待核实"
    UPHELD = "upheld", "异议成立"
    DISMISSED = "dismissed", "维持原结果"


class ObjectionChannel(models.TextChoices):
    ONLINE = "online", "网上"
    IN_PERSON = "in_person", "当面"
    PHONE = "phone", "电话"
    PAPER = "paper", "书面"


class Level(models.TextChoices):
    """Who has an objection in hand."""

    VILLAGE = "village", "村"
    TOWN = "town", "镇"


class Objection(Acted):
    """异议: a dated question to a declaration, to an entry (its posting) or to a notice.

    The second stage is a row of its own that names the first (``appeal_of``). Who objects is for the investigators
    alone: ``household``, ``text``, the actor and the files are shown through ``selectors.objections.as_seen`` only.
    """

    database_rights: ClassVar[str] = "objection"

    number = models.CharField("回执编号", max_length=40, unique=True)
    token = models.CharField(max_length=43, unique=True)
    notice = models.ForeignKey(Notice, null=True, on_delete=models.PROTECT, related_name="objections")
    posting = models.ForeignKey("scoring.Posting", null=True, on_delete=models.PROTECT, related_name="objections")
    declaration = models.ForeignKey("scoring.Declaration", null=True, on_delete=models.PROTECT, related_name="+")
    household = models.ForeignKey("community.Household", on_delete=models.PROTECT, related_name="objections")
    village = models.ForeignKey("community.Village", on_delete=models.PROTECT, related_name="+")
    text = models.CharField("异议内容", max_length=500)
    channel = models.CharField("提出方式", max_length=10, choices=ObjectionChannel, default=ObjectionChannel.ONLINE)
    stage = models.PositiveSmallIntegerField("第几次", default=1)
    appeal_of = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="appeal")
    is_direct = models.BooleanField("直接向镇里反映", default=False)
    level = models.CharField("由谁核实", max_length=8, choices=Level, default=Level.VILLAGE)
    escalated_on = models.DateField("转镇日期", null=True)
    overdue_on = models.DateField("镇里逾期日期", null=True)
    raised_on = models.DateField("提出日期")
    answer_by = models.DateField("答复期限")
    state = models.CharField("状态", max_length=10, choices=ObjectionState, default=ObjectionState.RAISED)
    finding = models.CharField("调查结果", max_length=500, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by_id = models.BigIntegerField(null=True)
    answered_by_name = models.CharField(max_length=60, blank=True)
    reversal = models.ForeignKey("scoring.Posting", null=True, on_delete=models.PROTECT, related_name="+")
    corrected = models.ForeignKey("scoring.Declaration", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-raised_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(notice__isnull=False) | Q(posting__isnull=False) | Q(declaration__isnull=False),
                name="reporting_objection_of",
            ),
            models.CheckConstraint(
                condition=Q(state="raised") | (~Q(finding="") & Q(answered_at__isnull=False)),
                name="reporting_objection_answer",
            ),
            models.CheckConstraint(
                condition=Q(stage=1, appeal_of=None) | Q(stage=2, appeal_of__isnull=False, level="town"),
                name="reporting_objection_stage",
            ),
            models.CheckConstraint(condition=Q(is_direct=False) | Q(level="town"), name="reporting_objection_direct"),
            models.UniqueConstraint(
                fields=["household", "posting"], condition=Q(state="raised"), name="reporting_objection_open_once"
            ),
            models.UniqueConstraint(
                fields=["household", "declaration"], condition=Q(state="raised"), name="reporting_objection_deed_once"
            ),
        ]

    @property
    def is_for_town(self) -> bool:
        """From the beginning: the village's people have no part in it."""
        return self.is_direct or self.stage == 2

    def __str__(self) -> str:
        return f"{self.number} {self.get_state_display()}"


class ObjectionFile(models.Model):
    """What the objector handed in, the signed paper, or what the investigators found."""

    database_rights: ClassVar[str] = "append_only"

    objection = models.ForeignKey(Objection, on_delete=models.PROTECT, related_name="files")
    file = models.ForeignKey("files.File", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(
        max_length=8, choices=[("proof", "异议人提供"), ("paper", "书面原件"), ("finding", "核实材料")]
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["objection", "file"], name="reporting_objection_file_once")]

    def __str__(self) -> str:
        return self.get_kind_display()


class ObjectionOpinion(Acted):
    """核实意见: what one who decides an objection in its flow would do; the newest of the winning verdict is done."""

    database_rights: ClassVar[str] = "append_only"

    objection = models.ForeignKey(Objection, on_delete=models.PROTECT, related_name="opinions")
    upheld = models.BooleanField("异议成立")
    finding = models.CharField("调查结果", max_length=500)
    posting = models.ForeignKey("scoring.Posting", null=True, on_delete=models.PROTECT, related_name="+")
    household = models.ForeignKey("community.Household", null=True, on_delete=models.PROTECT, related_name="+")
    resident = models.ForeignKey("community.Resident", null=True, on_delete=models.PROTECT, related_name="+")
    facts = models.JSONField("应当怎样登记", default=dict)
    given_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(finding=""), name="reporting_opinion_finding"),
            models.CheckConstraint(condition=Q(upheld=True) | Q(household=None), name="reporting_opinion_correction"),
        ]

    def __str__(self) -> str:
        return "异议成立" if self.upheld else "维持原结果"
