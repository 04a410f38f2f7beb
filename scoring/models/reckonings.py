"""How deeds were reckoned whose rules look at what was posted before."""

from typing import ClassVar

from django.db import models

from jifen.kernel.points import PointsField
from scoring.models.ledger import Posting
from scoring.models.rulebooks import CapUse


class Reckoning(models.Model):
    """One deed as the engine took it in posting order: what later deeds ask about it.

    ``worth``: signed points as awarded, those that rank or else those that redeem; a bounded balance may take less.
    ``is_effective``: it did more than warn. ``steps``: how it came about (``scoring.rules.steps``).
    """

    database_rights: ClassVar[str] = "append_only"

    posting = models.OneToOneField(Posting, on_delete=models.PROTECT, related_name="reckoning")
    worth = PointsField()
    is_effective = models.BooleanField()
    steps = models.JSONField()


class CapTake(models.Model):
    """What a reckoned deed took of a cap; free again when its posting is reversed."""

    database_rights: ClassVar[str] = "append_only"

    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="takes")
    cap = models.ForeignKey(CapUse, on_delete=models.PROTECT, related_name="takes")
    part = PointsField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["posting", "cap"], name="scoring_captake_once")]
