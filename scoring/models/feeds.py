"""Feeds: the keys by which devices and departments send deeds."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from jifen.kernel.actors import Acted


class FeedKey(Acted):
    """自动采集的密钥: bound to one ``feed`` (the code that rules name); only the key's digest is kept.

    Its row stays after it was revoked: it says who sent the deeds.
    """

    database_rights: ClassVar[str] = "no_delete"

    name = models.CharField("来源", max_length=60)
    feed = models.CharField("来源编号", max_length=40)
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by_name = models.CharField("停用的人", max_length=60, blank=True, default="")

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(digest__regex="^[0-9a-f]{64}$") & ~Q(name="") & ~Q(feed=""), name="scoring_feed_key_whole"
            ),
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_by_name="")
                | (Q(revoked_at__isnull=False) & ~Q(revoked_by_name="")),
                name="scoring_feed_key_revoked",
            ),
        ]
