"""Messages to people, and the channels that carry a digest of them out of the platform."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from jifen.kernel.actors import Acted
from jifen.kernel.fields import SealedTextField


class Message(models.Model):
    """站内消息: one thing one person should know; told again under the same key it stays one.

    ``topic`` is what it is about: a later message of the topic, or its end, makes this one past, if it was not read.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="messages")
    kind = models.CharField("类别", max_length=30)
    title = models.CharField("标题", max_length=80)
    body = models.CharField("内容", max_length=300, blank=True)
    address = models.CharField("链接", max_length=200, blank=True)
    key = models.CharField(max_length=120)
    topic = models.CharField(max_length=120, blank=True)
    made_at = models.DateTimeField("时间")
    read_at = models.DateTimeField("已读", null=True)
    past_at = models.DateTimeField("已过", null=True)

    class Meta:
        ordering = ["-made_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="inbox_message_once"),
            models.CheckConstraint(condition=Q(past_at=None) | Q(read_at=None), name="inbox_message_past_unread"),
        ]
        indexes = [
            models.Index(
                fields=["user", "-made_at"], condition=Q(read_at=None, past_at=None), name="inbox_message_waiting"
            ),
            models.Index(fields=["topic"], condition=Q(read_at=None, past_at=None), name="inbox_message_topic"),
        ]


class Channel(Acted):
    """A way out: a group chat's robot, a mailbox, a gateway. ``address`` is an Apprise URL and holds its secret."""

    name = models.CharField("名称", max_length=40, unique=True)
    address = SealedTextField("地址")
    audience = models.CharField("提醒谁的事项", max_length=60)
    every_minutes = models.PositiveSmallIntegerField("汇总间隔(分钟)", default=60)
    quiet_from = models.TimeField("免打扰开始")
    quiet_to = models.TimeField("免打扰结束")
    is_active = models.BooleanField("启用", default=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=Q(every_minutes__gte=15, every_minutes__lte=1440), name="inbox_interval")
        ]


class DeliveryState(models.TextChoices):
    WAITING = "waiting", "待发送"
    SENT = "sent", "已发送"
    FAILED = "failed", "发送失败"


class Delivery(models.Model):
    """发送记录: one digest through one channel; it tells of the messages made after ``since`` up to ``until``."""

    database_rights: ClassVar[str] = "no_delete"

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="deliveries")
    since = models.DateTimeField(null=True)
    until = models.DateTimeField()
    messages = models.PositiveIntegerField("条数")
    text = models.TextField("内容")
    state = models.CharField("状态", max_length=8, choices=DeliveryState, default=DeliveryState.WAITING)
    attempts = models.PositiveSmallIntegerField("次数", default=0)
    problem = models.CharField("原因", max_length=200, blank=True)
    sent_at = models.DateTimeField("发送时间", null=True)

    class Meta:
        ordering = ["-until", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["channel", "until"], name="inbox_delivery_once"),
            models.CheckConstraint(condition=Q(since=None) | Q(since__lt=F("until")), name="inbox_delivery_span"),
        ]
