"""Messages and channels as programs see them; a channel's address never leaves the platform."""

from datetime import time
from typing import Any

from rest_framework import serializers

from jifen.inbox.models import Channel, Delivery, Message


class MessageOut(serializers.ModelSerializer[Message]):
    class Meta:
        model = Message
        fields = ("id", "kind", "title", "body", "address", "made_at", "read_at", "past_at")
        read_only_fields = fields


class ChannelOut(serializers.ModelSerializer[Channel]):
    class Meta:
        model = Channel
        fields = ("id", "name", "audience", "every_minutes", "quiet_from", "quiet_to", "is_active")
        read_only_fields = fields


class ChannelIn(serializers.Serializer[Channel]):
    name = serializers.CharField(max_length=40)
    address = serializers.CharField(max_length=600)
    audience = serializers.CharField(max_length=60)
    every_minutes = serializers.IntegerField(default=60)
    quiet_from = serializers.TimeField(default=time(21))
    quiet_to = serializers.TimeField(default=time(8))


class ChannelChangeIn(serializers.Serializer[Channel]):
    name = serializers.CharField(max_length=40)
    address = serializers.CharField(max_length=600, required=False, allow_blank=True, help_text="不填就还用原来的")
    audience = serializers.CharField(max_length=60)
    every_minutes = serializers.IntegerField()
    quiet_from = serializers.TimeField()
    quiet_to = serializers.TimeField()


class ChannelSwitchIn(serializers.Serializer[Any]):
    on = serializers.BooleanField(label="启用")


class ReadOut(serializers.Serializer[Any]):
    read = serializers.IntegerField(help_text="这次标为已读的条数")


class DeliveryOut(serializers.ModelSerializer[Delivery]):
    class Meta:
        model = Delivery
        fields = ("id", "since", "until", "messages", "state", "attempts", "problem", "sent_at")
        read_only_fields = fields
