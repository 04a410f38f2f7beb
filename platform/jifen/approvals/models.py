"""Approval flows as data, and what is on its way through them.

An item stands at one or more stages (runs of a step); a stage has assignments (people with work); every act is a word.
"""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from jifen.approvals.definition import Definition, parse
from jifen.kernel.actors import Acted, Actor


class Flow(Acted):
    """One version of a town's flow for one kind of subject. ``steps`` is what ``definition.parse`` reads."""

    database_rights: ClassVar[str] = "append_only"

    subject_kind = models.CharField("事项", max_length=40)
    version = models.PositiveIntegerField("版本")
    steps = models.JSONField("步骤")
    active_from = models.DateTimeField("启用时间")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject_kind", "version"], name="approvals_flow_version")]

    @property
    def definition(self) -> Definition:
        return parse(self.steps)


class FlowDraft(Acted):
    """What a town's administrators are working on for one kind, until one of them saves it as a version.

    ``base`` is the version it started from, 0 for none; ``revision`` grows with every change, so that of two who
    change it at the same time one meets the other's change.
    """

    subject_kind = models.CharField("事项", max_length=40, unique=True)
    steps = models.JSONField("步骤")
    base = models.PositiveIntegerField("从哪一版改起")
    revision = models.PositiveIntegerField("第几次修改", default=1)
    changed_at = models.DateTimeField("修改时间")


class Running(models.TextChoices):
    """What happens to items under way when a version comes into force."""

    FINISH = "finish", "按原流程办完"
    MOVE = "move", "转到新流程"


class Activation(Acted):
    """Which version has been in force since when; the newest counts."""

    database_rights: ClassVar[str] = "append_only"

    flow = models.ForeignKey(Flow, on_delete=models.PROTECT, related_name="activations")
    subject_kind = models.CharField("事项", max_length=40)
    running = models.CharField("在办事项", max_length=6, choices=Running)
    moved = models.PositiveIntegerField("转到新流程的件数", default=0)
    at = models.DateTimeField("启用时间")

    class Meta:
        indexes = [models.Index(fields=["subject_kind", "-id"], name="approvals_activation_newest")]


class ItemState(models.TextChoices):
    OPEN = "open", "办理中"
    RETURNED = "returned", "已退回"
    SUSPENDED = "suspended", "已暂停"
    APPROVED = "approved", "已同意"
    REJECTED = "rejected", "未同意"
    WITHDRAWN = "withdrawn", "已撤回"
    TERMINATED = "terminated", "已终止"


UNDER_WAY = (ItemState.OPEN, ItemState.RETURNED, ItemState.SUSPENDED)


class Item(models.Model):
    """One subject on its way through a flow. ``facts`` are what conditions look at, ``routes`` what they chose."""

    database_rights: ClassVar[str] = "no_delete"

    flow = models.ForeignKey(Flow, on_delete=models.PROTECT, related_name="items")
    subject_kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    village_id = models.BigIntegerField(null=True)
    group_id = models.BigIntegerField(null=True)
    state = models.CharField(max_length=10, choices=ItemState, default=ItemState.OPEN)
    facts = models.JSONField(default=dict)
    routes = models.JSONField(default=dict)
    starter_realm = models.CharField(max_length=63, default="system")
    starter_id = models.BigIntegerField(default=0)
    starter_name = models.CharField("发起人", max_length=60, default="系统")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    suspended_at = models.DateTimeField("暂停时间", null=True)
    wake_at = models.DateTimeField("恢复时间", null=True)
    reminders = models.PositiveSmallIntegerField("催办次数", default=0)
    reminded_at = models.DateTimeField("上次催办", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id"], condition=Q(finished_at=None), name="approvals_item_open_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=UNDER_WAY, finished_at=None) | ~Q(state__in=UNDER_WAY) & ~Q(finished_at=None),
                name="approvals_item_finished",
            ),
        ]
        indexes = [
            models.Index(fields=["wake_at"], condition=~Q(wake_at=None), name="approvals_item_wakes"),
            models.Index(fields=["village_id"], condition=Q(finished_at=None), name="approvals_item_under_way"),
        ]

    def is_started_by(self, by: Actor) -> bool:
        return (self.starter_realm, self.starter_id) == (by.realm, by.id)


class StageState(models.TextChoices):
    ACTIVE = "active", "办理中"
    PASSED = "passed", "已通过"
    REFUSED = "refused", "未通过"
    LEFT = "left", "已离开"
    VOID = "void", "已作废"


class Stage(models.Model):
    """One run of a step. ``passed`` ones count until a return voids them; ``left`` ones were never decided."""

    database_rights: ClassVar[str] = "no_delete"

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="stages")
    key = models.CharField(max_length=80)
    name = models.CharField("步骤", max_length=60)
    run = models.PositiveSmallIntegerField("第几次")
    state = models.CharField(max_length=8, choices=StageState, default=StageState.ACTIVE)
    is_blocked = models.BooleanField("没有办理人", default=False)
    opened_at = models.DateTimeField("到达时间")
    closed_at = models.DateTimeField("离开时间", null=True)
    due_at = models.DateTimeField("办理期限", null=True)
    overdue = models.PositiveSmallIntegerField("超时次数", default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "key", "run"], name="approvals_stage_run"),
            models.UniqueConstraint(fields=["item", "key"], condition=Q(state="active"), name="approvals_stage_once"),
            models.CheckConstraint(
                condition=Q(state="active", closed_at=None) | ~Q(state="active") & ~Q(closed_at=None),
                name="approvals_stage_closed",
            ),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(state="active"), name="approvals_stage_due")]


