"""Idempotency rows: same key and same input, same answer; same key, other input, refused (I6)."""

from django.db import models


class IdempotencyKey(models.Model):
    """One unsafe call of one account. The answer is stored when the call has ended; rows live 48 hours."""

    user_id = models.BigIntegerField()
    key = models.CharField(max_length=80)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    answer = models.JSONField(null=True)
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user_id", "key"], name="api_idempotency_key")]
