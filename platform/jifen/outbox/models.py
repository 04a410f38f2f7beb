"""What a town tells the public schema: written with the fact, deleted with the figures it changes (I15)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Message(models.Model):
    """``town`` is the schema; ``kind`` chooses the handler; ``payload`` holds figures, never personal data."""

    town = models.CharField(max_length=63)
    kind = models.CharField(max_length=40)
    payload = models.JSONField()
    told_at = models.DateTimeField(db_default=models.functions.Now())


class Unsealed(models.Model):
    """Audit rows of a schema that no seal holds yet: told by the trail's trigger, so that sealing costs by what is new,
    not by how many towns there are. Without ``row_ids`` the whole trail is looked through."""

    town = models.CharField(max_length=63, db_index=True)
    row_ids = ArrayField(models.BigIntegerField(), null=True)
