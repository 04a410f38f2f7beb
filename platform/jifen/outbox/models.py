"""What a town tells the public schema: written with the fact, deleted with the figures it changes (I15)."""

from django.db import models


class Message(models.Model):
    """``town`` is the schema; ``kind`` chooses the handler; ``payload`` holds figures, never personal data."""

    town = models.CharField(max_length=63)
    kind = models.CharField(max_length=40)
    payload = models.JSONField()
    told_at = models.DateTimeField(db_default=models.functions.Now())
