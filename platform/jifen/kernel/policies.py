"""A town's dated choices: each room keeps its own, the newest one in force counts."""

from datetime import date
from typing import Any

from django.db import models


class DatedPolicy(models.Model):
    """``data`` is checked by the room's own pydantic model before it is stored; rows are added, never edited."""

    effective_from = models.DateField("生效日期", unique=True)
    data = models.JSONField("内容")
    made_at = models.DateTimeField("设定时间")
    made_by_name = models.CharField("设定人", max_length=60)

    class Meta:
        abstract = True
        ordering = ["effective_from"]

    @classmethod
    def data_on(cls, day: date) -> dict[str, Any]:
        """The newest choice that is in force on ``day``; empty when the town has made none yet."""
        row = cls._default_manager.filter(effective_from__lte=day).last()
        return dict(row.data) if row else {}
