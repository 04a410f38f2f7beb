"""Approval flows as data: who decides which kind of thing, in which order, by which majority."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from jifen.kernel.actors import Acted


class Flow(Acted):
    """One version of a town's flow for one kind of subject; an item in flight keeps the version it started on.

    ``steps``: list of ``{"name", "who": {"role": ...} | {"seat": ...}, "how": "any|all|quorum",
    "quorum": {"numerator", "denominator"}, "when": CEL or ""}`` (``jifen.approvals.steps.Step``).
    """

    database_rights: ClassVar[str] = "append_only"

    subject_kind = models.CharField("事项", max_length=40)
    version = models.PositiveIntegerField("版本")
    steps = models.JSONField("步骤")
    active_from = models.DateTimeField("启用时间")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject_kind", "version"], name="approvals_flow_version")]


class ItemState(models.TextChoices):
    OPEN = "open", "办理中"
    APPROVED = "approved", "已同意"
    REJECTED = "rejected", "未同意"
    WITHDRAWN = "withdrawn", "已撤回"


class Item(models.Model):
    """One subject on its way through a flow. ``facts`` are what conditions look at."""

    flow = models.ForeignKey(Flow, on_delete=models.PROTECT, related_name="items")
    subject_kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    village_id = models.BigIntegerField(null=True)
    step = models.PositiveSmallIntegerField("当前步骤", default=0)
    state = models.CharField(max_length=10, choices=ItemState, default=ItemState.OPEN)
    facts = models.JSONField(default=dict)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id"], condition=Q(state="open"), name="approvals_item_open_once"
            )
        ]


class Verdict(models.TextChoices):
    APPROVE = "approve", "同意"
    REJECT = "reject", "不同意"


class Decision(Acted):
    """One person's word on one step; she speaks once."""

    database_rights: ClassVar[str] = "append_only"

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="decisions")
    step = models.PositiveSmallIntegerField()
    verdict = models.CharField(max_length=8, choices=Verdict)
    reason = models.CharField("理由", max_length=200, blank=True)
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "step", "actor_id"], name="approvals_decision_once")]