class Origin(models.TextChoices):
    """How somebody came to have work."""

    RULE = "rule", "流程规定"
    SUBSTITUTE = "substitute", "回避替补"
    DELEGATE = "delegate", "代理"
    OFFICE = "office", "镇级代办"
    ESCALATED = "escalated", "超时上报"
    TRANSFERRED = "transferred", "转交"
    HANDED_OVER = "handed_over", "移交"
    ADDED = "added", "加签"


class AssignmentState(models.TextChoices):
    WAITING = "waiting", "未轮到"
    ACTIVE = "active", "待办"
    CLAIMED = "claimed", "已认领"
    DONE = "done", "已办"
    CANCELLED = "cancelled", "已取消"
    LAPSED = "lapsed", "不用再办"
    RECUSED = "recused", "回避"


OPEN_WORK = (AssignmentState.WAITING, AssignmentState.ACTIVE, AssignmentState.CLAIMED)


class Verdict(models.TextChoices):
    APPROVE = "approve", "同意"
    REJECT = "reject", "不同意"


class Assignment(models.Model):
    """Who has work at a stage. ``holder_id`` is the account the flow meant, whoever does it in the end.

    People of one ``seat`` decide it together, lowest ``rank`` first. ``part`` is the number of the step's ``who``
    that weighs most, ``also`` are the others that mean the holder.
    """

    database_rights: ClassVar[str] = "no_delete"

    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="assignments")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    holder_id = models.BigIntegerField()
    origin = models.CharField(max_length=12, choices=Origin, default=Origin.RULE)
    state = models.CharField(max_length=10, choices=AssignmentState, default=AssignmentState.WAITING)
    verdict = models.CharField(max_length=8, choices=Verdict, blank=True)
    seat = models.PositiveSmallIntegerField()
    rank = models.SmallIntegerField(default=0)
    weight = models.PositiveSmallIntegerField(default=1)
    part = models.PositiveSmallIntegerField(default=0)
    also = ArrayField(models.PositiveSmallIntegerField(), default=list)
    added_by_id = models.BigIntegerField(null=True)
    given_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stage", "user"], name="approvals_assignment_once"),
            models.CheckConstraint(
                condition=Q(state="done", done_at__isnull=False) & ~Q(verdict="")
                | ~Q(state="done") & Q(verdict="", done_at=None),
                name="approvals_assignment_done",
            ),
        ]
        indexes = [
            models.Index(
                fields=["user"], condition=Q(state__in=["active", "claimed"]), name="approvals_assignment_work"
            )
        ]


class WordKind(models.TextChoices):
    START = "start", "发起"
    RESUBMIT = "resubmit", "重新提交"
    APPROVE = "approve", "同意"
    REJECT = "reject", "不同意"
    SKIP = "skip", "自动通过"
    RETURN = "return", "退回"
    TAKE_BACK = "take_back", "拿回"
    WITHDRAW = "withdraw", "撤回"
    TRANSFER = "transfer", "转交"
    HAND_OVER = "hand_over", "移交"
    DELEGATE = "delegate", "代理"
    ADD = "add", "加签"
    REMOVE = "remove", "减签"
    CLAIM = "claim", "认领"
    RELEASE = "release", "退回认领"
    COPY = "copy", "抄送"
    READ = "read", "已阅"
    COMMENT = "comment", "评论"
    ASK = "ask", "询问"
    ANSWER = "answer", "答复"
    REMIND = "remind", "催办"
    OVERDUE = "overdue", "超时"
    SUSPEND = "suspend", "暂停"
    WAKE = "wake", "恢复"
    JUMP = "jump", "跳转"
    TERMINATE = "terminate", "终止"
    MOVE = "move", "转到新流程"


class Word(Acted):
    """One act on an item; ``speaker_id`` is whose word it is (the steward writes down what is on paper)."""

    database_rights: ClassVar[str] = "append_only"

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="words")
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, null=True, related_name="words")
    kind = models.CharField(max_length=10, choices=WordKind)
    speaker_id = models.BigIntegerField()
    to_id = models.BigIntegerField(null=True)
    answers = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="answered_by")
    text = models.CharField("理由", max_length=500, blank=True)
    data = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["to_id"], condition=Q(kind="ask"), name="approvals_word_asked")]


class Copy(models.Model):
    """Somebody is told of an item; once each."""

    database_rights: ClassVar[str] = "no_delete"

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="copies")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "user"], name="approvals_copy_once")]


class Delegation(Acted):
    """``giver``'s work of some time goes to ``receiver``; of one kind of subject, or of all."""

    database_rights: ClassVar[str] = "no_delete"

    giver = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    receiver = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    subject_kind = models.CharField(max_length=40, blank=True)
    from_at = models.DateTimeField("起")
    until_at = models.DateTimeField("止")
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(until_at__gt=F("from_at")), name="approvals_delegation_dates"),
            models.CheckConstraint(condition=~Q(giver=F("receiver")), name="approvals_delegation_of_other"),
        ]
