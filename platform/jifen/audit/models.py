"""Who did what when. Rows are only ever added; seals are separate rows (DESIGN §9)."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from jifen.kernel.actors import Acted


class AuditRow(Acted):
    """One act. ``at`` is real time, ``business_at`` business time; ``data`` holds ids and figures, no personal data."""

    database_rights: ClassVar[str] = "append_only"

    at = models.DateTimeField(db_index=True)
    business_at = models.DateTimeField()
    action = models.CharField(max_length=60, db_index=True)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField(null=True)
    village_id = models.BigIntegerField(null=True)
    data = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["subject_kind", "subject_id"])]


class AuditSeal(models.Model):
    """SHA-256 over the sealed rows in id order and over the previous seal's hash."""

    database_rights: ClassVar[str] = "append_only"

    sealed_at = models.DateTimeField()
    row_ids = ArrayField(models.BigIntegerField())
    hash = models.CharField(max_length=64)
    previous = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="next")


class AuditSealed(models.Model):
    """Which seal holds a row: at most one."""

    database_rights: ClassVar[str] = "append_only"

    row = models.OneToOneField(AuditRow, on_delete=models.PROTECT, primary_key=True, related_name="sealed")
    seal = models.ForeignKey(AuditSeal, on_delete=models.PROTECT, related_name="rows")
